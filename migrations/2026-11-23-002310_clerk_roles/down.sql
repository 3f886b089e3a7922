drop table clerk_invitations;
delete from capabilities where organisation_id is not null or superseded_at is not null;
drop index capabilities_organisation_id;
alter table capabilities
    drop constraint capabilities_no_overlap,
    add constraint capabilities_no_overlap exclude using gist (
        account_id with =, role with =,
        coalesce(association_id, '00000000-0000-0000-0000-000000000000') with =,
        daterange(valid_from, valid_to) with &&),
    drop constraint capabilities_a_role_has_its_place,
    add constraint capabilities_a_clerk_has_a_place check ((role = 'physician') = (association_id is null)),
    drop constraint capabilities_role,
    add constraint capabilities_role
        check (role in ('physician', 'viewer', 'operator', 'approver', 'administrator')),
    drop column superseded_at,
    drop column organisation_id;
