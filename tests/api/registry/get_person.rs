use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::json;

use crate::api::{KUSATSU, KYOTO, NATION, OTSU, SHIGA};

#[tokio::test]
async fn a_physician_reads_the_own_record_as_it_was_typed() {
    let app = TestApp::start().await;
    let physician = app.given_member_of(&[OTSU, SHIGA, NATION]).await;

    let record = physician.get(&format!("/persons/{}", physician.person())).await.assert_status(200).json();

    assert_eq!(record["family_name"], "髙橋");
    assert_eq!(record["birth_date"], "1980-07-05");
    let places: Vec<_> = record["memberships"].as_array().unwrap().iter().map(|m| &m["association"]["name"]).collect();
    assert_eq!(places, [&json!(OTSU), &json!(SHIGA), &json!(NATION)]);
    assert_eq!(app.pending_reads(), 0, "reading one's own record is nobody else's business");
}

#[tokio::test]
async fn clerks_of_the_branch_see_the_member_and_nobody_else_does() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU, SHIGA, NATION]).await;
    let address = format!("/persons/{}", member.person());

    for association in [OTSU, SHIGA, NATION] {
        app.given_clerk_of(association, Role::Viewer).await.get(&address).await.assert_status(200);
    }
    for association in [KUSATSU, KYOTO] {
        let clerk = app.given_clerk_of(association, Role::Administrator).await;
        clerk.get(&address).await.assert_problem(404, "not_found");
    }
    app.given_physician().await.get(&address).await.assert_problem(404, "not_found");
    app.visitor().get(&address).await.assert_problem(401, "not_signed_in");
}

#[tokio::test]
async fn somebody_not_to_be_known_of_looks_like_nobody() {
    let app = TestApp::start().await;
    let (member, clerk) = (app.given_member_of(&[OTSU]).await, app.given_clerk_of(KUSATSU, Role::Viewer).await);

    let hidden = clerk.get(&format!("/persons/{}", member.person())).await.assert_problem(404, "not_found");
    let nobody = clerk.get("/persons/per_01900000000070008000000000000000").await.assert_problem(404, "not_found");

    assert_eq!((hidden.title, hidden.detail, hidden.errors), (nobody.title, nobody.detail, nobody.errors));
}

#[tokio::test]
async fn a_district_only_member_is_invisible_to_prefecture_and_nation() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let address = format!("/persons/{}", member.person());

    app.given_clerk_of(OTSU, Role::Viewer).await.get(&address).await.assert_status(200);
    for association in [SHIGA, NATION] {
        let clerk = app.given_clerk_of(association, Role::Administrator).await;
        clerk.get(&address).await.assert_problem(404, "not_found");
        clerk.get(&format!("{address}/memberships")).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_clerk_sees_the_memberships_of_the_own_branch_alone() {
    let app = TestApp::start().await;
    // A member in two districts of one prefecture, and in another prefecture.
    let member = app.given_member_of(&[OTSU, KUSATSU, SHIGA, KYOTO]).await;
    let address = format!("/persons/{}", member.person());
    let seen = async |association: &str| {
        let clerk = app.given_clerk_of(association, Role::Viewer).await;
        let record = clerk.get(&address).await.assert_status(200).json();
        let names = record["memberships"].as_array().unwrap().iter();
        let mut names: Vec<String> = names.map(|m| m["association"]["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };

    assert_eq!(seen(OTSU).await, [OTSU, SHIGA]);
    assert_eq!(seen(KYOTO).await, [KYOTO]);
    let mut below_shiga = [OTSU, SHIGA, KUSATSU].map(str::to_owned);
    below_shiga.sort();
    assert_eq!(seen(SHIGA).await, below_shiga);
}

#[tokio::test]
async fn every_reading_of_anothers_record_is_audited() {
    let app = TestApp::start().await;
    let (member, clerk) = (app.given_member_of(&[OTSU]).await, app.given_clerk_of(OTSU, Role::Viewer).await);
    for _ in 0..3 {
        clerk.get(&format!("/persons/{}", member.person())).await.assert_status(200);
    }
    assert_eq!(app.pending_reads(), 3);

    let seen = ("registry.get_person", clerk.account_id, AuditOutcome::Seen);
    app.assert_audit(&[seen, seen, seen]).await;

    assert_eq!(app.pending_reads(), 0);
    let about = "select count(*) from audit_events where outcome = 'seen' and person_id = $1 and request_id is not null
                 and association_id = (select id from associations where name = $2)";
    assert_eq!(app.count(about, &[&member.person().uuid(), &OTSU]).await, 3);
}
