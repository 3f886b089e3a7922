use mamis_test_support::{SignedIn, TestApp};
use serde_json::{Value, json};

use crate::api::OTSU;

async fn search(who: &SignedIn, body: &Value) -> Vec<Value> {
    let answer = who.post("/facilities/search").json(body).send().await.assert_status(200).json();
    answer["items"].as_array().unwrap().clone()
}

async fn given_facilities(app: &TestApp) {
    let insert = "insert into facilities (id, name, search_name, kind, municipality_code, address) values
        (gen_random_uuid(), '大津内科', '大津内科', 'clinic', '25201', '滋賀県大津市京町1'),
        (gen_random_uuid(), '新大津内科医院', '新大津内科医院', 'clinic', '25201', '滋賀県大津市京町2'),
        (gen_random_uuid(), '大津内科東京分院', '大津内科東京分院', 'clinic', '13101', '東京都千代田区1'),
        (gen_random_uuid(), '100%外科', '100%外科', 'clinic', '25201', '滋賀県大津市京町3')";
    app.owner().execute(insert, &[]).await.unwrap();
}

#[tokio::test]
async fn facilities_are_found_by_part_of_their_name_beginnings_first() {
    let app = TestApp::start().await;
    given_facilities(&app).await;
    let physician = app.given_physician().await;

    let found = search(&physician, &json!({ "name": "大津内科" })).await;
    let names: Vec<_> = found.iter().map(|facility| facility["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["大津内科", "大津内科東京分院", "新大津内科医院"]);
    assert_eq!(found[0]["district_associations"][0]["name"], OTSU);
    assert_eq!(search(&physician, &json!({ "name": "大津内科", "prefecture_code": "13" })).await.len(), 1);
}

#[tokio::test]
async fn signs_of_a_pattern_are_letters() {
    let app = TestApp::start().await;
    given_facilities(&app).await;
    let physician = app.given_physician().await;
    assert_eq!(search(&physician, &json!({ "name": "%%" })).await.len(), 0);
    assert_eq!(search(&physician, &json!({ "name": "__" })).await.len(), 0);
    assert_eq!(search(&physician, &json!({ "name": "0%" })).await.len(), 1);
    assert_eq!(search(&physician, &json!({ "name": "\\\\" })).await.len(), 0);
}

#[tokio::test]
async fn a_search_that_names_nothing_is_told() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for (body, pointer, fault) in [
        (json!({ "name": "" }), "/name", "required"),
        (json!({ "name": "内".repeat(101) }), "/name", "too_long"),
        (json!({ "name": "大津", "prefecture_code": "2５" }), "/prefecture_code", "invalid_format"),
        (json!({ "name": "大\u{7}津" }), "/name", "control_character"),
    ] {
        let answer = physician.post("/facilities/search").json(&body).send().await;
        answer.assert_faults(422, "invalid_fields", &[(pointer, fault)]);
    }
    // One letter, or only what the search leaves out, would find everything.
    for name in ["内", "・・", "内・"] {
        let answer = physician.post("/facilities/search").json(&json!({ "name": name })).send().await;
        answer.assert_faults(422, "invalid_fields", &[("/name", "out_of_range")]);
    }
}
