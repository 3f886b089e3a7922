drop table identity_mismatches;
drop table enrolments;
