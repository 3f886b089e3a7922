-- Why an account may not be used, since when, and how that ended. Rows are closed and never changed otherwise; the data
-- behind a suspended account stay.
create table account_suspensions (
    id uuid primary key,
    account_id uuid not null constraint account_suspensions_account references accounts (id),
    reason text not null constraint account_suspensions_reason
        check (reason in ('left_or_expelled', 'death', 'breach_of_terms', 'national_judgement')),
    note text not null,
    -- the association that imposed it; none when a rule did
    association_id uuid constraint account_suspensions_association references associations (id),
    suspended_at timestamptz not null,
    lifted_at timestamptz,
    lifted_note text,
    recorded_at timestamptz not null default now(),
    constraint account_suspensions_period check (lifted_at is null or suspended_at <= lifted_at),
    constraint account_suspensions_a_lift_has_a_note check ((lifted_at is null) = (lifted_note is null))
);
create index account_suspensions_account_id on account_suspensions (account_id, suspended_at desc);
create unique index account_suspensions_one_open on account_suspensions (account_id) where lifted_at is null;
create index account_suspensions_association_id on account_suspensions (association_id);

alter table sessions drop constraint sessions_end_reason;
alter table sessions add constraint sessions_end_reason check (end_reason in (
    'logged_out', 'token_reused', 'revoked', 'password_changed', 'account_stopped'));
