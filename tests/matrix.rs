//! The permission matrix: every operation of the API, asked by everybody. The answers to expect stand in
//! crates/api/src/access.rs and are printed in docs/authz-matrix.md.

mod questions;

use std::collections::BTreeSet;

use mamis_api::access::{
    ACTING_ACTORS, ACTING_ANSWERS, ACTORS, ANSWERS, Access, BEFORE_TERMS, OPERATIONS, authz_matrix_markdown,
};
use mamis_domain::identity::policy::IdentityAction;
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_kernel::{DelegationScope, MismatchId, OrganisationId, PersonId, Role};
use mamis_test_support::{Answer, Case, Client, Operation, PASSWORD, SignedIn, TestApp, join_form, operations};
use reqwest::Method;
use serde_json::{Value, json};

use questions::question;

const OTSU: &str = "大津市医師会";
const SHIGA: &str = "滋賀県医師会";
const NATION: &str = "日本医師会";
/// A district that nobody here has to do with.
const HIKONE: &str = "彦根市医師会";
/// One that is good enough.
const NEW_PASSWORD: &str = "琵琶湖の朝は静かで風がない";
/// Where the physician is a member, and where the cases go.
const ROUTE: [&str; 3] = [OTSU, SHIGA, NATION];

/// A file with changes of somebody who is nobody.
const CHANGES: &str = "医籍登録番号,生年月日,電話番号\r\n1,1950-01-01,0775000001\r\n";
/// A photograph of a made-up licence.
const LICENCE: &[u8] = include_bytes!("data/files/licence.jpg");
/// What is asked of a case that came back.
const RETURNED: [&str; 4] = ["save_application", "submit_application", "add_attachment", "remove_attachment"];

/// What an operation is asked about.
struct Ground {
    member: SignedIn,
    number: String,
    association: String,
    society: OrganisationId,
    form: Value,
    assistant: SignedIn,
}

/// A case where the operation needs one, with its version.
struct AtHand {
    case: Case,
    version: String,
    attachment: Option<String>,
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let described: BTreeSet<&str> = operations().iter().map(|operation| operation.id.as_str()).collect();
    let listed: BTreeSet<&str> = OPERATIONS.iter().map(|(id, _)| *id).collect();
    let answered: BTreeSet<&str> = ANSWERS.iter().map(|(id, _)| *id).collect();
    assert_eq!(described, listed, "add the operation to OPERATIONS in crates/api/src/access.rs");
    assert_eq!(described, answered, "add the operation to ANSWERS in crates/api/src/access.rs");
    let acting: BTreeSet<&str> = ACTING_ANSWERS.iter().map(|(id, _)| *id).collect();
    assert_eq!(described, acting, "add the operation to ACTING_ANSWERS in crates/api/src/access/acting.rs");
    assert_eq!(acting.len(), ACTING_ANSWERS.len(), "a row stands twice");
    assert_eq!((listed.len(), answered.len()), (OPERATIONS.len(), ANSWERS.len()), "a row stands twice");
}

#[test]
fn the_description_says_which_operations_are_public() {
    for operation in operations() {
        let (_, access) = OPERATIONS.iter().find(|(id, _)| *id == operation.id).unwrap();
        let secured = operation.entry["security"] == json!([{ "session": [] }]);
        assert_eq!(secured, !matches!(access, Access::Public(_) | Access::PublicRead(_)), "{}", operation.id);
    }
}

#[test]
fn the_printed_matrix_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/authz-matrix.md");
    let printed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(printed == authz_matrix_markdown(), "docs/authz-matrix.md is old: run `cargo xtask authz-matrix`");
}

