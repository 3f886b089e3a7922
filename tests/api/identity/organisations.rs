use mamis_domain::audit::AuditOutcome::Denied;
use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::json;

use crate::api::{NATION, OTSU, SHIGA};

#[tokio::test]
async fn id_69_a_societys_user_sees_the_own_organisation_and_nothing_of_the_registry() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU, SHIGA, NATION]).await;
    let (own, other) = (app.given_society("日本見本学会").await, app.given_society("日本別件学会").await);
    let organiser = app.given_organiser_of(own).await;

    let account = organiser.get("/account").await.assert_status(200).json();
    assert_eq!(account["capabilities"], json!([{ "role": "organiser", "organisation_id": own }]));
    let listed = organiser.get("/organisations").await.assert_status(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], json!(own));
    organiser.get(&format!("/organisations/{own}")).await.assert_status(200);
    organiser.get(&format!("/organisations/{other}")).await.assert_problem(404, "not_found");
    let person = member.person();
    for path in
        [format!("/persons/{person}"), format!("/persons/{person}/memberships"), format!("/persons/{person}/account")]
    {
        organiser.get(&path).await.assert_problem(404, "not_found");
    }
    organiser.post("/facilities/search").json(&json!({ "name": "大津" })).send().await.assert_problem(403, "forbidden");
    app.assert_audit(&[("identity.get_organisation", organiser.account_id, Denied)]).await;
}

#[tokio::test]
async fn id_69_the_nation_appoints_organisers_of_the_societies_and_prefectures_those_of_their_own_bodies() {
    let app = TestApp::start().await;
    let society = app.given_society("日本見本学会").await;
    let body = app.given_society("滋賀県内科医会").await;
    let statement = "update organisations set prefecture_code = '25', kind = 'specialist_body' where id = $1";
    app.owner().execute(statement, &[&body.uuid()]).await.unwrap();
    let nation = app.given_clerk_of(NATION, Role::Administrator).await;
    let shiga = app.given_clerk_of(SHIGA, Role::Administrator).await;
    let invite = |organisation| json!({ "organisation_id": organisation, "role": "organiser", "invitee": "鈴木", "language": "ja" });
    let ask = async |who: &mamis_test_support::SignedIn, organisation| {
        who.post("/clerk-invitations").new_key().json(&invite(organisation)).send().await
    };

    ask(&shiga, society).await.assert_problem(404, "not_found");
    ask(&nation, body).await.assert_problem(404, "not_found");
    ask(&shiga, body).await.assert_status(201);
    let code = ask(&nation, society).await.assert_status(201).json()["code"].clone();
    let open = nation.get(&format!("/organisations/{society}/invitations")).await.assert_status(200).json();
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
    let accept = json!({ "code": code, "login_id": "suzuki-ichiro", "display_name": "鈴木　一郎",
        "password": "琵琶湖の朝は静かで風がない", "language": "ja" });
    app.visitor().post("/clerk-invitations/accept").json(&accept).send().await.assert_status(204);
    let organisers = nation.get(&format!("/organisations/{society}/organisers")).await.assert_status(200).json();
    assert_eq!(organisers["items"][0]["login_id"], "suzuki-ichiro");
    let only = shiga.get("/organisations?limit=200").await.assert_status(200).json();
    assert_eq!(only["items"].as_array().unwrap().len(), 1);
    let many = nation.get("/organisations?limit=200").await.assert_status(200).json();
    assert_eq!(many["items"].as_array().unwrap().len(), 39, "those of the reference data and one more");
}
