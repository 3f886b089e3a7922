use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::Role;
use mamis_test_support::{Answer, SignedIn, TestApp};
use serde_json::json;

use crate::api::{OTSU, SHIGA};

const ASK: &str = "identity.ask_clerk_recovery";
const CONFIRM: &str = "identity.recover_clerk";
const NEXT: &str = "琵琶湖の朝は静かで風がない";

async fn role_of(app: &TestApp, who: &SignedIn) -> String {
    let question = "select replace(id::text, '-', '') from capabilities where account_id = $1 order by id limit 1";
    let id: String = app.owner().query_one(question, &[&who.account_id.uuid()]).await.unwrap().get(0);
    format!("clr_{id}")
}

async fn recover(who: &SignedIn, role: &str) -> Answer {
    who.post(&format!("/clerk-roles/{role}/recovery")).json(&json!({ "reason": "来局して職員証で確認" })).send().await
}

#[tokio::test]
async fn id_76_two_administrators_let_a_clerk_in_again_who_sets_everything_anew() {
    let app = TestApp::start().await;
    let first = app.given_clerk_of(OTSU, Role::Administrator).await;
    let second = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let role = role_of(&app, &clerk).await;

    for _ in 0..2 {
        let asked = recover(&first, &role).await.assert_status(200).json();
        assert_eq!((asked["waits_until"].as_str(), asked.get("url")), (Some("2026-11-24T03:00:00Z"), None));
    }
    clerk.get("/account").await.assert_status(200);

    let done = recover(&second, &role).await.assert_status(200).json();
    assert_eq!(done.get("waits_until"), None);
    clerk.get("/account").await.assert_problem(401, "not_signed_in");
    let token = done["url"].as_str().unwrap().split_once('#').unwrap().1;
    let chosen = json!({ "token": token, "new_password": NEXT });
    app.visitor().post("/recoveries/complete").json(&chosen).send().await.assert_status(204);
    let session = app.visitor().try_log_in(&clerk.login_id, NEXT).await.assert_status(201).json();
    assert_eq!(session["account"]["held_back"][0]["role"], "approver", "the second factor is to be set up anew");
    app.assert_audit(&[
        (ASK, first.account_id, Done),
        (ASK, first.account_id, Done),
        (CONFIRM, second.account_id, Done),
    ])
    .await;
}

#[tokio::test]
async fn id_76_who_has_an_address_is_sent_the_link_and_nobody_sees_it() {
    let app = TestApp::start().await;
    let first = app.given_clerk_of(OTSU, Role::Administrator).await;
    let second = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    app.given_email(clerk.account_id, "clerk@example.jp").await;
    let role = role_of(&app, &clerk).await;
    recover(&first, &role).await.assert_status(200);
    assert_eq!(recover(&second, &role).await.assert_status(200).json(), json!({}));
    assert!(!app.recovery_token_sent_to("clerk@example.jp").await.is_empty());
}

#[tokio::test]
async fn id_76_what_was_asked_a_day_ago_is_asked_anew() {
    let app = TestApp::start().await;
    let first = app.given_clerk_of(OTSU, Role::Administrator).await;
    let second = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let role = role_of(&app, &clerk).await;
    recover(&first, &role).await.assert_status(200);
    app.advance(chrono::TimeDelta::hours(25));
    let second = app.log_in_again(&second).await;
    let asked = recover(&second, &role).await.assert_status(200).json();
    assert!(asked["waits_until"].is_string(), "{asked}");
}

#[tokio::test]
async fn attack_an_administrator_opens_an_account_of_a_higher_association_or_the_own_one() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    recover(&administrator, &role_of(&app, &administrator).await).await.assert_problem(403, "forbidden");

    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let shiga = app.association(SHIGA).await.uuid();
    let also = "insert into capabilities (id, account_id, role, association_id, valid_from)
        values ('ffffffff-0000-7000-8000-000000000001', $1, 'administrator', $2, '2020-01-01')";
    app.owner().execute(also, &[&clerk.account_id.uuid(), &shiga]).await.unwrap();
    recover(&administrator, &role_of(&app, &clerk).await).await.assert_problem(403, "forbidden");

    let elsewhere = app.given_clerk_of(SHIGA, Role::Viewer).await;
    recover(&administrator, &role_of(&app, &elsewhere).await).await.assert_problem(404, "not_found");
    let who = administrator.account_id;
    app.assert_audit(&[(CONFIRM, who, Denied), (CONFIRM, who, Denied), (CONFIRM, who, Denied)]).await;
}
