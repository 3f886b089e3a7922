drop table association_categories;
drop table association_areas;
drop table associations;
drop table medical_schools;
drop table postal_codes;
drop table municipalities;
