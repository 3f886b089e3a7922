drop table recoveries;
drop table recovery_requests;
