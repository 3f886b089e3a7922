use futures_util::future::join;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{Role, Tier};
use mamis_test_support::TestApp;
use serde_json::json;

use crate::api::{KUSATSU, KYOTO, NATION, OTSU, SHIGA};

#[tokio::test]
async fn w_1_a_prefectural_clerk_cannot_approve_while_the_district_step_is_open() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(SHIGA, Role::Approver).await;

    let answer = clerk.approve(case.id, "2026-12-01").await;

    answer.assert_problem(403, "not_your_step");
    app.assert_audit(&[("workflow.approve", clerk.account_id, AuditOutcome::Denied)]).await;
    assert_eq!(case.physician.application(case.id).await.json()["state"], "submitted");
}

#[tokio::test]
async fn w_1_a_step_is_decided_once() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    clerk.approve(case.id, "2026-12-01").await.assert_status(200);
    clerk.approve(case.id, "2026-12-01").await.assert_problem(403, "not_your_step");
    clerk.reject(case.id, "考え直しました").await.assert_problem(403, "not_your_step");
}

#[tokio::test]
async fn clerks_of_other_associations_do_not_learn_of_the_case() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    for association in [KUSATSU, KYOTO] {
        let clerk = app.given_clerk_of(association, Role::Administrator).await;
        clerk.application(case.id).await.assert_problem(404, "not_found");
        clerk.approve(case.id, "2026-12-01").await.assert_problem(404, "not_found");
        clerk.send_back(case.id, "?", &[]).await.assert_problem(404, "not_found");
        clerk.reject(case.id, "?").await.assert_problem(404, "not_found");
        clerk.retract(case.id).await.assert_problem(404, "not_found");
        app.assert_audit(&[("workflow.approve", clerk.account_id, AuditOutcome::Denied)]).await;
    }
}

#[tokio::test]
async fn only_approvers_decide() {
    let app = TestApp::start().await;
    let case = app.given_application().up_to(Tier::District).submitted_to(OTSU).await;
    for role in [Role::Viewer, Role::Operator] {
        let clerk = app.given_clerk_of(OTSU, role).await;
        assert_eq!(clerk.application(case.id).await.json()["allowed_actions"], json!([]));
        clerk.approve(case.id, "2026-12-01").await.assert_problem(403, "forbidden");
    }
    case.physician.approve(case.id, "2026-12-01").await.assert_problem(403, "forbidden");
    let approver = app.given_clerk_of(OTSU, Role::Approver).await;
    approver.approve(case.id, "2026-12-01").await.assert_status(200);
}

#[tokio::test]
async fn two_clerks_who_decide_at_once_decide_once() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        let case = app.given_application().submitted_to(OTSU).await;
        let (one, other) =
            (app.given_clerk_of(OTSU, Role::Approver).await, app.given_clerk_of(OTSU, Role::Approver).await);
        let version = one.version_of(case.id).await;
        let path = format!("/applications/{}", case.id);
        let approve = one.post(&format!("{path}/approve")).if_match(&version).new_key();
        let reject = other.post(&format!("{path}/reject")).if_match(&version).new_key();

        let (approved, rejected) = join(
            approve.json(&json!({ "effective_date": "2026-12-01" })).send(),
            reject.json(&json!({ "reason": "資格が確認できません" })).send(),
        )
        .await;

        let winners = [&approved, &rejected].iter().filter(|answer| answer.status == 200).count();
        assert_eq!(winners, 1, "{} and {}", approved.text(), rejected.text());
        let state = case.physician.application(case.id).await.json()["state"].clone();
        assert_eq!(state, if approved.status == 200 { "in_review" } else { "rejected" });
        // Who came too late is told that the case has changed, or that it is not one's turn any more.
        let late = if approved.status == 200 { rejected } else { approved };
        assert!([403, 412].contains(&late.status), "{}", late.text());
    }
}

#[tokio::test]
async fn an_effective_date_out_of_reason_is_refused() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    for (day, fault) in [
        ("2015-12-31", "out_of_range"),
        ("2029-01-01", "out_of_range"),
        ("", "required"),
        ("昭和64年1月8日", "date_out_of_era"),
        ("2026-02-29", "date_impossible"),
    ] {
        let answer = clerk.approve(case.id, day).await;
        answer.assert_faults(422, "invalid_fields", &[("/effective_date", fault)]);
    }
}

#[tokio::test]
async fn what_became_impossible_since_it_was_filed_is_refused_and_nothing_is_half_written() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    app.given_approval(&case, OTSU).await;
    app.given_approval(&case, SHIGA).await;
    // Somebody's import made the person a member of the prefecture meanwhile.
    app.owner()
        .execute(
            "insert into memberships (id, person_id, association_id, valid_from, known_from)
             select gen_random_uuid(), $1, id, '2026-01-01', now() from associations where name = $2",
            &[&case.physician.person().uuid(), &SHIGA],
        )
        .await
        .unwrap();
    let nation = app.given_clerk_of(NATION, Role::Approver).await;

    nation.approve(case.id, "2026-12-01").await.assert_problem(409, "period_overlaps");

    assert_eq!(app.count("select count(*) from memberships", &[]).await, 1);
    assert_eq!(app.count("select count(*) from affiliations", &[]).await, 0);
    assert_eq!(case.physician.application(case.id).await.json()["steps"][2]["state"], "open");
}
