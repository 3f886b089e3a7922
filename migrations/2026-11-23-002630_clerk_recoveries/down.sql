drop table clerk_recoveries;
