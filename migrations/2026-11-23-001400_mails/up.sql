-- The outbox of mail: a row is written in the transaction of its fact, so a mail exists if and only if its fact does. Codes and
-- links stand in a body, which is therefore forgotten as soon as the mail has left or was given up.
create table mails (
    id uuid primary key,
    account_id uuid constraint mails_account references accounts (id),
    address text not null,
    template text not null,
    language text not null constraint mails_language check (language in ('ja', 'en')),
    subject text not null,
    body text,
    state text not null default 'waiting' constraint mails_state check (state in ('waiting', 'sent', 'failed')),
    attempts integer not null default 0,
    -- While a process sends it, this lies ahead: the mail is that process's until then.
    next_attempt_at timestamptz not null,
    last_error text,
    queued_at timestamptz not null,
    finished_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint mails_a_body_waits check ((state = 'waiting') = (body is not null)),
    constraint mails_an_end_has_a_time check ((state = 'waiting') = (finished_at is null))
);
create index mails_waiting on mails (next_attempt_at, id) where state = 'waiting';
create index mails_account_id on mails (account_id);

-- What is told by post, to persons without e-mail: it waits for its association's next print batch.
create table postal_notices (
    id uuid primary key,
    person_id uuid not null constraint postal_notices_person references persons (id),
    association_id uuid not null constraint postal_notices_association references associations (id),
    template text not null,
    subject text not null,
    paragraphs text[] not null,
    queued_at timestamptz not null,
    printed_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index postal_notices_waiting on postal_notices (association_id, id) where printed_at is null;
create index postal_notices_person_id on postal_notices (person_id);
create index postal_notices_association_id on postal_notices (association_id);
