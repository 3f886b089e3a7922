use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::{PersonId, Role};
use mamis_test_support::{Answer, PASSWORD, SignedIn, TestApp};
use serde_json::json;

use crate::api::{NATION, OTSU, SHIGA};

const SUSPEND: &str = "identity.suspend_account";
const LIFT: &str = "identity.lift_suspension";

async fn suspend(who: &SignedIn, person: PersonId, reason: &str) -> Answer {
    let body = json!({ "reason": reason, "note": "2026年11月の理事会による" });
    who.post(&format!("/persons/{person}/account/suspend")).new_key().json(&body).send().await
}

async fn lift(who: &SignedIn, person: PersonId) -> Answer {
    let body = json!({ "note": "解消を確認" });
    who.post(&format!("/persons/{person}/account/lift")).new_key().json(&body).send().await
}

async fn account(who: &SignedIn, person: PersonId) -> serde_json::Value {
    who.get(&format!("/persons/{person}/account")).await.assert_status(200).json()
}

async fn end_memberships(app: &TestApp, person: PersonId, reason: &str, day: &str) {
    let statement = format!("update memberships set valid_to = '{day}', end_reason = '{reason}' where person_id = $1");
    app.owner().execute(&statement, &[&person.uuid()]).await.unwrap();
}

async fn state(app: &TestApp, person: PersonId) -> (String, String) {
    let row = app.owner().query_one("select state, class from accounts where person_id = $1", &[&person.uuid()]).await;
    let row = row.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn attack_a_suspended_accounts_token_and_cookie_are_refused_at_once_and_its_data_stay() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU, SHIGA, NATION]).await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    member.get("/account").await.assert_status(200);

    suspend(&administrator, member.person(), "left_or_expelled").await.assert_status(204);

    member.get("/account").await.assert_problem(401, "not_signed_in");
    app.visitor().refresh(&member.refresh_token).await.assert_problem(401, "not_signed_in");
    app.visitor().try_log_in(&member.login_id, PASSWORD).await.assert_problem(401, "login_failed");
    administrator.get(&format!("/persons/{}", member.person())).await.assert_status(200);
    let seen = account(&administrator, member.person()).await;
    assert_eq!(seen["account"]["state"], "suspended");
    assert_eq!(seen["account"]["suspension"]["association"]["name"], OTSU);
    assert_eq!((&seen["may_suspend_for"], &seen["may_lift"]), (&json!([]), &json!(true)));

    lift(&administrator, member.person()).await.assert_status(204);

    app.visitor().try_log_in(&member.login_id, PASSWORD).await.assert_status(201);
    member.get("/account").await.assert_problem(401, "not_signed_in");
    app.assert_audit(&[(SUSPEND, administrator.account_id, Done), (LIFT, administrator.account_id, Done)]).await;
    let rows = "select count(*) from account_suspensions where lifted_at is not null and lifted_note = '解消を確認'";
    assert_eq!(app.count(rows, &[]).await, 1);
}

#[tokio::test]
async fn id_66_the_reason_decides_which_tier_suspends_and_a_lower_one_does_not_lift() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU, SHIGA, NATION]).await.person();
    let district = app.given_clerk_of(OTSU, Role::Administrator).await;
    let prefecture = app.given_clerk_of(SHIGA, Role::Administrator).await;
    let nation = app.given_clerk_of(NATION, Role::Administrator).await;
    let approver = app.given_clerk_of(NATION, Role::Approver).await;

    suspend(&district, member, "breach_of_terms").await.assert_problem(403, "forbidden");
    suspend(&prefecture, member, "national_judgement").await.assert_problem(403, "forbidden");
    suspend(&approver, member, "national_judgement").await.assert_problem(403, "forbidden");
    suspend(&nation, member, "breach_of_terms").await.assert_status(204);
    lift(&district, member).await.assert_problem(403, "forbidden");
    lift(&prefecture, member).await.assert_problem(403, "forbidden");
    lift(&nation, member).await.assert_status(204);
    suspend(&prefecture, member, "breach_of_terms").await.assert_status(204);
    suspend(&prefecture, member, "breach_of_terms").await.assert_problem(409, "account_state");
    lift(&prefecture, member).await.assert_status(204);
    lift(&prefecture, member).await.assert_problem(409, "account_state");
    app.assert_audit(&[
        (SUSPEND, district.account_id, Denied),
        (SUSPEND, approver.account_id, Denied),
        (LIFT, district.account_id, Denied),
        (LIFT, prefecture.account_id, Denied),
    ])
    .await;
}

