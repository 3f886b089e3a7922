drop table audit_seals;
drop table audit_payloads;
drop table audit_events;
drop function audit_is_append_only();
