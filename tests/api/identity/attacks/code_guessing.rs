use chrono::TimeDelta;
use futures_util::future::join;
use mamis_domain::audit::AuditOutcome;
use mamis_test_support::{Answer, PASSWORD, SignedIn, TestApp};

/// Somebody who knows a physician's password, and not the code.
async fn thief(app: &TestApp) -> (SignedIn, Answer) {
    let victim = app.given_physician().await;
    app.given_second_factor(victim.account_id, &victim.login_id).await;
    let first = app.visitor().try_log_in(&victim.login_id, PASSWORD).await.assert_status(200);
    (victim, first)
}

#[tokio::test]
async fn attack_guessing_codes_ends_the_attempt_after_five_and_then_gets_slow() {
    let app = TestApp::start().await;
    let (victim, first) = thief(&app).await;
    let visitor = app.visitor();
    for guess in ["000000", "111111", "222222", "333333", "444444"] {
        let wrong = visitor.take_second_step(&first, "totp", guess).await;
        wrong.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
    }

    // Even the right one comes too late for this attempt.
    visitor.take_second_step(&first, "totp", &app.totp_code()).await.assert_problem(401, "challenge_over");

    let second = visitor.try_log_in(&victim.login_id, PASSWORD).await.assert_status(200);
    visitor.take_second_step(&second, "totp", "555555").await.assert_status(422);
    let throttled = visitor.take_second_step(&second, "totp", &app.totp_code()).await;
    throttled.assert_problem(429, "too_many_requests");
    let denied = ("identity.take_second_step", victim.account_id, AuditOutcome::Denied);
    app.assert_audit(&[denied; 6]).await;

    // Nobody is locked out for ever.
    app.advance(TimeDelta::seconds(throttled.header("retry-after").parse().unwrap()));
    visitor.take_second_step(&second, "totp", &app.totp_code()).await.assert_status(201);
}

#[tokio::test]
async fn attack_guessing_recovery_codes_is_counted_like_guessing_codes() {
    let app = TestApp::start().await;
    let (victim, first) = thief(&app).await;
    let visitor = app.visitor();
    for _ in 0..5 {
        let wrong = visitor.take_second_step(&first, "recovery_code", "ZZZZ-ZZZZ-ZZZZ").await;
        wrong.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
    }
    let right = app.next_recovery_code(&victim.login_id);
    visitor.take_second_step(&first, "recovery_code", &right).await.assert_problem(401, "challenge_over");
    let unused = "select count(*) from recovery_codes where used_at is not null";
    assert_eq!(app.count(unused, &[]).await, 0, "what came too late is not used up");
}

#[tokio::test]
async fn attack_a_code_that_was_read_over_the_shoulder_is_worth_nothing() {
    let app = TestApp::start().await;
    let (victim, first) = thief(&app).await;
    let visitor = app.visitor();
    let code = app.totp_code();
    visitor.take_second_step(&first, "totp", &code).await.assert_status(201);

    let second = visitor.try_log_in(&victim.login_id, PASSWORD).await.assert_status(200);
    let replayed = visitor.take_second_step(&second, "totp", &code).await;

    replayed.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
    app.advance(TimeDelta::seconds(30));
    visitor.take_second_step(&second, "totp", &app.totp_code()).await.assert_status(201);
}

#[tokio::test]
async fn attack_one_code_shown_twice_at_once_opens_one_session() {
    let app = TestApp::start().await;
    let (victim, one) = thief(&app).await;
    let visitor = app.visitor();
    let other = visitor.try_log_in(&victim.login_id, PASSWORD).await.assert_status(200);
    let recovery = app.next_recovery_code(&victim.login_id);
    for (kind, code) in [("totp", app.totp_code()), ("recovery_code", recovery)] {
        let (one, other) =
            join(visitor.take_second_step(&one, kind, &code), visitor.take_second_step(&other, kind, &code)).await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        // With the second code one of the two attempts is over already.
        assert!(statuses == [201, 422] || (kind == "recovery_code" && statuses == [201, 401]), "{statuses:?}");
    }
}

#[tokio::test]
async fn attack_a_second_step_without_its_first_is_refused() {
    let app = TestApp::start().await;
    let (victim, first) = thief(&app).await;
    let visitor = app.visitor();
    let steal = async |challenge: &str| {
        let body = serde_json::json!({ "challenge": challenge, "kind": "totp", "code": app.totp_code() });
        visitor.post("/sessions/second-step").json(&body).send().await
    };
    steal("made-up").await.assert_problem(401, "challenge_over");
    steal(&victim.refresh_token).await.assert_problem(401, "challenge_over");

    // An attempt answers once, and not for long.
    let done = first.json()["challenge"].as_str().unwrap().to_owned();
    visitor.take_second_step(&first, "totp", &app.totp_code()).await.assert_status(201);
    app.advance(TimeDelta::seconds(30));
    steal(&done).await.assert_problem(401, "challenge_over");
    let late = visitor.try_log_in(&victim.login_id, PASSWORD).await.assert_status(200);
    app.advance(TimeDelta::minutes(10));
    visitor.take_second_step(&late, "totp", &app.totp_code()).await.assert_problem(401, "challenge_over");
}

#[tokio::test]
async fn attack_the_code_of_another_account_does_not_complete_a_log_in() {
    let app = TestApp::start().await;
    let (_, first) = thief(&app).await;
    let own = app.given_physician().await;
    app.given_second_factor(own.account_id, &own.login_id).await;
    // Of two accounts with the same codes on paper, each knows only its own.
    app.owner().execute("delete from recovery_codes where account_id <> $1", &[&own.account_id.uuid()]).await.unwrap();

    let code = app.next_recovery_code(&own.login_id);
    let refused = app.visitor().take_second_step(&first, "recovery_code", &code).await;

    refused.assert_faults(422, "invalid_fields", &[("/code", "wrong_code")]);
}
