-- Names in Latin letters, as they stand on certificates and passports.
alter table persons add column family_name_romaji text, add column given_name_romaji text;
