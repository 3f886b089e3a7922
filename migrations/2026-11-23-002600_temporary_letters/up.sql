-- Letters with a temporary login id and password, printed in batches. Of a password a keyed hash is kept, and nothing until it is
-- printed; the printed file is kept sealed until the clerk says that it was printed, for a day at most.
create table letter_batches (
    id uuid primary key,
    association_id uuid not null constraint letter_batches_association references associations (id),
    requested_by uuid not null constraint letter_batches_account references accounts (id),
    -- 'recovery': to members who have an account and lost the way into it.
    purpose text not null constraint letter_batches_purpose check (purpose in ('enrolment', 'recovery')),
    state text not null constraint letter_batches_state check (state in ('waiting', 'ready', 'printed', 'expired')),
    letters integer not null constraint letter_batches_letters check (letters > 0),
    requested_at timestamptz not null,
    -- While a process prints it, this lies ahead: the batch is that process's until then.
    next_attempt_at timestamptz not null,
    ready_at timestamptz,
    file_until timestamptz,
    sealed_file bytea,
    fetched_at timestamptz,
    printed_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint letter_batches_a_file_is_ready check ((state = 'ready') = (sealed_file is not null))
);
create index letter_batches_association_id on letter_batches (association_id, id desc);
create index letter_batches_requested_by on letter_batches (requested_by);
create index letter_batches_waiting on letter_batches (next_attempt_at, id) where state = 'waiting';
create index letter_batches_files on letter_batches (file_until) where state = 'ready';

create table temporary_letters (
    id uuid primary key,
    batch_id uuid not null constraint temporary_letters_batch references letter_batches (id),
    person_id uuid not null constraint temporary_letters_person references persons (id),
    issue_number integer not null constraint temporary_letters_issue_number check (issue_number > 0),
    login_id text not null,
    password_hash bytea,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    -- Proofs of identity that did not match the record, over all attempts with this letter.
    identity_failures integer not null default 0,
    -- A clerk checked who it is.
    identity_accepted_at timestamptz,
    used_at timestamptz,
    voided_at timestamptz,
    recorded_at timestamptz not null default now()
);
create unique index temporary_letters_login_id on temporary_letters (login_id);
create unique index temporary_letters_one_open on temporary_letters (person_id) where used_at is null and voided_at is null;
create index temporary_letters_person_id on temporary_letters (person_id, issue_number desc);
create index temporary_letters_batch_id on temporary_letters (batch_id);
