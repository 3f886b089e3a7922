use mamis_domain::audit::AuditOutcome;
use mamis_test_support::{Answer, PASSWORD, SignedIn, TestApp};
use serde_json::json;

const NEW: &str = "hanako@example.jp";
const OLD: &str = "h.takahashi@example.jp";

async fn request(who: &SignedIn, email: &str, password: &str) -> Answer {
    who.post("/account/email-changes").json(&json!({ "email": email, "current_password": password })).send().await
}

async fn show(who: &SignedIn, id: &str, code: &str) -> Answer {
    let path = format!("/account/email-changes/{id}/confirm");
    who.post(&path).json(&json!({ "code": code })).send().await
}

async fn id_of(requested: Answer) -> String {
    requested.assert_status(201).json()["id"].as_str().unwrap().to_owned()
}

async fn set_email(app: &TestApp, who: &SignedIn, email: &str) {
    let statement = "update accounts set email = $2, email_confirmed_at = now() where id = $1";
    app.owner().execute(statement, &[&who.account_id.uuid(), &email]).await.unwrap();
}

#[tokio::test]
async fn id_10_an_address_is_taken_over_by_its_code_and_the_old_one_is_told() {
    let app = TestApp::start().await;
    let who = app.given_physician().await;
    set_email(&app, &who, OLD).await;
    let id = id_of(request(&who, NEW, PASSWORD).await).await;
    assert_eq!(who.get("/account").await.json()["email"], OLD, "until it is confirmed");

    let code = app.code_sent_to(NEW).await;
    let typed: String = code.chars().map(|digit| char::from_u32(digit as u32 + 0xFEE0).unwrap()).collect();
    show(&who, &id, &format!(" {typed} ")).await.assert_status(204);

    assert_eq!(who.get("/account").await.json()["email"], NEW);
    let told = app.mails_to(OLD).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains("h***@example.jp") && !told[0].body.contains(NEW), "{}", told[0].body);
    app.assert_audit(&[
        ("identity.request_email_change", who.account_id, AuditOutcome::Done),
        ("identity.change_email", who.account_id, AuditOutcome::Done),
    ])
    .await;
}

#[tokio::test]
async fn attack_guessing_a_code_ends_it_after_five_guesses() {
    let app = TestApp::start().await;
    let who = app.given_physician().await;
    let id = id_of(request(&who, NEW, PASSWORD).await).await;
    let code = app.code_sent_to(NEW).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        show(&who, &id, wrong).await.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
    }
    show(&who, &id, wrong).await.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
    show(&who, &id, &code).await.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
    assert_eq!(who.get("/account").await.json().get("email"), None);
    app.assert_audit(&[("identity.change_email", who.account_id, AuditOutcome::Denied); 6]).await;
}

#[tokio::test]
async fn attack_two_confirmations_racing_use_a_code_once() {
    let app = TestApp::start().await;
    let who = app.given_physician().await;
    let id = id_of(request(&who, NEW, PASSWORD).await).await;
    let code = app.code_sent_to(NEW).await;
    let tries = futures_util::future::join_all((0..6).map(|_| show(&who, &id, &code))).await;
    let taken = tries.iter().filter(|answer| answer.status == 204).count();
    assert_eq!(taken, 1, "of six at once");
    app.assert_audit(&[("identity.change_email", who.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn attack_another_accounts_code_and_an_old_code_are_refused() {
    let app = TestApp::start().await;
    let (who, thief) = (app.given_physician().await, app.given_physician().await);
    let id = id_of(request(&who, NEW, PASSWORD).await).await;
    let code = app.code_sent_to(NEW).await;
    show(&thief, &id, &code).await.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
    app.advance(chrono::TimeDelta::minutes(15));
    let who = app.log_in_again(&who).await;
    show(&who, &id, &code).await.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
    assert_eq!(thief.get("/account").await.json().get("email"), None);
}

#[tokio::test]
async fn a_mailbox_is_not_filled_and_bad_addresses_are_told_at_their_field() {
    let app = TestApp::start().await;
    let who = app.given_physician().await;
    request(&who, "x@localhost", PASSWORD).await.assert_faults(422, "invalid_fields", &[("/email", "invalid_format")]);
    let wrong = request(&who, NEW, "not the password").await;
    wrong.assert_faults(422, "invalid_fields", &[("/current_password", "wrong_password")]);
    for _ in 0..6 {
        request(&who, NEW, PASSWORD).await.assert_status(201);
    }
    request(&who, NEW, PASSWORD).await.assert_problem(429, "too_many_requests");
    assert_eq!(app.mails_to(NEW).await.len(), 6);
}
