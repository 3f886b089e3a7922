use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::{Answer, SignedIn, TestApp};
use serde_json::json;

use crate::api::{KUSATSU, OTSU};

async fn number_of(app: &TestApp, person: &SignedIn) -> String {
    let question = "select number from medical_registrations where person_id = $1";
    app.owner().query_one(question, &[&person.person().uuid()]).await.unwrap().get(0)
}

async fn look_up(who: &SignedIn, number: &str) -> Answer {
    who.post("/persons/lookup").json(&json!({ "medical_registration_number": number })).send().await
}

#[tokio::test]
async fn a_clerk_finds_the_own_member_by_number_in_any_digits() {
    let app = TestApp::start().await;
    let (member, clerk) = (app.given_member_of(&[OTSU]).await, app.given_clerk_of(OTSU, Role::Viewer).await);
    let number = number_of(&app, &member).await;
    let wide: String = number.bytes().map(|b| char::from_u32(u32::from(b) - 0x30 + 0xFF10).unwrap()).collect();

    for typed in [number.clone(), wide, format!("0{number}"), format!(" {number} ")] {
        let found = look_up(&clerk, &typed).await.assert_status(200).json();
        assert_eq!(found["id"], json!(member.person_id), "{typed}");
    }
    app.assert_audit(&[("registry.look_up_person", clerk.account_id, AuditOutcome::Seen); 4]).await;
}

#[tokio::test]
async fn nobody_learns_that_a_number_exists_elsewhere() {
    let app = TestApp::start().await;
    let (member, foreign) = (app.given_member_of(&[OTSU]).await, app.given_clerk_of(KUSATSU, Role::Approver).await);
    let number = number_of(&app, &member).await;

    look_up(&foreign, &number).await.assert_problem(404, "not_found");
    look_up(&app.given_physician().await, &number).await.assert_problem(404, "not_found");
    look_up(&foreign, "9999999").await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn what_is_no_number_is_told() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let pointer = "/medical_registration_number";
    for (typed, fault) in [
        ("12A456", "invalid_format"),
        ("12345678", "invalid_format"),
        ("000", "invalid_format"),
        ("", "required"),
        ("123456789012345678901", "too_long"),
        ("12\u{0}34", "control_character"),
    ] {
        look_up(&clerk, typed).await.assert_faults(422, "invalid_fields", &[(pointer, fault)]);
    }
}
