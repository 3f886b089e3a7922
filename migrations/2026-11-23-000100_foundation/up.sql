-- Exclusion constraints over (id, daterange) need btree_gist; the middle of a name is found by trigrams.
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

-- Under a plain C character type pg_trgm drops every Japanese character, and search silently becomes a full scan.
do $$
begin
    if cardinality(show_trgm('佐藤')) = 0 then
        raise exception 'the database was created with a character type that does not know Japanese letters'
            using hint = 'create it with ENCODING ''UTF8'' LC_COLLATE ''C'' LC_CTYPE ''C.UTF-8'' TEMPLATE template0';
    end if;
end
$$;

-- The role under which the server works. A private cluster has made it with a password; elsewhere the server's own
-- log-in changes to it (set role) before it touches a table.
do $$
begin
    if not exists (select from pg_roles where rolname = 'mamis_app') then
        create role mamis_app nologin;
    end if;
exception when duplicate_object or unique_violation then
    null; -- roles belong to the whole cluster: another database was being prepared at the same moment
end
$$;

grant usage on schema public to mamis_app;
alter default privileges in schema public grant select, insert, update, delete on tables to mamis_app;
alter default privileges in schema public grant usage, select on sequences to mamis_app;
