create table accounts (
    id uuid primary key,
    login_id text not null,
    display_name text not null,
    password_hash text not null,
    state text not null constraint accounts_state check (state in ('provisional', 'active', 'suspended', 'closed')),
    person_id uuid constraint accounts_person references persons (id),
    recorded_at timestamptz not null default now()
);
create unique index accounts_login_id on accounts (lower(login_id));
create unique index accounts_person_id on accounts (person_id) where person_id is not null;

-- Who may act where: a role is always held in a place. 'physician' speaks for the account's own person.
create table capabilities (
    id uuid primary key,
    account_id uuid not null constraint capabilities_account references accounts (id),
    role text not null constraint capabilities_role
        check (role in ('physician', 'viewer', 'operator', 'approver', 'administrator')),
    association_id uuid constraint capabilities_association references associations (id),
    valid_from date not null,
    valid_to date,
    recorded_at timestamptz not null default now(),
    constraint capabilities_period check (valid_to is null or valid_from < valid_to),
    constraint capabilities_a_clerk_has_a_place check ((role = 'physician') = (association_id is null)),
    constraint capabilities_no_overlap exclude using gist (
        account_id with =, role with =,
        coalesce(association_id, '00000000-0000-0000-0000-000000000000') with =,
        daterange(valid_from, valid_to) with &&)
);
create index capabilities_account_id on capabilities (account_id);
create index capabilities_association_id on capabilities (association_id);

-- A log-in and the refresh tokens that descend from it. Only a token's hash is kept.
create table sessions (
    id uuid primary key,
    account_id uuid not null constraint sessions_account references accounts (id),
    started_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    end_reason text constraint sessions_end_reason check (end_reason in ('logged_out', 'token_reused', 'revoked')),
    recorded_at timestamptz not null default now(),
    constraint sessions_end_has_a_reason check ((ended_at is null) = (end_reason is null))
);
create index sessions_account_id on sessions (account_id);

create table refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null constraint refresh_tokens_session references sessions (id),
    issued_at timestamptz not null,
    used_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index refresh_tokens_session_id on refresh_tokens (session_id);

-- Failed log-ins by a hashed key (account or address), so that guessing gets slow and nobody is locked out for ever.
create table login_throttles (
    key_hash bytea primary key,
    failures integer not null,
    last_failure_at timestamptz not null,
    blocked_until timestamptz,
    recorded_at timestamptz not null default now()
);
create index login_throttles_last_failure_at on login_throttles (last_failure_at);
