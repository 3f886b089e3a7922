//! Clerks on behalf of physicians (ID-30 … ID-33).

use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{DelegationScope, Role};
use mamis_test_support::{Operation, TestApp, changes, join_form, operations};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{KUSATSU, NATION, OTSU, SHIGA};

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap()
}

#[tokio::test]
async fn id_31_a_clerk_files_for_a_physician_and_both_names_stand_in_the_case_and_in_the_audit() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let physician = &case.physician;
    let approver = app.given_clerk_of(OTSU, Role::Approver).await;
    approver.send_back(case.id, "電話番号をご確認ください", &[]).await.assert_status(200);
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;

    let acting = clerk.on_behalf_of(physician.person()).await;
    let account = acting.get("/account").await.assert_status(200).json();
    assert_eq!(account["person"]["id"], physician.person().to_string());
    assert_eq!((&account["id"], &account["acting"]["kind"]), (&json!(clerk.account_id), &json!("on_behalf")));
    assert_eq!(account["acting"]["ends_at"], "2026-11-23T04:00:00Z");
    acting.save(case.id, &changes(&join_form(app.association(OTSU).await))).await.assert_status(200);
    let filed = acting.submit(case.id).await.assert_status(200).json();

    assert_eq!(filed["applicant"]["id"], physician.person().to_string());
    let last = filed["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], &last["proxy"]["kind"]), (&json!("corrected"), &json!("on_behalf")));
    assert_eq!((&last["proxy"]["name"], &last["association"]["name"]), (&json!(clerk.login_id), &json!(OTSU)));
    let seen = physician.application(case.id).await.json();
    assert_eq!(seen["timeline"].as_array().unwrap().last(), Some(&last));
    let question = "select count(*) from audit_events where action = 'workflow.submit' and actor = $1
        and on_behalf_of = $2 and association_id is not null";
    let (actor, person) = (clerk.account_id.to_string(), physician.person().uuid());
    assert_eq!(app.count(question, &[&actor, &person]).await, 1);
}

#[tokio::test]
async fn id_31_readings_on_behalf_are_recorded_with_both_names_and_shown_to_the_physician() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU, SHIGA]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let acting = clerk.on_behalf_of(physician.person()).await;
    acting.get(&format!("/persons/{}", physician.person())).await.assert_status(200);
    acting.get("/applications").await.assert_status(200);
    app.write_reads().await;

    let accesses = physician.get("/account/record-accesses").await.assert_status(200).json();

    let actions: Vec<_> = items(&accesses).iter().map(|item| item["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["workflow.list_applications", "registry.get_person", "identity.begin_on_behalf"]);
    assert!(items(&accesses)[..2].iter().all(|item| item["acting"] == "on_behalf"), "{accesses}");
    assert!(items(&accesses).iter().all(|item| item["association"]["name"] == OTSU && item["by"] == clerk.login_id));
}

#[tokio::test]
async fn id_31_physician_and_administrators_see_each_stretch_with_its_reason() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU, SHIGA]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let begun = clerk.begin_on_behalf(physician.person(), " ご来局時のご依頼 ").await.assert_status(201).json();
    let id = begun["id"].as_str().unwrap();
    clerk.call(Method::DELETE, &format!("/api/v1/on-behalf/{id}")).send().await.assert_status(204);
    clerk.call(Method::DELETE, &format!("/api/v1/on-behalf/{id}")).send().await.assert_status(204);

    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    for reader in [&physician, &administrator, &clerk] {
        let seen = reader.get("/on-behalf").await.assert_status(200).json();
        assert_eq!(items(&seen).len(), 1, "{seen}");
        assert_eq!(
            (&items(&seen)[0]["reason"], &items(&seen)[0]["clerk"]),
            (&json!("ご来局時のご依頼"), &json!(clerk.login_id))
        );
        assert_eq!(items(&seen)[0]["ended_at"], "2026-11-23T03:00:00Z");
    }
    for other in [app.given_clerk_of(OTSU, Role::Approver).await, app.given_clerk_of(SHIGA, Role::Administrator).await]
    {
        assert_eq!(other.get("/on-behalf").await.assert_status(200).json(), json!({ "items": [] }));
    }
    let done = AuditOutcome::Done;
    app.assert_audit(&[
        ("identity.begin_on_behalf", clerk.account_id, done),
        ("identity.end_on_behalf", clerk.account_id, done),
    ])
    .await;
}

