//! The tables, as the migrations leave them. A test compares the columns with a migrated database.
diesel::table! {
    accounts (id) {
        id -> Uuid,
        login_id -> Text,
        display_name -> Text,
        password_hash -> Text,
        state -> Text,
        person_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        password_changed_at -> Nullable<Timestamptz>,
        email -> Nullable<Text>,
        email_confirmed_at -> Nullable<Timestamptz>,
        language -> Text,
        class -> Text,
    }
}

diesel::table! {
    affiliations (id) {
        id -> Uuid,
        person_id -> Uuid,
        facility_id -> Uuid,
        business_type -> Nullable<Text>,
        employment -> Nullable<Text>,
        is_main -> Bool,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        role -> Nullable<Text>,
        known_from -> Timestamptz,
        known_to -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    attachments (id) {
        id -> Uuid,
        application_id -> Uuid,
        purpose -> Text,
        state -> Text,
        object_key -> Text,
        file_name -> Nullable<Text>,
        media_type -> Nullable<Text>,
        size -> Nullable<BigInt>,
        sha256 -> Nullable<Binary>,
        uploaded_by -> Uuid,
        begun_at -> Timestamptz,
        received_at -> Nullable<Timestamptz>,
        removed_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    application_changes (application_id, position) {
        application_id -> Uuid,
        position -> Integer,
        kind -> Text,
        payload -> Jsonb,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    application_events (application_id, sequence) {
        application_id -> Uuid,
        sequence -> Integer,
        kind -> Text,
        at -> Timestamptz,
        account_id -> Uuid,
        association_id -> Nullable<Uuid>,
        effective_date -> Nullable<Date>,
        comment -> Nullable<Text>,
        field_comments -> Jsonb,
        recorded_at -> Timestamptz,
        proxy -> Nullable<Text>,
    }
}

diesel::table! {
    application_steps (application_id, position) {
        application_id -> Uuid,
        position -> Integer,
        association_id -> Uuid,
        kind -> Text,
        state -> Text,
        opened_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Uuid>,
        effective_date -> Nullable<Date>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    applications (id) {
        id -> Uuid,
        number -> Nullable<Text>,
        person_id -> Nullable<Uuid>,
        filed_by -> Uuid,
        state -> Text,
        effective_date -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamptz,
        submitted_at -> Nullable<Timestamptz>,
        concluded_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
        account_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    association_areas (association_id, municipality_code) {
        association_id -> Uuid,
        municipality_code -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    association_categories (id) {
        id -> Uuid,
        association_id -> Nullable<Uuid>,
        tier -> Text,
        code -> Text,
        label -> Text,
        jma_category_hints -> Array<Text>,
        position -> Integer,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    associations (id) {
        id -> Uuid,
        code -> Text,
        tier -> Text,
        kind -> Text,
        parent_id -> Nullable<Uuid>,
        prefecture_code -> Nullable<Text>,
        name -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Uuid,
        sequence -> BigInt,
        occurred_at -> Timestamptz,
        actor -> Text,
        on_behalf_of -> Nullable<Uuid>,
        action -> Text,
        outcome -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<Uuid>,
        person_id -> Nullable<Uuid>,
        association_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        payload_hash -> Nullable<Binary>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    audit_payloads (event_id) {
        event_id -> Uuid,
        payload -> Jsonb,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    audit_seals (position) {
        position -> BigInt,
        event_id -> Uuid,
        event_sequence -> BigInt,
        hash -> Binary,
        sealed_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    account_suspensions (id) {
        id -> Uuid,
        account_id -> Uuid,
        reason -> Text,
        note -> Text,
        association_id -> Nullable<Uuid>,
        suspended_at -> Timestamptz,
        lifted_at -> Nullable<Timestamptz>,
        lifted_note -> Nullable<Text>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    capabilities (id) {
        id -> Uuid,
        account_id -> Uuid,
        role -> Text,
        association_id -> Nullable<Uuid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
        organisation_id -> Nullable<Uuid>,
        superseded_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    clerk_invitations (id) {
        id -> Uuid,
        association_id -> Nullable<Uuid>,
        organisation_id -> Nullable<Uuid>,
        role -> Text,
        role_from -> Date,
        role_to -> Nullable<Date>,
        invitee -> Text,
        email -> Nullable<Text>,
        language -> Text,
        code_hash -> Binary,
        invited_by -> Nullable<Uuid>,
        invited_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        accepted_by -> Nullable<Uuid>,
        withdrawn_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    contact_points (id) {
        id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        purpose -> Text,
        postal_code -> Nullable<Text>,
        value -> Text,
        known_from -> Timestamptz,
        known_to -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    contact_codes (id) {
        id -> Uuid,
        purpose -> Text,
        address -> Text,
        account_id -> Nullable<Uuid>,
        code_hash -> Binary,
        failures -> Integer,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    duplicate_pairs (id) {
        id -> Uuid,
        first_person_id -> Uuid,
        second_person_id -> Uuid,
        score -> Integer,
        reasons -> Array<Text>,
        state -> Text,
        found_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    enrolments (id) {
        id -> Uuid,
        token_hash -> Binary,
        letter_id -> Uuid,
        language -> Text,
        begun_at -> Timestamptz,
        expires_at -> Timestamptz,
        proved_at -> Nullable<Timestamptz>,
        confirmation_id -> Nullable<Uuid>,
        pending_email -> Nullable<Text>,
        email -> Nullable<Text>,
        email_confirmed_at -> Nullable<Timestamptz>,
        without_email -> Bool,
        login_id -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        finished_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    export_lost_cells (export_id, row_number, column_number) {
        export_id -> Uuid,
        row_number -> BigInt,
        column_number -> Integer,
        value -> Text,
        written -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    exports (id) {
        id -> Uuid,
        kind -> Text,
        association_id -> Uuid,
        requested_by -> Uuid,
        search -> Nullable<Jsonb>,
        purpose -> Text,
        format -> Text,
        column_codes -> Array<Text>,
        day -> Date,
        state -> Text,
        rows_total -> Nullable<BigInt>,
        rows_done -> BigInt,
        unwritable -> BigInt,
        object_key -> Nullable<Text>,
        size -> Nullable<BigInt>,
        held_until -> Timestamptz,
        attempts -> Integer,
        requested_at -> Timestamptz,
        ready_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    saved_lists (id) {
        id -> Uuid,
        association_id -> Uuid,
        owner_id -> Uuid,
        name -> Text,
        shared -> Bool,
        filter -> Jsonb,
        column_codes -> Array<Text>,
        sort -> Text,
        version -> BigInt,
        saved_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    facilities (id) {
        id -> Uuid,
        name -> Text,
        search_name -> Text,
        kind -> Text,
        postal_code -> Nullable<Text>,
        municipality_code -> Nullable<Text>,
        address -> Text,
        phone -> Nullable<Text>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    identity_mismatches (id) {
        id -> Uuid,
        letter_id -> Uuid,
        person_id -> Uuid,
        association_id -> Uuid,
        medical_registration_number -> Text,
        registered_on -> Date,
        birth_date -> Date,
        attempts -> Integer,
        first_at -> Timestamptz,
        last_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Uuid>,
        accepted -> Nullable<Bool>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (account_id, key) {
        account_id -> Uuid,
        key -> Text,
        request_hash -> Binary,
        status -> Integer,
        version -> Nullable<BigInt>,
        answer -> Text,
        stored_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    letter_batches (id) {
        id -> Uuid,
        association_id -> Uuid,
        requested_by -> Uuid,
        purpose -> Text,
        state -> Text,
        letters -> Integer,
        requested_at -> Timestamptz,
        next_attempt_at -> Timestamptz,
        ready_at -> Nullable<Timestamptz>,
        file_until -> Nullable<Timestamptz>,
        sealed_file -> Nullable<Binary>,
        fetched_at -> Nullable<Timestamptz>,
        printed_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    login_challenges (token_hash) {
        token_hash -> Binary,
        kind -> Text,
        account_id -> Nullable<Uuid>,
        state -> Nullable<Jsonb>,
        failures -> Integer,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    login_throttles (key_hash) {
        key_hash -> Binary,
        failures -> Integer,
        last_failure_at -> Timestamptz,
        blocked_until -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    mails (id) {
        id -> Uuid,
        account_id -> Nullable<Uuid>,
        address -> Text,
        template -> Text,
        language -> Text,
        subject -> Text,
        body -> Nullable<Text>,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> Timestamptz,
        last_error -> Nullable<Text>,
        queued_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    medical_registrations (id) {
        id -> Uuid,
        person_id -> Uuid,
        number -> Text,
        registered_on -> Date,
        known_from -> Timestamptz,
        known_to -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    medical_schools (id) {
        id -> Uuid,
        prefecture_code -> Text,
        name -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    member_import_rows (import_id, row_number) {
        import_id -> Uuid,
        row_number -> Integer,
        person_id -> Nullable<Uuid>,
        outcome -> Text,
        changes -> Jsonb,
        refusals -> Jsonb,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    member_imports (id) {
        id -> Uuid,
        association_id -> Uuid,
        requested_by -> Uuid,
        file_name -> Text,
        encoding -> Text,
        ignored_headings -> Array<Text>,
        state -> Text,
        rows_read -> Integer,
        checked_at -> Timestamptz,
        applied_at -> Nullable<Timestamptz>,
        undone_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    memberships (id) {
        id -> Uuid,
        person_id -> Uuid,
        association_id -> Uuid,
        category_code -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        known_from -> Timestamptz,
        known_to -> Nullable<Timestamptz>,
        application_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        search_kana -> Text,
        search_name -> Text,
    }
}

diesel::table! {
    municipalities (code) {
        code -> Text,
        check_digit -> Text,
        prefecture_code -> Text,
        prefecture -> Text,
        name -> Text,
        name_kana -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    organisations (id) {
        id -> Uuid,
        code -> Text,
        kind -> Text,
        name -> Text,
        name_en -> Text,
        prefecture_code -> Nullable<Text>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    person_merge_rows (position) {
        position -> BigInt,
        merge_id -> Uuid,
        table_name -> Text,
        row_key -> Text,
        before -> Nullable<Jsonb>,
        after -> Jsonb,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    person_merges (id) {
        id -> Uuid,
        kept_id -> Uuid,
        given_up_id -> Uuid,
        association_id -> Uuid,
        merged_by -> Uuid,
        merged_at -> Timestamptz,
        undone_by -> Nullable<Uuid>,
        undone_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    person_records (id) {
        id -> Uuid,
        family_name -> Text,
        given_name -> Text,
        family_name_kana -> Text,
        given_name_kana -> Text,
        birth_date -> Date,
        sex -> Text,
        jma_member_id -> Nullable<Text>,
        alma_mater -> Nullable<Text>,
        graduated_in -> Nullable<Date>,
        specialties -> Array<Text>,
        version -> BigInt,
        family_name_romaji -> Nullable<Text>,
        given_name_romaji -> Nullable<Text>,
        registration_number -> Nullable<Text>,
        registered_on -> Nullable<Date>,
        contact_points -> Jsonb,
        affiliations -> Jsonb,
        memberships -> Jsonb,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Uuid,
        account_id -> Uuid,
        credential_id -> Binary,
        credential -> Jsonb,
        label -> Text,
        added_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    persons (id) {
        id -> Uuid,
        family_name -> Text,
        given_name -> Text,
        family_name_kana -> Text,
        given_name_kana -> Text,
        search_name -> Text,
        search_kana -> Text,
        birth_date -> Date,
        sex -> Text,
        jma_member_id -> Nullable<Text>,
        alma_mater -> Nullable<Text>,
        graduated_in -> Nullable<Date>,
        specialties -> Array<Text>,
        version -> BigInt,
        recorded_at -> Timestamptz,
        standing -> Text,
        merged_into -> Nullable<Uuid>,
        family_name_romaji -> Nullable<Text>,
        given_name_romaji -> Nullable<Text>,
    }
}

diesel::table! {
    postal_codes (id) {
        id -> BigInt,
        postal_code -> Text,
        municipality_code -> Text,
        prefecture -> Text,
        municipality -> Text,
        town -> Text,
        town_kana -> Text,
        town_note -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    postal_notices (id) {
        id -> Uuid,
        person_id -> Uuid,
        association_id -> Uuid,
        template -> Text,
        subject -> Text,
        paragraphs -> Array<Text>,
        queued_at -> Timestamptz,
        printed_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    clerk_recoveries (id) {
        id -> Uuid,
        account_id -> Uuid,
        association_id -> Uuid,
        reason -> Text,
        asked_by -> Uuid,
        asked_at -> Timestamptz,
        expires_at -> Timestamptz,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    recoveries (id) {
        id -> Uuid,
        token_hash -> Binary,
        account_id -> Uuid,
        requested_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    recovery_codes (id) {
        id -> Uuid,
        account_id -> Uuid,
        code_hash -> Binary,
        used_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    recovery_requests (id) {
        id -> Uuid,
        name -> Text,
        requested_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Binary,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    roster_records (fingerprint) {
        fingerprint -> Binary,
        person_id -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    route_steps (route_id, position) {
        route_id -> Uuid,
        position -> Integer,
        place -> Text,
        kind -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    routes (id) {
        id -> Uuid,
        kind -> Text,
        highest_tier -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        account_id -> Uuid,
        started_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        recorded_at -> Timestamptz,
        browser -> Text,
        system -> Text,
        address -> Text,
        last_used_at -> Nullable<Timestamptz>,
        assurance -> Text,
        proved_at -> Timestamptz,
    }
}

diesel::table! {
    temporary_letters (id) {
        id -> Uuid,
        batch_id -> Uuid,
        person_id -> Uuid,
        issue_number -> Integer,
        login_id -> Text,
        password_hash -> Nullable<Binary>,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        identity_failures -> Integer,
        identity_accepted_at -> Nullable<Timestamptz>,
        used_at -> Nullable<Timestamptz>,
        voided_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    totp_factors (account_id) {
        account_id -> Uuid,
        secret -> Binary,
        last_step -> BigInt,
        confirmed_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    totp_setups (account_id) {
        account_id -> Uuid,
        secret -> Binary,
        expires_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    maintenance_windows (id) {
        id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        kind -> Text,
        message_ja -> Text,
        message_en -> Text,
        cancelled_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    terms_acceptances (account_id, version) {
        account_id -> Uuid,
        version -> Text,
        accepted_at -> Timestamptz,
        address -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    terms_versions (version) {
        version -> Text,
        announced_on -> Date,
        effective_from -> Date,
        texts -> Jsonb,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    delegations (id) {
        id -> Uuid,
        person_id -> Uuid,
        invited_by -> Uuid,
        account_id -> Nullable<Uuid>,
        assistant_name -> Text,
        email -> Nullable<Text>,
        scopes -> Array<Text>,
        ends_on -> Date,
        invited_at -> Timestamptz,
        code_hash -> Binary,
        invitation_expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        revoked_by -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    on_behalf_grants (id) {
        id -> Uuid,
        account_id -> Uuid,
        session_id -> Uuid,
        association_id -> Uuid,
        person_id -> Uuid,
        reason -> Text,
        started_at -> Timestamptz,
        ends_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        notified_at -> Nullable<Timestamptz>,
        recorded_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    account_suspensions,
    accounts,
    affiliations,
    application_changes,
    application_events,
    application_steps,
    applications,
    association_areas,
    association_categories,
    associations,
    attachments,
    audit_events,
    audit_payloads,
    audit_seals,
    capabilities,
    clerk_invitations,
    clerk_recoveries,
    contact_codes,
    contact_points,
    delegations,
    duplicate_pairs,
    enrolments,
    export_lost_cells,
    exports,
    facilities,
    idempotency_keys,
    identity_mismatches,
    letter_batches,
    login_challenges,
    login_throttles,
    mails,
    medical_registrations,
    medical_schools,
    member_import_rows,
    member_imports,
    memberships,
    municipalities,
    on_behalf_grants,
    organisations,
    passkeys,
    person_merges,
    person_records,
    persons,
    postal_codes,
    postal_notices,
    recoveries,
    recovery_codes,
    recovery_requests,
    refresh_tokens,
    roster_records,
    route_steps,
    routes,
    saved_lists,
    sessions,
    temporary_letters,
    totp_factors,
    totp_setups,
);

diesel::joinable!(account_suspensions -> accounts (account_id));
diesel::joinable!(application_changes -> applications (application_id));
diesel::joinable!(application_events -> applications (application_id));
diesel::joinable!(application_steps -> applications (application_id));
diesel::joinable!(applications -> persons (person_id));
diesel::joinable!(association_areas -> associations (association_id));
diesel::joinable!(capabilities -> accounts (account_id));
diesel::joinable!(delegations -> persons (person_id));
diesel::joinable!(medical_registrations -> persons (person_id));
diesel::joinable!(member_import_rows -> persons (person_id));
diesel::joinable!(member_imports -> accounts (requested_by));
diesel::joinable!(memberships -> persons (person_id));
diesel::joinable!(on_behalf_grants -> accounts (account_id));
diesel::joinable!(on_behalf_grants -> persons (person_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(route_steps -> routes (route_id));
diesel::joinable!(saved_lists -> accounts (owner_id));
diesel::joinable!(sessions -> accounts (account_id));
