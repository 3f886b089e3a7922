-- A role is held in an association or in another organisation. Rows are dated and never overwritten: a change supersedes
-- a row and gives it successors, so that what was in force and what was believed to be stays readable.
alter table capabilities
    add column organisation_id uuid constraint capabilities_organisation references organisations (id),
    add column superseded_at timestamptz,
    drop constraint capabilities_role,
    add constraint capabilities_role
        check (role in ('physician', 'organiser', 'viewer', 'operator', 'approver', 'administrator')),
    drop constraint capabilities_a_clerk_has_a_place,
    add constraint capabilities_a_role_has_its_place check (case role
        when 'physician' then association_id is null and organisation_id is null
        when 'organiser' then association_id is null and organisation_id is not null
        else association_id is not null and organisation_id is null end),
    drop constraint capabilities_no_overlap,
    -- roles include the lower ones: one a place and day is enough
    add constraint capabilities_no_overlap exclude using gist (
        account_id with =,
        coalesce(association_id, organisation_id, '00000000-0000-0000-0000-000000000000') with =,
        daterange(valid_from, valid_to) with &&) where (superseded_at is null);
create index capabilities_organisation_id on capabilities (organisation_id) where organisation_id is not null;

-- An invitation to a role; its code is kept hashed, works once and for seven days.
create table clerk_invitations (
    id uuid primary key,
    association_id uuid constraint clerk_invitations_association references associations (id),
    organisation_id uuid constraint clerk_invitations_organisation references organisations (id),
    role text not null constraint clerk_invitations_role
        check (role in ('organiser', 'viewer', 'operator', 'approver', 'administrator')),
    role_from date not null,
    role_to date,
    invitee text not null,
    email text,
    language text not null constraint clerk_invitations_language check (language in ('ja', 'en')),
    code_hash bytea not null constraint clerk_invitations_code unique,
    -- none: whoever runs the installation, for the very first administrator
    invited_by uuid constraint clerk_invitations_invited_by references accounts (id),
    invited_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid constraint clerk_invitations_accepted_by references accounts (id),
    withdrawn_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint clerk_invitations_one_place check (num_nonnulls(association_id, organisation_id) = 1),
    constraint clerk_invitations_role_period check (role_to is null or role_from < role_to),
    constraint clerk_invitations_somebody_accepted check ((accepted_at is null) = (accepted_by is null)),
    constraint clerk_invitations_one_end check (num_nonnulls(accepted_at, withdrawn_at) <= 1)
);
create index clerk_invitations_association_id on clerk_invitations (association_id, id);
create index clerk_invitations_organisation_id on clerk_invitations (organisation_id, id);
create index clerk_invitations_invited_by on clerk_invitations (invited_by);
create index clerk_invitations_accepted_by on clerk_invitations (accepted_by);
