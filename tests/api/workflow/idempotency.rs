use futures_util::future::join_all;
use mamis_kernel::Role;
use mamis_test_support::{Answer, SignedIn, TestApp, changes};
use serde_json::json;

use crate::api::OTSU;

async fn create(who: &SignedIn, key: &str, note: &str) -> Answer {
    who.post("/applications").key(key).json(&changes(&json!({ "note": note }))).send().await
}

/// Everything a repetition could have written.
async fn rows(app: &TestApp) -> i64 {
    let question = "select (select count(*) from applications) + (select count(*) from application_events)
        + (select count(*) from audit_events) + (select count(*) from idempotency_keys)";
    app.count(question, &[]).await
}

#[tokio::test]
async fn a_request_sent_twice_gets_the_same_answer_and_writes_nothing() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let version = case.physician.version_of(case.id).await;
    let submit = || case.physician.post(&format!("/applications/{}/submit", case.id)).if_match(&version).key("once");

    let first = submit().send().await.assert_status(200);
    let before = rows(&app).await;
    let again = submit().send().await.assert_status(200);

    assert_eq!(first.body, again.body, "byte for byte");
    assert_eq!(first.etag(), again.etag());
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(rows(&app).await, before);
}

#[tokio::test]
async fn a_draft_begun_twice_is_begun_once() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let first = create(&physician, "tapped-twice", "").await.assert_status(201);
    let again = create(&physician, "tapped-twice", "").await.assert_status(201);
    assert_eq!((&first.body, first.header("location")), (&again.body, again.header("location")));
    assert_eq!(app.count("select count(*) from applications", &[]).await, 1);
}

#[tokio::test]
async fn many_taps_at_once_are_one() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let answers = join_all((0..6).map(|_| create(&physician, "impatient", ""))).await;
    let bodies: std::collections::BTreeSet<_> = answers.iter().map(|a| (a.status, a.body.to_vec())).collect();
    assert_eq!(bodies.len(), 1);
    assert_eq!(app.count("select count(*) from applications", &[]).await, 1);
}

#[tokio::test]
async fn the_same_key_for_something_else_is_refused() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    create(&physician, "key", "one").await.assert_status(201);
    create(&physician, "key", "other").await.assert_problem(409, "idempotency_key_reused");
    assert_eq!(app.count("select count(*) from applications", &[]).await, 1);
}

#[tokio::test]
async fn keys_are_ones_own() {
    let app = TestApp::start().await;
    let (one, other) = (app.given_physician().await, app.given_physician().await);
    let first = create(&one, "key", "").await.assert_status(201);
    let second = create(&other, "key", "").await.assert_status(201);
    assert_ne!(first.application_id(), second.application_id());
}

#[tokio::test]
async fn a_refused_request_keeps_no_answer() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let version = clerk.version_of(case.id).await;
    let approve = |day: &str| {
        let call = clerk.post(&format!("/applications/{}/approve", case.id)).if_match(&version).key("corrected");
        call.json(&json!({ "effective_date": day }))
    };
    approve("1999-01-01").send().await.assert_problem(422, "invalid_fields");
    approve("2026-12-01").send().await.assert_status(200);
}

#[tokio::test]
async fn facts_are_not_created_or_decided_without_a_key() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let body = json!({});
    let create = case.physician.post("/applications").json(&changes(&body)).send().await;
    create.assert_problem(428, "idempotency_key_required");
    for verb in ["submit", "approve", "return", "reject", "retract"] {
        let call = case.physician.post(&format!("/applications/{}/{verb}", case.id)).if_match("\"v1\"");
        call.json(&body).send().await.assert_problem(428, "idempotency_key_required");
    }
    for key in ["", &"k".repeat(201), "ключ"] {
        let answer = case.physician.post("/applications").key(key).json(&changes(&body)).send().await;
        answer.assert_faults(422, "invalid_fields", &[("#Idempotency-Key", "invalid_format")]);
    }
}
