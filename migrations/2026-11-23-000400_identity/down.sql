drop table login_throttles;
drop table refresh_tokens;
drop table sessions;
drop table capabilities;
drop table accounts;
