-- A route is data: for a kind of change, the ordered steps and how each step's association is found.
create table routes (
    id uuid primary key,
    kind text not null,
    highest_tier text not null constraint routes_highest_tier check (highest_tier in ('district', 'prefectural', 'national')),
    valid_from date not null,
    valid_to date,
    recorded_at timestamptz not null default now(),
    constraint routes_period check (valid_to is null or valid_from < valid_to),
    constraint routes_no_overlap exclude using gist (
        kind with =, highest_tier with =, daterange(valid_from, valid_to) with &&)
);

create table route_steps (
    route_id uuid not null constraint route_steps_route references routes (id),
    position integer not null constraint route_steps_position check (position > 0),
    place text not null constraint route_steps_place
        check (place in ('new_district', 'new_prefecture', 'old_district', 'old_prefecture', 'nation')),
    kind text not null constraint route_steps_kind check (kind in ('approve', 'confirm', 'inform')),
    recorded_at timestamptz not null default now(),
    primary key (route_id, position)
);

insert into routes (id, kind, highest_tier, valid_from) values
    ('01900000-0000-7000-8000-000000000101', 'join_new', 'district', '2024-10-30'),
    ('01900000-0000-7000-8000-000000000102', 'join_new', 'prefectural', '2024-10-30'),
    ('01900000-0000-7000-8000-000000000103', 'join_new', 'national', '2024-10-30');
insert into route_steps (route_id, position, place, kind) values
    ('01900000-0000-7000-8000-000000000101', 1, 'new_district', 'approve'),
    ('01900000-0000-7000-8000-000000000102', 1, 'new_district', 'approve'),
    ('01900000-0000-7000-8000-000000000102', 2, 'new_prefecture', 'approve'),
    ('01900000-0000-7000-8000-000000000103', 1, 'new_district', 'approve'),
    ('01900000-0000-7000-8000-000000000103', 2, 'new_prefecture', 'approve'),
    ('01900000-0000-7000-8000-000000000103', 3, 'nation', 'approve');

create sequence application_numbers;

create table applications (
    id uuid primary key,
    number text constraint applications_number unique,
    person_id uuid not null constraint applications_person references persons (id),
    filed_by uuid not null constraint applications_filed_by references accounts (id),
    state text not null constraint applications_state
        check (state in ('draft', 'in_review', 'returned', 'completed', 'rejected', 'retracted')),
    effective_date date,
    version bigint not null,
    created_at timestamptz not null,
    submitted_at timestamptz,
    concluded_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint applications_a_filed_case_has_a_number
        check (state in ('draft', 'retracted') or (number is not null and submitted_at is not null)),
    constraint applications_a_completed_case_has_a_date check (state <> 'completed' or effective_date is not null)
);
create index applications_person_id on applications (person_id, id desc);
create index applications_filed_by on applications (filed_by);

create table application_changes (
    application_id uuid not null constraint application_changes_application references applications (id),
    position integer not null,
    kind text not null,
    payload jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (application_id, position)
);

create table application_steps (
    application_id uuid not null constraint application_steps_application references applications (id),
    position integer not null,
    association_id uuid not null constraint application_steps_association references associations (id),
    kind text not null constraint application_steps_kind check (kind in ('approve', 'confirm', 'inform')),
    state text not null constraint application_steps_state check (state in (
        'waiting', 'open', 'approved', 'returned', 'rejected', 'skipped', 'confirmed')),
    opened_at timestamptz,
    decided_at timestamptz,
    decided_by uuid constraint application_steps_decided_by references accounts (id),
    effective_date date,
    recorded_at timestamptz not null default now(),
    primary key (application_id, position),
    constraint application_steps_a_decision_has_a_hand check (
        (state in ('approved', 'returned', 'rejected', 'confirmed')) = (decided_at is not null and decided_by is not null)),
    constraint application_steps_an_approval_has_a_date check (state <> 'approved' or effective_date is not null)
);
-- the work list: one association's steps in one state, longest waiting first
create index application_steps_work_list on application_steps (association_id, state, opened_at, application_id);
create index application_steps_decided_by on application_steps (decided_by) where decided_by is not null;
-- one step at a time: steps are decided in order (W-1)
create unique index application_steps_one_open on application_steps (application_id) where state = 'open';

-- What happened to a case, in order; the physician's timeline. Never changed.
create table application_events (
    application_id uuid not null constraint application_events_application references applications (id),
    sequence integer not null,
    kind text not null constraint application_events_kind check (kind in (
        'created', 'submitted', 'approved', 'returned', 'corrected', 'rejected', 'retracted', 'completed')),
    at timestamptz not null,
    account_id uuid not null constraint application_events_account references accounts (id),
    association_id uuid constraint application_events_association references associations (id),
    effective_date date,
    comment text,
    field_comments jsonb not null default '[]',
    recorded_at timestamptz not null default now(),
    primary key (application_id, sequence)
);
create index application_events_account_id on application_events (account_id);
create index application_events_association_id on application_events (association_id);
revoke update, delete, truncate on application_events from mamis_app;
