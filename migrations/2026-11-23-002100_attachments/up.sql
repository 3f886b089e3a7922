-- Files that belong to cases. The bytes lie in the object store under object_key. The row comes first and goes last: while
-- the bytes are on their way it is 'receiving', once they have arrived 'received', and 'removed' until they are gone. So
-- there are never bytes without a row, and never a row that people see without its bytes; the worker ends what was broken off.
create table attachments (
    id uuid primary key,
    application_id uuid not null constraint attachments_application references applications (id),
    purpose text not null constraint attachments_purpose check (purpose in ('medical_license', 'supporting_document')),
    state text not null constraint attachments_state check (state in ('receiving', 'received', 'removed')),
    object_key text not null constraint attachments_object_key unique,
    file_name text,
    media_type text constraint attachments_media_type check (media_type in ('image/jpeg', 'image/png', 'application/pdf')),
    size bigint constraint attachments_size check (size > 0),
    sha256 bytea constraint attachments_sha256 check (octet_length(sha256) = 32),
    uploaded_by uuid not null constraint attachments_uploaded_by references accounts (id),
    begun_at timestamptz not null,
    received_at timestamptz,
    removed_at timestamptz,
    recorded_at timestamptz not null default now(),
    constraint attachments_what_was_received_is_whole check (state <> 'received' or (
        file_name is not null and media_type is not null and size is not null and sha256 is not null
        and received_at is not null)),
    constraint attachments_removed_has_a_time check ((state = 'removed') = (removed_at is not null))
);
create index attachments_application_id on attachments (application_id);
create index attachments_uploaded_by on attachments (uploaded_by);
create index attachments_unfinished on attachments (begun_at) where state <> 'received';
