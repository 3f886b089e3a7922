use mamis_test_support::{SignedIn, TestApp};
use serde_json::{Value, json};

use crate::api::{OTSU, SHIGA};

async fn asked(physician: &SignedIn, query: &str) -> Vec<Value> {
    let address = format!("/persons/{}/memberships{query}", physician.person());
    physician.get(&address).await.assert_status(200).json()["items"].as_array().unwrap().clone()
}

/// A physician whom we believed to be a member since 2020-04-01 until we learned on 2026-03-10 that it was 2021-04-01.
async fn corrected(app: &TestApp) -> SignedIn {
    let physician = app.given_member_of(&[OTSU]).await;
    let person = physician.person().uuid();
    let owner = app.owner();
    let close = "update memberships set known_to = '2026-03-10T03:00:00Z' where person_id = $1";
    owner.execute(close, &[&person]).await.unwrap();
    let succeed = "insert into memberships (id, person_id, association_id, category_code, valid_from, known_from)
        select gen_random_uuid(), person_id, association_id, category_code, '2021-04-01', known_to
        from memberships where person_id = $1";
    owner.execute(succeed, &[&person]).await.unwrap();
    physician
}

#[tokio::test]
async fn as_of_asks_who_is_a_member_on_a_day() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU, SHIGA]).await;
    let leave = "update memberships set valid_to = '2026-10-01', end_reason = 'withdrawal' where person_id = $1";
    app.owner().execute(leave, &[&physician.person().uuid()]).await.unwrap();

    assert_eq!(asked(&physician, "?as_of=2020-03-31").await.len(), 0);
    assert_eq!(asked(&physician, "?as_of=2020-04-01").await.len(), 2);
    // 退会日 is the last day in force.
    let last = asked(&physician, "?as_of=2026-09-30").await;
    assert_eq!((&last[0]["last_day"], &last[0]["state"]), (&json!("2026-09-30"), &json!("current")));
    assert_eq!(asked(&physician, "?as_of=2026-10-01").await.len(), 0);
    assert_eq!(asked(&physician, "").await[0]["state"], "ended");
}

#[tokio::test]
async fn as_known_on_asks_what_we_believed() {
    let app = TestApp::start().await;
    let physician = corrected(&app).await;

    assert_eq!(asked(&physician, "?as_known_on=2026-03-09").await[0]["valid_from"], "2020-04-01");
    assert_eq!(asked(&physician, "?as_known_on=2026-03-10").await[0]["valid_from"], "2021-04-01");
    assert_eq!(asked(&physician, "").await[0]["valid_from"], "2021-04-01");
    assert_eq!(asked(&physician, "?as_known_on=2020-04-01").await.len(), 0);
    assert_eq!(asked(&physician, "?as_of=2020-06-01&as_known_on=2025-01-01").await.len(), 1);
    assert_eq!(asked(&physician, "?as_of=2020-06-01").await.len(), 0);
}

#[tokio::test]
async fn days_that_are_none_are_told() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let address = format!("/persons/{}/memberships", physician.person());
    for (query, status, code, pointer, fault) in [
        ("as_of=2026-02-30", 400, "malformed_request", "#as_of", "invalid_format"),
        ("as_of=yesterday", 400, "malformed_request", "#as_of", "invalid_format"),
        ("as_known_on=1867-12-31", 422, "invalid_fields", "#as_known_on", "out_of_range"),
        ("since=2026-01-01", 400, "malformed_request", "#since", "invalid_format"),
    ] {
        physician.get(&format!("{address}?{query}")).await.assert_faults(status, code, &[(pointer, fault)]);
    }
}
