drop table roster_records;
drop table memberships;