#[tokio::test]
async fn attack_suspending_a_member_of_another_association_or_of_long_ago() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await.person();
    let stranger = app.given_clerk_of("草津市医師会", Role::Administrator).await;
    suspend(&stranger, member, "death").await.assert_problem(404, "not_found");
    lift(&stranger, member).await.assert_problem(404, "not_found");
    stranger.get(&format!("/persons/{member}/account")).await.assert_problem(404, "not_found");
    app.assert_audit(&[(SUSPEND, stranger.account_id, Denied), (LIFT, stranger.account_id, Denied)]).await;

    // Who was a member there and is one elsewhere now is that one's to answer for.
    let former = app.given_clerk_of(OTSU, Role::Administrator).await;
    end_memberships(&app, member, "transfer", "2025-04-01").await;
    let statement = "insert into memberships (id, person_id, association_id, valid_from, known_from)
                     select gen_random_uuid(), $1, id, '2025-04-01', '2025-04-01T00:00:00Z' from associations
                     where name = '草津市医師会'";
    app.owner().execute(statement, &[&member.uuid()]).await.unwrap();
    suspend(&former, member, "death").await.assert_problem(403, "forbidden");
    suspend(&stranger, member, "death").await.assert_status(204);
}

#[tokio::test]
async fn id_68_a_clerk_sees_on_one_screen_why_somebody_cannot_sign_in() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let before = account(&clerk, member.person()).await;
    assert_eq!(before["account"]["state"], "active");
    assert!(before["account"]["last_log_in"].is_string() && before["account"].get("throttled_until").is_none());
    assert_eq!((&before["account"]["has_email"], &before["may_suspend_for"]), (&json!(false), &json!([])));
    for _ in 0..6 {
        app.visitor().try_log_in(&member.login_id, "not the password").await.assert_problem(401, "login_failed");
    }
    assert!(account(&clerk, member.person()).await["account"]["throttled_until"].is_string());

    let seen = member.get("/account/record-accesses").await.json();
    app.write_reads().await;
    let after = member.get("/account/record-accesses").await.json();
    let count = |page: &serde_json::Value| page["items"].as_array().unwrap().len();
    assert!(count(&after) >= count(&seen) && after.to_string().contains("identity.read_account"), "{after}");
    let nobody = app.given_person().await;
    let statement = "insert into memberships (id, person_id, association_id, valid_from, known_from)
                     select gen_random_uuid(), $1, id, '2025-04-01', '2025-04-01T00:00:00Z' from associations where name = $2";
    app.owner().execute(statement, &[&nobody.uuid(), &OTSU]).await.unwrap();
    assert_eq!(account(&clerk, nobody).await, json!({ "may_suspend_for": [], "may_lift": false }));
}

#[tokio::test]
async fn id_67_accounts_follow_memberships_every_night() {
    let app = TestApp::start().await;
    let left = app.given_member_of(&[OTSU, SHIGA]).await;
    let expelled = app.given_member_of(&[OTSU]).await;
    let dead = app.given_member_of(&[OTSU, SHIGA, NATION]).await;
    let later = app.given_member_of(&[OTSU]).await;
    let stays = app.given_member_of(&[OTSU]).await;
    end_memberships(&app, left.person(), "withdrawal", "2026-11-23").await;
    end_memberships(&app, expelled.person(), "expulsion", "2026-11-20").await;
    end_memberships(&app, dead.person(), "death", "2026-11-22").await;
    end_memberships(&app, later.person(), "withdrawal", "2026-11-24").await;

    assert_eq!(app.run_nightly().await, 3);

    let of = async |who: &SignedIn| state(&app, who.person()).await;
    let standing = |state: &str, class: &str| (state.to_owned(), class.to_owned());
    assert_eq!(of(&left).await, standing("active", "training_only"));
    assert_eq!(of(&expelled).await, standing("suspended", "training_only"));
    assert_eq!(of(&dead).await, standing("closed", "member"));
    assert_eq!(of(&later).await, standing("active", "member"));
    assert_eq!(of(&stays).await, standing("active", "member"));
    left.get("/account").await.assert_status(200);
    expelled.get("/account").await.assert_problem(401, "not_signed_in");
    dead.get("/account").await.assert_problem(401, "not_signed_in");
    assert_eq!(app.run_nightly().await, 0, "twice is once");
    let events = "select count(*) from audit_events where action = 'identity.account_follows_memberships'
                  and actor = 'system:worker'";
    assert_eq!(app.count(events, &[]).await, 3);

    let statement = "update memberships set valid_to = null, end_reason = null where person_id = any($1)";
    let back = vec![left.person().uuid(), expelled.person().uuid()];
    app.owner().execute(statement, &[&back]).await.unwrap();
    assert_eq!(app.run_nightly().await, 2);
    assert_eq!(of(&left).await, standing("active", "member"));
    assert_eq!(of(&expelled).await, standing("active", "member"));
    app.visitor().try_log_in(&expelled.login_id, PASSWORD).await.assert_status(201);
}

#[tokio::test]
async fn attack_mass_assignment_on_a_suspension() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    for field in ["state", "person_id", "association_id", "suspended_at"] {
        let mut body = json!({ "reason": "death", "note": "届出" });
        body[field] = json!("closed");
        let path = format!("/persons/{}/account/suspend", member.person());
        let answer = administrator.post(&path).new_key().json(&body).send().await;
        answer.assert_problem(400, "malformed_request");
    }
    member.get("/account").await.assert_status(200);
}
