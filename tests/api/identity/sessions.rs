use mamis_domain::audit::AuditOutcome;
use mamis_test_support::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

const SAFARI: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1";

async fn items(client: &mamis_test_support::Client) -> Vec<Value> {
    client.get("/account/sessions").await.assert_status(200).json()["items"].as_array().unwrap().clone()
}

fn path(id: &Value) -> String {
    format!("/api/v1/account/sessions/{}", id.as_str().unwrap())
}

#[tokio::test]
async fn id_6_one_sees_the_own_log_ins_with_their_device_and_nobody_elses() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    app.given_physician().await;
    let body = json!({ "login_id": desk.login_id, "password": mamis_test_support::PASSWORD });
    app.visitor().post("/sessions").header("user-agent", SAFARI).json(&body).send().await.assert_status(201);

    let seen = items(&desk).await;

    assert_eq!(seen.len(), 2);
    assert_eq!((&seen[0]["browser"], &seen[0]["system"]), (&json!("safari"), &json!("ios")));
    assert_eq!((&seen[0]["is_current"], &seen[1]["is_current"]), (&json!(false), &json!(true)));
    assert_eq!(seen[0]["address"], "127.0.0.1");
    assert_eq!(seen[1].get("ended_at"), None);
    let first = desk.get("/account/sessions?limit=1").await.assert_status(200).json();
    let next = format!("/account/sessions?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(desk.get(&next).await.assert_status(200).json()["items"][0]["id"], seen[1]["id"]);
}

#[tokio::test]
async fn id_6_a_lost_device_is_signed_out_from_another() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    let phone = app.log_in_again(&desk).await;
    phone.get("/account").await.assert_status(200);
    let id = items(&phone).await[0]["id"].clone();

    desk.call(Method::DELETE, &path(&id)).send().await.assert_status(204);
    desk.call(Method::DELETE, &path(&id)).send().await.assert_status(204);

    phone.get("/account").await.assert_problem(401, "not_signed_in");
    app.visitor().refresh(&phone.refresh_token).await.assert_problem(401, "not_signed_in");
    desk.get("/account").await.assert_status(200);
    assert_eq!(items(&desk).await[0]["end_reason"], "revoked");
    app.assert_audit(&[("identity.end_session", desk.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn attack_ending_the_session_of_somebody_else_is_refused() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    let attacker = app.given_physician().await;
    let id = items(&victim).await[0]["id"].clone();

    attacker.call(Method::DELETE, &path(&id)).send().await.assert_problem(404, "not_found");

    victim.get("/account").await.assert_status(200);
}

#[tokio::test]
async fn id_6_all_other_devices_are_signed_out_at_once() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    let (phone, tablet) = (app.log_in_again(&desk).await, app.log_in_again(&desk).await);

    let done = desk.post("/account/sessions/end-others").send().await.assert_status(200).json();

    assert_eq!(done, json!({ "ended": 2 }));
    phone.get("/account").await.assert_problem(401, "not_signed_in");
    tablet.get("/account").await.assert_problem(401, "not_signed_in");
    desk.get("/account").await.assert_status(200);
    app.assert_audit(&[("identity.end_other_sessions", desk.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn id_2_a_renewed_session_says_when_it_was_last_used() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    app.advance(chrono::TimeDelta::minutes(10));
    app.visitor().refresh(&desk.refresh_token).await.assert_status(200);
    let seen = &items(&desk).await[0];
    assert_eq!(
        (&seen["started_at"], &seen["last_used_at"]),
        (&json!("2026-11-23T03:00:00Z"), &json!("2026-11-23T03:10:00Z"))
    );
}
