drop table contact_codes;
