use chrono::TimeDelta;
use mamis_kernel::Role;
use mamis_test_support::{Answer, Client, TestApp, training_changes, training_form};
use serde_json::json;

use crate::api::SHIGA;

const EMAIL: &str = "sakura@example.jp";
const PASSWORD: &str = "琵琶湖の朝は静かで風がない";

async fn asked(visitor: &Client, email: &str) -> String {
    let sent = visitor.post("/registrations").json(&json!({ "email": email })).send().await.assert_status(201);
    sent.json()["id"].as_str().unwrap().to_owned()
}

async fn confirmed(visitor: &Client, id: &str, code: &str, password: &str) -> Answer {
    let body = json!({ "code": code, "password": password });
    visitor.post(&format!("/registrations/{id}/confirm")).json(&body).send().await
}

async fn accounts(app: &TestApp) -> i64 {
    app.count("select count(*) from accounts where class = 'training_only'", &[]).await
}

#[tokio::test]
async fn id_50_an_address_its_code_and_a_password_make_a_provisional_account() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = asked(&visitor, EMAIL).await;
    let code = app.code_sent_to(EMAIL).await;
    let session = confirmed(&visitor, &id, &code, PASSWORD).await.assert_status(201);
    assert!(!session.refresh_token().is_empty());
    let session = session.json();
    assert_eq!((&session["account"]["provisional"], &session["account"]["capabilities"]), (&json!(true), &json!([])));
    let login_id = session["account"]["login_id"].as_str().unwrap().to_owned();
    let mails = app.mails_to(EMAIL).await;
    assert!(mails.iter().any(|mail| mail.template == "registered" && mail.body.contains(&login_id)), "{mails:?}");
    visitor.try_log_in(&login_id, PASSWORD).await.assert_status(201);
    let who = visitor.with_token(session["access_token"].as_str().unwrap());
    who.accept_terms().await.assert_status(204);
    who.create_application(&training_changes(&training_form("654321"))).await.assert_status(201);
    who.get("/persons/per_01900000000070008000000000000001").await.assert_problem(403, "account_provisional");
    let question = "select state, class, person_id is null from accounts where login_id = $1";
    let kept = app.owner().query_one(question, &[&login_id]).await.unwrap();
    assert_eq!(
        (kept.get::<_, &str>(0), kept.get::<_, &str>(1), kept.get::<_, bool>(2)),
        ("provisional", "training_only", true)
    );
}

#[tokio::test]
async fn attack_user_enumeration_a_known_address_is_answered_like_an_unknown_one() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    app.owner()
        .execute(
            "update accounts set email = $1, email_confirmed_at = now() where id = $2",
            &[&EMAIL, &physician.account_id.uuid()],
        )
        .await
        .unwrap();
    let shape = |answer: &Answer| {
        let mut keys: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
        keys.sort();
        (answer.status, keys, answer.body.len())
    };
    let ask = async |email: &str| app.visitor().post("/registrations").json(&json!({ "email": email })).send().await;
    let (known, unknown) = (ask(EMAIL).await, ask("nobody@example.jp").await);
    assert_eq!(shape(&known), shape(&unknown));
    assert_eq!(app.mails_to(EMAIL).await.len(), app.mails_to("nobody@example.jp").await.len());
}

#[tokio::test]
async fn attack_code_guessing_ends_after_five_guesses_even_for_the_right_code() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = asked(&visitor, EMAIL).await;
    let code = app.code_sent_to(EMAIL).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for guess in 1..=5 {
        let fault = if guess < 5 { "wrong_code" } else { "code_spent" };
        confirmed(&visitor, &id, wrong, PASSWORD).await.assert_faults(422, "invalid_fields", &[("/code", fault)]);
    }
    let late = confirmed(&visitor, &id, &code, PASSWORD).await;
    late.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
    assert_eq!(accounts(&app).await, 0);
    let refused = "select count(*) from audit_events where action = 'identity.register' and outcome = 'denied'";
    assert_eq!(app.count(refused, &[]).await, 6);
}

