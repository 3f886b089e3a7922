-- Two records that may be one person's, as the rules found them (DUP-1). What a clerk said about a pair stays.
create table duplicate_pairs (
    id uuid primary key,
    first_person_id uuid not null constraint duplicate_pairs_first_person references persons (id),
    second_person_id uuid not null constraint duplicate_pairs_second_person references persons (id),
    score integer not null,
    reasons text[] not null,
    state text not null default 'open' constraint duplicate_pairs_state check (state in ('open', 'distinct')),
    found_at timestamptz not null,
    decided_at timestamptz,
    decided_by uuid constraint duplicate_pairs_decided_by references accounts (id),
    recorded_at timestamptz not null default now(),
    constraint duplicate_pairs_once unique (first_person_id, second_person_id),
    constraint duplicate_pairs_in_order check (first_person_id < second_person_id),
    constraint duplicate_pairs_a_decision_has_a_hand check (
        (state = 'open') = (decided_at is null) and (decided_at is null) = (decided_by is null))
);
create index duplicate_pairs_second_person_id on duplicate_pairs (second_person_id);
create index duplicate_pairs_decided_by on duplicate_pairs (decided_by) where decided_by is not null;
create index duplicate_pairs_likeliest on duplicate_pairs (score desc, id) where state = 'open';

-- One record made of two. The record that was given up stays and says whose it is.
create table person_merges (
    id uuid primary key,
    kept_id uuid not null constraint person_merges_kept references persons (id),
    given_up_id uuid not null constraint person_merges_given_up references persons (id),
    association_id uuid not null constraint person_merges_association references associations (id),
    merged_by uuid not null constraint person_merges_merged_by references accounts (id),
    merged_at timestamptz not null,
    undone_by uuid constraint person_merges_undone_by references accounts (id),
    undone_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint person_merges_of_two check (kept_id <> given_up_id),
    constraint person_merges_an_undoing_has_a_hand check ((undone_at is null) = (undone_by is null))
);
create unique index person_merges_once on person_merges (given_up_id) where undone_at is null;
create index person_merges_kept_id on person_merges (kept_id);
create index person_merges_given_up_id on person_merges (given_up_id);
create index person_merges_association_id on person_merges (association_id, id desc);
create index person_merges_merged_by on person_merges (merged_by);
create index person_merges_undone_by on person_merges (undone_by) where undone_by is not null;

-- Every row that a merge touched, in order: the columns it changed as they were and as they became; what it added, whole. Taken
-- back from the end, each row must still be as the merge left it.
create table person_merge_rows (
    position bigint generated always as identity primary key,
    merge_id uuid not null constraint person_merge_rows_merge references person_merges (id),
    table_name text not null,
    row_key text not null,
    before jsonb,
    after jsonb not null,
    recorded_at timestamptz not null default now()
);
create index person_merge_rows_merge_id on person_merge_rows (merge_id, position);
revoke update, delete, truncate on person_merge_rows from mamis_app;
