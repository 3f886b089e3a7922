//! The API's own description, with which every answer of every test is compared.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

/// An operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id, `get_person` for example.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// `/api/v1/persons/{id}`
    pub path: String,
    /// The whole entry of the document.
    pub entry: Value,
}

struct Description {
    document: Value,
    operations: Vec<Operation>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

static DESCRIPTION: LazyLock<Description> = LazyLock::new(|| {
    let document = serde_json::to_value(mamis_api::openapi_document()).expect("the description is JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("the description has paths") {
        for method in ["get", "put", "post", "delete", "patch"] {
            let Some(entry) = item.get(method) else { continue };
            operations.push(Operation {
                id: entry["operationId"].as_str().unwrap_or_default().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                entry: entry.clone(),
            });
        }
    }
    Description { document, operations, validators: Mutex::default() }
});

/// Every operation of the API.
#[must_use]
pub fn operations() -> &'static [Operation] {
    &DESCRIPTION.operations
}

impl Operation {
    fn is_at(&self, path: &str) -> bool {
        let (known, asked): (Vec<_>, Vec<_>) = (self.path.split('/').collect(), path.split('/').collect());
        known.len() == asked.len()
            && known.iter().zip(&asked).all(|(known, part)| known.starts_with('{') || known == part)
    }
}

/// Demands that an answer is one the description knows: its status, its type and its shape.
pub(crate) fn compare(method: &str, path: &str, status: u16, content_type: &str, body: &[u8]) {
    let path = path.split('?').next().unwrap_or(path);
    // A fixed path hides one with a parameter, whatever the method.
    let fixed = operations().iter().any(|operation| operation.path == path);
    let is_asked = |operation: &&Operation| if fixed { operation.path == path } else { operation.is_at(path) };
    let Some(operation) = operations().iter().filter(is_asked).find(|operation| operation.method == method) else {
        return;
    };
    let answer = &operation.entry["responses"][status.to_string()];
    assert!(answer.is_object(), "{} answers {status}, which its description does not know", operation.id);
    let Some(content) = answer.get("content").and_then(Value::as_object).filter(|content| !content.is_empty()) else {
        assert!(body.is_empty(), "{} {status}: a body that the description does not know", operation.id);
        return;
    };
    let essence = content_type.split(';').next().unwrap_or("").trim();
    let schema = content.get(essence).map(|kind| &kind["schema"]);
    let schema = schema.unwrap_or_else(|| panic!("{} {status}: the type {essence:?} is not described", operation.id));
    // Files are what they are.
    if !essence.ends_with("json") {
        return;
    }
    let value: Value =
        serde_json::from_slice(body).unwrap_or_else(|error| panic!("{} {status}: not JSON: {error}", operation.id));
    let validator = validator(schema);
    let faults: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{} {status} is not as described: {faults:#?}\n{value:#}", operation.id);
}

fn validator(schema: &Value) -> Arc<Validator> {
    let key = schema.to_string();
    let mut known = DESCRIPTION.validators.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let mut whole = json!({ "components": DESCRIPTION.document["components"] });
        if let (Some(whole), Some(schema)) = (whole.as_object_mut(), schema.as_object()) {
            whole.extend(schema.clone());
        }
        Arc::new(jsonschema::draft202012::new(&whole).expect("a schema of the description"))
    };
    Arc::clone(known.entry(key).or_insert_with(make))
}
