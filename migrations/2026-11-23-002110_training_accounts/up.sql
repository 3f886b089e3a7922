-- A person may be known by the registration number alone before anybody has looked (W-25): credits hang on it from the first
-- moment. A second record of somebody is kept and says whose it is.
alter table persons
    add column standing text not null default 'confirmed'
        constraint persons_standing check (standing in ('provisional', 'confirmed', 'merged')),
    add column merged_into uuid constraint persons_merged_into references persons (id),
    add constraint persons_merged_into_somebody check ((standing = 'merged') = (merged_into is not null));
create index persons_merged_into on persons (merged_into) where merged_into is not null;

-- The case of a self-registered account has no person until it is filed.
alter table applications
    alter column person_id drop not null,
    add column account_id uuid constraint applications_account references accounts (id),
    add constraint applications_is_about_somebody check (person_id is not null or account_id is not null),
    add constraint applications_a_filed_case_has_a_person check (submitted_at is null or person_id is not null);
create index applications_account_id on applications (account_id) where account_id is not null;
-- one training account asked for at a time
create unique index applications_one_open_for_an_account on applications (account_id)
    where account_id is not null and state in ('draft', 'in_review', 'returned');

alter table route_steps
    drop constraint route_steps_place,
    add constraint route_steps_place check (place in (
        'new_district', 'new_prefecture', 'old_district', 'old_prefecture', 'nation', 'workplace_prefecture'));
insert into routes (id, kind, highest_tier, valid_from) values
    ('01900000-0000-7000-8000-000000000201', 'training_account', 'prefectural', '2024-10-30');
insert into route_steps (route_id, position, place, kind) values
    ('01900000-0000-7000-8000-000000000201', 1, 'workplace_prefecture', 'approve');
