use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::{PASSWORD, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::OTSU;

#[tokio::test]
async fn id_25_a_passkey_signs_in_without_password_and_code() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let mut device = app.given_authenticator();

    let added = physician.add_passkey(&mut device, "診察室のパソコン").await.assert_status(201).json();

    assert_eq!(added["codes"].as_array().map(Vec::len), Some(10), "with the first factor come recovery codes");
    let session = app.visitor().try_passkey(&device).await.assert_status(201);
    assert_eq!(session.json()["account"]["id"], json!(physician.account_id));
    assert_eq!(session.json()["account"]["assurance"], "passkey");
    assert!(!session.refresh_token().is_empty());
    app.assert_audit(&[
        ("identity.register_passkey", physician.account_id, AuditOutcome::Done),
        ("identity.log_in", physician.account_id, AuditOutcome::Done),
        ("identity.log_in", physician.account_id, AuditOutcome::Done),
    ])
    .await;
}

#[tokio::test]
async fn id_20_an_approver_with_a_passkey_needs_nothing_else() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let mut device = app.given_authenticator();
    clerk.add_passkey(&mut device, "事務局").await.assert_status(201);
    clerk.call(Method::DELETE, "/api/v1/account/totp").send().await.assert_status(204);

    clerk.work_items(&json!({})).await.assert_status(200);
    let session = app.visitor().try_passkey(&device).await.assert_status(201).json();
    assert_eq!(session["account"]["capabilities"][0]["role"], "approver");
    // The password alone opens nothing any more.
    let first = app.visitor().try_log_in(&clerk.login_id, PASSWORD).await.assert_status(200).json();
    assert_eq!(first["factors"][0], "passkey");
}

#[tokio::test]
async fn id_25_a_passkey_is_renamed_and_removed_by_its_owner_alone() {
    let app = TestApp::start().await;
    let (owner, other) = (app.given_physician().await, app.given_physician().await);
    let mut device = app.given_authenticator();
    owner.add_passkey(&mut device, "診察室").await.assert_status(201);
    let listed = async || owner.get("/account/factors").await.assert_status(200).json()["passkeys"].clone();
    let path = format!("/account/passkeys/{}", listed().await[0]["id"].as_str().unwrap());

    other.put(&path).json(&json!({ "label": "盗んだ" })).send().await.assert_problem(404, "not_found");
    other.call(Method::DELETE, &format!("/api/v1{path}")).send().await.assert_problem(404, "not_found");
    owner.put(&path).json(&json!({ "label": "自宅" })).send().await.assert_status(204);
    assert_eq!(listed().await[0]["label"], "自宅");

    owner.call(Method::DELETE, &format!("/api/v1{path}")).send().await.assert_status(204);

    assert_eq!(listed().await, json!([]));
    app.visitor().try_passkey(&device).await.assert_problem(401, "login_failed");
    app.visitor().try_log_in(&owner.login_id, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn attack_a_signature_that_was_seen_is_worth_nothing_again() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let mut device = app.given_authenticator();
    physician.add_passkey(&mut device, "診察室").await.assert_status(201);
    let visitor = app.visitor();
    let asked = visitor.post("/sessions/passkey-challenges").send().await.assert_status(201).json();
    visitor.show_passkey(&device, &asked).await.assert_status(201);

    visitor.show_passkey(&device, &asked).await.assert_problem(401, "login_failed");

    let late = visitor.post("/sessions/passkey-challenges").send().await.assert_status(201).json();
    app.advance(chrono::TimeDelta::minutes(10));
    visitor.show_passkey(&device, &late).await.assert_problem(401, "login_failed");
    let denied = "select count(*) from audit_events where action = 'identity.log_in' and outcome = 'denied'";
    assert_eq!(app.count(denied, &[]).await, 2);
}

#[tokio::test]
async fn attack_a_passkey_of_another_site_another_account_or_without_a_finger_is_refused() {
    let app = TestApp::start().await;
    let (victim, attacker) = (app.given_physician().await, app.given_physician().await);
    let mut device = app.given_authenticator();
    attacker.add_passkey(&mut device, "攻撃者").await.assert_status(201);
    let visitor = app.visitor();

    let mut phished = device.clone();
    phished.origin = "https://mamis.example.com".to_owned();
    visitor.try_passkey(&phished).await.assert_problem(401, "login_failed");
    let mut asleep = device.clone();
    asleep.verifies = false;
    visitor.try_passkey(&asleep).await.assert_problem(401, "login_failed");
    let mut pretending = device.clone();
    pretending.owner = victim.account_id.uuid().as_bytes().to_vec();
    visitor.try_passkey(&pretending).await.assert_problem(401, "login_failed");
    let unknown = {
        let mut unknown = app.given_authenticator();
        unknown.owner.clone_from(&device.owner);
        unknown
    };
    visitor.try_passkey(&unknown).await.assert_problem(401, "login_failed");
    visitor.try_passkey(&device).await.assert_status(201);
}

#[tokio::test]
async fn attack_what_one_was_asked_another_cannot_answer() {
    let app = TestApp::start().await;
    let (victim, attacker) = (app.given_physician().await, app.given_physician().await);
    let mut device = app.given_authenticator();
    let asked = victim.post("/account/passkey-challenges").send().await.assert_status(201).json();
    let made = device.make(&asked["options"]);
    let body = json!({ "challenge": asked["challenge"], "label": "攻撃者", "credential": made });

    attacker.post("/account/passkeys").json(&body).send().await.assert_problem(401, "challenge_over");

    let nonsense = json!({ "challenge": asked["challenge"], "label": "x", "credential": { "id": 1 } });
    let refused = victim.post("/account/passkeys").json(&nonsense).send().await;
    refused.assert_faults(422, "invalid_fields", &[("/credential", "invalid_format")]);
    let none: Value = victim.get("/account/factors").await.json()["passkeys"].clone();
    assert_eq!(none, json!([]));
}
