-- Lists that are written to files in the background. The bytes lie sealed in the object store under object_key until they are
-- fetched, at most until expires_at; then they go, and what was asked for stays without its values.
create table exports (
    id uuid primary key,
    kind text not null constraint exports_kind check (kind in ('members')),
    association_id uuid not null constraint exports_association references associations (id),
    requested_by uuid not null constraint exports_account references accounts (id),
    -- As it was asked; forgotten when the file goes.
    search jsonb,
    purpose text not null,
    format text not null constraint exports_format check (format in ('csv', 'csv_cp932', 'xlsx')),
    column_codes text[] not null,
    day date not null,
    state text not null constraint exports_state check (
        state in ('waiting', 'running', 'ready', 'failed', 'cancelled', 'expired')),
    rows_total bigint,
    rows_done bigint not null default 0,
    unwritable bigint not null default 0,
    object_key text constraint exports_object_key unique,
    size bigint,
    -- A process that writes it says again and again that it does; when this lies behind, another one takes it over.
    held_until timestamptz not null,
    attempts integer not null default 0,
    requested_at timestamptz not null,
    ready_at timestamptz,
    expires_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint exports_what_is_ready_is_whole check (state <> 'ready' or (
        object_key is not null and size is not null and ready_at is not null and expires_at is not null))
);
create index exports_association_id on exports (association_id);
create index exports_requested_by on exports (requested_by, id desc);
create index exports_unwritten on exports (held_until, id) where state in ('waiting', 'running');
create index exports_files on exports (expires_at) where state = 'ready';
create index exports_to_end on exports (id) where state in ('failed', 'cancelled', 'expired') and object_key is not null;

-- Cells that the file's encoding could not hold, and what was written instead; forgotten with the file.
create table export_lost_cells (
    export_id uuid not null constraint export_lost_cells_export references exports (id),
    row_number bigint not null,
    column_number integer not null,
    value text not null,
    written text not null,
    recorded_at timestamptz not null default now(),
    primary key (export_id, row_number, column_number)
);
