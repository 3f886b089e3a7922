use chrono::TimeDelta;
use mamis_test_support::{Answer, Client, PASSWORD as OLD_PASSWORD, SignedIn, TestApp};
use serde_json::json;

const PASSWORD: &str = "琵琶湖の朝は静かで風がない";
const EMAIL: &str = "hanako@example.jp";

async fn ask(client: &Client, name: &str) -> Answer {
    client.post("/recoveries").json(&json!({ "login_id": name })).send().await
}

async fn complete(client: &Client, token: &str, password: &str) -> Answer {
    client.post("/recoveries/complete").json(&json!({ "token": token, "new_password": password })).send().await
}

async fn given(app: &TestApp) -> SignedIn {
    let physician = app.given_physician().await;
    app.given_email(physician.account_id, EMAIL).await;
    physician
}

#[tokio::test]
async fn id_75_a_link_leads_to_a_new_password_and_ends_all_sessions() {
    let app = TestApp::start().await;
    let physician = given(&app).await;
    ask(&app.visitor(), "HANAKO@example.jp").await.assert_status(202);
    assert_eq!(app.answer_recoveries().await, 1);
    let token = app.recovery_token_sent_to(EMAIL).await;
    complete(&app.visitor(), &token, "短い").await.assert_faults(
        422,
        "invalid_fields",
        &[("/new_password", "too_short")],
    );
    complete(&app.visitor(), &token, PASSWORD).await.assert_status(204);
    physician.get("/account").await.assert_problem(401, "not_signed_in");
    app.visitor().refresh(&physician.refresh_token).await.assert_problem(401, "not_signed_in");
    app.visitor().try_log_in(&physician.login_id, OLD_PASSWORD).await.assert_problem(401, "login_failed");
    app.visitor().try_log_in(&physician.login_id, PASSWORD).await.assert_status(201);
    assert!(app.mails_to(EMAIL).await.iter().any(|mail| mail.template == "password_changed"));
    complete(&app.visitor(), &token, PASSWORD).await.assert_problem(401, "challenge_over");
    let kept = "select count(*) from recovery_requests";
    assert_eq!(app.count(kept, &[]).await, 0, "what was typed is forgotten");
}

#[tokio::test]
async fn the_second_factor_is_wanted_after_a_recovery_as_before() {
    let app = TestApp::start().await;
    let physician = given(&app).await;
    app.given_second_factor(physician.account_id, &physician.login_id).await;
    ask(&app.visitor(), &physician.login_id).await.assert_status(202);
    app.answer_recoveries().await;
    let token = app.recovery_token_sent_to(EMAIL).await;
    complete(&app.visitor(), &token, PASSWORD).await.assert_status(204);
    let first = app.visitor().try_log_in(&physician.login_id, PASSWORD).await.assert_status(200);
    assert!(first.json()["challenge"].is_string());
}

#[tokio::test]
async fn one_address_may_serve_several_accounts_and_each_gets_a_link() {
    let app = TestApp::start().await;
    let (one, other) = (given(&app).await, given(&app).await);
    ask(&app.visitor(), EMAIL).await.assert_status(202);
    app.answer_recoveries().await;
    let mails = app.mails_to(EMAIL).await;
    assert_eq!(mails.len(), 1);
    for account in [&one, &other] {
        assert!(mails[0].body.contains(&account.login_id), "{}", mails[0].body);
    }
    assert_eq!(mails[0].body.matches("/recover#").count(), 2);
}

#[tokio::test]
async fn attack_host_header_a_forged_host_does_not_reach_the_link_in_the_mail() {
    let app = TestApp::start().await;
    given(&app).await;
    let forged =
        app.visitor().post("/recoveries").header("host", "evil.example").header("x-forwarded-host", "evil.example");
    let forged = forged.header("forwarded", "host=evil.example").json(&json!({ "login_id": EMAIL })).send().await;
    forged.assert_status(202);
    app.answer_recoveries().await;
    let body = &app.mails_to(EMAIL).await[0].body;
    assert!(!body.contains("evil.example"), "{body}");
    assert!(body.contains(&format!("{}/recover#", app.public_url())), "{body}");
}

#[tokio::test]
async fn attack_user_enumeration_the_answer_says_not_whether_there_is_an_account() {
    let app = TestApp::start().await;
    given(&app).await;
    let (known, unknown) = (ask(&app.visitor(), EMAIL).await, ask(&app.visitor(), "nobody@example.jp").await);
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    // Nothing but writing the request down happens before the answer, so its time says nothing either.
    assert_eq!(app.mails_to(EMAIL).await.len(), 0);
    assert_eq!(app.answer_recoveries().await, 2);
    assert_eq!((app.mails_to(EMAIL).await.len(), app.mails_to("nobody@example.jp").await.len()), (1, 0));
}

#[tokio::test]
async fn attack_two_completions_racing_with_one_link_change_the_password_once() {
    let app = TestApp::start().await;
    given(&app).await;
    ask(&app.visitor(), EMAIL).await;
    app.answer_recoveries().await;
    let token = app.recovery_token_sent_to(EMAIL).await;
    let visitor = app.visitor();
    let (one, other) = tokio::join!(complete(&visitor, &token, PASSWORD), complete(&visitor, &token, PASSWORD));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 401]);
    let done = "select count(*) from audit_events where action = 'identity.complete_recovery' and outcome = 'done'";
    assert_eq!(app.count(done, &[]).await, 1);
}

#[tokio::test]
async fn attack_an_old_a_guessed_or_a_suspended_accounts_link_is_over() {
    let app = TestApp::start().await;
    let physician = given(&app).await;
    ask(&app.visitor(), EMAIL).await;
    app.answer_recoveries().await;
    let token = app.recovery_token_sent_to(EMAIL).await;
    complete(&app.visitor(), "guessed", PASSWORD).await.assert_problem(401, "challenge_over");
    let suspend = async |state: &str| {
        let statement = "update accounts set state = $1 where id = $2";
        app.owner().execute(statement, &[&state, &physician.account_id.uuid()]).await.unwrap();
    };
    suspend("suspended").await;
    complete(&app.visitor(), &token, PASSWORD).await.assert_problem(401, "challenge_over");
    suspend("active").await;
    app.advance(TimeDelta::minutes(30));
    complete(&app.visitor(), &token, PASSWORD).await.assert_problem(401, "challenge_over");
    let denied = "select count(*) from audit_events where action = 'identity.complete_recovery' and outcome = 'denied'";
    assert_eq!(app.count(denied, &[]).await, 3);
}

#[tokio::test]
async fn attack_nobodys_mailbox_is_filled_with_links() {
    let app = TestApp::start().await;
    for _ in 0..6 {
        ask(&app.visitor(), EMAIL).await.assert_status(202);
    }
    ask(&app.visitor(), "Hanako@Example.jp").await.assert_problem(429, "too_many_requests");
}

#[tokio::test]
async fn a_second_link_makes_the_first_worthless_once_it_is_used() {
    let app = TestApp::start().await;
    given(&app).await;
    ask(&app.visitor(), EMAIL).await;
    app.answer_recoveries().await;
    let first = app.recovery_token_sent_to(EMAIL).await;
    ask(&app.visitor(), EMAIL).await;
    app.answer_recoveries().await;
    let second = app.recovery_token_sent_to(EMAIL).await;
    assert_ne!(first, second);
    complete(&app.visitor(), &second, PASSWORD).await.assert_status(204);
    complete(&app.visitor(), &first, PASSWORD).await.assert_problem(401, "challenge_over");
}
