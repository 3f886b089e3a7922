-- What was done about a person, latest first: readings, of which there are far more, do not stand in the way.
create index audit_events_done_about_person on audit_events (person_id, sequence)
    where person_id is not null and outcome = 'done';
