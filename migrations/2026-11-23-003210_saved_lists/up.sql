-- Lists of members that clerks keep: which members, in codes, with the columns and the order of the screen.
create table saved_lists (
    id uuid primary key,
    association_id uuid not null constraint saved_lists_association references associations (id),
    owner_id uuid not null constraint saved_lists_owner references accounts (id),
    name text not null constraint saved_lists_name check (name <> ''),
    shared boolean not null,
    filter jsonb not null,
    column_codes text[] not null,
    sort text not null constraint saved_lists_sort check (sort in ('kana', 'joined_latest')),
    version bigint not null default 1,
    saved_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    -- What was typed into the box may be somebody's name.
    constraint saved_lists_no_names_for_others check (not shared or not filter ? 'text')
);
create index saved_lists_association_id on saved_lists (association_id, id desc);
create index saved_lists_owner_id on saved_lists (owner_id);
