use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::{PASSWORD, SignedIn, TestApp, totp_secret};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::OTSU;

/// Sets an authenticator app up as a person does, and gives the recovery codes.
async fn set_up(app: &TestApp, who: &SignedIn) -> Vec<String> {
    let setup = who.post("/account/totp").send().await.assert_status(201).json();
    let code = code_of(app, &setup);
    let confirmed = who.post("/account/totp/confirm").json(&json!({ "code": code })).send().await;
    serde_json::from_value(confirmed.assert_status(200).json()["codes"].clone()).unwrap()
}

/// What the app shows that took the setup over.
fn code_of(app: &TestApp, setup: &Value) -> String {
    app.totp_code_of(&totp_secret(setup["secret"].as_str().unwrap()))
}

async fn factors(who: &SignedIn) -> Value {
    who.get("/account/factors").await.assert_status(200).json()
}

#[tokio::test]
async fn id_20_an_approver_without_a_second_factor_signs_in_but_may_not_approve() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let account = clerk.account_id.uuid();
    for table in ["totp_factors", "recovery_codes"] {
        let without = format!("delete from {table} where account_id = $1");
        app.owner().execute(&without, &[&account]).await.unwrap();
    }

    let session = app.visitor().log_in(&clerk.login_id).await;

    let who = session.get("/account").await.assert_status(200).json();
    assert_eq!((&who["assurance"], &who["capabilities"]), (&json!("password"), &json!([])));
    assert_eq!(who["held_back"][0]["role"], "approver");
    session.approve(case.id, "2026-12-01").await.assert_problem(404, "not_found");
    session.work_items(&json!({})).await.assert_problem(403, "forbidden");

    let codes = set_up(&app, &session).await;

    assert_eq!(codes.len(), 10);
    let who = session.get("/account").await.assert_status(200).json();
    assert_eq!((&who["assurance"], &who["capabilities"][0]["role"]), (&json!("second_factor"), &json!("approver")));
    assert_eq!(who.get("held_back"), None);
    session.approve(case.id, "2026-12-01").await.assert_status(200);
    app.assert_audit(&[("identity.confirm_totp", clerk.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn id_20_viewers_operators_and_physicians_need_no_second_factor() {
    let app = TestApp::start().await;
    for role in [Role::Viewer, Role::Operator] {
        let clerk = app.given_clerk_of(OTSU, role).await;
        clerk.work_items(&json!({})).await.assert_status(200);
        assert_eq!(clerk.get("/account").await.json()["assurance"], "password");
    }
    let physician = app.given_physician().await;
    assert_eq!(physician.get("/account").await.json().get("held_back"), None);
}

#[tokio::test]
async fn id_21_who_has_an_authenticator_app_signs_in_with_its_code() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    app.given_totp(physician.account_id).await;

    let first = app.visitor().try_log_in(&physician.login_id, PASSWORD).await.assert_status(200);

    assert_eq!(first.header("set-cookie"), "", "the password alone opens nothing");
    assert_eq!(first.json()["factors"], json!(["totp"]));
    let second = app.visitor().take_second_step(&first, "totp", &app.totp_code()).await.assert_status(201);
    assert_eq!(second.json()["account"]["assurance"], "second_factor");
    assert!(!second.refresh_token().is_empty());
    app.assert_audit(&[
        ("identity.begin_log_in", physician.account_id, AuditOutcome::Done),
        // Once by the password alone, once with the code.
        ("identity.log_in", physician.account_id, AuditOutcome::Done),
        ("identity.log_in", physician.account_id, AuditOutcome::Done),
    ])
    .await;
}

#[tokio::test]
async fn id_22_a_lost_telephone_is_replaced_by_a_recovery_code_that_works_once() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let codes = set_up(&app, &physician).await;
    let visitor = app.visitor();
    let first = visitor.try_log_in(&physician.login_id, PASSWORD).await.assert_status(200);
    assert_eq!(first.json()["factors"], json!(["totp", "recovery_code"]));

    let typed = codes[3].to_lowercase().replace('-', " ");
    visitor.take_second_step(&first, "recovery_code", &typed).await.assert_status(201);

    assert_eq!(factors(&physician).await["recovery_codes_left"], 9);
    let again = visitor.try_log_in(&physician.login_id, PASSWORD).await.assert_status(200);
    let refused = visitor.take_second_step(&again, "recovery_code", &codes[3]).await;
    refused.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
    visitor.take_second_step(&again, "recovery_code", &codes[4]).await.assert_status(201);
}

#[tokio::test]
async fn id_22_new_recovery_codes_make_the_old_ones_worthless() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let old = set_up(&app, &physician).await;

    let renewed = physician.post("/account/recovery-codes").send().await.assert_status(201).json();

    assert_eq!(renewed["codes"].as_array().unwrap().len(), 10);
    let visitor = app.visitor();
    let first = visitor.try_log_in(&physician.login_id, PASSWORD).await.assert_status(200);
    let refused = visitor.take_second_step(&first, "recovery_code", &old[0]).await;
    refused.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
    let new = renewed["codes"][0].as_str().unwrap();
    visitor.take_second_step(&first, "recovery_code", new).await.assert_status(201);
    app.assert_audit(&[("identity.renew_recovery_codes", physician.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn id_21_a_new_telephone_replaces_the_old_one_and_the_recovery_codes_stay() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let codes = set_up(&app, &physician).await;
    app.advance(TimeDelta::minutes(1));

    assert!(set_up(&app, &physician).await.is_empty(), "those that are there go on being good");

    let visitor = app.visitor();
    let first = visitor.try_log_in(&physician.login_id, PASSWORD).await.assert_status(200);
    visitor.take_second_step(&first, "recovery_code", &codes[0]).await.assert_status(201);
}

#[tokio::test]
async fn id_20_without_the_app_the_password_is_enough_again_and_roles_wait_again() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    clerk.work_items(&json!({})).await.assert_status(200);

    clerk.call(Method::DELETE, "/api/v1/account/totp").send().await.assert_status(204);

    clerk.work_items(&json!({})).await.assert_problem(403, "forbidden");
    assert_eq!(clerk.get("/account").await.json()["assurance"], "password");
    clerk.call(Method::DELETE, "/api/v1/account/totp").send().await.assert_problem(404, "not_found");
    app.visitor().try_log_in(&clerk.login_id, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn id_23_what_changes_the_log_in_wants_a_proof_of_the_last_ten_minutes() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    app.given_totp(physician.account_id).await;
    app.advance(TimeDelta::minutes(11));
    let physician = {
        let renewed = app.visitor().refresh(&physician.refresh_token).await.assert_status(200).json();
        physician.with_token(renewed["access_token"].as_str().unwrap())
    };

    for call in [
        physician.post("/account/totp"),
        physician.post("/account/recovery-codes"),
        physician.call(Method::DELETE, "/api/v1/account/totp"),
    ] {
        call.send().await.assert_problem(403, "proof_required");
    }
    let wrong = physician.post("/account/proofs").json(&json!({ "password": "not the password" })).send().await;
    wrong.assert_faults(422, "invalid_fields", &[("/password", "wrong_password")]);
    physician.post("/account/recovery-codes").send().await.assert_problem(403, "proof_required");

    physician.post("/account/proofs").json(&json!({ "password": PASSWORD })).send().await.assert_status(204);

    physician.post("/account/recovery-codes").send().await.assert_status(201);
    app.advance(TimeDelta::minutes(11));
    physician.post("/account/recovery-codes").send().await.assert_problem(403, "proof_required");
    let code = json!({ "code": app.totp_code() });
    physician.post("/account/proofs").json(&code).send().await.assert_status(204);
    physician.call(Method::DELETE, "/api/v1/account/totp").send().await.assert_status(204);
}

#[tokio::test]
async fn id_23_a_proof_is_one_thing() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let prove = async |body: Value| physician.post("/account/proofs").json(&body).send().await;
    prove(json!({})).await.assert_faults(422, "invalid_fields", &[("/password", "required")]);
    let both = prove(json!({ "password": PASSWORD, "code": "123456" })).await;
    both.assert_faults(422, "invalid_fields", &[("/code", "conflicting")]);
    prove(json!({ "code": "123456" })).await.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
}

#[tokio::test]
async fn the_secret_of_an_app_and_the_codes_are_not_in_the_database_as_they_are() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let setup = physician.post("/account/totp").send().await.assert_status(201).json();
    let secret = totp_secret(setup["secret"].as_str().unwrap());
    let code = json!({ "code": code_of(&app, &setup) });
    physician.post("/account/totp/confirm").json(&code).send().await.assert_status(200);

    let plain = "select count(*) from totp_factors where position($1::bytea in secret) > 0";
    assert_eq!(app.count(plain, &[&secret]).await, 0);
    assert_eq!(app.count("select count(*) from totp_factors where length(secret) = 12 + 20 + 16", &[]).await, 1);
    assert!(setup["uri"].as_str().unwrap().starts_with("otpauth://totp/MAMIS:"), "{setup}");
    assert!(setup["qr"]["path"].as_str().unwrap().starts_with("M0 0h1v1h-1z"), "a corner is black");
}

#[tokio::test]
async fn a_setup_that_nobody_confirms_changes_nothing_and_runs_out() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let setup = physician.post("/account/totp").send().await.assert_status(201).json();
    app.visitor().try_log_in(&physician.login_id, PASSWORD).await.assert_status(201);
    let confirm =
        async |code: &str| physician.post("/account/totp/confirm").json(&json!({ "code": code })).send().await;
    confirm("000000").await.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);

    app.advance(TimeDelta::minutes(30));
    let physician_again = app.log_in_again(&physician).await;

    let late = json!({ "code": code_of(&app, &setup) });
    let late = physician_again.post("/account/totp/confirm").json(&late).send().await;
    late.assert_problem(401, "challenge_over");
}

#[tokio::test]
async fn id_27_every_change_of_the_second_factor_is_told_to_its_owner() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let address = "dr@example.jp";
    let has_mail = "update accounts set email = $2, email_confirmed_at = now() where id = $1";
    app.owner().execute(has_mail, &[&physician.account_id.uuid(), &address]).await.unwrap();

    set_up(&app, &physician).await;
    physician.post("/account/recovery-codes").send().await.assert_status(201);
    physician.call(Method::DELETE, "/api/v1/account/totp").send().await.assert_status(204);

    let told = app.mails_to(address).await;
    let bodies: Vec<&str> = told.iter().filter_map(|mail| mail.body.lines().next()).collect();
    let expected = [
        "認証アプリが設定されました。",
        "リカバリーコードが作り直されました。前のコードは使えません。",
        "認証アプリの設定が解除されました。",
    ];
    assert_eq!(bodies, expected);
}
