alter default privileges in schema public revoke usage, select on sequences from mamis_app;
alter default privileges in schema public revoke select, insert, update, delete on tables from mamis_app;
revoke usage on schema public from mamis_app;
drop extension if exists pg_trgm;
drop extension if exists btree_gist;