#[tokio::test]
async fn id_31_a_second_stretch_ends_the_first() {
    let app = TestApp::start().await;
    let (one, two) = (app.given_member_of(&[OTSU]).await, app.given_member_of(&[OTSU]).await);
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let first = clerk.on_behalf_of(one.person()).await;
    let second = clerk.on_behalf_of(two.person()).await;
    first.get("/account").await.assert_problem(403, "acting_ended");
    second.get("/account").await.assert_status(200);
}

#[tokio::test]
async fn id_31_it_ends_after_an_hour_and_with_the_log_in_it_was_begun_in() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let acting = clerk.on_behalf_of(physician.person()).await;
    app.advance(TimeDelta::minutes(14));
    acting.get("/account").await.assert_status(200);
    app.advance(TimeDelta::minutes(46));
    let renewed = app.visitor().refresh(&clerk.refresh_token).await.assert_status(200).json();
    let renewed = acting.with_token(renewed["access_token"].as_str().unwrap());
    renewed.get("/account").await.assert_problem(403, "acting_ended");

    let elsewhere = app.log_in_again(&clerk).await;
    let id = app.given_on_behalf(&elsewhere, OTSU, physician.person()).await.to_string();
    let question = "update on_behalf_grants set started_at = '2026-11-23T03:59:00Z', ends_at = '2026-11-23T04:59:00Z'";
    app.owner().execute(question, &[]).await.unwrap();
    elsewhere.acting_for(&id).get("/account").await.assert_status(200);
    renewed.acting_for(&id).get("/account").await.assert_problem(403, "acting_ended");
    app.assert_audit(&[("identity.act", clerk.account_id, AuditOutcome::Denied); 2]).await;
}

#[tokio::test]
async fn id_31_it_ends_when_the_association_has_nothing_to_do_with_the_person_any_more() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let acting = clerk.on_behalf_of(physician.person()).await;
    acting.get("/account").await.assert_status(200);
    let forgotten = "update memberships set known_to = now() where person_id = $1";
    app.owner().execute(forgotten, &[&physician.person().uuid()]).await.unwrap();
    acting.get("/account").await.assert_problem(403, "acting_ended");
}

#[tokio::test]
async fn attack_a_clerk_of_another_association_acts_on_behalf() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU, SHIGA, NATION]).await;
    let stranger = app.given_clerk_of(KUSATSU, Role::Administrator).await;

    stranger.begin_on_behalf(physician.person(), "お電話でのご依頼").await.assert_problem(404, "not_found");
    let planted = app.given_on_behalf(&stranger, KUSATSU, physician.person()).await.to_string();
    let acting = stranger.acting_for(&planted);
    acting.get(&format!("/persons/{}", physician.person())).await.assert_problem(403, "acting_ended");

    let denied = AuditOutcome::Denied;
    app.assert_audit(&[
        ("identity.begin_on_behalf", stranger.account_id, denied),
        ("identity.act", stranger.account_id, denied),
    ])
    .await;
}

#[tokio::test]
async fn attack_the_grant_of_another_account_is_used() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let colleague = app.given_clerk_of(OTSU, Role::Administrator).await;
    let id = app.given_on_behalf(&clerk, OTSU, physician.person()).await.to_string();

    colleague.acting_for(&id).get("/account").await.assert_problem(403, "acting_ended");
    colleague.call(Method::DELETE, &format!("/api/v1/on-behalf/{id}")).send().await.assert_problem(404, "not_found");

    app.assert_audit(&[("identity.act", colleague.account_id, AuditOutcome::Denied)]).await;
    clerk.acting_for(&id).get("/account").await.assert_status(200);
}

/// Every operation that changes the own account: password, sessions, delegations, second factors, passkeys, terms.
fn own() -> impl Iterator<Item = &'static Operation> {
    use mamis_api::access::{Access, OPERATIONS};
    let is_own =
        |operation: &&Operation| OPERATIONS.iter().any(|(id, access)| *id == operation.id && *access == Access::Own);
    operations().iter().filter(is_own)
}

#[tokio::test]
async fn attack_what_belongs_to_the_own_account_is_changed_while_acting_for_somebody() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    let assistant = app.given_assistant().await;
    let delegation = app.given_delegation(&physician, &assistant, DelegationScope::ALL).await;
    let acting = [
        (clerk.on_behalf_of(physician.person()).await, clerk.account_id),
        (assistant.acting_for(&delegation.to_string()), assistant.account_id),
    ];
    let before = app.count("select count(*) from audit_events where outcome = 'done'", &[]).await;
    let mut walked = 0;
    for (client, account) in &acting {
        for operation in own() {
            let path = operation.path.replace("{id}", &delegation.to_string());
            let call = client.call(operation.method.parse::<Method>().unwrap(), &path).if_match("\"v1\"").new_key();
            call.json(&json!({})).send().await.assert_problem(403, "not_while_acting");
            let action = format!("identity.act.{}", operation.id);
            app.assert_audit(&[(&action, *account, AuditOutcome::Denied)]).await;
            walked += 1;
        }
        client.post("/delegations").new_key().json(&json!({})).send().await.assert_problem(403, "not_while_acting");
    }
    assert!(walked >= 14, "only {walked} operations change the own account");
    assert_eq!(app.count("select count(*) from audit_events where outcome = 'done'", &[]).await, before);
}

