-- Person × association × category over time, in two times: valid_from/valid_to say when it is true, known_from/known_to
-- when we believed it. 退会日 is the last day in force, so valid_to is the day after it.
create table memberships (
    id uuid primary key,
    person_id uuid not null constraint memberships_person references persons (id),
    association_id uuid not null constraint memberships_association references associations (id),
    category_code text,
    valid_from date not null,
    valid_to date,
    end_reason text constraint memberships_end_reason
        check (end_reason in ('withdrawal', 'death', 'transfer', 'expulsion')),
    known_from timestamptz not null,
    known_to timestamptz,
    application_id uuid constraint memberships_application references applications (id),
    recorded_at timestamptz not null default now(),
    constraint memberships_period check (valid_to is null or valid_from < valid_to),
    constraint memberships_known_period check (known_to is null or known_from <= known_to),
    constraint memberships_an_end_has_a_reason check ((valid_to is null) = (end_reason is null)),
    constraint memberships_no_overlap exclude using gist (
        person_id with =, association_id with =, daterange(valid_from, valid_to) with &&) where (known_to is null)
);
create index memberships_person_id on memberships (person_id);
create index memberships_association_id on memberships (association_id, person_id) where known_to is null;
create index memberships_application_id on memberships (application_id) where application_id is not null;

-- One row per record of an old system's roster that was stored, in the transaction that stored it: a second run of the
-- same file, or a run after an interruption, finds it here and stores nothing twice.
create table roster_records (
    fingerprint bytea primary key,
    person_id uuid not null constraint roster_records_person references persons (id),
    recorded_at timestamptz not null default now()
);
create index roster_records_person_id on roster_records (person_id);
