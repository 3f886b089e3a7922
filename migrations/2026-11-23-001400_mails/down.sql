drop table postal_notices;
drop table mails;
