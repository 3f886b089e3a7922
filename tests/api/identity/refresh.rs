use chrono::TimeDelta;
use futures_util::future::join;
use mamis_test_support::TestApp;

#[tokio::test]
async fn refreshing_gives_new_tokens() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    app.advance(TimeDelta::minutes(20));
    physician.get("/account").await.assert_problem(401, "not_signed_in");

    let answer = app.visitor().refresh(&physician.refresh_token).await.assert_status(200);

    assert_ne!(answer.refresh_token(), physician.refresh_token);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    physician.with_token(&token).get("/account").await.assert_status(200);
}

#[tokio::test]
async fn id_2_a_refresh_token_shown_again_later_ends_the_session() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let next = app.visitor().refresh(&physician.refresh_token).await.assert_status(200).refresh_token();
    app.advance(TimeDelta::seconds(31));

    app.visitor().refresh(&physician.refresh_token).await.assert_problem(401, "not_signed_in");

    // The thief's copy and the owner's descendant are both worth nothing now.
    app.visitor().refresh(&next).await.assert_problem(401, "not_signed_in");
    physician.get("/account").await.assert_problem(401, "not_signed_in");
    let reason = "select count(*) from sessions where end_reason = 'token_reused'";
    assert_eq!(app.count(reason, &[]).await, 1);
    let told = "select count(*) from audit_events where action = 'identity.refresh' and outcome = 'denied'";
    assert_eq!(app.count(told, &[]).await, 1);
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_go_on() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let visitor = app.visitor();

    let (one, other) = join(visitor.refresh(&physician.refresh_token), visitor.refresh(&physician.refresh_token)).await;

    for tab in [one.assert_status(200), other.assert_status(200)] {
        visitor.refresh(&tab.refresh_token()).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days_however_often_it_was_refreshed() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    app.advance(TimeDelta::days(13));
    let token = app.visitor().refresh(&physician.refresh_token).await.assert_status(200).refresh_token();
    app.advance(TimeDelta::days(1));
    app.visitor().refresh(&token).await.assert_problem(401, "not_signed_in");
}

#[tokio::test]
async fn a_form_of_another_site_cannot_refresh() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let cookie = format!("mamis_refresh={}", physician.refresh_token);
    let form = app.visitor().post("/sessions/refresh").header("cookie", &cookie);
    form.send().await.assert_problem(403, "cross_site");
    let call = app.visitor().post("/sessions/refresh").header("cookie", &cookie).header("x-requested-with", "mamis");
    call.header("sec-fetch-site", "same-site").send().await.assert_problem(403, "cross_site");
}

#[tokio::test]
async fn without_a_cookie_of_ours_there_is_nothing_to_refresh() {
    let app = TestApp::start().await;
    let call = app.visitor().post("/sessions/refresh").header("x-requested-with", "mamis");
    call.send().await.assert_problem(401, "not_signed_in");
    app.visitor().refresh("made-up").await.assert_problem(401, "not_signed_in");
}
