update sessions set end_reason = 'revoked' where end_reason = 'account_stopped';
alter table sessions drop constraint sessions_end_reason;
alter table sessions add constraint sessions_end_reason
    check (end_reason in ('logged_out', 'token_reused', 'revoked', 'password_changed'));
drop table account_suspensions;
