drop table on_behalf_grants;
