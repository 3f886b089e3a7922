//! The API's description: current, served, sound, with examples that work. That answers are as described is compared by
//! every test on every answer; that each operation was compared at least once, by the matrix.

use std::collections::BTreeSet;

use mamis_test_support::{Operation, TestApp, operations};
use reqwest::Method;
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(&mamis_api::openapi_json()).unwrap()
}

#[test]
fn the_committed_description_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == mamis_api::openapi_json(), "openapi/openapi.json is old: run `cargo xtask openapi`");
}

#[tokio::test]
async fn the_server_serves_the_committed_description() {
    let app = TestApp::start().await;
    let served = app.visitor().call(Method::GET, "/api/v1/openapi.json").send().await.assert_status(200);
    assert_eq!(served.header("content-type"), "application/json");
    let committed = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json")).unwrap_or_default();
    assert!(served.body == committed, "the server serves another description than openapi/openapi.json");
}

#[tokio::test]
async fn the_try_it_page_is_there() {
    let app = TestApp::start().await;
    let page = app.visitor().call(Method::GET, "/api/docs/").send().await.assert_status(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
}

#[test]
fn it_is_openapi_3_1_with_unique_ids_and_words_for_everything() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["components"]["securitySchemes"]["session"]["scheme"], "bearer");
    let ids: BTreeSet<_> = operations().iter().map(|operation| &operation.id).collect();
    assert_eq!(ids.len(), operations().len(), "an operation id stands twice");
    for Operation { id, entry, path, .. } in operations() {
        let (verb, resource) = id.split_once('_').unwrap_or_default();
        assert!(!verb.is_empty() && !resource.is_empty(), "{id} is not <verb>_<resource>");
        assert!(entry["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id} has no summary");
        assert_eq!(entry["tags"].as_array().map(Vec::len), Some(1), "{id} belongs to one slice");
        let parameters = entry["parameters"].as_array().cloned().unwrap_or_default();
        for part in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            assert!(parameters.iter().any(|p| p["in"] == "path" && p["name"] == part), "{id}: {part} is not described");
        }
    }
}

#[test]
fn every_operation_describes_its_problems() {
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    for Operation { id, entry, path, .. } in operations() {
        let answers = entry["responses"].as_object().unwrap();
        let mut wanted = vec!["401", "500", "503"];
        wanted.extend(entry.get("requestBody").map(|_| ["400", "413", "415", "422"]).into_iter().flatten());
        wanted.extend(path.contains("{id}").then_some("404"));
        for header in entry["parameters"].as_array().into_iter().flatten().filter_map(|p| p["name"].as_str()) {
            wanted.extend(["If-Match", "Idempotency-Key"].contains(&header).then_some("428"));
        }
        for status in wanted {
            assert!(answers.contains_key(status), "{id} does not describe {status}");
        }
        for (status, answer) in answers.iter().filter(|(status, _)| status.as_str() >= "400") {
            assert_eq!(answer["content"]["application/problem+json"]["schema"], problem, "{id} {status}");
        }
    }
}

#[test]
fn every_body_has_an_example_that_its_schema_takes() {
    let document = document();
    for Operation { id, entry, .. } in operations() {
        let Some(body) = entry.get("requestBody") else { continue };
        let content = &body["content"];
        let content = content.get("application/json").unwrap_or(&content["multipart/form-data"]);
        let schema = &content["schema"];
        let name = schema["$ref"].as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default();
        let named = &document["components"]["schemas"][name];
        let example = [&content["example"], &named["example"], &named["examples"][0]];
        let example = example.into_iter().find(|value| !value.is_null());
        let example = example.unwrap_or_else(|| panic!("{id}: {name} has no example"));
        let mut whole = named.clone();
        whole["components"] = document["components"].clone();
        let validator = jsonschema::draft202012::new(&whole).unwrap();
        let faults: Vec<_> = validator.iter_errors(example).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{id}: the example is not as described: {faults:?}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in found {
        let there = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        assert!(there.is_some(), "{reference} leads nowhere");
    }
}
