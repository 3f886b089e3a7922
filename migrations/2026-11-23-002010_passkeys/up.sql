-- Passkeys. The public key and its counter are kept as the library that checks signatures writes them; the private key never
-- leaves its owner's device.
create table passkeys (
    id uuid primary key,
    account_id uuid not null constraint passkeys_account references accounts (id),
    credential_id bytea not null constraint passkeys_credential_id unique,
    credential jsonb not null,
    label text not null,
    added_at timestamptz not null,
    last_used_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index passkeys_account_id on passkeys (account_id);
