create table municipalities (
    code text primary key constraint municipalities_code_format check (code ~ '^[0-9]{5}$'),
    check_digit text not null constraint municipalities_check_digit_format check (check_digit ~ '^[0-9]$'),
    prefecture_code text not null constraint municipalities_prefecture_code_format check (prefecture_code ~ '^[0-9]{2}$'),
    prefecture text not null,
    name text not null,
    name_kana text not null,
    recorded_at timestamptz not null default now()
);
create index municipalities_prefecture_code on municipalities (prefecture_code, code);

-- A postal code never determines an address: 498-0000 lies in two prefectures.
create table postal_codes (
    id bigint generated always as identity primary key,
    postal_code text not null constraint postal_codes_format check (postal_code ~ '^[0-9]{7}$'),
    municipality_code text not null constraint postal_codes_municipality references municipalities (code),
    prefecture text not null,
    municipality text not null,
    town text not null,
    town_kana text not null,
    town_note text not null,
    recorded_at timestamptz not null default now(),
    constraint postal_codes_natural_key unique (postal_code, municipality_code, town, town_kana, town_note)
);
create index postal_codes_municipality_code on postal_codes (municipality_code);

create table medical_schools (
    id uuid primary key,
    prefecture_code text not null,
    name text not null constraint medical_schools_name unique,
    recorded_at timestamptz not null default now()
);

create table associations (
    id uuid primary key,
    code text not null constraint associations_code unique,
    tier text not null constraint associations_tier check (tier in ('district', 'prefectural', 'national')),
    kind text not null constraint associations_kind
        check (kind in ('national', 'prefectural', 'municipal', 'university', 'occupational', 'regional')),
    parent_id uuid constraint associations_parent references associations (id),
    prefecture_code text,
    name text not null,
    recorded_at timestamptz not null default now(),
    constraint associations_only_the_national_one_has_no_parent check ((tier = 'national') = (parent_id is null))
);
create index associations_parent_id on associations (parent_id);
create index associations_tier_code on associations (tier, code);

create table association_areas (
    association_id uuid not null constraint association_areas_association references associations (id),
    municipality_code text not null constraint association_areas_municipality references municipalities (code),
    recorded_at timestamptz not null default now(),
    primary key (association_id, municipality_code)
);
create index association_areas_municipality_code on association_areas (municipality_code, association_id);

-- What an association calls its kinds of members. A row without an association is the set shipped for its tier: it
-- serves every association that has not written its own.
create table association_categories (
    id uuid primary key,
    association_id uuid constraint association_categories_association references associations (id),
    tier text not null constraint association_categories_tier check (tier in ('district', 'prefectural', 'national')),
    code text not null,
    label text not null,
    -- the national categories that lead to this one when a category is proposed (CAT-8)
    jma_category_hints text[] not null,
    position integer not null,
    valid_from date not null,
    valid_to date,
    recorded_at timestamptz not null default now(),
    constraint association_categories_period check (valid_to is null or valid_from < valid_to),
    constraint association_categories_no_overlap exclude using gist (
        coalesce(association_id, '00000000-0000-0000-0000-000000000000') with =,
        tier with =, code with =, daterange(valid_from, valid_to) with &&)
);
create index association_categories_association_id on association_categories (association_id);

insert into association_categories (id, tier, code, label, jma_category_hints, position, valid_from) values
    ('01900000-0000-7000-8000-000000000001', 'national', 'A1', 'A①会員', '{A1}', 1, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000002', 'national', 'A2B', 'A②(B)会員', '{A2B}', 2, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000003', 'national', 'A2C', 'A②(C)会員', '{A2C}', 3, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000004', 'national', 'B', 'B会員', '{B}', 4, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000005', 'national', 'C', 'C会員', '{C}', 5, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000011', 'prefectural', 'A', 'A会員（開設者・管理者）', '{A1}', 1, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000012', 'prefectural', 'B', 'B会員（勤務医）', '{A2B,B}', 2, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000013', 'prefectural', 'C', 'C会員（研修医）', '{A2C,C}', 3, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000021', 'district', 'A', 'A会員（開設者・管理者）', '{A1}', 1, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000022', 'district', 'B', 'B会員（勤務医）', '{A2B,B}', 2, '1947-11-01'),
    ('01900000-0000-7000-8000-000000000023', 'district', 'C', 'C会員（研修医）', '{A2C,C}', 3, '1947-11-01');
