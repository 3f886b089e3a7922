//! A person's record: changed by clerks, with its history.

mod affiliations;
mod at_once;
mod history;
mod masking;
mod person;

use mamis_kernel::PersonId;
use mamis_test_support::{Answer, Call, SignedIn};
use reqwest::Method;
use serde_json::Value;

/// A person's record with its version.
async fn record(who: &SignedIn, person: PersonId) -> (Value, String) {
    let answer = who.get(&format!("/persons/{person}")).await.assert_status(200);
    (answer.json(), answer.etag())
}

fn patch(who: &SignedIn, path: &str, based_on: &str, body: &Value) -> Call {
    who.call(Method::PATCH, &format!("/api/v1{path}")).if_match(based_on).json(body)
}

async fn add(who: &SignedIn, person: PersonId, based_on: &str, body: &Value) -> Answer {
    let path = format!("/persons/{person}/affiliations");
    who.post(&path).if_match(based_on).new_key().json(body).send().await
}

/// What the history says, in lines: `field of: before → after`.
fn lines(entry: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |change: &Value| {
        format!(
            "{} {}: {} → {}",
            text(&change["field"]),
            text(&change["of"]),
            text(&change["before"]),
            text(&change["after"])
        )
    };
    entry["changes"].as_array().unwrap().iter().map(line).collect()
}
