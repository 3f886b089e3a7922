use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{Role, Tier};
use mamis_test_support::{SignedIn, TestApp, changes, join_form, set};
use serde_json::{Value, json};

use crate::api::{NATION, OTSU, SHIGA};

async fn memberships(physician: &SignedIn, query: &str) -> Vec<(String, String, String)> {
    let address = format!("/persons/{}/memberships{query}", physician.person());
    let list = physician.get(&address).await.assert_status(200).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|m| (text(&m["association"]["name"]), text(&m["valid_from"]), text(&m["state"]))).collect()
}

/// The main job of the house, as it is lived: filed, returned, corrected, approved three times, in force.
#[tokio::test]
async fn a_physician_joins_three_associations_with_one_case() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let otsu = app.given_clerk_of(OTSU, Role::Approver).await;
    let shiga = app.given_clerk_of(SHIGA, Role::Approver).await;
    let nation = app.given_clerk_of(NATION, Role::Administrator).await;

    // A draft may be nearly empty and grows as one types.
    let draft = physician.create_application(&changes(&json!({ "highest_tier": "national" }))).await;
    let draft = draft.assert_status(201);
    let id = draft.application_id();
    assert_eq!(draft.header("location"), format!("/api/v1/applications/{id}"));
    assert_eq!(draft.json()["allowed_actions"], json!(["save", "submit", "retract"]));
    let form = join_form(app.association(OTSU).await);
    physician.save(id, &changes(&form)).await.assert_status(200);
    let filed = physician.submit(id).await.assert_status(200).json();
    assert_eq!((&filed["state"], &filed["number"]), (&json!("submitted"), &json!("2026-JOIN-00000001")));
    let route: Vec<_> =
        filed["steps"].as_array().unwrap().iter().map(|s| (&s["association"]["name"], &s["state"])).collect();
    assert_eq!(
        route,
        [(&json!(OTSU), &json!("open")), (&json!(SHIGA), &json!("waiting")), (&json!(NATION), &json!("waiting"))]
    );

    let seen = otsu.application(id).await.assert_status(200).json();
    assert_eq!(seen["allowed_actions"], json!(["approve", "return", "reject"]));
    otsu.approve(id, "2026-12-01").await.assert_status(200);

    // The prefecture asks for a correction of one field.
    let phone = "/changes/0/payload/workplace/phone";
    let returned = shiga.send_back(id, "電話番号をご確認ください", &[(phone, "桁が足りません")]).await;
    assert_eq!(returned.assert_status(200).json()["state"], "returned");
    let seen = physician.application(id).await.json();
    assert_eq!(seen["field_comments"], json!([{ "pointer": phone, "comment": "桁が足りません" }]));
    assert_eq!(seen["allowed_actions"], json!(["save", "submit"]), "W-4: the district has approved");
    let corrected = set(form, "/workplace/phone", json!("０７７－５２２－１１１１"));
    physician.save(id, &changes(&corrected)).await.assert_status(200);
    let again = physician.submit(id).await.assert_status(200).json();
    let states: Vec<_> = again["steps"].as_array().unwrap().iter().map(|s| s["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["approved", "open", "waiting"], "W-2: it goes on where it was returned");
    assert_eq!(again["changes"][0]["input"]["payload"]["workplace"]["phone"], "0775221111");

    shiga.approve(id, "2026-12-01").await.assert_status(200);
    let done = nation.approve(id, "R8.12.1").await.assert_status(200).json();
    assert_eq!((&done["state"], &done["effective_date"]), (&json!("completed"), &json!("2026-12-01")));
    assert_eq!(done["allowed_actions"], json!([]));

    // The day lies ahead, and the rows are there already.
    let future = |name: &str| (name.to_owned(), "2026-12-01".to_owned(), "future".to_owned());
    assert_eq!(memberships(&physician, "").await, [future(OTSU), future(SHIGA), future(NATION)]);
    assert!(memberships(&physician, "?as_of=2026-11-30").await.is_empty());
    assert_eq!(memberships(&physician, "?as_of=2026-12-01").await.len(), 3);
    assert!(memberships(&physician, "?as_known_on=2026-11-22").await.is_empty());

    let record = physician.get(&format!("/persons/{}", physician.person())).await.json();
    let main = &record["affiliations"][0];
    assert_eq!((&main["facility_name"], &main["is_main"]), (&json!("湖南内科医院"), &json!(true)));
    assert_eq!((&main["valid_from"], &main["business_type"]), (&json!("2026-12-01"), &json!("clinic_employee")));
    let contacts = record["contact_points"].as_array().unwrap();
    let contacts: Vec<_> =
        contacts.iter().map(|c| (c["kind"].as_str().unwrap(), c["value"].as_str().unwrap())).collect();
    assert_eq!(contacts, [("address", "滋賀県大津市京町四丁目2-2"), ("phone", "09000000000")]);
    assert_eq!(record["memberships"][2]["category"], json!({ "code": "A2B", "label": "A②(B)会員" }));
    assert_eq!(record["memberships"][0]["application_id"], json!(id));

    let told: Vec<_> = done["timeline"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        ["created", "submitted", "approved", "returned", "corrected", "approved", "approved", "completed"]
    );
    let by = |action, who: &SignedIn| (action, who.account_id, AuditOutcome::Done);
    app.assert_audit(&[
        by("workflow.create", &physician),
        by("workflow.save", &physician),
        by("workflow.save", &physician),
        by("workflow.submit", &physician),
        by("workflow.submit", &physician),
        by("workflow.approve", &otsu),
        by("workflow.return", &shiga),
        by("workflow.approve", &shiga),
        by("workflow.approve", &nation),
    ])
    .await;
}

#[tokio::test]
async fn m_3_one_may_stop_at_the_district_or_the_prefecture() {
    let app = TestApp::start().await;
    let district = app.given_application().up_to(Tier::District).submitted_to(OTSU).await;
    app.given_approval(&district, OTSU).await;
    assert_eq!(memberships(&district.physician, "").await.len(), 1);

    let prefecture = app.given_application().up_to(Tier::Prefectural).submitted_to(OTSU).await;
    app.given_approval(&prefecture, OTSU).await;
    app.given_approval(&prefecture, SHIGA).await;
    let joined = memberships(&prefecture.physician, "").await;
    assert_eq!(joined.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), [OTSU, SHIGA]);
    let nation = app.given_clerk_of(NATION, Role::Viewer).await;
    nation.application(prefecture.id).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn m_16_an_effective_date_may_lie_back() {
    let app = TestApp::start().await;
    let case = app.given_application().up_to(Tier::District).submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    clerk.approve(case.id, "令和8年4月1日").await.assert_status(200);
    let since = (OTSU.to_owned(), "2026-04-01".to_owned(), "current".to_owned());
    assert_eq!(memberships(&case.physician, "").await, [since]);
    assert!(memberships(&case.physician, "?as_known_on=2026-11-22").await.is_empty());
}

#[tokio::test]
async fn joining_twice_at_one_practice_does_not_double_the_practice() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        let case = app.given_application().up_to(Tier::District).submitted_to(OTSU).await;
        app.given_approval(&case, OTSU).await;
    }
    assert_eq!(app.count("select count(*) from facilities", &[]).await, 1);
    assert_eq!(app.count("select count(*) from affiliations where is_main", &[]).await, 2);
}
