use mamis_test_support::{Answer, SignedIn, TestApp, set};
use serde_json::{Value, json};

use crate::api::{NATION, OTSU, SHIGA};

async fn question(app: &TestApp) -> Value {
    json!({
        "district_association_id": app.association(OTSU).await,
        "highest_tier": "national",
        "business_type": "clinic_employee",
        "is_administrator": false,
        "is_clinical_resident": false,
        "insurance_excluded": false
    })
}

async fn ask(who: &SignedIn, question: &Value) -> Answer {
    who.post("/category-proposals").json(question).send().await
}

fn codes(answer: Answer) -> Vec<(String, Value)> {
    let items = answer.assert_status(200).json()["items"].as_array().unwrap().clone();
    items
        .into_iter()
        .map(|i| (i["association"]["name"].as_str().unwrap().to_owned(), i["proposed"]["code"].clone()))
        .collect()
}

#[tokio::test]
async fn cat_8_the_category_follows_the_facts_at_every_tier() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let asked = question(&app).await;
    let at = |name: &str, code: &str| (name.to_owned(), json!(code));

    assert_eq!(codes(ask(&physician, &asked).await), [at(OTSU, "B"), at(SHIGA, "B"), at(NATION, "A2B")]);
    let founder = set(asked.clone(), "/business_type", json!("clinic_founder"));
    assert_eq!(codes(ask(&physician, &founder).await), [at(OTSU, "A"), at(SHIGA, "A"), at(NATION, "A1")]);
    let district = set(asked, "/highest_tier", json!("district"));
    assert_eq!(codes(ask(&physician, &district).await), [at(OTSU, "B")]);
}

#[tokio::test]
async fn cat_2_a_founder_who_wants_to_leave_the_insurance_is_told_so() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let asked = set(question(&app).await, "/is_administrator", json!(true));
    let asked = set(asked, "/insurance_excluded", json!(true));
    let answer = ask(&physician, &asked).await.assert_status(200).json();
    assert_eq!((&answer["items"][2]["rule"], &answer["items"][2]["insurance_kept"]), (&json!("CAT-2"), &json!(true)));
}

#[tokio::test]
async fn a_proposal_wants_a_district_association() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let asked = set(question(&app).await, "/district_association_id", json!(app.association(SHIGA).await));
    let answer = ask(&physician, &asked).await;
    answer.assert_faults(422, "invalid_fields", &[("/district_association_id", "unknown_value")]);
}
