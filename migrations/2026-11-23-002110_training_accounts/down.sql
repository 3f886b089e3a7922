delete from route_steps where route_id = '01900000-0000-7000-8000-000000000201';
delete from routes where id = '01900000-0000-7000-8000-000000000201';
alter table route_steps
    drop constraint route_steps_place,
    add constraint route_steps_place check (place in (
        'new_district', 'new_prefecture', 'old_district', 'old_prefecture', 'nation'));
drop index applications_one_open_for_an_account;
drop index applications_account_id;
alter table applications
    drop constraint applications_a_filed_case_has_a_person,
    drop constraint applications_is_about_somebody,
    drop column account_id,
    alter column person_id set not null;
drop index persons_merged_into;
alter table persons
    drop constraint persons_merged_into_somebody,
    drop column merged_into,
    drop column standing;
