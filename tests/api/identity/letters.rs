use chrono::TimeDelta;
use mamis_documents::temporary_letters;
use mamis_kernel::Role;
use mamis_test_support::TestApp;
use mamis_usecases::identity::letters::print_letters;
use serde_json::json;

use crate::api::{KUSATSU, NATION, OTSU, SHIGA};

#[tokio::test]
async fn id_70_a_clerk_issues_a_letter_fetches_the_file_and_says_that_it_was_printed() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let association = app.association(OTSU).await;
    let body = json!({ "association_id": association, "person_ids": [person] });
    let batch = clerk.post("/letter-batches").new_key().json(&body).send().await.assert_status(201).json();
    assert_eq!(
        (&batch["state"], &batch["letters"], &batch["purpose"]),
        (&json!("waiting"), &json!(1), &json!("enrolment"))
    );
    let id = batch["id"].as_str().unwrap();
    let early = clerk.post(&format!("/letter-batches/{id}/fetch")).send().await;
    early.assert_problem(409, "wrong_state");

    print_letters(app.use_cases()).await.unwrap();
    let ready = clerk.get(&format!("/letter-batches/{id}")).await.json();
    assert_eq!(ready["state"], "ready");
    let file = clerk.post(&format!("/letter-batches/{id}/fetch")).send().await.assert_status(200);
    assert!(file.body.starts_with(b"%PDF"), "a PDF");
    assert_eq!(file.header("cache-control"), "no-store");
    let done = clerk.post(&format!("/letter-batches/{id}/finish")).send().await.assert_status(200).json();
    assert_eq!(done["state"], "printed");
    assert!(done["fetched_at"].is_string() && done["printed_at"].is_string() && done["requested_by"].is_string());
    clerk.post(&format!("/letter-batches/{id}/fetch")).send().await.assert_problem(409, "wrong_state");
    let kept = "select count(*) from letter_batches where sealed_file is not null";
    assert_eq!(app.count(kept, &[]).await, 0, "the file is forgotten");
    let log = clerk.get(&format!("/associations/{association}/letter-batches")).await.json();
    assert_eq!(log["items"][0]["id"], id);
    for action in ["identity.issue_letters", "identity.fetch_letter_batch", "identity.finish_letter_batch"] {
        let events = "select count(*) from audit_events where action = $1 and outcome = 'done'";
        assert_eq!(app.count(events, &[&action]).await, 1, "{action}");
    }
}

#[tokio::test]
async fn the_letter_says_how_to_enrol_and_no_password_is_kept() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let letter = app.given_letter(OTSU, person).await;
    assert_eq!(letter.enrolment_url, format!("{}/enrol?id={}", app.public_url(), letter.temporary_login_id));
    assert_eq!((letter.association_name.as_str(), letter.issue_number), (OTSU, 1));
    assert!(letter.recipient_name.starts_with("髙橋"));
    assert_eq!(letter.valid_until.to_string(), "2027-01-22", "sixty days");
    assert!(temporary_letters(std::slice::from_ref(&letter)).unwrap().starts_with(b"%PDF"));
    let dump = "select count(*) from temporary_letters where encode(password_hash, 'escape') like '%' || $1 || '%'";
    assert_eq!(app.count(dump, &[&letter.temporary_password]).await, 0);
    let length = "select count(*) from temporary_letters where octet_length(password_hash) = 32";
    assert_eq!(app.count(length, &[]).await, 1);
}

#[tokio::test]
async fn a_file_that_nobody_says_was_printed_is_forgotten_after_a_day() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let batch = app.given_batch(OTSU, "enrolment", &[person]).await;
    app.print_letters().await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    app.advance(TimeDelta::hours(24));
    let clerk = app.log_in_again(&clerk).await;
    clerk.post(&format!("/letter-batches/{batch}/fetch")).send().await.assert_problem(409, "wrong_state");
    mamis_usecases::identity::letters::forget_letter_files(app.use_cases()).await.unwrap();
    assert_eq!(clerk.get(&format!("/letter-batches/{batch}")).await.json()["state"], "expired");
    assert_eq!(app.count("select count(*) from letter_batches where sealed_file is not null", &[]).await, 0);
}

