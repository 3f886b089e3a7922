//! Assistants by delegation (ID-34 … ID-36).

use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{DelegationScope, Role};
use mamis_test_support::{Answer, Client, PASSWORD, SignedIn, TestApp, changes, join_form};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::OTSU;

const LAST_DAY: &str = "2027-03-31";

async fn invite(physician: &SignedIn, scopes: &[&str], ends_on: &str) -> Answer {
    let body = json!({ "assistant_name": "山田 花", "scopes": scopes, "ends_on": ends_on });
    physician.post("/delegations").new_key().json(&body).send().await
}

async fn accept(who: &Client, code: &str) -> Answer {
    who.post("/assistant-invitations/accept").json(&json!({ "code": code })).send().await
}

async fn register(app: &TestApp, code: &str, login_id: &str, password: &str) -> Answer {
    let body = json!({ "code": code, "login_id": login_id, "display_name": "山田 花", "password": password });
    app.visitor().post("/assistant-invitations/register").json(&body).send().await
}

fn code_of(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn id_35_an_assistant_registers_with_the_code_works_and_is_stopped_in_the_middle() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let physician = &case.physician;
    let invited = invite(physician, &["draft"], LAST_DAY).await.assert_status(201);
    let code = code_of(&invited);
    let shown = json!({ "code": code.to_lowercase().replace('-', " ") });
    let looked =
        app.visitor().post("/assistant-invitations/lookup").json(&shown).send().await.assert_status(200).json();
    assert_eq!((&looked["assistant_name"], &looked["scopes"]), (&json!("山田 花"), &json!(["draft"])));
    let held = register(&app, &code, "yamada.hana", PASSWORD).await.assert_status(201).json();
    assert_eq!(held["person"]["id"], physician.person().to_string());

    let assistant = app.visitor().log_in("yamada.hana").await;
    let accept = assistant.call(Method::PUT, "/api/v1/account/terms-acceptance").json(&json!({ "version": "1.0" }));
    accept.send().await.assert_status(204);
    let acting = assistant.acting_for(held["id"].as_str().unwrap());
    let form = changes(&join_form(app.association(OTSU).await));
    let saved = acting.save(case.id, &form).await.assert_status(200).json();
    assert_eq!(saved["allowed_actions"], json!(["save"]));
    acting.submit(case.id).await.assert_problem(403, "forbidden");

    let id = held["id"].as_str().unwrap();
    physician.call(Method::DELETE, &format!("/api/v1/delegations/{id}")).send().await.assert_status(204);
    acting.save(case.id, &form).await.assert_problem(403, "acting_ended");
    assistant.get("/account").await.assert_status(200);
    assert_eq!(assistant.get("/held-delegations").await.json(), json!({ "items": [] }));
    let given = physician.get("/delegations").await.assert_status(200).json();
    assert_eq!((&given["items"][0]["state"], &given["items"][0].get("code")), (&json!("revoked"), &None));
    app.assert_audit(&[
        ("identity.invite_assistant", physician.account_id, AuditOutcome::Done),
        ("identity.accept_invitation", assistant.account_id, AuditOutcome::Done),
        ("workflow.save", assistant.account_id, AuditOutcome::Done),
        ("workflow.submit", assistant.account_id, AuditOutcome::Denied),
        ("identity.revoke_delegation", physician.account_id, AuditOutcome::Done),
    ])
    .await;
}

