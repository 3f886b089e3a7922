use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::json;

use super::{add, patch, record};
use crate::api::{KUSATSU, KYOTO, OTSU, SHIGA};

#[tokio::test]
async fn a_clerk_adds_changes_and_ends_a_workplace_and_nothing_is_overwritten() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU, SHIGA]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let facility = app.given_facility("湖南内科医院").await;
    let (before, tag) = record(&clerk, person).await;
    assert_eq!((&before["affiliations"], &before["allowed_actions"]), (&json!([]), &json!(["change"])));

    let asked = json!({
        "facility_id": facility, "role": " 医員 ", "employment": "full_time", "is_main": true, "valid_from": "2026-04-01"
    });
    let added = add(&clerk, person, &tag, &asked).await.assert_status(201);
    assert_eq!((&added.json()["role"], &added.json()["facility_name"]), (&json!("医員"), &json!("湖南内科医院")));
    let path = format!("/affiliations/{}", added.json()["id"].as_str().unwrap());

    let change = json!({ "role": "院長", "employment": null, "last_day": "2027-03-31" });
    let changed = patch(&clerk, &path, &added.etag(), &change).send().await.assert_status(200);
    let shown = changed.json();
    assert_eq!((&shown["role"], &shown["last_day"]), (&json!("院長"), &json!("2027-03-31")));
    assert_eq!((shown.get("employment"), &shown["valid_from"]), (None, &json!("2026-04-01")));
    assert_ne!(shown["id"], added.json()["id"], "another row succeeds the first");

    let (after, tag) = record(&clerk, person).await;
    assert_eq!((after["affiliations"].as_array().unwrap().len(), &tag), (1, &changed.etag()));
    assert_eq!(after["affiliations"][0], shown);
    let kept = "select count(*) from affiliations where person_id = $1 and role = '医員' and known_to is not null";
    assert_eq!(app.count(kept, &[&person.uuid()]).await, 1, "what was believed stays");
    app.assert_audit(&[
        ("registry.add_affiliation", clerk.account_id, Done),
        ("registry.change_affiliation", clerk.account_id, Done),
    ])
    .await;
}

#[tokio::test]
async fn what_is_so_already_changes_nothing() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let facility = app.given_facility("湖南内科医院").await;
    let id = app.given_affiliation(person, facility, true, "2020-04-01", None).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let (_, tag) = record(&clerk, person).await;
    let same = json!({ "is_main": true, "valid_from": "2020-04-01", "last_day": null });
    let answer = patch(&clerk, &format!("/affiliations/{id}"), &tag, &same).send().await.assert_status(200);
    assert_eq!(answer.etag(), tag);
    assert_eq!(
        app.count("select count(*) from audit_events where outcome = 'done' and action like 'registry.change%'", &[])
            .await,
        0
    );
}

#[tokio::test]
async fn rec_2_a_second_main_workplace_is_told_at_its_field() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let facility = app.given_facility("湖南内科医院").await;
    app.given_affiliation(person, facility, true, "2020-04-01", None).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let (_, tag) = record(&clerk, person).await;
    let other = app.given_facility("瀬田医院").await;
    for (body, faults) in [
        (
            json!({ "facility_id": other, "is_main": true, "valid_from": "2026-04-01" }),
            vec![("/is_main", "main_overlaps")],
        ),
        (
            json!({ "facility_id": facility, "is_main": false, "valid_from": "2026-04-01" }),
            vec![("/valid_from", "overlapping")],
        ),
        (
            json!({ "facility_id": other, "is_main": false, "valid_from": "2026-04-01", "last_day": "2026-03-31" }),
            vec![("/last_day", "conflicting")],
        ),
        (
            json!({ "facility_id": "fac_01900000000070008000000000000009", "is_main": false, "valid_from": "2026-04-01" }),
            vec![("/facility_id", "unknown_value")],
        ),
        (
            json!({ "facility_id": other, "is_main": false, "valid_from": "2126-04-01" }),
            vec![("/valid_from", "out_of_range")],
        ),
    ] {
        add(&clerk, person, &tag, &body).await.assert_faults(422, "invalid_fields", &faults);
    }
    let body = json!({ "facility_id": other, "is_main": true, "valid_from": "2026-04-01" });
    let said = add(&clerk, person, &tag, &body).await.assert_problem(422, "invalid_fields");
    assert!(said.errors[0].detail.contains("別の主たる勤務先"), "in words: {}", said.errors[0].detail);
}

