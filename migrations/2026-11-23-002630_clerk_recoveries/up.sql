-- A clerk has lost the way in. One administrator checks who it is and asks, another one checks and confirms: nobody opens a
-- colleague's account alone. One wish an account; a new one takes the place of one that has run out.
create table clerk_recoveries (
    id uuid primary key,
    account_id uuid not null constraint clerk_recoveries_account references accounts (id),
    association_id uuid not null constraint clerk_recoveries_association references associations (id),
    -- How the first one made sure who it is.
    reason text not null,
    asked_by uuid not null constraint clerk_recoveries_asked_by references accounts (id),
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    confirmed_by uuid constraint clerk_recoveries_confirmed_by references accounts (id),
    confirmed_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint clerk_recoveries_a_confirmation_is_whole check ((confirmed_by is null) = (confirmed_at is null)),
    constraint clerk_recoveries_four_eyes check (confirmed_by <> asked_by and asked_by <> account_id and confirmed_by <> account_id)
);
create unique index clerk_recoveries_one_open on clerk_recoveries (account_id) where confirmed_at is null;
create index clerk_recoveries_account_id on clerk_recoveries (account_id);
create index clerk_recoveries_association_id on clerk_recoveries (association_id);
create index clerk_recoveries_asked_by on clerk_recoveries (asked_by);
create index clerk_recoveries_confirmed_by on clerk_recoveries (confirmed_by);
