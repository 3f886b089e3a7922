use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::{Value, json};

use super::{add, lines, patch, record};
use crate::api::{KYOTO, NATION, OTSU, SHIGA};

async fn history(who: &mamis_test_support::SignedIn, person: mamis_kernel::PersonId, query: &str) -> Value {
    who.get(&format!("/persons/{person}/history{query}")).await.assert_status(200).json()
}

#[tokio::test]
async fn his_1_every_change_says_when_who_what_before_and_after() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let person = member.person();
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let facility = app.given_facility("湖南内科医院").await;
    let (_, tag) = record(&clerk, person).await;
    let body =
        json!({ "facility_id": facility, "is_main": true, "employment": "full_time", "valid_from": "2026-04-01" });
    let added = add(&clerk, person, &tag, &body).await.assert_status(201);
    let path = format!("/affiliations/{}", added.json()["id"].as_str().unwrap());
    patch(&clerk, &path, &added.etag(), &json!({ "role": "院長" })).send().await.assert_status(200);

    let found = history(&member, person, "").await;
    let entries = found["items"].as_array().unwrap();
    assert_eq!(lines(&entries[0]), ["affiliations.role 湖南内科医院: - → 院長"]);
    assert_eq!(
        lines(&entries[1]),
        [
            "affiliations.facility_name 湖南内科医院: - → 湖南内科医院",
            "affiliations.employment 湖南内科医院: - → full_time",
            "affiliations.is_main 湖南内科医院: - → true",
            "affiliations.valid_from 湖南内科医院: - → 2026-04-01",
        ]
    );
    assert_eq!((&entries[0]["actor"], &entries[0]["association"]["name"]), (&json!("clerk"), &json!(OTSU)));
    assert_eq!(
        (&entries[0]["by"], &entries[0]["action"]),
        (&json!(clerk.login_id), &json!("registry.change_affiliation"))
    );
    assert_eq!(entries.len(), 2);

    // A page at a time.
    let first = history(&member, person, "?limit=1").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = history(&member, person, &format!("?limit=1&cursor={cursor}")).await;
    assert_eq!((&second["items"][0], second.get("next_cursor")), (&entries[1], None));
}

#[tokio::test]
async fn his_2_a_concluded_case_is_in_the_history_and_each_branch_sees_its_own_part() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[KYOTO]).await;
    let person = physician.person();
    let case = app.given_application().of(&physician).submitted_to(OTSU).await;
    for association in [OTSU, SHIGA, NATION] {
        app.given_approval(&case, association).await;
    }

    let own = history(&physician, person, "").await;
    assert_eq!(own["items"].as_array().unwrap().len(), 1, "one case, one event");
    let entry = &own["items"][0];
    assert_eq!((&entry["action"], &entry["application"]["id"]), (&json!("workflow.approve"), &json!(case.id)));
    let said = lines(entry);
    assert!(said.contains(&format!("memberships.category {NATION}: - → A②(B)会員")), "{said:?}");
    assert!(said.contains(&"affiliations.facility_name 湖南内科医院: - → 湖南内科医院".to_owned()), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("contact_points.phone contact: - → 0")), "{said:?}");

    let otsu = app.given_clerk_of(OTSU, Role::Operator).await;
    let seen = history(&otsu, person, "").await;
    assert_eq!(lines(&seen["items"][0]), said);
    assert!(seen["items"][0]["application"]["number"].as_str().is_some());

    // Kyoto is another branch: it sees where the physician works, and nothing of the case or of memberships in Shiga.
    let kyoto = app.given_clerk_of(KYOTO, Role::Operator).await;
    let seen = history(&kyoto, person, "").await;
    let entry = &seen["items"][0];
    assert!(entry.get("application").is_none(), "{entry}");
    assert!(!lines(entry).iter().any(|line| line.contains(OTSU) || line.contains(SHIGA)), "{entry}");
    assert!(lines(entry).iter().any(|line| line.starts_with("affiliations.")), "{entry}");
    let elsewhere = app.given_clerk_of("奈良県医師会", Role::Administrator).await;
    elsewhere.get(&format!("/persons/{person}/history")).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn his_2_nobody_learns_of_another_branch_by_its_clerks() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU, KYOTO]).await;
    let kyoto = app.given_clerk_of(KYOTO, Role::Operator).await;
    let facility = app.given_facility("鴨川医院").await;
    let (_, tag) = record(&kyoto, person).await;
    let body = json!({ "facility_id": facility, "is_main": true, "valid_from": "2026-04-01" });
    add(&kyoto, person, &tag, &body).await.assert_status(201);

    let otsu = app.given_clerk_of(OTSU, Role::Viewer).await;
    let seen = history(&otsu, person, "").await;
    let entry = &seen["items"][0];
    assert_eq!((&entry["actor"], entry.get("by"), entry.get("association")), (&json!("other"), None, None));
    assert!(!seen.to_string().contains(KYOTO));
    assert_eq!(lines(entry)[0], "affiliations.facility_name 鴨川医院: - → 鴨川医院");
}

#[tokio::test]
async fn his_3_what_was_changed_of_a_merged_record_is_part_of_the_history() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let second = app.given_member_without_account(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let (_, tag) = record(&clerk, second).await;
    patch(&clerk, &format!("/persons/{second}"), &tag, &json!({ "alma_mater": "滋賀医科大学" }))
        .send()
        .await
        .assert_status(204);
    let merge = "update persons set standing = 'merged', merged_into = $2 where id = $1";
    app.owner().execute(merge, &[&second.uuid(), &person.uuid()]).await.unwrap();

    let found = history(&clerk, person, "").await;
    assert_eq!(lines(&found["items"][0]), ["alma_mater -: - → 滋賀医科大学"]);
}
