-- Planned stops, of everything or of writing.
create table maintenance_windows (
    id uuid primary key,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    kind text not null constraint maintenance_windows_kind check (kind in ('full', 'read_only')),
    message_ja text not null,
    message_en text not null,
    cancelled_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint maintenance_windows_period check (starts_at < ends_at),
    constraint maintenance_windows_no_overlap exclude using gist (tstzrange(starts_at, ends_at) with &&)
        where (cancelled_at is null)
);
create index maintenance_windows_ends_at on maintenance_windows (ends_at);
revoke delete on maintenance_windows from mamis_app;