#[tokio::test]
async fn rec_1_only_operators_of_the_persons_associations_change_the_record() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU, SHIGA]).await;
    let person = member.person();
    let facility = app.given_facility("湖南内科医院").await;
    let id = app.given_affiliation(person, facility, true, "2020-04-01", None).await;
    let path = format!("/affiliations/{id}");
    let change = json!({ "role": "院長" });
    let (_, tag) = record(&member, person).await;

    patch(&member, &path, &tag, &change).send().await.assert_problem(403, "forbidden");
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;
    patch(&viewer, &path, &tag, &change).send().await.assert_problem(403, "forbidden");
    for place in [KUSATSU, KYOTO] {
        let elsewhere = app.given_clerk_of(place, Role::Administrator).await;
        patch(&elsewhere, &path, &tag, &change).send().await.assert_problem(404, "not_found");
        add(
            &elsewhere,
            person,
            &tag,
            &json!({ "facility_id": facility, "is_main": false, "valid_from": "2026-04-01" }),
        )
        .await
        .assert_problem(404, "not_found");
    }
    let refused =
        "select count(*) from audit_events where outcome = 'denied' and action = 'registry.change_affiliation'";
    assert_eq!(app.count(refused, &[]).await, 4, "every refusal is on record");
    let clerk = app.given_clerk_of(SHIGA, Role::Operator).await;
    patch(&clerk, &path, &tag, &change).send().await.assert_status(200);
    app.assert_audit(&[("registry.change_affiliation", viewer.account_id, Denied)]).await;
}

#[tokio::test]
async fn rec_7_of_two_clerks_at_once_the_second_is_told() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU, SHIGA]).await;
    let facility = app.given_facility("湖南内科医院").await;
    let id = app.given_affiliation(person, facility, true, "2020-04-01", None).await;
    let (first, second) =
        (app.given_clerk_of(OTSU, Role::Operator).await, app.given_clerk_of(SHIGA, Role::Operator).await);
    let (_, tag) = record(&first, person).await;
    let path = format!("/affiliations/{id}");

    let done = patch(&first, &path, &tag, &json!({ "role": "院長" })).send().await.assert_status(200);
    let late = patch(&second, &path, &tag, &json!({ "role": "副院長" })).send().await;
    assert_eq!(late.assert_problem(412, "stale_version").title, "他の方が先に更新しています");
    let gone = patch(&second, &path, &done.etag(), &json!({ "role": "副院長" })).send().await;
    gone.assert_problem(412, "stale_version");
    let bare = first.call(reqwest::Method::PATCH, &format!("/api/v1{path}")).json(&json!({ "role": "院長" }));
    bare.send().await.assert_problem(428, "version_required");
}

#[tokio::test]
async fn adding_twice_with_one_key_is_adding_once() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let facility = app.given_facility("湖南内科医院").await;
    let (_, tag) = record(&clerk, person).await;
    let body = json!({ "facility_id": facility, "is_main": true, "valid_from": "2026-04-01" });
    let ask = async || {
        let call = clerk.post(&format!("/persons/{person}/affiliations")).if_match(&tag).key("once").json(&body);
        call.send().await.assert_status(201).json()
    };
    assert_eq!(ask().await, ask().await);
    let there = "select count(*) from affiliations where person_id = $1";
    assert_eq!(app.count(there, &[&person.uuid()]).await, 1);
}
