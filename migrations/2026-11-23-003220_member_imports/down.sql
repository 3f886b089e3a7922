drop table member_import_rows;
drop table member_imports;
