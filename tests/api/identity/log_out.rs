use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_test_support::TestApp;

#[tokio::test]
async fn signing_out_ends_access_at_once() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    physician.get("/account").await.assert_status(200);

    let answer = physician.log_out().await.assert_status(204);

    assert!(answer.header("set-cookie").contains("Max-Age=0"), "{}", answer.header("set-cookie"));
    physician.get("/account").await.assert_problem(401, "not_signed_in");
    app.visitor().refresh(&physician.refresh_token).await.assert_problem(401, "not_signed_in");
    app.assert_audit(&[("identity.log_out", physician.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn signing_out_at_one_device_leaves_the_others_signed_in() {
    let app = TestApp::start().await;
    let phone = app.given_physician().await;
    let desk = app.log_in_again(&phone).await;

    phone.log_out().await.assert_status(204);

    desk.get("/account").await.assert_status(200);
}

#[tokio::test]
async fn an_access_token_holds_for_fifteen_minutes() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;

    app.advance(TimeDelta::seconds(899));
    physician.get("/account").await.assert_status(200);
    app.advance(TimeDelta::seconds(1));
    let late = physician.get("/account").await;

    late.assert_problem(401, "not_signed_in");
    assert_eq!(late.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn tokens_that_are_not_ours_are_nobodys() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let (header, claims) = ("eyJhbGciOiJub25lIn0", "eyJzdWIiOiJhY2NfMDAifQ");
    for token in ["", "x", "a.b.c", &format!("{header}.{claims}."), &physician.refresh_token] {
        app.visitor().with_token(token).get("/account").await.assert_problem(401, "not_signed_in");
    }
    let basic = app.visitor().call(reqwest::Method::GET, "/api/v1/account").header("authorization", "Basic eDp5");
    basic.send().await.assert_problem(401, "not_signed_in");
}
