-- A clerk's stretch of acting for a physician: who, in which log-in, as clerk of what, for whom, why, until when. It is
-- over when it was ended or its end has come; notified_at says when the physician was told what was done in it (ID-33).
create table on_behalf_grants (
    id uuid primary key,
    account_id uuid not null constraint on_behalf_grants_account references accounts (id),
    session_id uuid not null constraint on_behalf_grants_session references sessions (id),
    association_id uuid not null constraint on_behalf_grants_association references associations (id),
    person_id uuid not null constraint on_behalf_grants_person references persons (id),
    reason text not null constraint on_behalf_grants_reason_is_given check (length(btrim(reason)) between 1 and 500),
    started_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    notified_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint on_behalf_grants_an_hour_at_most
        check (started_at < ends_at and ends_at <= started_at + interval '1 hour'),
    constraint on_behalf_grants_ended_in_time check (ended_at between started_at and ends_at)
);
create index on_behalf_grants_account_id on on_behalf_grants (account_id, id desc);
create index on_behalf_grants_session_id on on_behalf_grants (session_id);
create index on_behalf_grants_association_id on on_behalf_grants (association_id, id desc);
create index on_behalf_grants_person_id on on_behalf_grants (person_id, id desc);
create index on_behalf_grants_to_be_told on on_behalf_grants (ends_at) where notified_at is null;
revoke delete, truncate on on_behalf_grants from mamis_app;
