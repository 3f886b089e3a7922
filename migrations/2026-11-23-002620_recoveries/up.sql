-- Somebody asked for a way back in, by login id or address. Asking only writes it down: whether there is such an account is found out
-- later, so that neither the answer nor its time tells. Forgotten when it was dealt with.
create table recovery_requests (
    id uuid primary key,
    name text not null,
    requested_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

-- A link that was sent to an account's address: a keyed hash of its token, for half an hour and one use.
create table recoveries (
    id uuid primary key,
    token_hash bytea not null,
    account_id uuid not null constraint recoveries_account references accounts (id),
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    recorded_at timestamptz not null default now()
);
create unique index recoveries_token_hash on recoveries (token_hash);
create index recoveries_account_id on recoveries (account_id);
create index recoveries_expires_at on recoveries (expires_at);
