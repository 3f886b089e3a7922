-- A POST repeated with its key gets the answer of the first; the same key with another body is refused.
create table idempotency_keys (
    account_id uuid not null constraint idempotency_keys_account references accounts (id),
    key text not null,
    request_hash bytea not null,
    status integer not null,
    version bigint,
    answer jsonb not null,
    stored_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (account_id, key)
);
create index idempotency_keys_stored_at on idempotency_keys (stored_at);
