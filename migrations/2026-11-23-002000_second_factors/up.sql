-- How sure a session is of who opened it, and when that was proved last.
alter table sessions
    add column assurance text not null default 'password'
        constraint sessions_assurance check (assurance in ('password', 'second_factor', 'passkey')),
    add column proved_at timestamptz;
update sessions set proved_at = started_at;
alter table sessions alter column proved_at set not null;

-- Authenticator apps. The secret is sealed under a key of the installation; the last time step whose code was taken keeps
-- a code from working twice.
create table totp_factors (
    account_id uuid primary key constraint totp_factors_account references accounts (id),
    secret bytea not null,
    last_step bigint not null,
    confirmed_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

-- One that is being set up, until its first code is typed; the one in use works on meanwhile.
create table totp_setups (
    account_id uuid primary key constraint totp_setups_account references accounts (id),
    secret bytea not null,
    expires_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

-- Codes on paper. Only a keyed hash is kept; a used one stays, so that the owner sees how many are left.
create table recovery_codes (
    id uuid primary key,
    account_id uuid not null constraint recovery_codes_account references accounts (id),
    code_hash bytea not null,
    used_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint recovery_codes_differ unique (account_id, code_hash)
);

-- What was asked of somebody and is not answered yet: the second step of a log-in, a passkey's signature. Answered once, and
-- within minutes.
create table login_challenges (
    token_hash bytea primary key,
    kind text not null constraint login_challenges_kind
        check (kind in ('second_step', 'passkey_registration', 'passkey_log_in')),
    account_id uuid constraint login_challenges_account references accounts (id),
    state jsonb,
    failures integer not null default 0,
    expires_at timestamptz not null,
    used_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint login_challenges_has_an_account check (account_id is not null or kind = 'passkey_log_in')
);
create index login_challenges_account_id on login_challenges (account_id);
create index login_challenges_expires_at on login_challenges (expires_at);
