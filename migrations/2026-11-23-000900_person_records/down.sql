drop view person_records;
