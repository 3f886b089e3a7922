use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::json;

use crate::api::{NATION, OTSU, SHIGA};

#[tokio::test]
async fn a_rejected_case_ends_and_writes_no_membership() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    app.given_approval(&case, OTSU).await;
    let shiga = app.given_clerk_of(SHIGA, Role::Approver).await;

    let rejected = shiga.reject(case.id, "入会要件を満たしません").await.assert_status(200).json();

    assert_eq!(rejected["state"], "rejected");
    let steps: Vec<_> = rejected["steps"].as_array().unwrap().iter().map(|s| s["state"].as_str().unwrap()).collect();
    assert_eq!(steps, ["approved", "rejected", "skipped"]);
    assert_eq!(app.count("select count(*) from memberships", &[]).await, 0);
    assert_eq!(case.physician.application(case.id).await.json()["allowed_actions"], json!([]));
    let nation = app.given_clerk_of(NATION, Role::Approver).await;
    nation.approve(case.id, "2026-12-01").await.assert_problem(409, "wrong_state");
    case.physician.retract(case.id).await.assert_problem(409, "wrong_state");
}

#[tokio::test]
async fn after_a_rejection_one_may_file_again() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    clerk.reject(case.id, "書類が違います").await.assert_status(200);
    app.given_application().of(&case.physician).submitted_to(OTSU).await;
}
