-- What must leave the database (mail, letters …), written in the transaction of its fact and carried out by the worker.
create table outbox_messages (
    id uuid primary key,
    topic text not null,
    payload jsonb not null,
    available_at timestamptz not null,
    attempts integer not null default 0,
    last_error text,
    done_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index outbox_messages_pending on outbox_messages (available_at, id) where done_at is null;

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
