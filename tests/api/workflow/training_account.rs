use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{ApplicationId, PersonId, Role};
use mamis_test_support::{
    Operation, SignedIn, TestApp, changes, form_of, join_form, operations, set, training_changes, training_form,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::attachments::LICENCE;
use crate::api::{KYOTO, NATION, OTSU, SHIGA};

const NUMBER: &str = "654321";

/// A draft with the licence.
async fn drafted(who: &SignedIn, form: &Value) -> ApplicationId {
    let id = who.create_application(&training_changes(form)).await.assert_status(201).application_id();
    who.upload(id, ("medical_license", "免許証.jpg"), LICENCE).await.assert_status(201);
    id
}

async fn filed(who: &SignedIn, form: &Value) -> ApplicationId {
    let id = drafted(who, form).await;
    who.submit(id).await.assert_status(200);
    id
}

/// Who has the number now.
async fn holder(app: &TestApp, number: &str) -> Option<PersonId> {
    let question = "select person_id from medical_registrations where number = $1 and known_to is null";
    let row = app.owner().query_opt(question, &[&number]).await.unwrap();
    row.map(|row| PersonId::from_uuid(row.get(0)))
}

async fn text(app: &TestApp, question: &str, id: Uuid) -> String {
    app.owner().query_one(question, &[&id]).await.unwrap().get(0)
}

/// A person of the registry with this number and birth date, without an account.
async fn known(app: &TestApp, number: &str, birth_date: &str) -> PersonId {
    let person = app.given_person().await;
    let id = person.uuid();
    app.owner()
        .execute("update medical_registrations set number = $2 where person_id = $1", &[&id, &number])
        .await
        .unwrap();
    let birth_date: chrono::NaiveDate = birth_date.parse().unwrap();
    app.owner().execute("update persons set birth_date = $2 where id = $1", &[&id, &birth_date]).await.unwrap();
    person
}

#[tokio::test]
async fn the_prefecture_of_the_workplace_approves_and_the_account_speaks_for_its_person() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let id = filed(&who, &training_form(NUMBER)).await;
    let case = who.application(id).await.json();
    assert!(case["number"].as_str().unwrap().contains("-TRAIN-"));
    assert_eq!(case["steps"].as_array().map(Vec::len), Some(1));
    assert_eq!(case["steps"][0]["association"]["name"], SHIGA);
    let clerk = app.given_clerk_of(SHIGA, Role::Approver).await;
    let listed = clerk.work_items(&json!({})).await.json();
    assert_eq!(
        (&listed["items"][0]["kinds"], &listed["items"][0]["applicant"]["name_kana"]),
        (&json!(["training_account"]), &json!("ワタナベ サクラ"))
    );
    clerk.approve(id, "2026-11-23").await.assert_status(200);
    let account = who.get("/account").await.assert_status(200).json();
    assert_eq!(account["person"]["display_name"], "渡邉　桜");
    assert_eq!(account["capabilities"], json!([{ "role": "physician" }]));
    let person = holder(&app, NUMBER).await.unwrap();
    let record = who.get(&format!("/persons/{person}")).await.assert_status(200).json();
    assert_eq!(record["birth_date"], "1985-03-03");
    assert_eq!(record["affiliations"][0]["facility_name"], "湖南内科医院");
    assert_eq!(record["contact_points"].as_array().map(Vec::len), Some(2));
    let state = "select state || ' ' || class from accounts where id = $1";
    assert_eq!(text(&app, state, who.account_id.uuid()).await, "active training_only");
    let standing = "select standing from persons where id = $1";
    assert_eq!(text(&app, standing, person.uuid()).await, "confirmed");
    app.assert_audit(&[
        ("workflow.submit", who.account_id, AuditOutcome::Done),
        ("workflow.approve", clerk.account_id, AuditOutcome::Done),
    ])
    .await;
}

#[tokio::test]
async fn w_24_every_fault_is_named_at_once_and_the_licence_is_one() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let form = set(set(training_form(NUMBER), "/sex", Value::Null), "/workplace/municipality_code", json!("99999"));
    let id = who.create_application(&training_changes(&form)).await.assert_status(201).application_id();
    who.submit(id).await.assert_faults(
        422,
        "invalid_fields",
        &[
            ("/changes/0/payload/sex", "required"),
            ("/changes/0/payload/medical_license", "required"),
            ("/changes/0/payload/workplace/municipality_code", "unknown_value"),
        ],
    );
    let answer = who.save(id, &training_changes(&set(form, "/family_name_kana", json!("渡邉")))).await;
    answer.assert_faults(422, "invalid_fields", &[("/changes/0/payload/family_name_kana", "invalid_format")]);
}

