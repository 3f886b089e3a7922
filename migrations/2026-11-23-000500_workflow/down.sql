drop table application_events;
drop table application_steps;
drop table application_changes;
drop table applications;
drop sequence application_numbers;
drop table route_steps;
drop table routes;
