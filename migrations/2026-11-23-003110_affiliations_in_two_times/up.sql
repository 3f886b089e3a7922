-- Where somebody works is known in two times, as memberships are: valid_from/valid_to say when it is true, known_from/known_to
-- when we believed it. A correction closes a row and succeeds it; nothing is overwritten.
alter table affiliations
    add column role text,
    add column known_from timestamptz,
    add column known_to timestamptz;
update affiliations set known_from = recorded_at;
alter table affiliations
    alter column known_from set default now(),
    alter column known_from set not null,
    add constraint affiliations_known_period check (known_to is null or known_from <= known_to),
    drop constraint affiliations_one_main,
    add constraint affiliations_one_main exclude using gist (
        person_id with =, daterange(valid_from, valid_to) with &&) where (is_main and known_to is null);

drop view person_records;
create view person_records as
select
    p.id, p.family_name, p.given_name, p.family_name_kana, p.given_name_kana, p.birth_date, p.sex, p.jma_member_id,
    p.alma_mater, p.graduated_in, p.specialties, p.version,
    p.family_name_romaji, p.given_name_romaji,
    r.number as registration_number, r.registered_on,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', c.id, 'kind', c.kind, 'purpose', c.purpose, 'postal_code', c.postal_code, 'value', c.value) order by c.kind, c.id)
        from contact_points c where c.person_id = p.id and c.known_to is null), '[]') as contact_points,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', a.id, 'facility_id', f.id, 'facility_name', f.name, 'facility_kind', f.kind, 'address', f.address,
            'role', a.role, 'business_type', a.business_type, 'employment', a.employment, 'is_main', a.is_main,
            'valid_from', a.valid_from, 'valid_to', a.valid_to) order by a.valid_from desc, a.id)
        from affiliations a join facilities f on f.id = a.facility_id
        where a.person_id = p.id and a.known_to is null), '[]') as affiliations,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', m.id, 'association_id', m.association_id, 'category_code', m.category_code,
            'valid_from', m.valid_from, 'valid_to', m.valid_to, 'end_reason', m.end_reason,
            'known_from', m.known_from, 'application_id', m.application_id) order by m.valid_from desc, m.id)
        from memberships m where m.person_id = p.id and m.known_to is null), '[]') as memberships
from persons p
left join medical_registrations r on r.person_id = p.id and r.known_to is null;

grant select on person_records to mamis_app;