#[tokio::test]
async fn a_clinics_assistant_serves_several_physicians_and_never_mixes_them() {
    let app = TestApp::start().await;
    let assistant = app.given_assistant().await;
    let (one, two) = (app.given_application().drafted_for(OTSU).await, app.given_application().drafted_for(OTSU).await);
    for case in [&one, &two] {
        let invited = invite(&case.physician, &["view"], LAST_DAY).await.assert_status(201);
        accept(&assistant, &code_of(&invited)).await.assert_status(201);
    }
    let held = assistant.get("/held-delegations").await.assert_status(200).json();
    let held = held["items"].as_array().unwrap();
    assert_eq!(held.len(), 2);
    let of = |case: &mamis_test_support::Case| {
        let mine = held.iter().find(|item| item["person"]["id"] == case.physician.person().to_string());
        assistant.acting_for(mine.unwrap()["id"].as_str().unwrap())
    };
    of(&one).application(one.id).await.assert_status(200);
    of(&two).application(two.id).await.assert_status(200);
    of(&one).application(two.id).await.assert_problem(404, "not_found");
    let seen = of(&one).get("/applications").await.assert_status(200).json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    // Without the header the assistant is nobody's.
    assistant.application(one.id).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn id_34_an_assistants_work_and_readings_are_shown_to_the_physician_with_the_name() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let assistant = app.given_assistant().await;
    let id = app.given_delegation(&case.physician, &assistant, &[DelegationScope::Submit]).await.to_string();
    let filed = assistant.acting_for(&id).submit(case.id).await.assert_status(200).json();
    let last = filed["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["proxy"]["kind"], &last["proxy"]["name"]), (&json!("assistant"), &json!(assistant.login_id)));
    app.write_reads().await;
    let seen = case.physician.get("/account/record-accesses").await.json();
    let by: Vec<&Value> = seen["items"].as_array().unwrap().iter().map(|item| &item["acting"]).collect();
    assert_eq!(by, [&json!("assistant"), &json!("assistant")], "the reading of the version, and the filing: {seen}");
}

#[tokio::test]
async fn id_35_an_invitation_works_once_also_when_two_show_it_at_once() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let code = code_of(&invite(&physician, &["view"], LAST_DAY).await.assert_status(201));
    let (one, two) = (app.given_assistant().await, app.given_assistant().await);

    let (first, second) = tokio::join!(accept(&one, &code), accept(&two, &code));

    let mut answers = [first.status, second.status];
    answers.sort_unstable();
    assert_eq!(answers, [201, 404]);
    accept(&one, &code).await.assert_problem(404, "invitation_unusable");
}

#[tokio::test]
async fn id_35_an_invitation_ends_after_seven_days_and_when_it_is_taken_back() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let late = code_of(&invite(&physician, &["view"], LAST_DAY).await.assert_status(201));
    let taken_back = invite(&physician, &["view"], LAST_DAY).await.assert_status(201);
    let path = format!("/api/v1/delegations/{}", taken_back.json()["id"].as_str().unwrap());
    physician.call(Method::DELETE, &path).send().await.assert_status(204);
    let assistant = app.given_assistant().await;
    accept(&assistant, &code_of(&taken_back)).await.assert_problem(404, "invitation_unusable");
    app.advance(TimeDelta::days(7));
    let assistant = app.log_in_again(&assistant).await;
    accept(&assistant, &late).await.assert_problem(404, "invitation_unusable");
    register(&app, &late, "yamada.hana", PASSWORD).await.assert_problem(404, "invitation_unusable");
}

#[tokio::test]
async fn id_35_the_code_is_kept_hashed_and_not_given_a_second_time() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let body = json!({ "assistant_name": "山田 花", "scopes": ["view"], "ends_on": LAST_DAY });
    let first = physician.post("/delegations").key("one intent").json(&body).send().await.assert_status(201);
    let again = physician.post("/delegations").key("one intent").json(&body).send().await.assert_status(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.json().get("code"), None);
    let code = code_of(&first);
    let kept = "select count(*) from idempotency_keys where answer like '%' || $1 || '%'";
    assert_eq!(app.count(kept, &[&code]).await, 0);
    let hashed = "select count(*) from delegations where length(code_hash) = 32 and position(convert_to($1, 'UTF8') in code_hash) = 0";
    assert_eq!(app.count(hashed, &[&code]).await, 1);
}

