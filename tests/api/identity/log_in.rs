use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::{PASSWORD, TestApp};
use serde_json::{Value, json};

use crate::api::{NATION, OTSU, SHIGA};

const WRONG: &str = "not the password";

#[tokio::test]
async fn a_physician_signs_in_and_learns_who_one_is() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU, SHIGA, NATION]).await;

    let account = physician.get("/account").await.assert_status(200).json();

    assert_eq!(account["id"], json!(physician.account_id));
    assert_eq!(account["person"]["id"], json!(physician.person_id));
    assert_eq!(account["capabilities"], json!([{ "role": "physician" }]));
    app.assert_audit(&[("identity.log_in", physician.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn a_clerk_is_always_clerk_of_an_association() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;

    let account = clerk.get("/account").await.assert_status(200).json();

    assert_eq!(account.get("person"), None);
    assert_eq!(account["capabilities"][0]["role"], "approver");
    assert_eq!(account["capabilities"][0]["association"]["name"], OTSU);
}

#[tokio::test]
async fn login_ids_are_the_same_in_capitals_and_with_blanks_around_passwords_are_not() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let visitor = app.visitor();

    let shouted = format!(" {} ", physician.login_id.to_uppercase());
    visitor.try_log_in(&shouted, PASSWORD).await.assert_status(201);
    visitor.try_log_in(&physician.login_id, &PASSWORD.to_uppercase()).await.assert_problem(401, "login_failed");
    visitor.try_log_in(&physician.login_id, &format!("{PASSWORD} ")).await.assert_problem(401, "login_failed");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_id_get_the_same_answer() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let visitor = app.visitor();

    let wrong = visitor.try_log_in(&physician.login_id, WRONG).await;
    let unknown = visitor.try_log_in("nobody-of-that-name", WRONG).await;

    wrong.assert_problem(401, "login_failed");
    unknown.assert_problem(401, "login_failed");
    let told = |answer: &mamis_test_support::Answer| {
        let mut body = answer.json();
        body["request_id"] = Value::Null;
        body
    };
    assert_eq!(told(&wrong), told(&unknown));
    assert_eq!(wrong.header("set-cookie"), "");
}

#[tokio::test]
async fn suspended_accounts_cannot_sign_in() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    app.owner()
        .execute("update accounts set state = 'suspended' where login_id = $1", &[&physician.login_id])
        .await
        .unwrap();

    app.visitor().try_log_in(&physician.login_id, PASSWORD).await.assert_problem(401, "login_failed");
}

#[tokio::test]
async fn id_1_guessing_gets_slow_and_the_owner_gets_in_again_after_the_wait() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let visitor = app.visitor();
    for _ in 0..6 {
        visitor.try_log_in(&physician.login_id, WRONG).await.assert_problem(401, "login_failed");
    }

    // Even the right password waits: otherwise the guesser would learn that it is right.
    let throttled = visitor.try_log_in(&physician.login_id, PASSWORD).await;
    throttled.assert_problem(429, "too_many_requests");
    let wait: i64 = throttled.header("retry-after").parse().unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    app.given_physician().await; // others are not held up

    app.advance(TimeDelta::seconds(wait));
    visitor.try_log_in(&physician.login_id, PASSWORD).await.assert_status(201);
    visitor.try_log_in(&physician.login_id, WRONG).await.assert_problem(401, "login_failed");
    visitor.try_log_in(&physician.login_id, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn failed_log_ins_are_in_the_audit_without_what_was_typed() {
    let app = TestApp::start().await;
    app.visitor().try_log_in("somebody", "hunter2hunter2").await.assert_problem(401, "login_failed");

    let refused = "select count(*) from audit_events where action = 'identity.log_in' and outcome = 'denied'";
    assert_eq!(app.count(refused, &[]).await, 1);
    let told = "select count(*) from audit_events e where e::text like '%hunter2%' or e::text like '%somebody%'";
    assert_eq!(app.count(told, &[]).await, 0);
}

#[tokio::test]
async fn another_site_cannot_sign_somebody_in() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let call = app.visitor().post("/sessions").header("sec-fetch-site", "cross-site");
    let answer = call.json(&json!({ "login_id": physician.login_id, "password": PASSWORD })).send().await;
    answer.assert_problem(403, "cross_site");
}

#[tokio::test]
async fn the_refresh_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let answer = app.visitor().try_log_in(&physician.login_id, PASSWORD).await.assert_status(201);
    let cookie = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/sessions", "Expires="] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    assert!(!answer.text().contains(&answer.refresh_token()));
    assert!(answer.header("cache-control").contains("no-store"));
}

#[tokio::test]
async fn id_26_a_log_in_on_another_kind_of_device_is_told_by_mail_once() {
    const PHONE: &str =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let (address, account) = ("dr@example.jp", physician.account_id.uuid());
    let has_mail = "update accounts set email = $2, email_confirmed_at = now() where id = $1";
    app.owner().execute(has_mail, &[&account, &address]).await.unwrap();

    app.log_in_again(&physician).await;
    assert!(app.mails_to(address).await.is_empty(), "the same kind of device as before");

    let body = json!({ "login_id": physician.login_id, "password": PASSWORD });
    for _ in 0..2 {
        app.visitor().post("/sessions").header("user-agent", PHONE).json(&body).send().await.assert_status(201);
    }
    let mails = app.mails_to(address).await;
    assert_eq!(mails.iter().map(|mail| mail.template.as_str()).collect::<Vec<_>>(), ["new_device"]);
    assert!(mails[0].body.contains("iPhone・iPad（Safari）"), "{}", mails[0].body);
    assert!(mails[0].body.contains("2026-11-23 12:0"), "{}", mails[0].body);
}
