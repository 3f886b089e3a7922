use mamis_test_support::TestApp;
use serde_json::{Value, json};

use crate::api::OTSU;

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap()
}

#[tokio::test]
async fn a_postal_code_proposes_addresses_with_the_associations_that_serve_them() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;

    let hyphenated = physician.get("/postal-codes/520-0044").await.assert_status(200).json();
    assert_eq!(hyphenated["postal_code"], "5200044");
    assert_eq!(hyphenated["addresses"][0]["municipality_code"], "25201");
    assert_eq!(hyphenated["addresses"][0]["district_associations"][0]["name"], OTSU);
    let wide = physician.get("/postal-codes/%EF%BC%95%EF%BC%92%EF%BC%900044").await.assert_status(200).json();
    assert_eq!(wide, hyphenated);
    let none = physician.get("/postal-codes/0000000").await.assert_status(200).json();
    assert_eq!(none["addresses"], json!([]));
    let both = physician.get("/postal-codes/4980000").await.assert_status(200).json();
    let prefectures: std::collections::BTreeSet<_> =
        both["addresses"].as_array().unwrap().iter().map(|a| a["prefecture"].as_str().unwrap()).collect();
    assert_eq!(prefectures.len(), 2, "498-0000 lies in two prefectures");
}

#[tokio::test]
async fn what_is_no_postal_code_is_told() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for text in ["123", "abcdefg", "52000440", "%00", "%FF"] {
        let answer = physician.get(&format!("/postal-codes/{text}")).await;
        answer.assert_faults(422, "invalid_fields", &[("#postal_code", "invalid_format")]);
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repetition() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for (address, total) in [
        ("/associations?tier=prefectural&limit=10", 47),
        ("/municipalities?prefecture_code=25&limit=7", 19),
        ("/medical-schools?limit=30", 82),
    ] {
        let mut seen = Vec::new();
        let mut next = Some(String::new());
        while let Some(cursor) = next {
            let page = physician.get(&format!("{address}{cursor}")).await.assert_status(200).json();
            seen.extend(items(&page).clone());
            next = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        }
        let distinct: std::collections::BTreeSet<String> = seen.iter().map(Value::to_string).collect();
        assert_eq!((seen.len(), distinct.len()), (total, total), "{address}");
    }
}

#[tokio::test]
async fn associations_are_found_by_what_they_serve() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;

    let page = physician.get("/associations?municipality_code=25201").await.assert_status(200).json();

    assert_eq!(items(&page).len(), 1);
    assert_eq!(
        (&page["items"][0]["name"], &page["items"][0]["parent"]["name"]),
        (&json!(OTSU), &json!("滋賀県医師会"))
    );
    let id = page["items"][0]["id"].as_str().unwrap();
    assert_eq!(physician.get(&format!("/associations/{id}")).await.assert_status(200).json(), page["items"][0]);
}

#[tokio::test]
async fn filters_cursors_and_limits_that_are_none_are_told() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for (address, status, code, pointer, fault) in [
        ("/associations?limit=0", 422, "invalid_fields", "#limit", "out_of_range"),
        ("/associations?limit=201", 422, "invalid_fields", "#limit", "out_of_range"),
        ("/associations?limit=99999999999999999999", 400, "malformed_request", "#limit", "invalid_format"),
        ("/associations?limit=-1", 400, "malformed_request", "#limit", "invalid_format"),
        ("/associations?cursor=%25%25", 422, "invalid_fields", "#cursor", "invalid_format"),
        ("/associations?cursor=bnVsbA", 422, "invalid_fields", "#cursor", "invalid_format"),
        ("/associations?cursor=IlwwIg", 422, "invalid_fields", "#cursor", "invalid_format"),
        ("/medical-schools?cursor=WyJcdTAwMDAiLCIiXQ", 422, "invalid_fields", "#cursor", "invalid_format"),
        ("/associations?tier=galactic", 400, "malformed_request", "#tier", "invalid_format"),
        ("/associations?colour=blue", 400, "malformed_request", "#colour", "invalid_format"),
        ("/associations?prefecture_code=%00%00", 422, "invalid_fields", "#prefecture_code", "invalid_format"),
        ("/associations?municipality_code=252010", 422, "invalid_fields", "#municipality_code", "invalid_format"),
        ("/municipalities", 400, "malformed_request", "#prefecture_code", "invalid_format"),
        ("/municipalities?prefecture_code=", 422, "invalid_fields", "#prefecture_code", "invalid_format"),
    ] {
        physician.get(address).await.assert_faults(status, code, &[(pointer, fault)]);
    }
}
