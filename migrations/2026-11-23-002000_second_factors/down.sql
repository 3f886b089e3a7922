drop table login_challenges;
drop table recovery_codes;
drop table totp_setups;
drop table totp_factors;
alter table sessions drop column proved_at, drop column assurance;
