alter table accounts drop column password_changed_at;
drop index sessions_account_id;
create index sessions_account_id on sessions (account_id);
alter table sessions drop constraint sessions_end_reason;
update sessions set end_reason = 'revoked' where end_reason = 'password_changed';
alter table sessions add constraint sessions_end_reason check (end_reason in ('logged_out', 'token_reused', 'revoked'));
alter table sessions drop column browser, drop column system, drop column address, drop column last_used_at;