#[tokio::test]
async fn id_35_an_assistants_password_keeps_the_rule_and_the_login_id_is_free() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let code = code_of(&invite(&physician, &["view"], LAST_DAY).await.assert_status(201));
    for (login_id, password, fault) in [
        ("yamada.hana", "password1234", ("/password", "too_weak")),
        ("yamada.hana", "yamada.hana-kibune-7", ("/password", "too_weak")),
        ("yamada@example.jp", PASSWORD, ("/login_id", "invalid_format")),
        (&physician.login_id, PASSWORD, ("/login_id", "taken")),
    ] {
        register(&app, &code, login_id, password).await.assert_faults(422, "invalid_fields", &[fault]);
    }
    register(&app, &code, "yamada.hana", PASSWORD).await.assert_status(201);
    let class =
        "select count(*) from accounts where login_id = 'yamada.hana' and class = 'assistant' and person_id is null";
    assert_eq!(app.count(class, &[]).await, 1);
}

#[tokio::test]
async fn id_36_a_new_delegation_succeeds_the_one_before_and_the_assistant_may_give_it_up() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let assistant = app.given_assistant().await;
    let before = app.given_delegation(&physician, &assistant, &[DelegationScope::View]).await.to_string();
    let code = code_of(&invite(&physician, &["draft"], LAST_DAY).await.assert_status(201));
    let held = accept(&assistant, &code).await.assert_status(201).json();
    assistant.acting_for(&before).get("/account").await.assert_problem(403, "acting_ended");
    let id = held["id"].as_str().unwrap();
    assistant.acting_for(id).get("/account").await.assert_status(200);
    assistant.call(Method::DELETE, &format!("/api/v1/delegations/{id}")).send().await.assert_status(204);
    assistant.acting_for(id).get("/account").await.assert_problem(403, "acting_ended");
}

#[tokio::test]
async fn id_36_it_ends_when_the_physicians_account_is_not_in_use() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let assistant = app.given_assistant().await;
    let id = app.given_delegation(&physician, &assistant, DelegationScope::ALL).await.to_string();
    assistant.acting_for(&id).get("/account").await.assert_status(200);
    for state in ["suspended", "closed"] {
        let change = "update accounts set state = $1 where id = $2";
        app.owner().execute(change, &[&state, &physician.account_id.uuid()]).await.unwrap();
        assistant.acting_for(&id).get("/account").await.assert_problem(403, "acting_ended");
        assert_eq!(assistant.get("/held-delegations").await.json(), json!({ "items": [] }));
    }
}

#[tokio::test]
async fn attack_an_assistant_goes_beyond_the_scopes() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let assistant = app.given_assistant().await;
    let id = app.given_delegation(&case.physician, &assistant, &[DelegationScope::View]).await.to_string();
    let acting = assistant.acting_for(&id);
    let form = changes(&join_form(app.association(OTSU).await));

    acting.application(case.id).await.assert_status(200);
    acting.save(case.id, &form).await.assert_problem(403, "forbidden");
    acting.submit(case.id).await.assert_problem(403, "forbidden");
    acting.retract(case.id).await.assert_problem(403, "forbidden");
    acting.create_application(&form).await.assert_problem(403, "forbidden");

    let denied = AuditOutcome::Denied;
    app.assert_audit(&[
        ("workflow.save", assistant.account_id, denied),
        ("workflow.submit", assistant.account_id, denied),
        ("workflow.retract", assistant.account_id, denied),
        ("workflow.create", assistant.account_id, denied),
    ])
    .await;
}

#[tokio::test]
async fn attack_an_assistant_goes_on_after_the_last_day() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let assistant = app.given_assistant().await;
    let id = app.given_delegation(&physician, &assistant, DelegationScope::ALL).await;
    let last_day = "update delegations set ends_on = '2026-11-23' where id = $1";
    app.owner().execute(last_day, &[&id.uuid()]).await.unwrap();
    assistant.acting_for(&id.to_string()).get("/account").await.assert_status(200);
    app.advance(TimeDelta::hours(12));
    let assistant = app.log_in_again(&assistant).await;
    assistant.acting_for(&id.to_string()).get("/account").await.assert_problem(403, "acting_ended");
    app.assert_audit(&[("identity.act", assistant.account_id, AuditOutcome::Denied)]).await;
}

