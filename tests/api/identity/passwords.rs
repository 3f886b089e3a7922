use mamis_domain::audit::AuditOutcome;
use mamis_test_support::{Answer, PASSWORD, SignedIn, TestApp};
use serde_json::json;

const NEXT: &str = "琵琶湖の朝は静かで風がない";

async fn change(who: &SignedIn, current: &str, new: &str) -> Answer {
    who.put("/account/password").json(&json!({ "current_password": current, "new_password": new })).send().await
}

#[tokio::test]
async fn id_6_a_new_password_counts_at_once_and_signs_other_devices_out() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    let phone = app.log_in_again(&desk).await;
    phone.get("/account").await.assert_status(200);

    change(&desk, PASSWORD, NEXT).await.assert_status(204);

    desk.get("/account").await.assert_status(200);
    phone.get("/account").await.assert_problem(401, "not_signed_in");
    app.visitor().refresh(&phone.refresh_token).await.assert_problem(401, "not_signed_in");
    app.visitor().try_log_in(&desk.login_id, PASSWORD).await.assert_problem(401, "login_failed");
    app.visitor().try_log_in(&desk.login_id, NEXT).await.assert_status(201);
    app.assert_audit(&[("identity.change_password", desk.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn id_5_a_refused_password_is_told_at_its_field_and_changes_nothing() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    let phone = app.log_in_again(&desk).await;
    for (new, code) in
        [("aB3$xQ9!m", "too_short"), ("password1234", "too_weak"), ("タカハシ・タカハシ・タカハシ", "too_weak")]
    {
        change(&desk, PASSWORD, new).await.assert_faults(422, "invalid_fields", &[("/new_password", code)]);
    }
    let long = "あ".repeat(257);
    change(&desk, PASSWORD, &long).await.assert_faults(422, "invalid_fields", &[("/new_password", "too_long")]);
    phone.get("/account").await.assert_status(200);
    app.visitor().try_log_in(&desk.login_id, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn attack_guessing_the_current_password_from_an_open_desk_gets_slow_and_is_audited() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    for _ in 0..6 {
        let refused = change(&desk, "not the password", NEXT).await;
        refused.assert_faults(422, "invalid_fields", &[("/current_password", "wrong_password")]);
    }
    let blocked = change(&desk, PASSWORD, NEXT).await;
    blocked.assert_problem(429, "too_many_requests");
    assert_eq!(blocked.header("retry-after"), "6");
    app.assert_audit(&[("identity.change_password", desk.account_id, AuditOutcome::Denied); 6]).await;
    app.advance(chrono::TimeDelta::seconds(10));
    change(&desk, PASSWORD, NEXT).await.assert_status(204);
}

#[tokio::test]
async fn a_password_is_judged_before_it_is_sent_in_earnest() {
    let app = TestApp::start().await;
    let desk = app.given_physician().await;
    let judge = async |password: &str| {
        desk.post("/password-checks").json(&json!({ "password": password })).send().await.assert_status(200).json()
    };
    assert_eq!(judge(NEXT).await.get("fault"), None);
    assert_eq!(judge("password1234").await["fault"], "too_weak");
    assert_eq!(judge("").await, json!({ "score": 0, "fault": "too_short" }));
}
