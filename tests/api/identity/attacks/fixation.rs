use mamis_test_support::{Answer, Client, PASSWORD, TestApp};
use serde_json::json;

/// Signs in from a browser in which somebody has put a cookie beforehand.
async fn log_in_with_planted(visitor: &Client, planted: &str, login_id: &str) -> Answer {
    let call = visitor.post("/sessions").header("cookie", &format!("mamis_refresh={planted}"));
    call.json(&json!({ "login_id": login_id, "password": PASSWORD })).send().await.assert_status(201)
}

#[tokio::test]
async fn attack_session_fixation_a_made_up_cookie_is_not_the_one_after_log_in() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    let visitor = app.visitor();
    let planted = "A".repeat(43);

    let opened = log_in_with_planted(&visitor, &planted, &victim.login_id).await;

    assert!(!opened.refresh_token().is_empty());
    assert_ne!(opened.refresh_token(), planted);
    visitor.refresh(&planted).await.assert_problem(401, "not_signed_in");
}

#[tokio::test]
async fn attack_session_fixation_the_attackers_session_stays_the_attackers() {
    let app = TestApp::start().await;
    let (victim, attacker) = (app.given_physician().await, app.given_physician().await);
    let visitor = app.visitor();

    let opened = log_in_with_planted(&visitor, &attacker.refresh_token, &victim.login_id).await;

    assert_ne!(opened.refresh_token(), attacker.refresh_token);
    let planted = visitor.refresh(&attacker.refresh_token).await.assert_status(200).json();
    assert_eq!(planted["account"]["id"], json!(attacker.account_id), "it never becomes the victim's");
    let renewed = visitor.refresh(&opened.refresh_token()).await.assert_status(200).json();
    assert_eq!(renewed["account"]["id"], json!(victim.account_id));
    let sessions = "select count(distinct id) from sessions where account_id = $1 and ended_at is null";
    assert_eq!(app.count(sessions, &[&attacker.account_id.uuid()]).await, 1);
}

#[tokio::test]
async fn attack_session_fixation_between_the_two_steps_of_a_log_in() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    app.given_second_factor(victim.account_id, &victim.login_id).await;
    let visitor = app.visitor();
    let first = visitor.try_log_in(&victim.login_id, PASSWORD).await.assert_status(200);
    assert_eq!(first.header("set-cookie"), "", "half a log-in is none");
    let challenge = first.json()["challenge"].as_str().unwrap().to_owned();
    let second = visitor.take_second_step(&first, "totp", &app.totp_code()).await.assert_status(201);

    // What the browser held before is worth nothing afterwards.
    assert_ne!(second.refresh_token(), challenge);
    visitor.refresh(&challenge).await.assert_problem(401, "not_signed_in");
    visitor.with_token(&challenge).get("/account").await.assert_problem(401, "not_signed_in");
}

#[tokio::test]
async fn attack_a_cookie_that_was_copied_before_log_out_is_worth_nothing_after_it() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    victim.log_out().await.assert_status(204);
    app.visitor().refresh(&victim.refresh_token).await.assert_problem(401, "not_signed_in");
    victim.get("/account").await.assert_problem(401, "not_signed_in");
}