#[tokio::test]
async fn w_25_the_person_is_there_from_the_moment_of_filing_so_that_credits_can_hang_on_it() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let id = drafted(&who, &training_form(NUMBER)).await;
    assert_eq!(holder(&app, NUMBER).await, None);
    who.submit(id).await.assert_status(200);
    let person = holder(&app, NUMBER).await.expect("the person is there");
    assert_eq!(text(&app, "select standing from persons where id = $1", person.uuid()).await, "provisional");
    // The case is refused: the person stays, and is the one whom the next case confirms.
    let clerk = app.given_clerk_of(SHIGA, Role::Approver).await;
    clerk.reject(id, "写しが読めません").await.assert_status(200);
    assert_eq!(who.application(id).await.json()["timeline"][2]["comment"], "写しが読めません");
    let other = app.given_provisional_account().await;
    let again = filed(&other, &set(training_form(NUMBER), "/given_name", json!("さくら"))).await;
    clerk.approve(again, "2026-11-23").await.assert_status(200);
    assert_eq!(holder(&app, NUMBER).await, Some(person));
    let named = "select family_name || given_name || standing from persons where id = $1";
    assert_eq!(text(&app, named, person.uuid()).await, "渡邉さくらconfirmed");
    assert_eq!(other.get("/account").await.json()["person"]["id"], json!(person));
}

#[tokio::test]
async fn w_25_a_corrected_number_moves_the_person_to_it() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let id = filed(&who, &training_form("654320")).await;
    let person = holder(&app, "654320").await;
    let clerk = app.given_clerk_of(SHIGA, Role::Approver).await;
    let comment = ("/changes/0/payload/registration_number", "番号が免許証と違います");
    clerk.send_back(id, "ご確認ください", &[comment]).await.assert_status(200);
    who.save(id, &training_changes(&training_form(NUMBER))).await.assert_status(200);
    who.submit(id).await.assert_status(200);
    assert_eq!((holder(&app, "654320").await, holder(&app, NUMBER).await), (None, person));
}

#[tokio::test]
async fn w_26_a_known_number_is_shown_to_the_clerk_alone_and_no_second_person_is_made() {
    let app = TestApp::start().await;
    let person = known(&app, NUMBER, "1985-03-03").await;
    let who = app.given_provisional_account().await;
    let id = filed(&who, &training_form(NUMBER)).await;
    assert!(who.application(id).await.json().get("known_number").is_none(), "never to the applicant");
    let clerk = app.given_clerk_of(SHIGA, Role::Approver).await;
    let known = json!({
        "has_account": false, "same_name": false, "same_birth_date": true, "same_registered_on": false
    });
    assert_eq!(clerk.application(id).await.json()["known_number"], known);
    clerk.get(&format!("/persons/{person}")).await.assert_problem(404, "not_found");
    clerk.approve(id, "2026-11-23").await.assert_status(200);
    assert_eq!(holder(&app, NUMBER).await, Some(person));
    assert_eq!(who.get("/account").await.json()["person"]["id"], json!(person));
    assert_eq!(text(&app, "select family_name from persons where id = $1", person.uuid()).await, "髙橋", "as it was");
    let seconds = "select count(*) from persons where standing = 'merged' and merged_into = $1";
    assert_eq!(app.count(seconds, &[&person.uuid()]).await, 1);
}

#[tokio::test]
async fn attack_nobody_takes_over_a_record_with_an_account_or_another_birth_date() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU, SHIGA]).await;
    let question = "select number from medical_registrations where person_id = $1";
    let number = text(&app, question, member.person().uuid()).await;
    known(&app, NUMBER, "1970-01-01").await;
    let clerk = app.given_clerk_of(SHIGA, Role::Approver).await;
    for (number, problem) in [(number.as_str(), "person_has_account"), (NUMBER, "identity_mismatch")] {
        let who = app.given_provisional_account().await;
        let id = filed(&who, &training_form(number)).await;
        clerk.approve(id, "2026-11-23").await.assert_problem(409, problem);
        clerk.reject(id, "記録と合いません").await.assert_status(200);
        assert!(who.get("/account").await.json().get("person").is_none());
    }
}

#[tokio::test]
async fn nobody_but_the_prefecture_of_the_workplace_sees_the_case_or_the_licence() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let id = filed(&who, &training_form(NUMBER)).await;
    let licence = who.application(id).await.json()["attachments"][0]["id"].as_str().unwrap().to_owned();
    let person = holder(&app, NUMBER).await.unwrap();
    for place in [OTSU, KYOTO, NATION] {
        let clerk = app.given_clerk_of(place, Role::Administrator).await;
        clerk.application(id).await.assert_problem(404, "not_found");
        clerk.get(&format!("/attachments/{licence}")).await.assert_problem(404, "not_found");
        clerk.get(&format!("/persons/{person}")).await.assert_problem(404, "not_found");
        clerk.approve(id, "2026-11-23").await.assert_problem(404, "not_found");
    }
    let viewer = app.given_clerk_of(SHIGA, Role::Viewer).await;
    viewer.get(&format!("/attachments/{licence}")).await.assert_status(200);
    viewer.get(&format!("/persons/{person}")).await.assert_status(200);
    let other = app.given_provisional_account().await;
    other.application(id).await.assert_problem(404, "not_found");
    other.get(&format!("/attachments/{licence}")).await.assert_problem(404, "not_found");
}

