#!/bin/sh
# Run once by the PostgreSQL image: the server's role, and the database with a character type that knows Japanese letters
# (under plain C, trigram search drops them).
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$MAMIS_APP_PASSWORD" <<'SQL'
create role mamis_app login nosuperuser nocreatedb nocreaterole password :'password';
create database mamis owner mamis_owner template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8';
SQL
