-- How the hand of an event acted for the physician, when it was not the physician's own. Such events name the clerk's
-- association too.
alter table application_events
    add column proxy text constraint application_events_proxy check (proxy in ('on_behalf', 'assistant'));
-- "On whose behalf" is asked of the audit by the notice at the end of each stretch.
create index audit_events_on_behalf_of on audit_events (on_behalf_of, sequence) where on_behalf_of is not null;
