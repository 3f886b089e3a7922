-- A repeated request gets the first answer byte for byte; jsonb keeps keys in an order of its own.
alter table idempotency_keys alter column answer type text using answer::text;
