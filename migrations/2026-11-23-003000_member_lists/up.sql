-- Search keys are compared byte by byte, whatever the database's collation: one index then serves the beginning of a name and
-- the order of a list.
drop index persons_search_kana;
drop index persons_search_name;
alter table persons
    alter column search_kana type text collate "C",
    alter column search_name type text collate "C";
create index persons_search_kana on persons (search_kana, id);
create index persons_search_name on persons (search_name, id);
create index persons_birth_date on persons (birth_date);

-- Who joined last stands first.
create index memberships_joined on memberships (association_id, valid_from desc, person_id) where known_to is null;

create index contact_points_phone on contact_points (value) where kind = 'phone' and known_to is null;
create index contact_points_email on contact_points (lower(value)) where kind = 'email' and known_to is null;
