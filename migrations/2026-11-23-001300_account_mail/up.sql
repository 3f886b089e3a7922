-- How an account is reached, and what kind of user it is. An address may serve several accounts: couples and clinics share one.
alter table accounts
    add column email text,
    add column email_confirmed_at timestamptz,
    add column language text not null default 'ja' constraint accounts_language check (language in ('ja', 'en')),
    add column class text not null default 'member'
        constraint accounts_class check (class in ('member', 'training_only', 'clerk', 'assistant')),
    add constraint accounts_email_is_confirmed check ((email is null) = (email_confirmed_at is null));
update accounts set class = 'clerk' where person_id is null;
create index accounts_email on accounts (lower(email)) where email is not null;
