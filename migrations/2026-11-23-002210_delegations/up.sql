-- What a physician lets one assistant do, until which day. It begins as an invitation, whose code is kept hashed and works
-- once; account_id is the assistant's, from the acceptance on.
create table delegations (
    id uuid primary key,
    person_id uuid not null constraint delegations_person references persons (id),
    invited_by uuid not null constraint delegations_invited_by references accounts (id),
    account_id uuid constraint delegations_account references accounts (id),
    assistant_name text not null,
    email text,
    scopes text[] not null constraint delegations_scopes_are_known
        check (cardinality(scopes) > 0 and scopes <@ array['view', 'training', 'draft', 'submit']),
    ends_on date not null,
    invited_at timestamptz not null,
    code_hash bytea not null constraint delegations_code_hash unique,
    invitation_expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid constraint delegations_revoked_by references accounts (id),
    recorded_at timestamptz not null default now(),
    constraint delegations_an_acceptance_has_an_account check ((accepted_at is null) = (account_id is null)),
    constraint delegations_a_revocation_has_a_hand check ((revoked_at is null) = (revoked_by is null)),
    constraint delegations_nobody_assists_oneself check (account_id <> invited_by),
    constraint delegations_a_year_at_most check (ends_on <= (invited_at + interval '1 year 1 day')::date)
);
create index delegations_person_id on delegations (person_id, id desc);
create index delegations_invited_by on delegations (invited_by);
create index delegations_account_id on delegations (account_id, id desc);
create index delegations_revoked_by on delegations (revoked_by) where revoked_by is not null;
create unique index delegations_one_an_assistant on delegations (person_id, account_id)
    where accepted_at is not null and revoked_at is null;
revoke delete, truncate on delegations from mamis_app;
