use mamis_domain::audit::AuditOutcome::Done;
use mamis_kernel::Role;
use mamis_test_support::TestApp;
use reqwest::Method;
use serde_json::json;

use super::{lines, patch, record};
use crate::api::OTSU;

#[tokio::test]
async fn a_new_surname_is_stored_as_typed_found_at_once_and_remembered() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let person = member.person();
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let (_, tag) = record(&clerk, person).await;
    let change = json!({
        "family_name": "山﨑", "family_name_kana": "やまさき", "family_name_romaji": "Yamasaki",
        "specialties": ["内科", " 小児科 "], "graduated_in": "2005-03-20", "registration_number": "０９９９９９９"
    });
    let done = patch(&clerk, &format!("/persons/{person}"), &tag, &change).send().await.assert_status(204);

    let (after, tag) = record(&clerk, person).await;
    assert_eq!((&after["family_name"], &after["family_name_kana"]), (&json!("山﨑"), &json!("ヤマサキ")));
    assert_eq!((&after["family_name_romaji"], &after["graduated_in"]), (&json!("Yamasaki"), &json!("2005-03-01")));
    assert_eq!((&after["specialties"], &tag), (&json!(["内科", "小児科"]), &done.etag()));
    assert_eq!(after["medical_registration"]["number"], "999999");
    let asked = json!({ "association_id": app.association(OTSU).await, "filter": { "text": "山崎" } });
    let found = clerk.post("/members/search").json(&asked).send().await.assert_status(200).json();
    assert_eq!(found["items"][0]["person_id"], json!(person));
    let kept = "select count(*) from medical_registrations where person_id = $1 and known_to is not null";
    assert_eq!(app.count(kept, &[&person.uuid()]).await, 1, "the number before stays in the past");

    let seen = member.get(&format!("/persons/{person}/history")).await.assert_status(200).json();
    let said = lines(&seen["items"][0]);
    assert!(said.contains(&"family_name -: 髙橋 → 山﨑".to_owned()), "{said:?}");
    assert!(said.contains(&"specialties -: - → 内科、小児科".to_owned()), "{said:?}");
    app.assert_audit(&[("registry.change_person", clerk.account_id, Done)]).await;
}

#[tokio::test]
async fn faults_of_a_correction_stand_at_their_fields() {
    let app = TestApp::start().await;
    let (person, other) = (app.given_member_without_account(&[OTSU]).await, app.given_person().await);
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let (_, tag) = record(&clerk, person).await;
    let question = "select number from medical_registrations where person_id = $1";
    let taken: String = app.owner().query_one(question, &[&other.uuid()]).await.unwrap().get(0);
    for (body, field, code) in [
        (json!({ "family_name": " " }), "/family_name", "required"),
        (json!({ "given_name_kana": "花子" }), "/given_name_kana", "invalid_format"),
        (json!({ "given_name_romaji": "花子" }), "/given_name_romaji", "invalid_format"),
        (json!({ "birth_date": "2020-01-01" }), "/birth_date", "out_of_range"),
        (json!({ "birth_date": "0080-01-01" }), "/birth_date", "out_of_range"),
        (json!({ "registration_number": "12A" }), "/registration_number", "invalid_format"),
        (json!({ "registration_number": taken }), "/registration_number", "taken"),
        (json!({ "registered_on": "2027-01-01" }), "/registered_on", "out_of_range"),
        (json!({ "specialties": ["あ".repeat(51)] }), "/specialties", "too_long"),
        (json!({ "family_name": "\u{E000}" }), "/family_name", "control_character"),
    ] {
        let answer = patch(&clerk, &format!("/persons/{person}"), &tag, &body).send().await;
        answer.assert_faults(422, "invalid_fields", &[(field, code)]);
    }
    assert_eq!(
        app.count("select count(*) from audit_events where outcome = 'done' and action like 'registry.change%'", &[])
            .await,
        0
    );
}

#[tokio::test]
async fn contact_points_come_change_and_go_and_stay_in_the_past() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let person = member.person();
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let (_, tag) = record(&clerk, person).await;
    let path = format!("/persons/{person}/contact-points");
    let add = async |tag: &str, body| clerk.post(&path).if_match(tag).new_key().json(&body).send().await;

    let home = json!({ "kind": "phone", "purpose": "home", "value": "077-522-0000" });
    let added = add(&tag, home.clone()).await.assert_status(201);
    assert_eq!(added.json()["value"], "0775220000");
    add(&added.etag(), home).await.assert_faults(422, "invalid_fields", &[("/value", "taken")]);
    let other = json!({ "kind": "phone", "purpose": "home", "value": "０７７－５２２－１１１１", "replaces": added.json()["id"] });
    let moved = add(&added.etag(), other).await.assert_status(201);
    let wrong = json!({ "kind": "address", "purpose": "home", "postal_code": "52", "value": "滋賀県" });
    add(&moved.etag(), wrong).await.assert_faults(422, "invalid_fields", &[("/postal_code", "invalid_format")]);
    let gone = json!({ "kind": "phone", "purpose": "home", "value": "0775223333", "replaces": added.json()["id"] });
    add(&moved.etag(), gone).await.assert_faults(422, "invalid_fields", &[("/replaces", "unknown_value")]);
    let path = format!("/api/v1/contact-points/{}", moved.json()["id"].as_str().unwrap());
    let ended = clerk.call(Method::DELETE, &path).if_match(&moved.etag()).send().await.assert_status(204);

    let (after, tag) = record(&clerk, person).await;
    assert_eq!((&after["contact_points"], &tag), (&json!([]), &ended.etag()));
    let past = "select count(*) from contact_points where person_id = $1 and known_to is not null";
    assert_eq!(app.count(past, &[&person.uuid()]).await, 2);
    let seen = member.get(&format!("/persons/{person}/history")).await.assert_status(200).json();
    let said: Vec<String> = seen["items"].as_array().unwrap().iter().flat_map(lines).collect();
    assert_eq!(
        said,
        [
            "contact_points.phone home: 0775221111 → -",
            "contact_points.phone home: 0775220000 → 0775221111",
            "contact_points.phone home: - → 0775220000",
        ]
    );
}
