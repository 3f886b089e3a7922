-- The way from a letter to a log-in, step by step: what was done stays when the browser is closed. Known by a token that the browser
-- keeps in a cookie.
create table enrolments (
    id uuid primary key,
    token_hash bytea not null,
    letter_id uuid not null constraint enrolments_letter references temporary_letters (id),
    language text not null constraint enrolments_language check (language in ('ja', 'en')),
    begun_at timestamptz not null,
    expires_at timestamptz not null,
    proved_at timestamptz,
    -- The code that is on its way, and to where.
    confirmation_id uuid,
    pending_email text,
    email text,
    email_confirmed_at timestamptz,
    without_email boolean not null default false,
    login_id text,
    password_hash text,
    finished_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint enrolments_email_is_confirmed check ((email is null) = (email_confirmed_at is null)),
    constraint enrolments_a_finished_one_keeps_no_password check (finished_at is null or password_hash is null)
);
create unique index enrolments_token_hash on enrolments (token_hash);
create index enrolments_letter_id on enrolments (letter_id);
create index enrolments_expires_at on enrolments (expires_at);

-- What somebody with a letter said about themselves when it was not what the record says. A clerk looks at it.
create table identity_mismatches (
    id uuid primary key,
    letter_id uuid not null constraint identity_mismatches_letter references temporary_letters (id),
    person_id uuid not null constraint identity_mismatches_person references persons (id),
    association_id uuid not null constraint identity_mismatches_association references associations (id),
    -- As they were typed last.
    medical_registration_number text not null,
    registered_on date not null,
    birth_date date not null,
    attempts integer not null default 1,
    first_at timestamptz not null,
    last_at timestamptz not null,
    decided_at timestamptz,
    decided_by uuid constraint identity_mismatches_account references accounts (id),
    accepted boolean,
    recorded_at timestamptz not null default now(),
    constraint identity_mismatches_a_decision_is_whole check ((decided_at is null) = (accepted is null))
);
create unique index identity_mismatches_one_open on identity_mismatches (person_id) where decided_at is null;
create index identity_mismatches_person_id on identity_mismatches (person_id);
create index identity_mismatches_letter_id on identity_mismatches (letter_id);
create index identity_mismatches_association_id on identity_mismatches (association_id, id desc);
create index identity_mismatches_decided_by on identity_mismatches (decided_by);