#[tokio::test]
async fn attack_a_delegations_id_is_guessed_or_taken_from_another_assistant() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let (assistant, thief) = (app.given_assistant().await, app.given_assistant().await);
    let id = app.given_delegation(&physician, &assistant, DelegationScope::ALL).await.to_string();
    for guess in
        [id.as_str(), "dlg_0190a6f2c1e07a3b9d4e5f60718293a4", "obo_0190a6f2c1e07a3b9d4e5f60718293a4", "dlg_1", ""]
    {
        thief.acting_for(guess).get("/account").await.assert_problem(403, "acting_ended");
    }
    thief.call(Method::DELETE, &format!("/api/v1/delegations/{id}")).send().await.assert_problem(404, "not_found");
    app.assert_audit(&[("identity.act", thief.account_id, AuditOutcome::Denied); 5]).await;
    assistant.acting_for(&id).get("/account").await.assert_status(200);
}

#[tokio::test]
async fn attack_an_assistant_or_a_clerk_invites_an_assistant() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU]).await;
    let assistant = app.given_assistant().await;
    let id = app.given_delegation(&physician, &assistant, DelegationScope::ALL).await.to_string();
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    invite(&assistant, &["view"], LAST_DAY).await.assert_problem(403, "forbidden");
    invite(&clerk, &["view"], LAST_DAY).await.assert_problem(403, "forbidden");
    let body = json!({ "assistant_name": "共犯", "scopes": ["view"], "ends_on": LAST_DAY });
    for acting in [assistant.acting_for(&id), clerk.on_behalf_of(physician.person()).await] {
        acting.post("/delegations").new_key().json(&body).send().await.assert_problem(403, "not_while_acting");
    }
    let denied = AuditOutcome::Denied;
    app.assert_audit(&[
        ("identity.invite_assistant", assistant.account_id, denied),
        ("identity.act.invite_assistant", assistant.account_id, denied),
        ("identity.invite_assistant", clerk.account_id, denied),
        ("identity.act.invite_assistant", clerk.account_id, denied),
    ])
    .await;
    assert_eq!(app.count("select count(*) from delegations", &[]).await, 1);
}

#[tokio::test]
async fn attack_a_delegation_for_longer_than_a_year_or_for_nothing() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for (scopes, ends_on, fault) in [
        (&["view"][..], "2027-11-24", ("/ends_on", "out_of_range")),
        (&["view"], "2026-11-22", ("/ends_on", "out_of_range")),
        (&[], LAST_DAY, ("/scopes", "required")),
    ] {
        invite(&physician, scopes, ends_on).await.assert_faults(422, "invalid_fields", &[fault]);
    }
    invite(&physician, &["password"], LAST_DAY).await.assert_problem(400, "malformed_request");
    invite(&physician, &["view"], "2027-11-23").await.assert_status(201);
}

#[tokio::test]
async fn attack_codes_of_invitations_are_guessed() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let code = code_of(&invite(&physician, &["view"], LAST_DAY).await.assert_status(201));
    let look = async |code: &str| {
        app.visitor().post("/assistant-invitations/lookup").json(&json!({ "code": code })).send().await
    };
    for _ in 0..51 {
        look("0000-0000-0000-0000").await.assert_problem(404, "invitation_unusable");
    }
    look(&code).await.assert_problem(429, "too_many_requests");
    app.advance(TimeDelta::minutes(6));
    look(&code).await.assert_status(200);
}

#[tokio::test]
async fn nobody_is_the_own_assistant() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let code = code_of(&invite(&physician, &["view"], LAST_DAY).await.assert_status(201));
    accept(&physician, &code).await.assert_problem(404, "invitation_unusable");
}
