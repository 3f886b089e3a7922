use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::json;

use crate::api::OTSU;

#[tokio::test]
async fn w_4_the_physician_takes_the_case_back_until_the_first_approval() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let retracted = case.physician.retract(case.id).await.assert_status(200).json();
    assert_eq!((&retracted["state"], &retracted["allowed_actions"]), (&json!("retracted"), &json!([])));
    case.physician.submit(case.id).await.assert_problem(409, "wrong_state");
    case.physician.retract(case.id).await.assert_problem(409, "wrong_state");
}

#[tokio::test]
async fn w_4_after_an_approval_it_is_too_late() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    app.given_approval(&case, OTSU).await;
    case.physician.retract(case.id).await.assert_problem(409, "wrong_state");
    assert_eq!(case.physician.application(case.id).await.json()["state"], "in_review");
}

#[tokio::test]
async fn nobody_else_takes_a_case_back() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    clerk.retract(case.id).await.assert_problem(403, "forbidden");
    app.given_physician().await.retract(case.id).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn a_draft_taken_back_stays_the_physicians_own_affair() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    case.physician.retract(case.id).await.assert_status(200);
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    clerk.application(case.id).await.assert_problem(404, "not_found");
}
