use chrono::{TimeDelta, Utc};
use mamis_domain::notices::MaintenanceWindow;
use mamis_kernel::{MaintenanceKind, MaintenanceWindowId, Role};
use mamis_test_support::{PASSWORD, TestApp};
use mamis_usecases::notices::{PlanError, cancel_maintenance, list_maintenance, plan_maintenance};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::api::OTSU;

/// Two days after the tests' beginning: 22:00 to 6:00 in Japan.
const NIGHT: [&str; 2] = ["2026-11-25T13:00:00Z", "2026-11-25T21:00:00Z"];

#[tokio::test]
async fn id_43_a_stop_is_announced_to_everybody_beforehand() {
    let app = TestApp::start().await;
    app.given_maintenance(MaintenanceKind::Full, NIGHT[0], NIGHT[1]).await;
    let status = app.visitor().get("/service-status").await.assert_status(200).json();
    assert_eq!(status.get("current"), None);
    assert_eq!(status["announced"]["kind"], "full");
    assert_eq!(status["announced"]["ends_at"], NIGHT[1]);
    assert_eq!(status["announced"]["message_ja"], "新しい機能を入れる作業です。");
}

#[tokio::test]
async fn id_43_while_read_only_reading_and_signing_in_go_on_and_every_write_is_told_until_when() {
    let app = TestApp::start().await;
    app.given_maintenance(MaintenanceKind::ReadOnly, NIGHT[0], NIGHT[1]).await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    app.advance(TimeDelta::hours(58) + TimeDelta::minutes(30));

    let (clerk, physician) = (app.log_in_again(&clerk).await, app.log_in_again(&case.physician).await);
    clerk.get(&format!("/applications/{}", case.id)).await.assert_status(200);
    clerk.work_items(&json!({})).await.assert_status(200);
    let refused = clerk.approve(case.id, "2026-12-01").await;
    let problem = refused.assert_problem(503, "read_only");
    assert_eq!(
        problem.detail.as_deref(),
        Some("保守作業のため変更を受け付けられません。終了予定：2026年11月26日 6時00分")
    );
    assert_eq!(refused.header("retry-after"), "27000");
    for (method, path) in
        [(Method::POST, "/applications".to_owned()), (Method::PUT, format!("/applications/{}", case.id))]
    {
        let call = physician.call(method, &format!("/api/v1{path}")).new_key().json(&json!({}));
        call.send().await.assert_problem(503, "read_only");
    }
    physician.log_out().await.assert_status(204);

    app.advance(TimeDelta::hours(8));
    let clerk = app.log_in_again(&clerk).await;
    clerk.approve(case.id, "2026-12-01").await.assert_status(200);
}

#[tokio::test]
async fn id_43_a_full_stop_answers_nobody_but_says_until_when_to_programs_and_people() {
    let app = TestApp::start().await;
    app.given_maintenance(MaintenanceKind::Full, NIGHT[0], NIGHT[1]).await;
    let physician = app.given_physician().await;
    app.advance(TimeDelta::hours(60));

    let refused = physician.get("/account").await;
    assert_eq!(refused.assert_problem(503, "maintenance").detail.as_deref(), Some("終了予定：2026年11月26日 6時00分"));
    assert_eq!(refused.header("retry-after"), "21600");
    app.visitor().try_log_in(&physician.login_id, PASSWORD).await.assert_problem(503, "maintenance");
    let status = app.visitor().get("/service-status").await.assert_status(200).json();
    assert_eq!(status["current"]["ends_at"], NIGHT[1]);
    app.visitor().call(Method::GET, "/healthz").send().await.assert_status(200);

    let page = app.visitor().call(Method::GET, "/my").header("accept", "text/html").send().await.assert_status(503);
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(page.header("retry-after"), "21600");
    for said in [
        "ただいま休止しています",
        "2026年11月26日 6時00分",
        "26 November 2026, 6:00 (Japan)",
        "新しい機能を入れる作業です。",
    ] {
        assert!(page.text().contains(said), "{said}");
    }

    app.advance(TimeDelta::hours(6));
    let physician = app.log_in_again(&physician).await;
    physician.get("/account").await.assert_status(200);
}

#[tokio::test]
async fn id_43_stops_are_planned_listed_and_cancelled_and_never_overlap() {
    let app = TestApp::start().await;
    let (store, now) = (app.database().datastore(), "2026-11-23T03:00:00Z".parse().unwrap());
    let window = |from: &str, until: &str| MaintenanceWindow {
        id: MaintenanceWindowId::from_uuid(Uuid::now_v7()),
        starts_at: from.parse::<chrono::DateTime<Utc>>().unwrap(),
        ends_at: until.parse().unwrap(),
        kind: MaintenanceKind::Full,
        message_ja: "定期の保守です。".to_owned(),
        message_en: "Regular maintenance.".to_owned(),
    };
    let night = window(NIGHT[0], NIGHT[1]);
    plan_maintenance(&store, &night, now).await.unwrap();
    let same = plan_maintenance(&store, &window("2026-11-25T20:00:00Z", "2026-11-25T22:00:00Z"), now).await;
    assert!(matches!(same, Err(PlanError::Overlaps(id)) if id == night.id));
    let backwards = plan_maintenance(&store, &window(NIGHT[1], NIGHT[0]), now).await;
    assert!(matches!(backwards, Err(PlanError::NoTime)));
    assert_eq!(list_maintenance(&store, now).await.unwrap(), std::slice::from_ref(&night));
    cancel_maintenance(&store, night.id, now).await.unwrap();
    assert!(matches!(cancel_maintenance(&store, night.id, now).await, Err(PlanError::Unknown)));
    assert_eq!(list_maintenance(&store, now).await.unwrap(), []);
    let audited = "select count(*) from audit_events where actor = 'system:command_line'";
    assert_eq!(app.count(audited, &[]).await, 2);
}
