drop index accounts_email;
alter table accounts
    drop constraint accounts_email_is_confirmed,
    drop column class,
    drop column language,
    drop column email_confirmed_at,
    drop column email;
