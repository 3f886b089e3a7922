-- Organisations that are no associations and have users of their own: specialist bodies, 日本医学会 and its societies. Those
-- of a prefecture are looked after by its association, the others by the national one.
create table organisations (
    id uuid primary key,
    code text not null constraint organisations_code unique,
    kind text not null constraint organisations_kind check (kind in ('specialist_body', 'academy', 'society')),
    name text not null,
    name_en text not null,
    prefecture_code text constraint organisations_prefecture_code_format check (prefecture_code ~ '^[0-9]{2}$'),
    recorded_at timestamptz not null default now()
);
