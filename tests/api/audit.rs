//! The audit is append-only, complete and chained.

use mamis_kernel::Role;
use mamis_test_support::TestApp;

use crate::api::OTSU;

/// A few facts, a refusal and a reading.
async fn given_a_history(app: &TestApp) {
    let case = app.given_application().submitted_to(OTSU).await;
    app.given_approval(&case, OTSU).await;
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;
    viewer.approve(case.id, "2026-12-01").await.assert_problem(403, "forbidden");
}

async fn behind_its_back(app: &TestApp, statement: &str) {
    let disarmed = format!("set session_replication_role = replica; {statement}; reset session_replication_role");
    app.owner().batch_execute(&disarmed).await.unwrap();
}

#[tokio::test]
async fn the_chain_covers_every_event_and_holds() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    let report = app.seal_and_verify().await;
    assert_eq!((report.fault, report.unsealed), (None, 0));
    assert_eq!(i64::try_from(report.verified).unwrap(), app.audit_count().await);
}

#[tokio::test]
async fn a_changed_event_breaks_the_chain() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    assert_eq!(app.seal_and_verify().await.fault, None);
    behind_its_back(&app, "update audit_events set outcome = 'done' where outcome = 'denied'").await;
    assert!(app.seal_and_verify().await.fault.is_some_and(|fault| fault.contains("not what was sealed")));
}

#[tokio::test]
async fn a_removed_seal_breaks_the_chain() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    assert_eq!(app.seal_and_verify().await.fault, None);
    behind_its_back(&app, "delete from audit_seals where position = 2").await;
    assert!(app.seal_and_verify().await.fault.is_some());
}

#[tokio::test]
async fn a_removed_event_breaks_the_chain() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    assert_eq!(app.seal_and_verify().await.fault, None);
    let remove = "delete from audit_payloads where event_id = (select event_id from audit_seals where position = 3);
                  delete from audit_events where id = (select event_id from audit_seals where position = 3)";
    behind_its_back(&app, remove).await;
    assert!(app.seal_and_verify().await.fault.is_some());
}

#[tokio::test]
async fn a_changed_payload_is_noticed_and_an_erased_one_is_lawful() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    assert_eq!(app.seal_and_verify().await.fault, None);
    let one = "(select min(event_id::text)::uuid from audit_payloads)";
    behind_its_back(&app, &format!("delete from audit_payloads where event_id = {one}")).await;
    let report = app.seal_and_verify().await;
    assert_eq!((report.fault, report.erased_payloads), (None, 1));
    behind_its_back(&app, &format!("update audit_payloads set payload = '{{}}' where event_id = {one}")).await;
    assert!(app.seal_and_verify().await.fault.is_some_and(|fault| fault.contains("payload")));
}

#[tokio::test]
async fn the_servers_role_can_neither_change_nor_remove_audit_rows() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    app.seal_and_verify().await;
    let server = app.database().client().await;
    server.batch_execute("set role mamis_app").await.unwrap();
    for table in ["audit_events", "audit_payloads", "audit_seals", "application_events"] {
        for statement in [
            format!("update {table} set recorded_at = now()"),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
            format!("alter table {table} disable trigger all"),
            format!("drop table {table} cascade"),
        ] {
            let refused = server.batch_execute(&statement).await.unwrap_err();
            let code = refused.as_db_error().map(|said| said.code().code().to_owned());
            assert_eq!(code.as_deref(), Some("42501"), "{statement}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn the_owner_in_a_hurry_is_stopped_too() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    app.seal_and_verify().await;
    for statement in ["update audit_events set actor = ''", "delete from audit_seals", "truncate audit_events cascade"]
    {
        let refused = app.owner().batch_execute(statement).await.unwrap_err();
        assert!(refused.as_db_error().unwrap().message().contains("never changed"), "{statement}");
    }
}

#[tokio::test]
async fn events_hold_ids_and_personal_values_live_apart() {
    let app = TestApp::start().await;
    given_a_history(&app).await;
    let personal = "select count(*) from audit_events e where e::text ~ '髙橋|湖南内科|0900000'";
    assert_eq!(app.count(personal, &[]).await, 0);
    let apart = "select count(*) from audit_payloads where payload::text like '%湖南内科医院%'";
    assert!(app.count(apart, &[]).await > 0);
    let hashed =
        "select count(*) from audit_events e join audit_payloads p on p.event_id = e.id where e.payload_hash is null";
    assert_eq!(app.count(hashed, &[]).await, 0);
}
