drop table affiliations;
drop table facilities;
drop table contact_points;
drop table medical_registrations;
drop table persons;
