-- Terms of use, version by version. What was announced stays as it was: the server may read and nothing else.
create table terms_versions (
    version text primary key constraint terms_versions_version check (version ~ '^[0-9]+\.[0-9]+$'),
    announced_on date not null,
    effective_from date not null constraint terms_versions_effective_from unique,
    texts jsonb not null,
    recorded_at timestamptz not null default now(),
    constraint terms_versions_announced_before check (announced_on <= effective_from)
);

-- Who accepted which, when and from where. Never changed, never removed.
create table terms_acceptances (
    account_id uuid not null constraint terms_acceptances_account references accounts (id),
    version text not null constraint terms_acceptances_version references terms_versions (version),
    accepted_at timestamptz not null,
    address text not null,
    recorded_at timestamptz not null default now(),
    primary key (account_id, version)
);
create index terms_acceptances_version on terms_acceptances (version);

revoke insert, update, delete on terms_versions from mamis_app;
revoke update, delete on terms_acceptances from mamis_app;
