use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome::Denied;
use mamis_kernel::Role;
use mamis_test_support::{SignedIn, TestApp};

use crate::api::OTSU;

/// What another server process does to the rows: this one hears nothing of it, and must notice by itself.
async fn elsewhere(app: &TestApp, who: &SignedIn, statement: &str) {
    let done = app.owner().execute(statement, &[&who.account_id.uuid()]).await.unwrap();
    assert_eq!(done, 1, "{statement}");
}

#[tokio::test]
async fn attack_the_access_token_of_a_suspended_or_closed_account_is_refused_within_a_minute() {
    for state in ["suspended", "closed"] {
        let app = TestApp::start().await;
        let member = app.given_member_of(&[OTSU]).await;
        member.get("/account").await.assert_status(200);

        elsewhere(&app, &member, &format!("update accounts set state = '{state}' where id = $1")).await;
        app.advance(TimeDelta::seconds(60));

        member.get("/account").await.assert_problem(401, "not_signed_in");
        member.get(&format!("/persons/{}", member.person())).await.assert_problem(401, "not_signed_in");
    }
}

#[tokio::test]
async fn attack_the_access_token_of_an_ended_session_is_refused_within_a_minute() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    member.get("/account").await.assert_status(200);

    let ended = "update sessions set ended_at = now(), end_reason = 'revoked' where account_id = $1";
    elsewhere(&app, &member, ended).await;
    app.advance(TimeDelta::seconds(60));

    member.get("/account").await.assert_problem(401, "not_signed_in");
    app.visitor().refresh(&member.refresh_token).await.assert_problem(401, "not_signed_in");
}

#[tokio::test]
async fn attack_the_access_token_of_a_clerk_whose_role_ended_opens_nothing_within_a_minute() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let case = app.given_application().submitted_to(OTSU).await;
    clerk.application(case.id).await.assert_status(200);
    let version = clerk.version_of(case.id).await;

    elsewhere(&app, &clerk, "update capabilities set valid_to = '2026-11-23' where account_id = $1").await;
    app.advance(TimeDelta::seconds(60));

    let path = format!("/applications/{}/approve", case.id);
    let body = serde_json::json!({ "effective_date": "2026-12-01" });
    let approval = clerk.post(&path).if_match(&version).new_key().json(&body).send().await;
    approval.assert_problem(404, "not_found");
    clerk.get("/work-items/summary").await.assert_problem(403, "forbidden");
    app.assert_audit(&[("workflow.approve", clerk.account_id, Denied)]).await;
    clerk.get("/account").await.assert_status(200);
}

#[tokio::test]
async fn attack_the_access_token_of_a_demoted_clerk_decides_nothing_within_a_minute() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let case = app.given_application().submitted_to(OTSU).await;
    clerk.application(case.id).await.assert_status(200);

    elsewhere(&app, &clerk, "update capabilities set role = 'viewer' where account_id = $1").await;
    app.advance(TimeDelta::seconds(60));

    clerk.approve(case.id, "2026-12-01").await.assert_problem(403, "forbidden");
    clerk.application(case.id).await.assert_status(200);
    app.assert_audit(&[("workflow.approve", clerk.account_id, Denied)]).await;
}