#[tokio::test]
async fn attack_a_clerk_decides_a_case_while_acting_for_its_physician() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    let version = clerk.version_of(case.id).await;
    let acting = clerk.on_behalf_of(case.physician.person()).await;
    let approval = json!({ "effective_date": "2026-12-01" });
    let call = acting.post(&format!("/applications/{}/approve", case.id)).if_match(&version).new_key();
    call.json(&approval).send().await.assert_problem(403, "not_while_acting");
    acting.work_items(&json!({})).await.assert_problem(403, "not_while_acting");
}

#[tokio::test]
async fn a_reason_is_required() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    for (reason, code) in [("", "required"), ("   ", "required"), (&"長".repeat(501), "too_long")] {
        let answer = clerk.begin_on_behalf(physician.person(), reason).await;
        answer.assert_faults(422, "invalid_fields", &[("/reason", code)]);
    }
}

#[tokio::test]
async fn an_answer_kept_for_oneself_is_not_given_to_the_same_key_while_acting() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let acting = clerk.on_behalf_of(physician.person()).await;
    let form = changes(&join_form(app.association(OTSU).await));
    acting.post("/applications").key("the same key").json(&form).send().await.assert_status(201);
    let again = clerk.post("/applications").key("the same key").json(&form).send().await;
    again.assert_problem(409, "idempotency_key_reused");
}

#[tokio::test]
async fn id_37_one_sees_which_associations_can_see_the_own_record_and_it_is_what_their_clerks_find() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    let member = app.given_member_of(&[SHIGA]).await;
    for who in [&case.physician, &member] {
        let seen = who.get("/account/record-audience").await.assert_status(200).json();
        let named = |name: &str| items(&seen).iter().any(|item| item["association"]["name"] == name);
        for name in [OTSU, SHIGA, NATION, KUSATSU] {
            let clerk = app.given_clerk_of(name, Role::Viewer).await;
            let found = clerk.get(&format!("/persons/{}", who.person())).await.status == 200;
            assert_eq!(named(name), found, "{name}: {seen}");
        }
    }
    let seen = case.physician.get("/account/record-audience").await.json();
    assert!(items(&seen).iter().all(|item| item["reasons"] == json!(["application"])), "{seen}");
    let seen = member.get("/account/record-audience").await.json();
    assert_eq!(items(&seen)[0]["reasons"], json!(["membership"]));
}

#[tokio::test]
async fn id_33_the_physician_is_told_of_each_stretch_when_it_is_over_whatever_was_done() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let address = "update accounts set email = 'hanako@example.jp', email_confirmed_at = now() where id = $1";
    app.owner().execute(address, &[&physician.account_id.uuid()]).await.unwrap();
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let begun = clerk.begin_on_behalf(physician.person(), "お電話でのご依頼").await.assert_status(201).json();
    let id = begun["id"].as_str().unwrap();
    clerk.acting_for(id).get(&format!("/persons/{}", physician.person())).await.assert_status(200);
    clerk.call(Method::DELETE, &format!("/api/v1/on-behalf/{id}")).send().await.assert_status(204);

    let mails = app.mails_to("hanako@example.jp").await;

    assert_eq!(mails.len(), 1);
    for said in [OTSU, clerk.login_id.as_str(), "お電話でのご依頼", "閲覧 1件、手続き・変更 0件"] {
        assert!(mails[0].body.contains(said), "{said}: {}", mails[0].body);
    }
    assert_eq!(app.count("select count(*) from on_behalf_grants where notified_at is null", &[]).await, 0);
}

#[tokio::test]
async fn id_33_who_has_no_mail_is_told_by_post() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let begun = clerk.begin_on_behalf(physician.person(), "ご来局").await.assert_status(201).json();
    let path = format!("/api/v1/on-behalf/{}", begun["id"].as_str().unwrap());
    clerk.call(Method::DELETE, &path).send().await.assert_status(204);
    let queued = "select count(*) from postal_notices where person_id = $1 and template = 'on_behalf_ended'";
    assert_eq!(app.count(queued, &[&physician.person().uuid()]).await, 1);
}
