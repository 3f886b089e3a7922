drop index contact_points_email;
drop index contact_points_phone;
drop index memberships_joined;
drop index memberships_by_name;
drop index memberships_by_kana;
drop trigger persons_search_keys on persons;
drop function persons_pass_search_keys_on();
drop trigger memberships_search_keys on memberships;
drop function memberships_take_search_keys();
alter table memberships drop column search_name, drop column search_kana;
drop index persons_birth_date;
drop index persons_search_name;
drop index persons_search_kana;
alter table persons
    alter column search_kana type text collate "default",
    alter column search_name type text collate "default";
create index persons_search_kana on persons (search_kana text_pattern_ops, id);
create index persons_search_name on persons (search_name text_pattern_ops, id);
