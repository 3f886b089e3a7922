-- What a person needs to recognise an own log-in: never the browser's whole header, which tells more than anybody needs.
alter table sessions
    add column browser text not null default 'other'
        constraint sessions_browser check (browser in ('chrome', 'edge', 'firefox', 'safari', 'other')),
    add column system text not null default 'other'
        constraint sessions_system check (system in ('windows', 'macos', 'ios', 'android', 'linux', 'other')),
    add column address text not null default '',
    add column last_used_at timestamptz;
alter table sessions drop constraint sessions_end_reason;
alter table sessions add constraint sessions_end_reason
    check (end_reason in ('logged_out', 'token_reused', 'revoked', 'password_changed'));
drop index sessions_account_id;
create index sessions_account_id on sessions (account_id, id desc);

alter table accounts add column password_changed_at timestamptz;