#[tokio::test]
async fn attack_two_confirmations_racing_with_one_code_make_one_account() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = asked(&visitor, EMAIL).await;
    let code = app.code_sent_to(EMAIL).await;
    let (one, other) =
        tokio::join!(confirmed(&visitor, &id, &code, PASSWORD), confirmed(&visitor, &id, &code, PASSWORD));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!((statuses, accounts(&app).await), ([201, 422], 1));
    let again = confirmed(&visitor, &id, &code, PASSWORD).await;
    again.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
}

#[tokio::test]
async fn a_code_holds_for_fifteen_minutes_and_for_its_own_address() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let (first, second) = (asked(&visitor, EMAIL).await, asked(&visitor, "other@example.jp").await);
    let code = app.code_sent_to(EMAIL).await;
    if code != app.code_sent_to("other@example.jp").await {
        let other = confirmed(&visitor, &second, &code, PASSWORD).await;
        other.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
    }
    app.advance(TimeDelta::minutes(15));
    let late = confirmed(&visitor, &first, &code, PASSWORD).await;
    late.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
}

#[tokio::test]
async fn a_weak_password_is_named_and_does_not_cost_the_code() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = asked(&visitor, EMAIL).await;
    let code = app.code_sent_to(EMAIL).await;
    for (password, fault) in [("短い", "too_short"), ("password1234", "too_weak")] {
        let answer = confirmed(&visitor, &id, &code, password).await;
        answer.assert_faults(422, "invalid_fields", &[("/password", fault)]);
    }
    confirmed(&visitor, &id, &code, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn attack_nobodys_mailbox_is_filled_and_no_address_is_none() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    for _ in 0..6 {
        asked(&visitor, EMAIL).await;
    }
    let more = visitor.post("/registrations").json(&json!({ "email": "SAKURA@example.jp" })).send().await;
    more.assert_problem(429, "too_many_requests");
    for email in ["sakura", "@example.jp", "sa kura@example.jp", "sakura@example"] {
        let answer = visitor.post("/registrations").json(&json!({ "email": email })).send().await;
        answer.assert_faults(422, "invalid_fields", &[("/email", "invalid_format")]);
    }
}

#[tokio::test]
async fn attack_role_state_class_and_person_cannot_be_registered() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = asked(&visitor, EMAIL).await;
    let code = app.code_sent_to(EMAIL).await;
    for field in ["role", "state", "class", "person_id", "login_id", "email"] {
        let mut body = json!({ "code": code, "password": PASSWORD });
        body[field] = json!("administrator");
        let answer = visitor.post(&format!("/registrations/{id}/confirm")).json(&body).send().await;
        answer.assert_faults(400, "malformed_request", &[(&format!("/{field}"), "invalid_format")]);
    }
    assert_eq!(accounts(&app).await, 0);
}

#[tokio::test]
async fn the_clerks_words_reach_the_applicant_by_mail() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = asked(&visitor, EMAIL).await;
    let session = confirmed(&visitor, &id, &app.code_sent_to(EMAIL).await, PASSWORD).await.assert_status(201).json();
    let who = visitor.with_token(session["access_token"].as_str().unwrap());
    who.accept_terms().await.assert_status(204);
    let case = who.create_application(&training_changes(&training_form("654321"))).await.application_id();
    who.upload(case, ("medical_license", "a.jpg"), include_bytes!("../../data/files/licence.jpg"))
        .await
        .assert_status(201);
    who.submit(case).await.assert_status(200);
    let clerk = app.given_clerk_of(SHIGA, Role::Approver).await;
    clerk.send_back(case, "写しの番号が読めません", &[]).await.assert_status(200);
    who.submit(case).await.assert_status(200);
    clerk.approve(case, "2026-11-23").await.assert_status(200);
    let mails = app.mails_to(EMAIL).await;
    let templates: Vec<&str> = mails.iter().map(|mail| mail.template.as_str()).collect();
    assert_eq!(templates, ["contact_code", "registered", "case_returned", "training_approved"]);
    assert!(mails[2].body.contains("写しの番号が読めません"), "{}", mails[2].body);
}
