use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::{Value, json};

use crate::api::{NATION, OTSU, SHIGA};

#[tokio::test]
async fn id_7_a_physician_sees_who_looked_and_who_changed_and_not_the_own_steps() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU, SHIGA, NATION]).await;
    let another = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(SHIGA, Role::Viewer).await;
    physician.get(&format!("/persons/{}", physician.person())).await.assert_status(200);
    clerk.get(&format!("/persons/{}", physician.person())).await.assert_status(200);
    app.write_reads().await;

    let seen = physician.get("/account/record-accesses").await.assert_status(200).json();

    let viewed: Vec<_> = seen["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "viewed").collect();
    assert_eq!(viewed.len(), 1, "{seen}");
    assert_eq!(viewed[0]["action"], "registry.get_person");
    assert_eq!(viewed[0]["association"]["name"], SHIGA);
    assert!(viewed[0]["by"].is_string());
    let theirs = another.get("/account/record-accesses").await.assert_status(200).json();
    assert!(theirs["items"].as_array().unwrap().iter().all(|item| item["kind"] != "viewed"), "{theirs}");
    assert_eq!(clerk.get("/account/record-accesses").await.assert_status(200).json(), json!({ "items": [] }));
}

#[tokio::test]
async fn id_7_decisions_are_among_the_changes_and_pages_follow_one_another() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    app.given_approval(&case, OTSU).await;
    app.given_approval(&case, SHIGA).await;
    app.write_reads().await;

    let mut all: Vec<Value> = Vec::new();
    let mut path = "/account/record-accesses?limit=1".to_owned();
    loop {
        let page = case.physician.get(&path).await.assert_status(200).json();
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{page}");
        all.extend(items.clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/account/record-accesses?limit=1&cursor={cursor}");
    }

    let approvals: Vec<_> = all.iter().filter(|item| item["action"] == "workflow.approve").collect();
    let by: Vec<_> = approvals.iter().map(|item| item["association"]["name"].as_str().unwrap()).collect();
    assert_eq!(by, [SHIGA, OTSU], "latest first");
    assert!(approvals.iter().all(|item| item["kind"] == "changed"));
}
