-- Who did or saw what, about whom, on whose behalf. Written in the transaction of the fact (reads: in batches), never
-- changed. Personal values live apart in audit_payloads and the event holds their hash, so that a lawful erasure can
-- remove a payload and the chain still verifies.
create table audit_events (
    id uuid primary key,
    sequence bigint generated always as identity,
    occurred_at timestamptz not null,
    actor text not null, -- an account id, or the name of a system actor
    on_behalf_of uuid,
    action text not null,
    outcome text not null constraint audit_events_outcome check (outcome in ('done', 'seen', 'denied')),
    subject_kind text not null,
    subject_id uuid,
    person_id uuid, -- whom it is about
    association_id uuid, -- as whose clerk
    request_id text,
    payload_hash bytea,
    recorded_at timestamptz not null default now()
);
create unique index audit_events_sequence on audit_events (sequence);
create index audit_events_person_id on audit_events (person_id, sequence) where person_id is not null;

create table audit_payloads (
    event_id uuid primary key constraint audit_payloads_event references audit_events (id),
    payload jsonb not null,
    recorded_at timestamptz not null default now()
);

-- The hash chain: each seal covers the one before and its event.
create table audit_seals (
    position bigint primary key constraint audit_seals_position check (position > 0),
    event_id uuid not null constraint audit_seals_event references audit_events (id),
    event_sequence bigint not null,
    hash bytea not null,
    sealed_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    constraint audit_seals_once unique (event_id)
);
create unique index audit_seals_event_sequence on audit_seals (event_sequence);
create index audit_seals_sealed_at on audit_seals (sealed_at);

revoke update, delete, truncate on audit_events, audit_payloads, audit_seals from mamis_app;

-- The role's missing rights bind the server; this binds everybody who is in a hurry.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit rows are never changed or removed (%)', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_events_append_only before update or delete on audit_events
    for each statement execute function audit_is_append_only();
create trigger audit_events_no_truncate before truncate on audit_events
    for each statement execute function audit_is_append_only();
create trigger audit_seals_append_only before update or delete on audit_seals
    for each statement execute function audit_is_append_only();
create trigger audit_seals_no_truncate before truncate on audit_seals
    for each statement execute function audit_is_append_only();
