use mamis_kernel::Role;
use mamis_test_support::{TestApp, changes, set};
use serde_json::json;

use crate::api::{OTSU, SHIGA};

#[tokio::test]
async fn w_2_a_correction_that_changes_the_route_starts_again() {
    let app = TestApp::start().await;
    let case = app.given_application().with("/contact/postal_code", json!("5250032")).submitted_to(OTSU).await;
    app.given_approval(&case, OTSU).await;
    let shiga = app.given_clerk_of(SHIGA, Role::Approver).await;
    shiga.send_back(case.id, "所属をご確認ください", &[]).await.assert_status(200);

    let form = case.physician.application(case.id).await.json()["changes"][0]["input"]["payload"].clone();
    let form = set(form, "/district_association_id", json!(app.association("草津市医師会").await));
    case.physician.save(case.id, &changes(&form)).await.assert_status(200);
    let again = case.physician.submit(case.id).await.assert_status(200).json();

    let steps: Vec<_> = again["steps"].as_array().unwrap().iter().map(|s| s["state"].as_str().unwrap()).collect();
    assert_eq!(steps, ["open", "waiting", "waiting"]);
    assert_eq!(again["steps"][0]["association"]["name"], "草津市医師会");
}

#[tokio::test]
async fn a_returned_case_is_with_the_physician_and_not_with_clerks() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let returned = clerk.send_back(case.id, "ご確認ください", &[]).await.assert_status(200).json();
    assert_eq!(returned["allowed_actions"], json!([]));
    clerk.approve(case.id, "2026-12-01").await.assert_problem(409, "wrong_state");
    clerk.send_back(case.id, "もう一度", &[]).await.assert_problem(409, "wrong_state");
    let seen = case.physician.application(case.id).await.json();
    assert_eq!(seen["timeline"][2]["comment"], "ご確認ください");
    assert_eq!(seen["allowed_actions"], json!(["save", "submit", "retract"]));
    let listed = &case.physician.get("/applications").await.json()["items"][0];
    assert_eq!((&listed["state"], &listed["current_association"]["name"]), (&json!("returned"), &json!(OTSU)));
}

#[tokio::test]
async fn a_return_says_why() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let answer = clerk.send_back(case.id, "", &[("/changes/0", "")]).await;
    answer.assert_faults(422, "invalid_fields", &[("/reason", "required"), ("/field_comments/0/comment", "required")]);
    clerk.send_back(case.id, "   ", &[]).await.assert_faults(422, "invalid_fields", &[("/reason", "required")]);
}

#[tokio::test]
async fn a_case_in_review_cannot_be_changed() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    case.physician.save(case.id, &changes(&json!({}))).await.assert_problem(409, "wrong_state");
    case.physician.submit(case.id).await.assert_problem(409, "wrong_state");
}
