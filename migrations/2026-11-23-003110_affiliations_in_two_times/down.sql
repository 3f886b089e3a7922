drop view person_records;
delete from affiliations where known_to is not null;
alter table affiliations
    drop constraint affiliations_one_main,
    add constraint affiliations_one_main exclude using gist (
        person_id with =, daterange(valid_from, valid_to) with &&) where (is_main),
    drop constraint affiliations_known_period,
    drop column known_to,
    drop column known_from,
    drop column role;

create view person_records as
select
    p.id, p.family_name, p.given_name, p.family_name_kana, p.given_name_kana, p.birth_date, p.sex, p.jma_member_id,
    p.alma_mater, p.graduated_in, p.specialties,
    r.number as registration_number, r.registered_on,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'kind', c.kind, 'purpose', c.purpose, 'postal_code', c.postal_code, 'value', c.value) order by c.kind, c.id)
        from contact_points c where c.person_id = p.id and c.known_to is null), '[]') as contact_points,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'facility_id', f.id, 'facility_name', f.name, 'facility_kind', f.kind, 'address', f.address,
            'business_type', a.business_type, 'employment', a.employment, 'is_main', a.is_main,
            'valid_from', a.valid_from, 'valid_to', a.valid_to) order by a.valid_from desc, a.id)
        from affiliations a join facilities f on f.id = a.facility_id where a.person_id = p.id), '[]') as affiliations,
    coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', m.id, 'association_id', m.association_id, 'category_code', m.category_code,
            'valid_from', m.valid_from, 'valid_to', m.valid_to, 'end_reason', m.end_reason,
            'known_from', m.known_from, 'application_id', m.application_id) order by m.valid_from desc, m.id)
        from memberships m where m.person_id = p.id and m.known_to is null), '[]') as memberships
from persons p
left join medical_registrations r on r.person_id = p.id and r.known_to is null;

grant select on person_records to mamis_app;
