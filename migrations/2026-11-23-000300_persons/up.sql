-- One row per human being, never one per membership. Names are stored as typed; search works on the derived keys.
create table persons (
    id uuid primary key,
    family_name text not null,
    given_name text not null,
    family_name_kana text not null,
    given_name_kana text not null,
    search_name text not null,
    search_kana text not null,
    birth_date date not null,
    sex text not null constraint persons_sex check (sex in ('male', 'female', 'unspecified')),
    jma_member_id text constraint persons_jma_member_id_format check (jma_member_id ~ '^[0-9]{10}$'),
    alma_mater text,
    graduated_in date constraint persons_graduated_in_is_a_month check (extract(day from graduated_in) = 1),
    specialties text[] not null default '{}',
    version bigint not null default 1,
    recorded_at timestamptz not null default now(),
    -- private-use characters come from Windows gaiji fonts and mean another glyph on every machine (N-1)
    constraint persons_name_has_no_private_use check (family_name || given_name !~ '[\uE000-\uF8FF]')
);
create unique index persons_jma_member_id on persons (jma_member_id) where jma_member_id is not null;
create index persons_search_kana on persons (search_kana text_pattern_ops, id);
create index persons_search_name on persons (search_name text_pattern_ops, id);

-- The number in the medical register can change, so it is an attribute with history and never a key.
create table medical_registrations (
    id uuid primary key,
    person_id uuid not null constraint medical_registrations_person references persons (id),
    number text not null constraint medical_registrations_number_format check (number ~ '^[1-9][0-9]{0,6}$'),
    registered_on date not null,
    known_from timestamptz not null default now(),
    known_to timestamptz,
    recorded_at timestamptz not null default now(),
    constraint medical_registrations_known_period check (known_to is null or known_from <= known_to)
);
create unique index medical_registrations_current_number on medical_registrations (number) where known_to is null;
create index medical_registrations_person_id on medical_registrations (person_id) where known_to is null;
create index medical_registrations_person_history on medical_registrations (person_id);

create table contact_points (
    id uuid primary key,
    person_id uuid not null constraint contact_points_person references persons (id),
    kind text not null constraint contact_points_kind check (kind in ('address', 'phone', 'email')),
    purpose text not null constraint contact_points_purpose check (purpose in ('home', 'contact')),
    postal_code text,
    value text not null,
    known_from timestamptz not null default now(),
    known_to timestamptz,
    recorded_at timestamptz not null default now(),
    constraint contact_points_known_period check (known_to is null or known_from <= known_to)
);
create index contact_points_person_id on contact_points (person_id);

create table facilities (
    id uuid primary key,
    name text not null,
    search_name text not null,
    kind text not null constraint facilities_kind check (kind in (
        'hospital', 'clinic', 'geriatric_facility', 'ltc_hospital', 'university', 'administration',
        'checkup_center', 'workplace', 'other')),
    postal_code text,
    municipality_code text constraint facilities_municipality references municipalities (code),
    address text not null,
    phone text,
    recorded_at timestamptz not null default now()
);
create index facilities_municipality_code on facilities (municipality_code);
create index facilities_search_name on facilities (search_name text_pattern_ops, id);
create index facilities_search_name_trigrams on facilities using gin (search_name gin_trgm_ops);
-- the same practice named again by another physician's record is the same facility
create unique index facilities_same_place on facilities (name, coalesce(postal_code, ''), address);

create table affiliations (
    id uuid primary key,
    person_id uuid not null constraint affiliations_person references persons (id),
    facility_id uuid not null constraint affiliations_facility references facilities (id),
    business_type text,
    employment text constraint affiliations_employment check (employment in ('full_time', 'part_time')),
    is_main boolean not null,
    valid_from date not null,
    valid_to date,
    recorded_at timestamptz not null default now(),
    constraint affiliations_period check (valid_to is null or valid_from < valid_to),
    constraint affiliations_one_main exclude using gist (
        person_id with =, daterange(valid_from, valid_to) with &&) where (is_main)
);
create index affiliations_person_id on affiliations (person_id);
create index affiliations_facility_id on affiliations (facility_id);
