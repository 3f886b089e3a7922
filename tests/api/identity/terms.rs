use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::json;

use crate::api::OTSU;

#[tokio::test]
async fn id_40_until_the_terms_are_accepted_only_ones_own_account_answers_and_then_everything() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    app.given_nothing_accepted(physician.account_id).await;

    physician.get("/applications").await.assert_problem(403, "terms_not_accepted");
    let account = physician.get("/account").await.assert_status(200).json();
    assert_eq!(account["terms_to_accept"], "1.0");
    physician.get("/account/sessions").await.assert_status(200);
    let terms = app.visitor().get("/terms/current").await.assert_status(200).json();
    assert_eq!(terms["version"], "1.0");
    assert!(terms["ja"]["sections"].as_array().unwrap().len() > 10);

    let accept = json!({ "version": "1.0" });
    physician.put("/account/terms-acceptance").json(&accept).send().await.assert_status(204);
    physician.get("/applications").await.assert_status(200);
    let account = physician.get("/account").await.assert_status(200).json();
    assert_eq!(account.get("terms_to_accept"), None);
    app.assert_audit(&[("identity.accept_terms", physician.account_id, AuditOutcome::Done)]).await;
    let kept =
        "select count(*) from terms_acceptances where account_id = $1 and version = '1.0' and address = '127.0.0.1'";
    assert_eq!(app.count(kept, &[&physician.account_id.uuid()]).await, 1);
}

#[tokio::test]
async fn id_41_a_new_version_is_announced_and_asked_for_from_its_day_on() {
    let app = TestApp::start().await;
    app.given_terms("2.0", "2026-11-25", "2026-12-01").await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;

    let account = clerk.get("/account").await.json();
    assert_eq!((account.get("terms_to_accept"), account.get("terms_coming")), (None, None), "not announced yet");
    app.visitor().get("/terms/2.0").await.assert_problem(404, "not_found");
    let too_early = clerk.put("/account/terms-acceptance").json(&json!({ "version": "2.0" })).send().await;
    too_early.assert_faults(422, "invalid_fields", &[("/version", "unknown_value")]);

    app.advance(TimeDelta::days(2));
    let clerk = app.log_in_again(&clerk).await;
    let account = clerk.get("/account").await.json();
    assert_eq!(account["terms_coming"]["version"], "2.0");
    assert_eq!(account["terms_coming"]["effective_from"], "2026-12-01");
    assert_eq!(account.get("terms_to_accept"), None);
    assert_eq!(app.visitor().get("/terms/current").await.json()["version"], "1.0");
    let coming = app.visitor().get("/terms/2.0").await.assert_status(200).json();
    assert_eq!(coming["en"]["changes"], json!(["Article 2 now speaks of assistants."]));
    clerk.get("/work-items/summary").await.assert_status(200);

    app.advance(TimeDelta::days(6));
    let clerk = app.log_in_again(&clerk).await;
    clerk.get("/work-items/summary").await.assert_problem(403, "terms_not_accepted");
    assert_eq!(clerk.get("/account").await.json()["terms_to_accept"], "2.0");
    let old = clerk.put("/account/terms-acceptance").json(&json!({ "version": "1.0" })).send().await;
    old.assert_faults(422, "invalid_fields", &[("/version", "unknown_value")]);
    clerk.put("/account/terms-acceptance").json(&json!({ "version": "2.0" })).send().await.assert_status(204);
    clerk.get("/work-items/summary").await.assert_status(200);
    let versions = app.visitor().get("/terms").await.json();
    let versions: Vec<_> = versions["items"].as_array().unwrap().iter().map(|item| item["version"].clone()).collect();
    assert_eq!(versions, ["2.0", "1.0"]);
}

#[tokio::test]
async fn id_41_a_version_accepted_beforehand_lets_pass_on_its_day() {
    let app = TestApp::start().await;
    app.given_terms("2.0", "2026-11-01", "2026-12-01").await;
    let physician = app.given_physician().await;
    physician.put("/account/terms-acceptance").json(&json!({ "version": "2.0" })).send().await.assert_status(204);
    app.advance(TimeDelta::days(9));
    let physician = app.log_in_again(&physician).await;
    physician.get("/applications").await.assert_status(200);
}

#[tokio::test]
async fn id_41_the_server_can_neither_change_announced_terms_nor_take_an_acceptance_back() {
    let app = TestApp::start().await;
    for statement in [
        "update terms_versions set effective_from = '2020-01-01'",
        "delete from terms_versions",
        "insert into terms_versions (version, announced_on, effective_from, texts) values ('9.0', '2020-01-01', '2020-01-01', '{}')",
        "update terms_acceptances set accepted_at = now()",
        "delete from terms_acceptances",
    ] {
        let client = app.database().client().await;
        client.batch_execute("set role mamis_app").await.unwrap();
        let refused = client.batch_execute(statement).await.unwrap_err();
        assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{statement}: {refused:?}");
    }
}
