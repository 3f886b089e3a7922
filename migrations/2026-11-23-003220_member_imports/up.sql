-- Files that come in with changes of members: first only looked through, then written, then perhaps taken back. The rows hold
-- personal data and are forgotten after thirty days.
create table member_imports (
    id uuid primary key,
    association_id uuid not null constraint member_imports_association references associations (id),
    requested_by uuid not null constraint member_imports_account references accounts (id),
    file_name text not null,
    encoding text not null constraint member_imports_encoding check (encoding in ('utf8_bom', 'utf8', 'cp932', 'xlsx')),
    ignored_headings text[] not null,
    state text not null constraint member_imports_state check (state in ('checked', 'applied', 'undone')),
    rows_read integer not null,
    checked_at timestamptz not null,
    applied_at timestamptz,
    undone_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint member_imports_times check (
        (applied_at is not null) = (state in ('applied', 'undone')) and (undone_at is not null) = (state = 'undone'))
);
create index member_imports_association_id on member_imports (association_id, id desc);
create index member_imports_requested_by on member_imports (requested_by);

create table member_import_rows (
    import_id uuid not null constraint member_import_rows_import references member_imports (id),
    row_number integer not null,
    person_id uuid constraint member_import_rows_person references persons (id),
    outcome text not null constraint member_import_rows_outcome check (
        outcome in ('unchanged', 'would_change', 'refused', 'changed', 'undone', 'not_undone')),
    changes jsonb not null,
    refusals jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (import_id, row_number)
);
create index member_import_rows_outcome on member_import_rows (import_id, outcome, row_number);
create index member_import_rows_person_id on member_import_rows (person_id);
