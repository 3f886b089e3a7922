use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::{SignedIn, TestApp};
use serde_json::{Value, json};

use crate::api::{KUSATSU, NATION, OTSU, SHIGA};

async fn items(clerk: &SignedIn, filter: Value) -> Vec<Value> {
    clerk.work_items(&filter).await.assert_status(200).json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_clerk_sees_the_work_of_the_own_association() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    app.given_application().drafted_for(OTSU).await; // nobody's work yet
    let (otsu, shiga, kusatsu) = (
        app.given_clerk_of(OTSU, Role::Viewer).await,
        app.given_clerk_of(SHIGA, Role::Viewer).await,
        app.given_clerk_of(KUSATSU, Role::Administrator).await,
    );

    let open = items(&otsu, json!({})).await;
    assert_eq!(open.len(), 1);
    assert_eq!((&open[0]["application_id"], &open[0]["step_state"]), (&json!(case.id), &json!("open")));
    assert!(items(&shiga, json!({})).await.is_empty());
    assert_eq!(items(&shiga, json!({ "status": "upcoming" })).await.len(), 1);
    for status in ["open", "upcoming", "returned", "decided"] {
        assert!(items(&kusatsu, json!({ "status": status })).await.is_empty());
    }

    app.given_approval(&case, OTSU).await;
    assert!(items(&otsu, json!({})).await.is_empty());
    assert_eq!(items(&otsu, json!({ "status": "decided" })).await.len(), 1);
    assert_eq!(items(&shiga, json!({})).await.len(), 1);
}

#[tokio::test]
async fn the_longest_waiting_comes_first_a_page_at_a_time() {
    let app = TestApp::start().await;
    let mut filed = Vec::new();
    for round in 0..7 {
        // Two at the same moment: the order is total all the same.
        app.advance(TimeDelta::minutes(i64::from(round % 2)));
        filed.push(json!(app.given_application().submitted_to(OTSU).await.id));
    }
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;

    let mut seen = Vec::new();
    let mut filter = json!({ "limit": 3 });
    loop {
        let page = clerk.work_items(&filter).await.assert_status(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["application_id"].clone()));
        let Some(cursor) = page.get("next_cursor") else { break };
        filter["cursor"] = cursor.clone();
    }
    assert_eq!(seen, filed);
}

#[tokio::test]
async fn work_is_filtered_by_age_name_kana_and_receipt_number() {
    let app = TestApp::start().await;
    let old = app.given_application().submitted_to(OTSU).await;
    app.advance(TimeDelta::days(10));
    let new = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;

    let aged = items(&clerk, json!({ "min_age_days": 7 })).await;
    assert_eq!((aged.len(), &aged[0]["application_id"], &aged[0]["age_days"]), (1, &json!(old.id), &json!(10)));
    assert_eq!(items(&clerk, json!({ "min_age_days": 10 })).await.len(), 1);
    assert_eq!(items(&clerk, json!({ "min_age_days": 11 })).await.len(), 0);
    assert_eq!(items(&clerk, json!({ "min_age_days": 3650 })).await.len(), 0);
    for text in ["高橋", "髙橋", "タカハシ", "ﾀｶﾊｼ", "たかはし"] {
        assert_eq!(items(&clerk, json!({ "text": text })).await.len(), 2, "{text}");
    }
    let number = items(&clerk, json!({ "text": "2026-JOIN-00000002" })).await;
    assert_eq!((number.len(), &number[0]["application_id"]), (1, &json!(new.id)));
    for text in ["佐藤", "高橋タロウ", "・", "。", "%", "_", "\\"] {
        assert_eq!(items(&clerk, json!({ "text": text })).await.len(), 0, "{text}");
    }
}

#[tokio::test]
async fn counts_are_of_each_association_and_by_age() {
    let app = TestApp::start().await;
    app.given_application().submitted_to(OTSU).await;
    app.advance(TimeDelta::days(25));
    let returned = app.given_application().submitted_to(OTSU).await;
    let approver = app.given_clerk_of(OTSU, Role::Approver).await;
    approver.send_back(returned.id, "ご確認ください", &[]).await.assert_status(200);
    app.given_application().submitted_to(OTSU).await;
    app.advance(TimeDelta::days(8));

    let counts = async |association: &str| {
        let clerk = app.given_clerk_of(association, Role::Viewer).await;
        let summary = clerk.get("/work-items/summary").await.assert_status(200).json();
        assert_eq!(summary["items"].as_array().unwrap().len(), 1);
        let entry = summary["items"][0].clone();
        ["open", "open_7_days", "open_30_days", "upcoming", "returned"].map(|field| entry[field].as_u64().unwrap())
    };
    assert_eq!(counts(OTSU).await, [2, 2, 1, 0, 1]);
    assert_eq!(counts(SHIGA).await, [0, 0, 0, 2, 0]);
    assert_eq!(counts(KUSATSU).await, [0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn physicians_have_no_work_list_and_clerks_none_of_others() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    physician.work_items(&json!({})).await.assert_problem(403, "forbidden");
    physician.get("/work-items/summary").await.assert_problem(403, "forbidden");
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    let nation = app.association(NATION).await;
    clerk.work_items(&json!({ "association_id": nation })).await.assert_problem(404, "not_found");
    app.assert_audit(&[
        ("workflow.search_work_items", physician.account_id, AuditOutcome::Denied),
        ("workflow.search_work_items", clerk.account_id, AuditOutcome::Denied),
    ])
    .await;
}

#[tokio::test]
async fn names_in_the_work_list_are_read_and_audited() {
    let app = TestApp::start().await;
    app.given_application().submitted_to(OTSU).await;
    app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    items(&clerk, json!({})).await;
    let seen = ("workflow.search_work_items", clerk.account_id, AuditOutcome::Seen);
    app.assert_audit(&[seen, seen]).await;
}

#[tokio::test]
async fn a_whole_number_may_be_written_with_a_point() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    assert!(items(&clerk, json!({ "limit": 10.0, "min_age_days": 7.0 })).await.is_empty());
    let half = clerk.work_items(&json!({ "limit": 10.5 })).await;
    half.assert_faults(400, "malformed_request", &[("/limit", "invalid_format")]);
}

#[tokio::test]
async fn filters_that_are_none_are_told() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    for (filter, status, code, pointer, fault) in [
        (json!({ "limit": 0 }), 422, "invalid_fields", "/limit", "out_of_range"),
        (json!({ "limit": 4_000_000_000_u32 }), 422, "invalid_fields", "/limit", "out_of_range"),
        (json!({ "limit": -1 }), 400, "malformed_request", "/limit", "invalid_format"),
        (json!({ "min_age_days": 3651 }), 422, "invalid_fields", "/min_age_days", "out_of_range"),
        (json!({ "text": "あ".repeat(101) }), 422, "invalid_fields", "/text", "too_long"),
        (json!({ "text": "a\u{0}b" }), 422, "invalid_fields", "/text", "control_character"),
        (json!({ "cursor": "not one of ours" }), 422, "invalid_fields", "/cursor", "invalid_format"),
        (json!({ "cursor": "W10" }), 422, "invalid_fields", "/cursor", "invalid_format"),
        (json!({ "status": "lost" }), 400, "malformed_request", "/status", "invalid_format"),
        (json!({ "association_id": "aso_1" }), 400, "malformed_request", "/association_id", "invalid_format"),
        (json!([null, null]), 400, "malformed_request", "", "invalid_format"),
        (json!({ "sort": "age" }), 400, "malformed_request", "/sort", "invalid_format"),
    ] {
        clerk.work_items(&filter).await.assert_faults(status, code, &[(pointer, fault)]);
    }
}
