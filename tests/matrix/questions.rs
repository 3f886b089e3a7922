//! A right request for each operation.

use mamis_test_support::{Call, Client, Enrolling, PASSWORD, changes, file_form, form_of};
use reqwest::Method;
use serde_json::{Value, json};

use super::{AtHand, CHANGES, Ground, LICENCE, NEW_PASSWORD};

/// A right request for each operation.
pub(super) fn question(id: &str, (ground, made): (&Ground, &Value), client: &Client, at_hand: Option<&AtHand>) -> Call {
    let get = |path: &str| client.call(Method::GET, &format!("/api/v1{path}"));
    let person = ground.member.person();
    let path = at_hand.map(|at_hand| format!("/applications/{}", at_hand.case.id)).unwrap_or_default();
    let version = at_hand.map_or("", |at_hand| &at_hand.version);
    let file = at_hand.and_then(|at_hand| at_hand.attachment.as_ref()).map(|id| format!("/attachments/{id}"));
    let file = file.unwrap_or_default();
    let made_id = made["id"].as_str().unwrap_or_default();
    let decide =
        |verb: &str, body: Value| client.post(&format!("{path}/{verb}")).if_match(version).new_key().json(&body);
    let thing = made.as_str().unwrap_or_default();
    let enrolling = Enrolling::with(client.clone(), made["cookie"].as_str().unwrap_or_default().to_owned());
    let association = &ground.association;
    let based_on = made["version"].as_str().unwrap_or_default();
    let patch =
        |path: &str, body: &Value| client.call(Method::PATCH, &format!("/api/v1{path}")).if_match(based_on).json(body);
    match id {
        "list_terms" => get("/terms"),
        "get_current_terms" => get("/terms/current"),
        "get_terms" => get("/terms/1.0"),
        "get_joint_use" => get("/joint-use"),
        "get_service_status" => get("/service-status"),
        "accept_terms" => client.put("/account/terms-acceptance").json(&json!({ "version": "1.0" })),
        "create_enrolment" => client.post("/enrolments").json(made),
        "get_enrolment" => {
            get("/enrolments/current").header("cookie", &format!("mamis_enrolment={}", enrolling.cookie))
        }
        "prove_enrolment_identity" => enrolling.post("identity").json(&made["proof"]),
        "send_enrolment_code" => {
            enrolling.post("email").json(&json!({ "email": format!("{}@example.jp", uuid::Uuid::now_v7()) }))
        }
        "confirm_enrolment_email" => enrolling.post("email/confirm").json(&json!({ "code": made["code"] })),
        "decline_enrolment_email" => enrolling.post("email/decline"),
        "check_enrolment_password" => enrolling.post("password-checks").json(&json!({ "password": "suzume" })),
        "choose_enrolment_password" => enrolling.post("password").json(&json!({ "password": NEW_PASSWORD })),
        "complete_enrolment" => enrolling.post("complete"),
        "create_recovery" => client.post("/recoveries").json(&json!({ "login_id": uuid::Uuid::now_v7().to_string() })),
        "complete_recovery" => {
            client.post("/recoveries/complete").json(&json!({ "token": made, "new_password": NEW_PASSWORD }))
        }
        "search_not_registered" => {
            client.post("/not-registered/search").json(&json!({ "association_id": association }))
        }
        "search_members" => client.post("/members/search").json(&json!({ "association_id": association })),
        "count_members" => client.post("/members/count").json(&json!({ "association_id": association })),
        "create_export" => client.post("/exports").new_key().json(&json!({
            "kind": "members", "association_id": association, "purpose": "会報の発送", "format": "csv"
        })),
        "list_exports" => get("/exports"),
        "get_export" => get(&format!("/exports/{thing}")),
        "cancel_export" => client.post(&format!("/exports/{thing}/cancel")),
        "fetch_export" => get(&format!("/exports/{thing}/file")),
        "list_unwritable_cells" => get(&format!("/exports/{thing}/unwritable")),
        "list_saved_lists" => get(&format!("/saved-lists?association_id={association}")),
        "save_list" => client.post("/saved-lists").new_key().json(&json!({
            "association_id": association, "name": "開業医", "shared": true, "sort": "kana", "columns": []
        })),
        "get_saved_list" => get(&format!("/saved-lists/{thing}")),
        "change_list" => client.put(&format!("/saved-lists/{thing}")).if_match("\"v1\"").json(&json!({
            "name": "開業医", "shared": true, "sort": "kana", "columns": ["age"]
        })),
        "remove_list" => client.call(Method::DELETE, &format!("/api/v1/saved-lists/{thing}")).if_match("\"v1\""),
        "check_member_import" => {
            let (content_type, body) = form_of(("association_id", association), "a.csv", CHANGES.as_bytes());
            client.post("/member-imports").new_key().body(&content_type, body)
        }
        "list_duplicates" => get(&format!("/associations/{association}/duplicates")),
        "dismiss_duplicate" => client
            .post(&format!("/duplicates/{thing}/dismiss"))
            .new_key()
            .json(&json!({ "association_id": association })),
        "preview_merge" => client.post("/person-merges/preview").json(made),
        "merge_persons" => client.post("/person-merges").new_key().json(made),
        "list_merges" => get(&format!("/associations/{association}/person-merges")),
        "undo_merge" => client.post(&format!("/person-merges/{thing}/undo")).new_key(),
        "get_member_import_template" => get("/member-import-template"),
        "list_member_imports" => get(&format!("/member-imports?association_id={association}")),
        "get_member_import" => get(&format!("/member-imports/{thing}")),
        "list_import_rows" => get(&format!("/member-imports/{thing}/rows")),
        "apply_member_import" => client.post(&format!("/member-imports/{thing}/apply")).new_key(),
        "undo_member_import" => client.post(&format!("/member-imports/{thing}/undo")).new_key(),
        "create_letter_batch" => client
            .post("/letter-batches")
            .new_key()
            .json(&json!({ "association_id": association, "person_ids": [made] })),
        "list_letter_batches" => get(&format!("/associations/{association}/letter-batches")),
        "get_letter_batch" => get(&format!("/letter-batches/{thing}")),
        "fetch_letter_batch" => client.post(&format!("/letter-batches/{thing}/fetch")),
        "finish_letter_batch" => client.post(&format!("/letter-batches/{thing}/finish")),
        "list_identity_mismatches" => get(&format!("/associations/{association}/identity-mismatches")),
        "accept_identity" => client.post(&format!("/identity-mismatches/{thing}/accept")).new_key(),
        "dismiss_identity_mismatch" => client.post(&format!("/identity-mismatches/{thing}/dismiss")).new_key(),
        "delete_session" => client.call(Method::DELETE, "/api/v1/sessions/current"),
        "get_account" => get("/account"),
        "list_sessions" => get("/account/sessions"),
        "list_record_accesses" => get("/account/record-accesses"),
        "list_record_audience" => get("/account/record-audience"),
        "begin_on_behalf" => {
            let body = json!({ "person_id": person, "reason": "お電話でのご依頼" });
            client.post("/on-behalf").new_key().json(&body)
        }
        "list_on_behalf" => get("/on-behalf"),
        "invite_assistant" => client.post("/delegations").new_key().json(&json!({
            "assistant_name": "山田 花", "scopes": ["view", "draft"], "ends_on": "2027-03-31"
        })),
        "list_delegations" => get("/delegations"),
        "list_held_delegations" => get("/held-delegations"),
        "end_other_sessions" => client.post("/account/sessions/end-others"),
        "change_password" => {
            client.put("/account/password").json(&json!({ "current_password": PASSWORD, "new_password": PASSWORD }))
        }
        "create_registration" => {
            // A mailbox of its own each time: one is sent no more than a few codes.
            let email = format!("{}@example.com", uuid::Uuid::now_v7().simple());
            client.post("/registrations").json(&json!({ "email": email }))
        }
        "confirm_registration" => {
            let shown = json!({ "code": made["code"], "password": "琵琶湖の朝は静かで風がない" });
            client.post(&format!("/registrations/{made_id}/confirm")).json(&shown)
        }
        "create_email_change" => {
            let asked = json!({ "email": "hanako@example.jp", "current_password": PASSWORD });
            client.post("/account/email-changes").json(&asked)
        }
        "confirm_email_change" => {
            client.post(&format!("/account/email-changes/{made_id}/confirm")).json(&json!({ "code": made["code"] }))
        }
        "get_factors" => get("/account/factors"),
        "prove_identity" => client.post("/account/proofs").json(&json!({ "password": PASSWORD })),
        "begin_totp" => client.post("/account/totp"),
        "begin_passkey" => client.post("/account/passkey-challenges"),
        "begin_passkey_log_in" => client.post("/sessions/passkey-challenges"),
        "register_passkey" => client.post("/account/passkeys").json(made),
        "rename_passkey" => client.put(&format!("/account/passkeys/{thing}")).json(&json!({ "label": "自宅" })),
        "remove_passkey" => client.call(Method::DELETE, &format!("/api/v1/account/passkeys/{thing}")),
        "renew_recovery_codes" => client.post("/account/recovery-codes"),
        "check_password" => client.post("/password-checks").json(&json!({ "password": "suzume" })),
        "list_clerks" => get(&format!("/associations/{}/clerks", ground.association)),
        "list_clerk_invitations" => get(&format!("/associations/{}/clerk-invitations", ground.association)),
        "list_vacant_associations" => get("/vacant-associations"),
        "create_clerk_invitation" => client.post("/clerk-invitations").new_key().json(&json!({
            "association_id": ground.association, "role": "viewer", "invitee": "田中　久美", "language": "ja"
        })),
        "look_up_clerk_invitation" => client.post("/clerk-invitations/lookup").json(&json!({ "code": thing })),
        "accept_clerk_invitation" => client.post("/clerk-invitations/accept").json(&json!({
            "code": thing, "login_id": format!("invited-{thing}"), "display_name": "田中　久美",
            "password": "琵琶湖の朝は静かで風がない", "language": "ja"
        })),
        "claim_clerk_invitation" => client.post("/clerk-invitations/claim").new_key().json(&json!({ "code": thing })),
        "withdraw_clerk_invitation" => client.post(&format!("/clerk-invitations/{thing}/withdraw")).new_key(),
        "change_clerk_role" => client.put(&format!("/clerk-roles/{thing}")).json(&json!({ "role": "operator" })),
        "recover_clerk" => {
            client.post(&format!("/clerk-roles/{thing}/recovery")).json(&json!({ "reason": "来局して確認" }))
        }
        "end_clerk_role" => client.post(&format!("/clerk-roles/{thing}/end")).new_key().json(&json!({})),
        "suspend_account" => client.post(&format!("/persons/{thing}/account/suspend")).new_key().json(&json!({
            "reason": "left_or_expelled", "note": "退会届を受理"
        })),
        "lift_suspension" => {
            client.post(&format!("/persons/{thing}/account/lift")).new_key().json(&json!({ "note": "再入会" }))
        }
        "list_organisations" => get("/organisations"),
        "get_organisation" => get(&format!("/organisations/{}", ground.society)),
        "list_organisers" => get(&format!("/organisations/{}/organisers", ground.society)),
        "list_organiser_invitations" => get(&format!("/organisations/{}/invitations", ground.society)),
        "get_person_account" => get(&format!("/persons/{person}/account")),
        "get_postal_code" => get("/postal-codes/5200044"),
        "list_municipalities" => get("/municipalities?prefecture_code=25"),
        "list_associations" => get("/associations"),
        "get_association" => get(&format!("/associations/{}", ground.association)),
        "list_medical_schools" => get("/medical-schools"),
        "search_facilities" => client.post("/facilities/search").json(&json!({ "name": "大津" })),
        "look_up_person" => {
            client.post("/persons/lookup").json(&json!({ "medical_registration_number": ground.number }))
        }
        "get_person" => get(&format!("/persons/{person}")),
        "get_person_history" => get(&format!("/persons/{person}/history")),
        "change_person" => patch(&format!("/persons/{person}"), &json!({ "alma_mater": made["facility"] })),
        "add_affiliation" => client
            .post(&format!("/persons/{person}/affiliations"))
            .if_match(based_on)
            .new_key()
            .json(&json!({ "facility_id": made["facility"], "is_main": false, "valid_from": "2026-12-01" })),
        "change_affiliation" => {
            let affiliation = made["affiliation"].as_str().unwrap_or_default();
            patch(&format!("/affiliations/{affiliation}"), &json!({ "role": "院長" }))
        }
        "add_contact_point" => {
            let value = format!("{}@example.jp", uuid::Uuid::now_v7());
            let body = json!({ "kind": "email", "purpose": "contact", "value": value });
            client.post(&format!("/persons/{person}/contact-points")).if_match(based_on).new_key().json(&body)
        }
        "end_contact_point" => {
            let contact = made["contact"].as_str().unwrap_or_default();
            client.call(Method::DELETE, &format!("/api/v1/contact-points/{contact}")).if_match(based_on)
        }
        "reveal_person" => {
            let body = json!({ "fields": ["phone"], "reason": "来局されたご本人への折り返し" });
            client.post(&format!("/persons/{person}/reveal")).json(&body)
        }
        "list_memberships" => get(&format!("/persons/{person}/memberships")),
        "propose_categories" => client.post("/category-proposals").json(&json!({
            "district_association_id": ground.association, "highest_tier": "national",
            "business_type": "clinic_founder", "is_administrator": true, "is_clinical_resident": false,
            "insurance_excluded": false
        })),
        "create_application" => client.post("/applications").new_key().json(&changes(&ground.form)),
        "list_applications" => get("/applications"),
        "get_application" => get(&path),
        "save_application" => client.put(&path).if_match(version).json(&changes(&ground.form)),
        "submit_application" => client.post(&format!("{path}/submit")).if_match(version).new_key(),
        "approve_application" => decide("approve", json!({ "effective_date": "2026-12-01" })),
        "return_application" => decide("return", json!({ "reason": "ご確認ください" })),
        "reject_application" => decide("reject", json!({ "reason": "要件を満たしません" })),
        "retract_application" => decide("retract", json!({})),
        "add_attachment" => {
            // Not the file that is there: the same one is not taken twice.
            let (content_type, body) = file_form("supporting_document", "b.jpg", LICENCE);
            client.post(&format!("{path}/attachments")).body(&content_type, body)
        }
        "get_attachment" => get(&file),
        "remove_attachment" => client.call(Method::DELETE, &format!("/api/v1{file}")),
        "search_work_items" => client.post("/work-items/search").json(&json!({})),
        "get_work_summary" => get("/work-items/summary"),
        unknown => panic!("tests/matrix/questions.rs does not know how to ask {unknown}"),
    }
}
