drop index audit_events_on_behalf_of;
alter table application_events drop column proxy;
