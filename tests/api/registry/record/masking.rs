use mamis_domain::audit::AuditOutcome::{Done, Seen};
use mamis_kernel::{PersonId, Role};
use mamis_test_support::TestApp;
use serde_json::json;

use super::{patch, record};
use crate::api::{KUSATSU, KYOTO, OTSU};

async fn given_phone(app: &TestApp, person: PersonId) {
    let sql = "insert into contact_points (id, person_id, kind, purpose, value) values ($1, $2, 'phone', 'home', '0775220000')";
    app.owner().execute(sql, &[&uuid::Uuid::now_v7(), &person.uuid()]).await.unwrap();
}

#[tokio::test]
async fn vis_3_viewers_read_a_masked_record_and_reveal_it_for_a_reason_the_physician_sees() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let person = member.person();
    given_phone(&app, person).await;
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;

    let (masked, _) = record(&viewer, person).await;
    assert_eq!(masked.get("birth_date"), None);
    assert_eq!(
        (masked["contact_points"][0].get("value"), &masked["contact_points"][0]["kind"]),
        (None, &json!("phone"))
    );
    assert_eq!(masked["masked"], json!(["birth_date", "address", "phone", "email"]));
    assert_eq!(masked["allowed_actions"], json!(["reveal"]));
    assert!(!masked.to_string().contains("0775220000") && !masked.to_string().contains("1980-07-05"), "{masked}");

    let reveal = async |body| viewer.post(&format!("/persons/{person}/reveal")).json(&body).send().await;
    reveal(json!({ "fields": ["phone"], "reason": " " })).await.assert_faults(
        422,
        "invalid_fields",
        &[("/reason", "required")],
    );
    let faults = [("/fields", "required")];
    reveal(json!({ "fields": [], "reason": "折り返し" })).await.assert_faults(422, "invalid_fields", &faults);
    let shown = reveal(json!({ "fields": ["phone"], "reason": "折り返しのお電話" })).await.assert_status(200).json();
    assert_eq!((shown.get("birth_date"), &shown["contact_points"][0]["value"]), (None, &json!("0775220000")));

    let why = "select count(*) from audit_payloads where payload ->> 'reason' = '折り返しのお電話'
        and payload -> 'fields' = '[\"phone\"]'";
    assert_eq!(app.count(why, &[]).await, 1);
    let seen = ("registry.get_person", viewer.account_id, Seen);
    app.assert_audit(&[seen, ("registry.reveal_person", viewer.account_id, Done)]).await;
    let accesses = member.get("/account/record-accesses").await.assert_status(200).json();
    let kinds: Vec<&str> =
        accesses["items"].as_array().unwrap().iter().map(|access| access["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"revealed"), "{kinds:?}");
}

#[tokio::test]
async fn vis_3_operators_and_the_physician_read_it_plainly() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    given_phone(&app, member.person()).await;
    let operator = app.given_clerk_of(OTSU, Role::Operator).await;
    for who in [&member, &operator] {
        let (plain, _) = record(who, member.person()).await;
        assert_eq!((&plain["birth_date"], plain.get("masked")), (&json!("1980-07-05"), None));
        assert_eq!(plain["contact_points"][0]["value"], "0775220000");
    }
    let asked = json!({ "fields": ["birth_date"], "reason": "確認" });
    let own = member.post(&format!("/persons/{}/reveal", member.person())).json(&asked).send().await;
    own.assert_problem(403, "forbidden");
}

#[tokio::test]
async fn attack_a_role_elsewhere_lifts_no_mask_and_the_history_has_none_beneath_it() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    given_phone(&app, person).await;
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;
    let elsewhere = "insert into capabilities (id, account_id, role, association_id, valid_from)
        values (gen_random_uuid(), $1, 'operator', $2, '2020-01-01')";
    let kyoto = app.association(KYOTO).await.uuid();
    app.owner().execute(elsewhere, &[&viewer.account_id.uuid(), &kyoto]).await.unwrap();
    let viewer = app.log_in_again(&viewer).await;
    assert_eq!(record(&viewer, person).await.0.get("birth_date"), None);

    let operator = app.given_clerk_of(OTSU, Role::Operator).await;
    let (_, tag) = record(&operator, person).await;
    let change = json!({ "birth_date": "1980-07-06", "alma_mater": "滋賀医科大学" });
    patch(&operator, &format!("/persons/{person}"), &tag, &change).send().await.assert_status(204);
    let seen = viewer.get(&format!("/persons/{person}/history")).await.assert_status(200).json();
    let changes = &seen["items"][0]["changes"];
    assert_eq!((&changes[0]["field"], &changes[0]["masked"]), (&json!("birth_date"), &json!(true)));
    assert_eq!((changes[0].get("before"), changes[0].get("after")), (None, None));
    assert_eq!(changes[1]["after"], "滋賀医科大学");

    let stranger = app.given_clerk_of(KUSATSU, Role::Administrator).await;
    let asked = json!({ "fields": ["birth_date"], "reason": "確認" });
    stranger.post(&format!("/persons/{person}/reveal")).json(&asked).send().await.assert_problem(404, "not_found");
}
