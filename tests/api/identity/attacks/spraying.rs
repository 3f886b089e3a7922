use chrono::TimeDelta;
use mamis_test_support::{PASSWORD, TestApp};

/// What everybody's uncle takes for a password.
const COMMON: &str = "password2026";
const ACCOUNTS: usize = 60;

#[tokio::test]
async fn attack_password_spraying_across_accounts_from_one_address() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    let others = app.given_physician().await;
    let attacker = app.visitor().at("127.0.0.66");
    let mut refused = Vec::new();
    for number in 0..ACCOUNTS {
        // One guess for each account: none of them ever gets slow by itself.
        let name = if number == 0 { victim.login_id.clone() } else { format!("physician-of-number-{number}") };
        refused.push(attacker.try_log_in(&name, COMMON).await.status);
    }
    assert_eq!(refused.iter().filter(|status| **status == 401).count(), 51, "{refused:?}");
    assert!(refused[51..].iter().all(|status| *status == 429), "{refused:?}");
    // Not even with a password that is right.
    let slowed = attacker.try_log_in(&victim.login_id, PASSWORD).await;
    slowed.assert_problem(429, "too_many_requests");
    let denied = "select count(*) from audit_events where action = 'identity.log_in' and outcome = 'denied'";
    assert_eq!(app.count(denied, &[]).await, 51);

    // The sprayed accounts sign in from where they are, all the while.
    app.visitor().at("127.0.0.7").try_log_in(&victim.login_id, PASSWORD).await.assert_status(201);
    app.visitor().try_log_in(&others.login_id, PASSWORD).await.assert_status(201);

    // And whoever sits behind the attacker's address is not locked out for ever.
    app.advance(TimeDelta::seconds(slowed.header("retry-after").parse().unwrap()));
    attacker.try_log_in(&others.login_id, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn attack_password_spraying_gets_no_fresh_start_by_signing_in_to_an_own_account() {
    let app = TestApp::start().await;
    let own = app.given_physician().await;
    let attacker = app.visitor().at("127.0.0.66");
    for number in 0..50 {
        let failed = attacker.try_log_in(&format!("physician-of-number-{number}"), COMMON).await;
        failed.assert_problem(401, "login_failed");
    }
    attacker.try_log_in(&own.login_id, PASSWORD).await.assert_status(201);
    attacker.try_log_in("one-more", COMMON).await.assert_problem(401, "login_failed");
    attacker.try_log_in("yet-one-more", COMMON).await.assert_problem(429, "too_many_requests");
}

#[tokio::test]
async fn attack_nobody_is_locked_out_for_ever_by_failures_on_purpose() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    let attacker = app.visitor().at("127.0.0.66");
    let mut longest = 0;
    for _ in 0..30 {
        let answer = attacker.try_log_in(&victim.login_id, COMMON).await;
        if answer.status == 429 {
            let wait: i64 = answer.header("retry-after").parse().unwrap();
            longest = longest.max(wait);
            app.advance(TimeDelta::seconds(wait));
        }
    }
    assert!((1..=301).contains(&longest), "{longest}");
    app.advance(TimeDelta::seconds(301));
    app.visitor().try_log_in(&victim.login_id, PASSWORD).await.assert_status(201);
}