/// What a provisional account may do; everything else is refused, in one place.
const OPEN: [&str; 22] = [
    "accept_terms",
    "create_session",
    "refresh_session",
    "delete_session",
    "get_account",
    "list_sessions",
    "end_session",
    "end_other_sessions",
    "change_password",
    "check_password",
    "get_postal_code",
    "list_municipalities",
    "search_facilities",
    "create_application",
    "list_applications",
    "get_application",
    "save_application",
    "submit_application",
    "retract_application",
    "add_attachment",
    "get_attachment",
    "remove_attachment",
];

#[tokio::test]
async fn id_51_a_provisional_account_can_do_its_own_application_and_nothing_else() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let document: Value = serde_json::from_str(&mamis_api::openapi_json()).unwrap();
    let mut wrong = Vec::new();
    for Operation { id, method, path, entry } in operations() {
        let is_public = entry["security"].is_null();
        if is_public || OPEN.contains(&id.as_str()) {
            continue;
        }
        let right = |part: &Value| {
            let pattern = part["schema"]["pattern"].as_str().map(str::to_owned).or_else(|| {
                let name = part["schema"]["$ref"].as_str()?.rsplit('/').next()?.to_owned();
                document["components"]["schemas"][name]["pattern"].as_str().map(str::to_owned)
            });
            let prefix = pattern.and_then(|text| text.strip_prefix('^')?.split('_').next().map(str::to_owned));
            prefix.map_or_else(|| "x".to_owned(), |prefix| format!("{prefix}_01900000000070008000000000000001"))
        };
        let mut address = path.clone();
        for part in entry["parameters"].as_array().into_iter().flatten().filter(|part| part["in"] == "path") {
            address = address.replace(&format!("{{{}}}", part["name"].as_str().unwrap()), &right(part));
        }
        let call = who.call(Method::from_bytes(method.as_bytes()).unwrap(), &address).if_match("\"v1\"").new_key();
        let name = entry["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
        let body = name.map(|name| &document["components"]["schemas"][name.rsplit('/').next().unwrap()]);
        let call = match body {
            Some(schema) if !schema["example"].is_null() => call.json(&schema["example"]),
            Some(schema) => call.json(&schema["examples"][0]),
            None if !entry["requestBody"]["content"]["multipart/form-data"].is_null() => {
                let (content_type, body) = form_of(("association_id", "x"), "a.csv", b"x");
                call.body(&content_type, body)
            }
            None => call,
        };
        let answer = call.send().await;
        // Parameters that a list needs are read before anything else, and nothing is done without them.
        if !answer.text().contains("account_provisional") && answer.status != 400 {
            wrong.push(format!("{id}: {} {}", answer.status, answer.text()));
        }
    }
    assert!(wrong.is_empty(), "open to a provisional account: {wrong:#?}");
}

#[tokio::test]
async fn attack_a_provisional_account_cannot_ask_for_anything_else() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let joining = changes(&join_form(app.association(OTSU).await));
    let wrong_kind = [("/changes/0/kind", "conflicting")];
    who.create_application(&joining).await.assert_faults(422, "invalid_fields", &wrong_kind);
    let id = drafted(&who, &training_form(NUMBER)).await;
    who.save(id, &joining).await.assert_faults(422, "invalid_fields", &wrong_kind);
    let physician = app.given_physician().await;
    let training = training_changes(&training_form(NUMBER));
    physician.create_application(&training).await.assert_faults(422, "invalid_fields", &wrong_kind);
    who.create_application(&training).await.assert_problem(409, "parallel_application");
    who.retract(id).await.assert_status(200);
    who.create_application(&training).await.assert_status(201);
}

#[tokio::test]
async fn attack_role_state_class_and_person_are_not_the_applicants_to_give() {
    let app = TestApp::start().await;
    let who = app.given_provisional_account().await;
    let person = app.given_person().await;
    for (field, value) in [
        ("role", json!("administrator")),
        ("state", json!("active")),
        ("class", json!("member")),
        ("person_id", json!(person)),
        ("account_id", json!(who.account_id)),
        ("medical_license", json!(true)),
    ] {
        let mut form = training_form(NUMBER);
        form[field] = value;
        let answer = who.create_application(&training_changes(&form)).await;
        answer.assert_faults(400, "malformed_request", &[(&format!("/changes/0/payload/{field}"), "invalid_format")]);
    }
    assert_eq!(app.count("select count(*) from applications", &[]).await, 0);
}
