-- Six digits that show who reads an address. Kept as a keyed hash, for fifteen minutes and five guesses.
create table contact_codes (
    id uuid primary key,
    purpose text not null constraint contact_codes_purpose check (purpose in ('enrolment', 'email_change', 'registration')),
    address text not null,
    -- Who asked, where somebody is signed in: nobody else can use it.
    account_id uuid constraint contact_codes_account references accounts (id),
    code_hash bytea not null,
    failures integer not null default 0,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index contact_codes_expires_at on contact_codes (expires_at);
create index contact_codes_account_id on contact_codes (account_id);
