use mamis_kernel::Role;
use mamis_test_support::{Client, Operation, TestApp, operations};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::OTSU;

/// What nobody may give oneself, with a value that would do harm.
fn coveted(app_ids: &Ids) -> Vec<(&'static str, Value)> {
    vec![
        ("role", json!("administrator")),
        ("roles", json!(["administrator"])),
        ("capabilities", json!([{ "role": "administrator", "association_id": app_ids.association }])),
        ("state", json!("active")),
        ("class", json!("member")),
        ("person_id", json!(app_ids.person)),
        ("account_id", json!(app_ids.account)),
        ("association_id", json!(app_ids.association)),
        ("assurance", json!("second_factor")),
        ("password_hash", json!("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")),
        ("email_confirmed_at", json!("2026-01-01T00:00:00Z")),
        ("provisional", json!(false)),
        ("is_own", json!(true)),
        ("id", json!(app_ids.account)),
        ("__proto__", json!({ "role": "administrator" })),
    ]
}

struct Ids {
    person: String,
    account: String,
    association: String,
}

/// Every identity operation that takes a JSON body, with its schema: from the description, so that none is forgotten.
fn bodies(document: &Value) -> Vec<(&'static Operation, Value)> {
    let mut found = Vec::new();
    for operation in operations() {
        let is_identity = operation.entry["tags"].as_array().is_some_and(|tags| tags.contains(&json!("identity")));
        let Some(reference) = operation.entry["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()
        else {
            continue;
        };
        if is_identity {
            let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
            found.push((operation, schema.clone()));
        }
    }
    found
}

/// A path whose ids are of the right kind and belong to nothing.
fn path_of(operation: &Operation, document: &Value) -> String {
    let mut path = operation.path.clone();
    for parameter in operation.entry["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "path" {
            let reference = parameter["schema"]["$ref"].as_str().unwrap();
            let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
            let example = schema["examples"][0].as_str().unwrap();
            path = path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), example);
        }
    }
    path
}

/// All that an identity operation could have changed, as one number.
async fn fingerprint(app: &TestApp) -> String {
    let mut prints = Vec::new();
    for table in
        ["accounts", "capabilities", "clerk_invitations", "account_suspensions", "contact_codes", "sessions", "mails"]
    {
        let question = format!("select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t");
        let print: String = app.owner().query_one(&question, &[]).await.unwrap().get(0);
        prints.push(format!("{table} {print}"));
    }
    prints.join(" ")
}

#[tokio::test]
async fn attack_mass_assignment_of_role_state_class_and_person_on_every_identity_operation() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let victim = app.given_member_of(&[OTSU]).await;
    let ids = Ids {
        person: victim.person().to_string(),
        account: victim.account_id.to_string(),
        association: app.association(OTSU).await.to_string(),
    };
    let document: Value = app.visitor().get("/openapi.json").await.assert_status(200).json();
    let bodies = bodies(&document);
    assert!(bodies.len() >= 17, "{} identity operations take a body", bodies.len());
    let before = fingerprint(&app).await;
    let mut asked = 0;
    for (operation, schema) in bodies {
        assert_eq!(schema["additionalProperties"], false, "{}: unknown fields are refused", operation.id);
        let client: &Client = &administrator;
        let method: Method = operation.method.parse().unwrap();
        let path = path_of(operation, &document);
        for (field, value) in coveted(&ids) {
            if schema["properties"].get(field).is_some() {
                // Its own, as an invitation's role is: what may be given there has tests of its own.
                continue;
            }
            let mut body = schema["example"].clone();
            assert!(body.is_object(), "{} has no example", operation.id);
            body[field] = value;
            let answer = client.call(method.clone(), &path).new_key().json(&body).send().await;
            let pointer = format!("/{field}");
            answer.assert_faults(400, "malformed_request", &[(&pointer, "invalid_format")]);
            asked += 1;
        }
    }
    assert!(asked >= 17 * 13, "{asked}");
    assert_eq!(fingerprint(&app).await, before);
}