#[tokio::test]
async fn everybody_gets_the_answer_of_the_matrix() {
    let app = TestApp::start().await;
    let ground = Ground::given(&app).await;
    let actors = given_actors(&app, &ground).await;
    let mut wrong = Vec::new();
    for operation in operations() {
        let (_, expected) = ANSWERS.iter().find(|(id, _)| *id == operation.id).unwrap();
        let mut at_hand = None;
        let mut succeeded = false;
        for ((name, actor), expected) in ACTORS.iter().zip(&actors).zip(expected) {
            let (asker, case) = prepare(&app, &operation.id, &ground, actor.as_ref(), at_hand.take()).await;
            let made = make_ready(&app, &operation.id, &ground, &asker).await;
            let before = Trace::of(&app).await;
            let answer = ask(&app, &operation.id, (&ground, &made), &asker, case.as_ref()).await;
            let after = Trace::of(&app).await;
            if operation.id == "claim_clerk_invitation" {
                // Everybody goes on as who they were.
                let statement = "delete from capabilities where valid_from = '2026-11-23'";
                app.owner().batch_execute(statement).await.unwrap();
            }
            if answer.status != *expected {
                wrong.push(format!("{} by {name}: {} instead of {expected}", operation.id, answer.status));
            }
            if let Some(fault) = untraced(operation, &answer, &asker, &before, &after) {
                wrong.push(format!("{} by {name}: {fault}", operation.id));
            }
            succeeded |= answer.status < 300;
            if let (Some(who), true) = (&asker.1, changes_factors(&operation.id)) {
                app.restore_second_factor(who).await;
            }
            // A case that somebody changed is no longer the one the next one is to be asked about.
            at_hand = case.filter(|_| answer.status >= 300 || operation.method == "GET");
        }
        assert!(succeeded, "{} succeeds for nobody: its answer was never compared with the description", operation.id);
    }
    assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn id_40_before_the_terms_are_accepted_only_ones_own_account_answers() {
    let app = TestApp::start().await;
    let ground = Ground::given(&app).await;
    let mut wrong = Vec::new();
    for operation in operations() {
        let (_, access) = OPERATIONS.iter().find(|(id, _)| *id == operation.id).unwrap();
        if matches!(access, Access::Public(_) | Access::PublicRead(_)) {
            continue;
        }
        // Accounts of their own, for some operations end what others would need.
        let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
        let (asker, case) = prepare(&app, &operation.id, &ground, Some(&clerk), None).await;
        app.given_nothing_accepted(clerk.account_id).await;
        // Nothing made ready by the clerk: the server would remember that the terms were accepted then.
        let made = match operation.id.as_str() {
            "confirm_email_change" => json!({ "id": "cnf_01900000000070008000000000000001", "code": "123456" }),
            id if id.contains("passkey") => given_passkey(&app, id, None).await,
            id => make_ready(&app, id, &ground, &asker).await,
        };
        let refused = ask(&app, &operation.id, (&ground, &made), &asker, case.as_ref()).await;
        let said = (refused.status == 403).then(|| refused.json()["code"].as_str().map(str::to_owned)).flatten();
        let open = BEFORE_TERMS.contains(&operation.id.as_str());
        if open != (said.as_deref() != Some("terms_not_accepted")) {
            wrong.push(format!("{}: {} {said:?}", operation.id, refused.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether an operation leaves the account with other second factors than those that the log-ins of this test know.
fn changes_factors(id: &str) -> bool {
    ["take_second_step", "confirm_totp", "remove_totp", "renew_recovery_codes"].contains(&id) || id.contains("passkey")
}

/// Audit events there are, by outcome.
struct Trace {
    done: i64,
    denied: i64,
    seen: i64,
}

impl Trace {
    async fn of(app: &TestApp) -> Self {
        app.write_reads().await;
        let row = app
            .owner()
            .query_one(
                "select count(*) filter (where outcome = 'done'), count(*) filter (where outcome = 'denied'),
                     count(*) filter (where outcome = 'seen') from audit_events",
                &[],
            )
            .await
            .unwrap();
        Self { done: row.get(0), denied: row.get(1), seen: row.get(2) }
    }
}

/// What should have been in the audit and is not.
fn untraced(
    operation: &Operation,
    answer: &Answer,
    asker: &Asker,
    before: &Trace,
    after: &Trace,
) -> Option<&'static str> {
    let access = OPERATIONS.iter().find(|(known, _)| *known == operation.id).unwrap().1;
    let (changes, reads_another) = match access {
        Access::Public(_) => (true, false),
        Access::PublicRead(_) => (false, false),
        Access::SignedIn => (false, false),
        Access::Own | Access::Judged(_) => (true, false),
        Access::Scoped => (
            false,
            ["get_person", "get_person_history", "list_memberships", "look_up_person"].contains(&operation.id.as_str()),
        ),
        Access::Identity(action) => (operation.method != "GET", action == IdentityAction::ReadAccount),
        Access::Workflow(action) => (action != WorkflowAction::Read, action == WorkflowAction::Read),
    };
    let succeeded = answer.status < 300;
    if after.done - before.done != i64::from(changes && succeeded) {
        return Some("a change has exactly one audit event, anything else none");
    }
    let judged = matches!(access, Access::Workflow(_) | Access::Identity(_) | Access::Judged(_));
    let refused = judged && [403, 404].contains(&answer.status);
    if refused && after.denied != before.denied + 1 {
        return Some("a refusal without an audit event");
    }
    let is_physician = asker.1.as_ref().is_some_and(|who| who.person_id.is_some());
    if reads_another && succeeded && (after.seen != before.seen) == is_physician {
        return Some("readings of another's record, and only these, have an audit event");
    }
    None
}

impl Ground {
    async fn given(app: &TestApp) -> Self {
        let member = app.given_member_of(&ROUTE).await;
        let question = "select number from medical_registrations where person_id = $1";
        let number = app.owner().query_one(question, &[&member.person().uuid()]).await.unwrap().get(0);
        let association = app.association(OTSU).await;
        let society = app.given_society("日本見本学会").await;
        Self {
            member,
            number,
            association: association.to_string(),
            society,
            form: join_form(association),
            assistant: app.given_assistant().await,
        }
    }
}

#[tokio::test]
async fn everybody_who_acts_for_somebody_gets_the_answer_of_the_matrix() {
    let app = TestApp::start().await;
    let ground = Ground::given(&app).await;
    let actors = given_acting_actors(&app).await;
    let mut wrong = Vec::new();
    for operation in operations() {
        let (_, expected) = ACTING_ANSWERS.iter().find(|(id, _)| *id == operation.id).unwrap();
        for (((column, name), actor), expected) in ACTING_ACTORS.iter().enumerate().zip(&actors).zip(expected) {
            // Each is asked about a case, or a person, of its own, under a grant of its own.
            let ((client, who), case) = prepare(&app, &operation.id, &ground, Some(actor), None).await;
            let physician = case.as_ref().map_or(&ground.member, |at_hand| &at_hand.case.physician);
            let id = given_acting(&app, column, who.as_ref().unwrap(), physician).await;
            let asker = (client.acting_for(&id), who);
            let made = make_ready(&app, &operation.id, &ground, &asker).await;
            let before = Trace::of(&app).await;
            let answer = ask(&app, &operation.id, (&ground, &made), &asker, case.as_ref()).await;
            let after = Trace::of(&app).await;
            if answer.status != *expected {
                wrong.push(format!("{} by {name}: {} instead of {expected}", operation.id, answer.status));
            }
            if answer.status == 403 && after.denied == before.denied {
                wrong.push(format!("{} by {name}: a refusal without an audit event", operation.id));
            }
            if let (Some(who), true) = (&asker.1, changes_factors(&operation.id)) {
                app.restore_second_factor(who).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), wrong.join("\n"));
}

async fn given_acting_actors(app: &TestApp) -> Vec<SignedIn> {
    let mut actors = Vec::new();
    for _ in 0..6 {
        actors.push(app.given_assistant().await);
    }
    actors.push(app.given_clerk_of(OTSU, Role::Operator).await);
    actors.push(app.given_clerk_of("草津市医師会", Role::Administrator).await);
    actors
}

/// What the actor of this column acts on for the physician.
async fn given_acting(app: &TestApp, column: usize, actor: &SignedIn, physician: &SignedIn) -> String {
    let person: PersonId = physician.person();
    if column >= 6 {
        let association = if column == 6 { OTSU } else { "草津市医師会" };
        return app.given_on_behalf(actor, association, person).await.to_string();
    }
    let before = "update delegations set revoked_at = now(), revoked_by = invited_by
        where account_id = $1 and revoked_at is null";
    app.owner().execute(before, &[&actor.account_id.uuid()]).await.unwrap();
    let all = DelegationScope::ALL;
    let id = app.given_delegation(physician, actor, all.get(column..=column).unwrap_or(all)).await;
    let change = match column {
        4 => "update delegations set ends_on = '2026-11-22' where id = $1",
        5 => "update delegations set revoked_at = now(), revoked_by = invited_by where id = $1",
        _ => return id.to_string(),
    };
    app.owner().execute(change, &[&id.uuid()]).await.unwrap();
    id.to_string()
}

async fn given_actors(app: &TestApp, ground: &Ground) -> [Option<SignedIn>; 13] {
    let clerk = async |association, role| Some(app.given_clerk_of(association, role).await);
    [
        None,
        Some(ground.member.clone()),
        Some(app.given_physician().await),
        clerk(OTSU, Role::Viewer).await,
        clerk(OTSU, Role::Operator).await,
        clerk(OTSU, Role::Approver).await,
        clerk(OTSU, Role::Administrator).await,
        clerk("草津市医師会", Role::Approver).await,
        clerk(SHIGA, Role::Approver).await,
        clerk("京都府医師会", Role::Approver).await,
        clerk(NATION, Role::Approver).await,
        clerk(NATION, Role::Administrator).await,
        Some(app.given_organiser_of(ground.society).await),
    ]
}

/// The one who asks: a client, and the account behind it.
type Asker = (Client, Option<SignedIn>);

/// Makes sure there is a case in the state the operation is about. "The physician" of a case is its own.
async fn prepare(
    app: &TestApp,
    id: &str,
    ground: &Ground,
    actor: Option<&SignedIn>,
    at_hand: Option<AtHand>,
) -> (Asker, Option<AtHand>) {
    let about_a_case = OPERATIONS.iter().any(|(known, access)| {
        *known == id && matches!(access, Access::Workflow(action) if *action != WorkflowAction::Create)
    });
    let case = match at_hand {
        Some(at_hand) => Some(at_hand),
        None if about_a_case => {
            let case = app.given_application().drafted_for(OTSU).await;
            let attachment = if id.ends_with("_attachment") {
                let file = case.physician.upload(case.id, ("medical_license", "a.jpg"), LICENCE).await;
                file.json()["id"].as_str().map(str::to_owned)
            } else {
                None
            };
            case.physician.submit(case.id).await.assert_status(200);
            if RETURNED.contains(&id) {
                let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
                clerk.send_back(case.id, "ご確認ください", &[]).await.assert_status(200);
            }
            let version = case.physician.version_of(case.id).await;
            Some(AtHand { case, version, attachment })
        }
        None => None,
    };
    let is_the_physician = actor.is_some_and(|actor| actor.account_id == ground.member.account_id);
    let who = match (&case, actor) {
        (Some(at_hand), Some(_)) if is_the_physician => Some(at_hand.case.physician.clone()),
        // Signing out, and refreshing, use a session up: each gets one of its own.
        (_, Some(actor)) if id.ends_with("_session") => Some(app.log_in_again(actor).await),
        (_, actor) => actor.cloned(),
    };
    let client = who.as_deref().cloned().unwrap_or_else(|| app.visitor());
    ((client, who), case)
}

/// What an operation needs that its asker makes first, as the operation names it. Who may not make it asks about something
/// that is not there.
async fn make_ready(app: &TestApp, id: &str, ground: &Ground, (client, who): &Asker) -> Value {
    match id {
        "confirm_email_change" => {
            let address = format!("{}@example.jp", who.as_ref().map_or("nobody", |who| &who.login_id));
            let asked = json!({ "email": address, "current_password": PASSWORD });
            let sent = client.post("/account/email-changes").json(&asked).send().await;
            match sent.status {
                201 => json!({ "id": sent.json()["id"], "code": app.code_sent_to(&address).await }),
                _ => json!({ "id": "cnf_01900000000070008000000000000001", "code": "000000" }),
            }
        }
        "confirm_registration" => {
            let address = format!("{}@example.com", who.as_ref().map_or("nobody", |who| &who.login_id));
            let sent = app.visitor().post("/registrations").json(&json!({ "email": address })).send().await;
            json!({ "id": sent.json()["id"], "code": app.code_sent_to(&address).await })
        }
        id if id.contains("passkey") => given_passkey(app, id, who.as_ref()).await,
        "create_enrolment" => {
            let person = app.given_member_without_account(&[HIKONE]).await;
            let letter = app.given_letter(HIKONE, person).await;
            json!({ "login_id": letter.temporary_login_id, "password": letter.temporary_password })
        }
        id if id.contains("enrolment") => given_enrolment(app, id).await,
        "complete_recovery" => {
            let (physician, address) = (app.given_physician().await, format!("{}@example.jp", uuid::Uuid::now_v7()));
            app.given_email(physician.account_id, &address).await;
            let asked = json!({ "login_id": address });
            app.visitor().post("/recoveries").json(&asked).send().await.assert_status(202);
            app.answer_recoveries().await;
            json!(app.recovery_token_sent_to(&address).await)
        }
        "dismiss_duplicate" => json!(app.given_duplicate(OTSU).await),
        "preview_merge" | "merge_persons" => merge_wish(app).await,
        "undo_merge" => {
            let approver = app.given_clerk_of(OTSU, Role::Approver).await;
            let merged = approver.post("/person-merges").new_key().json(&merge_wish(app).await).send().await;
            merged.assert_status(201).json()["id"].clone()
        }
        "get_export" | "cancel_export" | "fetch_export" | "list_unwritable_cells" => {
            given_export(app, who.as_ref()).await
        }
        "get_saved_list" | "change_list" | "remove_list" => given_saved_list(app, who.as_ref()).await,
        "get_member_import" | "list_import_rows" | "apply_member_import" | "undo_member_import" => {
            given_member_import(app, id == "undo_member_import").await
        }
        "create_letter_batch" => json!(app.given_member_without_account(&[OTSU]).await),
        "get_letter_batch" | "fetch_letter_batch" | "finish_letter_batch" => {
            let person = app.given_member_without_account(&[OTSU]).await;
            let batch = app.given_batch(OTSU, "enrolment", &[person]).await;
            app.print_letters().await;
            json!(batch)
        }
        "accept_identity" | "dismiss_identity_mismatch" => {
            let person = app.given_member_without_account(&[OTSU]).await;
            let letter = app.given_letter(OTSU, person).await;
            let mut wrong = app.identity_of(person).await;
            wrong["birth_date"] = json!("1980-07-06");
            app.given_enrolling(&letter).await.step("identity", &wrong).await.assert_status(200);
            let question = "select id from identity_mismatches where person_id = $1";
            let id: uuid::Uuid = app.owner().query_one(question, &[&person.uuid()]).await.unwrap().get(0);
            json!(MismatchId::from_uuid(id))
        }
        "change_person" | "add_affiliation" | "change_affiliation" | "add_contact_point" | "end_contact_point" => {
            given_record(app, ground.member.person()).await
        }
        _ => json!(given_thing(app, id, ground, who.as_ref()).await),
    }
}

/// The asker's own file, written; an operator's where the asker may not have one.
async fn given_export(app: &TestApp, who: Option<&SignedIn>) -> Value {
    let body = json!({
        "kind": "members", "association_id": app.association(OTSU).await, "purpose": "確認", "format": "csv"
    });
    let asked = match who {
        Some(who) => Some(who.post("/exports").new_key().json(&body).send().await),
        None => None,
    };
    let made = match asked {
        Some(answer) if answer.status == 202 => answer.json(),
        _ => {
            let operator = app.given_clerk_of(OTSU, Role::Operator).await;
            operator.post("/exports").new_key().json(&body).send().await.assert_status(202).json()
        }
    };
    app.write_exports().await;
    made["id"].clone()
}

/// A file that changes one telephone number, looked through or written.
async fn given_member_import(app: &TestApp, applied: bool) -> Value {
    let person = app.given_member_without_account(&[OTSU]).await;
    let operator = app.given_clerk_of(OTSU, Role::Operator).await;
    let number = app.identity_of(person).await["medical_registration_number"].as_str().unwrap().to_owned();
    let file = format!("医籍登録番号,生年月日,電話番号\r\n{number},1980-07-05,0775000001\r\n");
    let made = operator.check_changes(app.association(OTSU).await, "a.csv", file.as_bytes()).await;
    let id = made.assert_status(201).json()["id"].clone();
    if applied {
        let path = format!("/member-imports/{}/apply", id.as_str().unwrap());
        operator.post(&path).new_key().send().await.assert_status(200);
    }
    id
}

/// The asker's own list, shared with the association; an operator's where the asker may not have one.
async fn given_saved_list(app: &TestApp, who: Option<&SignedIn>) -> Value {
    let body = json!({
        "association_id": app.association(OTSU).await, "name": "開業医", "shared": true, "sort": "kana", "columns": []
    });
    let saved = match who {
        Some(who) => Some(who.post("/saved-lists").new_key().json(&body).send().await),
        None => None,
    };
    match saved {
        Some(answer) if answer.status == 201 => answer.json()["id"].clone(),
        _ => {
            let operator = app.given_clerk_of(OTSU, Role::Operator).await;
            let saved = operator.post("/saved-lists").new_key().json(&body).send().await;
            saved.assert_status(201).json()["id"].clone()
        }
    }
}

/// What the asker's device makes or signs, or the id of the passkey it has made.
async fn given_passkey(app: &TestApp, id: &str, who: Option<&SignedIn>) -> Value {
    let mut device = app.given_authenticator();
    match (id, who) {
        ("register_passkey", Some(who)) => {
            let asked = who.post("/account/passkey-challenges").send().await.assert_status(201).json();
            json!({ "challenge": asked["challenge"], "label": "診察室", "credential": device.make(&asked["options"]) })
        }
        ("register_passkey", None) => json!({ "challenge": "made-up", "label": "診察室", "credential": {} }),
        ("log_in_by_passkey", who) => {
            if let Some(who) = who {
                who.add_passkey(&mut device, "診察室").await.assert_status(201);
            }
            let asked = app.visitor().post("/sessions/passkey-challenges").send().await.assert_status(201).json();
            json!({ "challenge": asked["challenge"], "credential": device.sign(&asked["options"]) })
        }
        ("rename_passkey" | "remove_passkey", Some(who)) => {
            who.add_passkey(&mut device, "診察室").await.assert_status(201);
            who.get("/account/factors").await.assert_status(200).json()["passkeys"][0]["id"].clone()
        }
        _ => json!("pky_01900000000070008000000000000001"),
    }
}

/// The cookie of somebody who came as far as the step that an operation is about.
async fn given_enrolment(app: &TestApp, id: &str) -> Value {
    let person = app.given_member_without_account(&[HIKONE]).await;
    let letter = app.given_letter(HIKONE, person).await;
    let enrolling = app.given_enrolling(&letter).await;
    let proof = app.identity_of(person).await;
    let mut code = String::new();
    if !["get_enrolment", "prove_enrolment_identity", "check_enrolment_password"].contains(&id) {
        enrolling.step("identity", &proof).await.assert_status(200);
    }
    if id == "confirm_enrolment_email" {
        let address = format!("{}@example.jp", uuid::Uuid::now_v7());
        enrolling.step("email", &json!({ "email": address })).await.assert_status(200);
        code = app.code_sent_to(&address).await;
    }
    if ["choose_enrolment_password", "complete_enrolment"].contains(&id) {
        enrolling.post("email/decline").send().await.assert_status(200);
    }
    if id == "complete_enrolment" {
        enrolling.step("password", &json!({ "password": NEW_PASSWORD })).await.assert_status(200);
    }
    json!({ "cookie": enrolling.cookie, "proof": proof, "code": code })
}

async fn ask(
    app: &TestApp,
    id: &str,
    (ground, made): (&Ground, &Value),
    (client, who): &Asker,
    at_hand: Option<&AtHand>,
) -> Answer {
    match id {
        "create_session" => {
            let login_id = who.as_ref().map_or("nobody-of-that-name", |who| &who.login_id);
            app.visitor().try_log_in(login_id, PASSWORD).await
        }
        "take_second_step" => {
            let challenge = match who {
                Some(who) => app.given_second_step(who.account_id).await,
                None => "made-up".to_owned(),
            };
            let body = json!({ "challenge": challenge, "kind": "totp", "code": app.totp_code() });
            app.visitor().post("/sessions/second-step").json(&body).send().await
        }
        "log_in_by_passkey" => app.visitor().post("/sessions/passkey").json(made).send().await,
        "confirm_totp" => {
            if let Some(who) = who {
                app.given_totp_setup(who.account_id).await;
            }
            client.post("/account/totp/confirm").json(&json!({ "code": app.totp_code() })).send().await
        }
        "remove_totp" => {
            if let Some(who) = who {
                app.given_totp(who.account_id).await;
            }
            client.call(Method::DELETE, "/api/v1/account/totp").send().await
        }
        "end_session" => {
            let sessions = client.get("/account/sessions").await;
            let own = sessions.json()["items"][0]["id"].as_str().map(str::to_owned);
            let id = own.unwrap_or_else(|| "ses_01900000000070008000000000000001".to_owned());
            client.call(Method::DELETE, &format!("/api/v1/account/sessions/{id}")).send().await
        }
        "end_on_behalf" => {
            let id = match who {
                Some(who) => app.given_on_behalf(who, OTSU, ground.member.person()).await.to_string(),
                None => "obo_01900000000070008000000000000001".to_owned(),
            };
            client.call(Method::DELETE, &format!("/api/v1/on-behalf/{id}")).send().await
        }
        "revoke_delegation" => {
            let id = app.given_delegation(&ground.member, &ground.assistant, &[DelegationScope::View]).await;
            let answer = client.call(Method::DELETE, &format!("/api/v1/delegations/{id}")).send().await;
            let gone = "update delegations set revoked_at = now(), revoked_by = invited_by where id = $1 and revoked_at is null";
            app.owner().execute(gone, &[&id.uuid()]).await.unwrap();
            answer
        }
        "look_up_assistant_invitation" | "accept_assistant_invitation" => {
            let code = app.given_invitation(&ground.member).await;
            let verb = if id == "accept_assistant_invitation" { "accept" } else { "lookup" };
            client.post(&format!("/assistant-invitations/{verb}")).json(&json!({ "code": code })).send().await
        }
        "register_assistant" => {
            let code = app.given_invitation(&ground.member).await;
            let login_id = format!("assistant-{}", &code[20..]);
            let body = json!({ "code": code, "login_id": login_id, "display_name": "山田 花", "password": PASSWORD });
            client.post("/assistant-invitations/register").json(&body).send().await
        }
        "refresh_session" => app.visitor().refresh(who.as_ref().map_or("", |who| &who.refresh_token)).await,
        _ => question(id, (ground, made), client, at_hand).send().await,
    }
}

/// What some operations are about and use up: the code or id of an invitation, a role, a person. Everybody gets a fresh one.
async fn given_thing(app: &TestApp, id: &str, ground: &Ground, who: Option<&SignedIn>) -> String {
    match id {
        // To an association that nobody here has to do with.
        "look_up_clerk_invitation" | "accept_clerk_invitation" | "claim_clerk_invitation" => {
            given_invitation(app, "彦根市医師会", "code").await
        }
        "withdraw_clerk_invitation" => given_invitation(app, OTSU, "id").await,
        "change_clerk_role" | "end_clerk_role" | "recover_clerk" => {
            let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
            let question = "select replace(id::text, '-', '') from capabilities where account_id = $1";
            let id: String = app.owner().query_one(question, &[&clerk.account_id.uuid()]).await.unwrap().get(0);
            format!("clr_{id}")
        }
        // Oneself is asked about oneself; everybody else about a member nobody has touched yet.
        "suspend_account" | "lift_suspension" => {
            let own = who.is_some_and(|who| who.account_id == ground.member.account_id);
            let subject = if own { ground.member.clone() } else { app.given_member_of(&ROUTE).await };
            if id == "lift_suspension" && !own {
                given_suspension(app, &subject).await;
            }
            subject.person().to_string()
        }
        _ => String::new(),
    }
}

async fn given_invitation(app: &TestApp, association: &str, wanted: &str) -> String {
    let administrator = app.given_clerk_of(association, Role::Administrator).await;
    let association = app.association(association).await;
    let body = json!({ "association_id": association, "role": "viewer", "invitee": "田中", "language": "ja" });
    let made = administrator.post("/clerk-invitations").new_key().json(&body).send().await.assert_status(201);
    made.json()[wanted].as_str().unwrap().to_owned()
}

/// A record to be changed: its version, a workplace nobody has yet, and one and a contact point that the person has.
async fn given_record(app: &TestApp, person: PersonId) -> Value {
    let (facility, other) = (app.given_facility("新しい医院").await, app.given_facility("今の医院").await);
    let affiliation = app.given_affiliation(person, other, false, "2020-04-01", None).await;
    let contact = uuid::Uuid::now_v7();
    let sql = "insert into contact_points (id, person_id, kind, purpose, value) values ($1, $2, 'email', 'home', $3)";
    app.owner().execute(sql, &[&contact, &person.uuid(), &format!("{contact}@example.jp")]).await.unwrap();
    let version = "select version from persons where id = $1";
    let version: i64 = app.owner().query_one(version, &[&person.uuid()]).await.unwrap().get(0);
    json!({
        "version": format!("\"v{version}\""), "facility": facility, "affiliation": affiliation,
        "contact": mamis_kernel::ContactPointId::from_uuid(contact)
    })
}

async fn given_suspension(app: &TestApp, subject: &SignedIn) {
    app.owner()
        .batch_execute(&format!(
            "update accounts set state = 'suspended' where id = '{0}';
             insert into account_suspensions (id, account_id, reason, note, suspended_at)
             values (gen_random_uuid(), '{0}', 'left_or_expelled', '退会届を受理', '2026-11-01T00:00:00Z')",
            subject.account_id.uuid()
        ))
        .await
        .unwrap();
}

/// Two members of one association that are to become one.
async fn merge_wish(app: &TestApp) -> Value {
    let kept = app.given_member_without_account(&[OTSU]).await;
    let given_up = app.given_member_without_account(&[OTSU]).await;
    json!({ "association_id": app.association(OTSU).await, "kept_id": kept, "given_up_id": given_up })
}
