-- The server's role owns no table, and only owners may have statistics collected; after a bulk load plans need them at once.
create function refresh_statistics() returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
    name text;
begin
    for name in select tablename from pg_tables where schemaname = 'public' and tableowner = current_user order by 1 loop
        execute format('analyze %I', name);
    end loop;
end
$$;
revoke all on function refresh_statistics() from public;
grant execute on function refresh_statistics() to mamis_app;
