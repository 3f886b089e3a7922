alter table persons drop column given_name_romaji, drop column family_name_romaji;
