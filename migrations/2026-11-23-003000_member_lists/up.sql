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

-- An association's members are listed by reading. The keys of the person stand on the membership too, so that one index holds
-- each association's list in its order, however large the country around it is. Triggers keep them; nobody else writes them.
alter table memberships add column search_kana text collate "C", add column search_name text collate "C";
update memberships m set search_kana = p.search_kana, search_name = p.search_name from persons p where p.id = m.person_id;
alter table memberships alter column search_kana set not null, alter column search_name set not null;

create function memberships_take_search_keys() returns trigger language plpgsql as $$
begin
    select p.search_kana, p.search_name into new.search_kana, new.search_name from persons p where p.id = new.person_id;
    return new;
end
$$;
create trigger memberships_search_keys before insert or update of person_id on memberships
    for each row execute function memberships_take_search_keys();

create function persons_pass_search_keys_on() returns trigger language plpgsql as $$
begin
    update memberships set search_kana = new.search_kana, search_name = new.search_name where person_id = new.id;
    return null;
end
$$;
create trigger persons_search_keys after update of search_kana, search_name on persons
    for each row when (old.search_kana <> new.search_kana or old.search_name <> new.search_name)
    execute function persons_pass_search_keys_on();

create index memberships_by_kana on memberships (association_id, search_kana, person_id)
    include (valid_from, valid_to) where known_to is null;
create index memberships_by_name on memberships (association_id, search_name)
    include (search_kana, id, person_id, category_code, valid_from, valid_to) where known_to is null;
-- Who joined last stands first.
create index memberships_joined on memberships (association_id, valid_from desc, person_id) where known_to is null;

create index contact_points_phone on contact_points (value) where kind = 'phone' and known_to is null;
create index contact_points_email on contact_points (lower(value)) where kind = 'email' and known_to is null;