#[tokio::test]
async fn all_who_have_not_registered_are_listed_and_written_to_in_one_batch() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        app.given_member_without_account(&[OTSU, SHIGA]).await;
    }
    app.given_member_of(&[OTSU]).await;
    app.given_member_without_account(&[KUSATSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let association = app.association(OTSU).await;
    let search = async |more: serde_json::Value| {
        let mut body = json!({ "association_id": association });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        clerk.post("/not-registered/search").json(&body).send().await.assert_status(200).json()
    };
    let first = search(json!({ "limit": 2 })).await;
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let rest = search(json!({ "limit": 2, "cursor": first["next_cursor"] })).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &json!(null)));
    assert_eq!(search(json!({ "kana_prefix": "たか" })).await["items"].as_array().unwrap().len(), 3);
    assert_eq!(search(json!({ "kana_prefix": "ヤマ" })).await["items"].as_array().unwrap().len(), 0);

    let all = json!({ "association_id": association, "not_registered": { "without_open_letter": true } });
    let batch = clerk.post("/letter-batches").new_key().json(&all).send().await.assert_status(201).json();
    assert_eq!(batch["letters"], 3);
    assert_eq!(app.print_letters().await.len(), 3);
    let nobody_left = clerk.post("/letter-batches").new_key().json(&all).send().await;
    nobody_left.assert_faults(422, "invalid_fields", &[("/not_registered", "required")]);
    assert_eq!(search(json!({ "without_open_letter": true })).await["items"], json!([]));
    let again = search(json!({})).await;
    assert_eq!(again["items"][0]["issue_number"], 1);
}

#[tokio::test]
async fn a_request_that_comes_twice_writes_one_letter() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let body = json!({ "association_id": app.association(OTSU).await, "person_ids": [person] });
    let send = async || clerk.post("/letter-batches").key("once").json(&body).send().await.assert_status(201).json();
    assert_eq!(send().await, send().await);
    assert_eq!(app.count("select count(*) from temporary_letters", &[]).await, 1);
}

#[tokio::test]
async fn attack_letters_of_another_association_are_refused_and_audited() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let batch = app.given_batch(OTSU, "enrolment", &[person]).await;
    app.print_letters().await;
    let (otsu, kusatsu) = (app.association(OTSU).await, app.association(KUSATSU).await);
    let stranger = app.given_clerk_of(KUSATSU, Role::Administrator).await;
    let ask = async |association, status, code| {
        let body = json!({ "association_id": association, "person_ids": [person] });
        let answer = stranger.post("/letter-batches").new_key().json(&body).send().await;
        if status == 422 {
            answer.assert_faults(422, code, &[("/person_ids", "unknown_value")]);
        } else {
            answer.assert_problem(status, code);
        }
    };
    ask(otsu, 404, "not_found").await;
    // In the own association's name, to somebody who is no member there.
    ask(kusatsu, 422, "invalid_fields").await;
    stranger.post(&format!("/letter-batches/{batch}/fetch")).send().await.assert_problem(404, "not_found");
    stranger.post(&format!("/letter-batches/{batch}/finish")).send().await.assert_problem(404, "not_found");
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;
    viewer.post(&format!("/letter-batches/{batch}/fetch")).send().await.assert_problem(403, "forbidden");
    let nation = app.given_clerk_of(NATION, Role::Administrator).await;
    nation.post(&format!("/letter-batches/{batch}/fetch")).send().await.assert_problem(404, "not_found");
    let denied = "select count(*) from audit_events where outcome = 'denied' and action like 'identity.%letter%'";
    assert_eq!(app.count(denied, &[]).await, 5);
}

#[tokio::test]
async fn a_recovery_letter_goes_to_members_with_an_account_alone() {
    let app = TestApp::start().await;
    let without = app.given_member_without_account(&[OTSU]).await;
    let with = app.given_member_of(&[OTSU]).await.person();
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let association = app.association(OTSU).await;
    let ask = async |purpose, person| {
        let body = json!({ "association_id": association, "purpose": purpose, "person_ids": [person] });
        clerk.post("/letter-batches").new_key().json(&body).send().await
    };
    ask("recovery", without).await.assert_faults(422, "invalid_fields", &[("/person_ids", "unknown_value")]);
    ask("enrolment", with).await.assert_faults(422, "invalid_fields", &[("/person_ids", "unknown_value")]);
    ask("recovery", with).await.assert_status(201);
}
