drop table delegations;
