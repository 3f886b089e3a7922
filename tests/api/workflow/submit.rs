use mamis_kernel::{Role, Tier};
use mamis_test_support::{TestApp, changes};
use serde_json::{Value, json};

use crate::api::{KUSATSU, NATION, OTSU, SHIGA};

#[tokio::test]
async fn j_1_everything_that_is_missing_is_named_at_once() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let id = physician.create_application(&changes(&json!({}))).await.assert_status(201).application_id();

    let problem = physician.submit(id).await.assert_problem(422, "invalid_fields");

    let missing: Vec<&str> = problem.errors.iter().map(|fault| fault.pointer.as_str()).collect();
    for field in ["workplace/name", "workplace/kind", "district_association_id", "highest_tier", "effective_date"] {
        assert!(missing.contains(&format!("/changes/0/payload/{field}").as_str()), "{field} in {missing:?}");
    }
    assert!(problem.errors.iter().all(|fault| fault.code.as_str() == "required"));
    assert_eq!(physician.application(id).await.json()["state"], "draft");
}

#[tokio::test]
async fn m_2_a_municipal_association_must_serve_the_workplace_or_the_home() {
    let app = TestApp::start().await;
    let wrong = app.given_application().drafted_for(KUSATSU).await;
    let pointer = "/changes/0/payload/district_association_id";
    let answer = wrong.physician.submit(wrong.id).await;
    answer.assert_faults(422, "invalid_fields", &[(pointer, "wrong_association")]);

    let home = app.given_application().with("/contact/postal_code", json!("5250032")); // 草津市
    home.submitted_to(KUSATSU).await;
    let university = app.given_application();
    university.submitted_to("滋賀医科大学医師会").await;
}

#[tokio::test]
async fn a_district_is_no_prefecture() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(SHIGA).await;
    let problem = case.physician.submit(case.id).await.assert_problem(422, "invalid_fields");
    assert!(problem.errors.iter().any(|f| f.pointer.ends_with("/district_association_id")), "{problem:?}");
}

#[tokio::test]
async fn cat_1_the_national_category_agrees_with_the_wish_about_the_insurance() {
    let app = TestApp::start().await;
    let case = app.given_application().with("/insurance_excluded", json!(true)).drafted_for(OTSU).await;
    let pointer = "/changes/0/payload/categories/national";
    case.physician.submit(case.id).await.assert_faults(422, "invalid_fields", &[(pointer, "conflicting")]);
}

#[tokio::test]
async fn m_16_a_day_out_of_reason_is_refused() {
    let app = TestApp::start().await;
    for day in ["2015-12-31", "2029-01-01", "1900-01-01"] {
        let case = app.given_application().with("/effective_date", json!("2026-12-01")).drafted_for(OTSU).await;
        let form = case.physician.application(case.id).await.json()["changes"][0]["input"]["payload"].clone();
        let form = mamis_test_support::set(form, "/effective_date", json!(day));
        let saved = case.physician.save(case.id, &changes(&form)).await;
        let answer = if saved.status == 200 { case.physician.submit(case.id).await } else { saved };
        let problem = answer.assert_problem(422, "invalid_fields");
        assert_eq!(problem.errors[0].pointer, "/changes/0/payload/effective_date", "{day}");
    }
}

#[tokio::test]
async fn w_6_a_second_open_case_about_the_same_membership_is_refused() {
    let app = TestApp::start().await;
    let first = app.given_application().submitted_to(OTSU).await;
    let second = app.given_application().of(&first.physician).drafted_for(OTSU).await;

    second.physician.submit(second.id).await.assert_problem(409, "parallel_application");

    first.physician.retract(first.id).await.assert_status(200);
    second.physician.submit(second.id).await.assert_status(200);
}

#[tokio::test]
async fn w_6_two_cases_filed_at_the_same_moment_are_filed_once() {
    let app = TestApp::start().await;
    let one = app.given_application().drafted_for(OTSU).await;
    let other = app.given_application().of(&one.physician).drafted_for(OTSU).await;

    let (a, b) = futures_util::future::join(one.physician.submit(one.id), one.physician.submit(other.id)).await;

    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(app.count("select count(*) from applications where state = 'in_review'", &[]).await, 1);
}

#[tokio::test]
async fn who_is_a_member_already_cannot_join_again() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    let case = app.given_application().of(&member).up_to(Tier::District).drafted_for(OTSU).await;
    member.submit(case.id).await.assert_problem(409, "period_overlaps");
    assert_eq!(member.application(case.id).await.json()["state"], "draft");
}

#[tokio::test]
async fn two_joinings_in_one_case_contradict_each_other() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let change = case.physician.application(case.id).await.json()["changes"][0]["input"].clone();
    let twice = json!({ "changes": [change, change] });
    case.physician.save(case.id, &twice).await.assert_status(200);
    let answer = case.physician.submit(case.id).await;
    answer.assert_faults(422, "invalid_fields", &[("/changes/1", "conflicting")]);
}

#[tokio::test]
async fn receipt_numbers_run_on() {
    let app = TestApp::start().await;
    let mut numbers: Vec<Value> = Vec::new();
    for _ in 0..2 {
        let case = app.given_application().submitted_to(OTSU).await;
        numbers.push(case.physician.application(case.id).await.json()["number"].clone());
    }
    assert_eq!(numbers, [json!("2026-JOIN-00000001"), json!("2026-JOIN-00000002")]);
}

#[tokio::test]
async fn the_timeline_says_with_whom_it_is_and_since_when() {
    let app = TestApp::start().await;
    let case = app.given_application().submitted_to(OTSU).await;
    app.advance(chrono::TimeDelta::minutes(5));
    app.given_approval(&case, OTSU).await;

    let listed = &case.physician.get("/applications").await.json()["items"][0];
    assert_eq!(listed["current_association"]["name"], SHIGA);
    assert_eq!((&listed["state"], &listed["since"]), (&json!("in_review"), &json!("2026-11-23T03:05:00Z")));
    for association in [OTSU, SHIGA, NATION] {
        let clerk = app.given_clerk_of(association, Role::Viewer).await;
        assert_eq!(clerk.application(case.id).await.assert_status(200).json()["steps"][1]["state"], "open");
    }
}
