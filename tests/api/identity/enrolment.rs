use chrono::TimeDelta;
use mamis_documents::TemporaryLetter;
use mamis_kernel::{PersonId, Role};
use mamis_test_support::{Answer, Client, Enrolling, PASSWORD as OLD_PASSWORD, TestApp};
use serde_json::{Value, json};

use crate::api::OTSU;

const PASSWORD: &str = "琵琶湖の朝は静かで風がない";
const EMAIL: &str = "hanako@example.jp";

async fn given(app: &TestApp) -> (PersonId, TemporaryLetter) {
    let person = app.given_member_without_account(&[OTSU]).await;
    (person, app.given_letter(OTSU, person).await)
}

async fn begin(client: &Client, login_id: &str, password: &str) -> Answer {
    client.post("/enrolments").json(&json!({ "login_id": login_id, "password": password })).send().await
}

/// As far as the terms.
async fn ready(app: &TestApp, person: PersonId, letter: &TemporaryLetter) -> Enrolling {
    let enrolling = app.given_enrolling(letter).await;
    enrolling.step("identity", &app.identity_of(person).await).await.assert_status(200);
    enrolling.post("email/decline").send().await.assert_status(200);
    enrolling.step("password", &json!({ "password": PASSWORD })).await.assert_status(200);
    enrolling
}

async fn wrong_identity(app: &TestApp, person: PersonId) -> Value {
    let mut wrong = app.identity_of(person).await;
    wrong["birth_date"] = json!("1980-07-06");
    wrong
}

#[tokio::test]
async fn id_72_from_a_letter_to_a_log_in_step_by_step() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    // As people type: small letters, and the gaps of the paper.
    let typed = format!("{} {}", &letter.temporary_login_id[..4], &letter.temporary_login_id[4..]).to_lowercase();
    let begun = begin(&app.visitor(), &typed, &letter.temporary_password).await.assert_status(201);
    let cookie = begun.header("set-cookie").to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/enrolments", "Expires="] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    let view = begun.json();
    assert_eq!((&view["step"], &view["association"]["name"]), (&json!("identity"), &json!(OTSU)));
    assert_eq!(view["display_name"], json!(null), "a letter that fell into other hands says no name");
    let enrolling = Enrolling::with(app.visitor(), begun.enrolment_token());
    enrolling.step("password", &json!({ "password": PASSWORD })).await.assert_problem(409, "wrong_state");

    let proved = enrolling.step("identity", &app.identity_of(person).await).await.assert_status(200).json();
    assert_eq!(proved["step"], "email");
    assert!(proved["display_name"].as_str().unwrap().starts_with("髙橋"));
    let sent = enrolling.step("email", &json!({ "email": EMAIL })).await.assert_status(200).json();
    assert_eq!((&sent["step"], &sent["pending_email"]), (&json!("email"), &json!("h***@example.jp")));
    // The browser was closed here; another day it goes on, with its cookie.
    assert_eq!(enrolling.state().await.json(), sent);
    let code = app.code_sent_to(EMAIL).await;
    let confirmed = enrolling.step("email/confirm", &json!({ "code": code })).await.assert_status(200).json();
    assert_eq!(confirmed["step"], "password");
    let weak = enrolling.step("password-checks", &json!({ "password": "takahashi" })).await.assert_status(200).json();
    assert_eq!(weak["fault"], "too_short");
    let chosen = json!({ "password": PASSWORD, "login_id": "hanako-otsu" });
    let chosen = enrolling.step("password", &chosen).await.assert_status(200).json();
    assert_eq!((&chosen["step"], &chosen["login_id"]), (&json!("finish"), &json!("hanako-otsu")));
    let session = enrolling.post("complete").send().await.assert_status(201);
    assert!(!session.refresh_token().is_empty());
    let session = session.json();
    assert_eq!(session["account"]["email"], EMAIL);
    assert_eq!(session["account"]["person"]["id"], json!(person));
    assert_eq!(session["account"]["class"], "member");

    let me = app.visitor().with_token(session["access_token"].as_str().unwrap());
    let accept = me.put("/account/terms-acceptance").json(&json!({ "version": "1.0" }));
    accept.send().await.assert_status(204);
    me.get(&format!("/persons/{person}")).await.assert_status(200);
    app.visitor().try_log_in("hanako-otsu", PASSWORD).await.assert_status(201);
    enrolling.state().await.assert_problem(401, "challenge_over");
    assert!(app.mails_to(EMAIL).await.iter().any(|mail| mail.template == "enrolled"));
    let kept = "select count(*) from enrolments where password_hash is not null";
    assert_eq!(app.count(kept, &[]).await, 0, "the account has it now");
}

#[tokio::test]
async fn who_has_no_email_goes_on_by_post() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = ready(&app, person, &letter).await;
    let session = enrolling.post("complete").send().await.assert_status(201).json();
    assert_eq!(session["account"]["email"], json!(null));
    assert_eq!(session["account"]["login_id"], json!(letter.temporary_login_id));
    let notices = "select count(*) from postal_notices where person_id = $1 and template = 'enrolled'";
    assert_eq!(app.count(notices, &[&person.uuid()]).await, 1);
}

#[tokio::test]
async fn id_73_a_mismatch_goes_to_the_clerks_list_and_is_no_dead_end() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = app.given_enrolling(&letter).await;
    let answer = enrolling.step("identity", &wrong_identity(&app, person).await).await.assert_status(200).json();
    assert_eq!((&answer["step"], &answer["identity_mismatched"]), (&json!("identity"), &json!(true)));
    assert_eq!(answer["identity_tries_left"], 4);
    assert!(!answer.to_string().contains("1980"), "what it was is not said");

    let association = app.association(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let list = async || clerk.get(&format!("/associations/{association}/identity-mismatches")).await.json();
    let entry = list().await["items"][0].clone();
    assert_eq!(
        (&entry["shown"]["birth_date"], &entry["record"]["birth_date"]),
        (&json!("1980-07-06"), &json!("1980-07-05"))
    );
    let accept = format!("/identity-mismatches/{}/accept", entry["id"].as_str().unwrap());
    clerk.post(&accept).new_key().send().await.assert_status(204);
    assert_eq!(enrolling.state().await.json()["step"], "email", "the clerk knows who it is");
    assert_eq!(list().await["items"], json!([]));
    clerk.post(&accept).new_key().send().await.assert_problem(409, "wrong_state");
}

#[tokio::test]
async fn who_mistyped_tries_again_and_leaves_the_list() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = app.given_enrolling(&letter).await;
    enrolling.step("identity", &wrong_identity(&app, person).await).await.assert_status(200);
    let right = enrolling.step("identity", &app.identity_of(person).await).await.assert_status(200).json();
    assert_eq!(right["step"], "email");
    assert_eq!(app.count("select count(*) from identity_mismatches where decided_at is null", &[]).await, 0);
}

#[tokio::test]
async fn attack_identity_guessing_ends_after_five_tries_even_for_the_right_answer() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let (wrong, right) = (wrong_identity(&app, person).await, app.identity_of(person).await);
    for left in [4, 3, 2] {
        let answer = app.given_enrolling(&letter).await.step("identity", &wrong).await.assert_status(200).json();
        assert_eq!(answer["identity_tries_left"], left, "beginning again gives no new tries");
    }
    let enrolling = app.given_enrolling(&letter).await;
    enrolling.step("identity", &wrong).await.assert_status(200);
    enrolling.step("identity", &wrong).await.assert_status(200);
    let late = enrolling.step("identity", &right).await.assert_status(200).json();
    assert_eq!((&late["step"], &late["identity_tries_left"]), (&json!("identity"), &json!(0)));
    let entries = "select count(*) from identity_mismatches where attempts = 5";
    assert_eq!(app.count(entries, &[]).await, 1, "one entry a person");
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let path = format!("/associations/{}/identity-mismatches", app.association(OTSU).await);
    let entry = clerk.get(&path).await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    clerk.post(&format!("/identity-mismatches/{entry}/dismiss")).new_key().send().await.assert_status(204);
    let again = enrolling.step("identity", &right).await.assert_status(200).json();
    assert_eq!(again["step"], "email");
}

#[tokio::test]
async fn attack_a_letters_password_is_guessed_and_gets_slow() {
    let app = TestApp::start().await;
    let (_, letter) = given(&app).await;
    let visitor = app.visitor();
    for _ in 0..6 {
        begin(&visitor, &letter.temporary_login_id, "AAAA-AAAA-AAAA").await.assert_problem(401, "login_failed");
    }
    let right = begin(&visitor, &letter.temporary_login_id, &letter.temporary_password).await;
    right.assert_problem(429, "too_many_requests");
    app.advance(TimeDelta::seconds(6));
    begin(&visitor, &letter.temporary_login_id, &letter.temporary_password).await.assert_status(201);
    let denied = "select count(*) from audit_events where action = 'identity.begin_enrolment' and outcome = 'denied'";
    assert_eq!(app.count(denied, &[]).await, 6);
}

#[tokio::test]
async fn attack_user_enumeration_an_id_on_no_letter_is_answered_like_one_that_is() {
    let app = TestApp::start().await;
    let (_, letter) = given(&app).await;
    let known = begin(&app.visitor(), &letter.temporary_login_id, "AAAA-AAAA-AAAA").await;
    let unknown = begin(&app.visitor(), "ABCDEFGH", "AAAA-AAAA-AAAA").await;
    let shape = |answer: &Answer| {
        let mut problem = answer.json();
        problem["request_id"] = json!("");
        (answer.status, problem)
    };
    assert_eq!(shape(&known), shape(&unknown));
    known.assert_problem(401, "login_failed");
}

#[tokio::test]
async fn attack_a_letter_is_used_twice() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    ready(&app, person, &letter).await.post("complete").send().await.assert_status(201);
    let again = begin(&app.visitor(), &letter.temporary_login_id, &letter.temporary_password).await;
    again.assert_problem(409, "letter_over");
    // Nor is its password one of the account.
    app.visitor()
        .try_log_in(&letter.temporary_login_id, &letter.temporary_password)
        .await
        .assert_problem(401, "login_failed");
}

#[tokio::test]
async fn attack_two_completions_racing_with_one_letter_make_one_account() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = ready(&app, person, &letter).await;
    let (one, other) = tokio::join!(enrolling.post("complete").send(), enrolling.post("complete").send());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401]);
    let accounts = "select count(*) from accounts where person_id = $1";
    assert_eq!(app.count(accounts, &[&person.uuid()]).await, 1);
}

#[tokio::test]
async fn attack_an_expired_letter_opens_nothing() {
    let app = TestApp::start().await;
    let (_, letter) = given(&app).await;
    app.advance(TimeDelta::days(60));
    let late = begin(&app.visitor(), &letter.temporary_login_id, &letter.temporary_password).await;
    late.assert_problem(409, "letter_over");
    let guessed = begin(&app.visitor(), &letter.temporary_login_id, "AAAA-AAAA-AAAA").await;
    guessed.assert_problem(401, "login_failed");
}

#[tokio::test]
async fn attack_a_letter_that_was_reissued_opens_nothing_and_ends_what_was_begun_with_it() {
    let app = TestApp::start().await;
    let (person, old) = given(&app).await;
    let begun = ready(&app, person, &old).await;
    let new = app.given_letter(OTSU, person).await;
    assert_eq!(new.issue_number, 2);
    begin(&app.visitor(), &old.temporary_login_id, &old.temporary_password).await.assert_problem(409, "letter_over");
    begun.post("complete").send().await.assert_problem(401, "challenge_over");
    ready(&app, person, &new).await.post("complete").send().await.assert_status(201);
}

#[tokio::test]
async fn attack_one_enrolments_code_or_cookie_is_nothing_to_another() {
    let app = TestApp::start().await;
    let ((one, letter_of_one), (other, letter_of_other)) = (given(&app).await, given(&app).await);
    let (first, second) = (app.given_enrolling(&letter_of_one).await, app.given_enrolling(&letter_of_other).await);
    first.step("identity", &app.identity_of(one).await).await.assert_status(200);
    assert_eq!(second.state().await.json()["step"], "identity");
    // The proof of one is none for the other.
    let stolen = second.step("identity", &app.identity_of(one).await).await.assert_status(200).json();
    assert_eq!(stolen["identity_mismatched"], true);
    second.step("identity", &app.identity_of(other).await).await.assert_status(200);
    first.step("email", &json!({ "email": EMAIL })).await.assert_status(200);
    let code = app.code_sent_to(EMAIL).await;
    let stolen = second.step("email/confirm", &json!({ "code": code })).await;
    stolen.assert_faults(422, "invalid_fields", &[("/code", "code_spent")]);
    let forged = Enrolling::with(app.visitor(), "made-up".to_owned());
    forged.state().await.assert_problem(401, "challenge_over");
    app.visitor().get("/enrolments/current").await.assert_problem(401, "challenge_over");
}

#[tokio::test]
async fn attack_csrf_on_the_enrolments_cookie() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = ready(&app, person, &letter).await;
    let cookie = format!("mamis_enrolment={}", enrolling.cookie);
    let form = app.visitor().post("/enrolments/current/complete").header("cookie", &cookie);
    form.send().await.assert_problem(403, "cross_site");
    let fetched = enrolling.post("complete").header("sec-fetch-site", "cross-site");
    fetched.send().await.assert_problem(403, "cross_site");
    let begun = json!({ "login_id": letter.temporary_login_id, "password": letter.temporary_password });
    let planted = app.visitor().post("/enrolments").header("sec-fetch-site", "cross-site").json(&begun);
    planted.send().await.assert_problem(403, "cross_site");
    assert_eq!(enrolling.state().await.json()["step"], "finish");
}

#[tokio::test]
async fn attack_mass_assignment_role_state_and_person_are_refused() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = ready(&app, person, &letter).await;
    for (field, value) in [("role", "administrator"), ("state", "active"), ("person_id", "per_1"), ("class", "clerk")] {
        let mut begun = json!({ "login_id": letter.temporary_login_id, "password": letter.temporary_password });
        begun[field] = json!(value);
        app.visitor().post("/enrolments").json(&begun).send().await.assert_problem(400, "malformed_request");
        let mut chosen = json!({ "password": PASSWORD });
        chosen[field] = json!(value);
        enrolling.step("password", &chosen).await.assert_problem(400, "malformed_request");
    }
}

#[tokio::test]
async fn own_data_and_the_letters_id_are_no_password_and_a_taken_login_id_is_said_to_be() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = ready(&app, person, &letter).await;
    let number = app.identity_of(person).await["medical_registration_number"].as_str().unwrap().to_owned();
    for password in [format!("タカハシハナコ{number}"), format!("{}{number}", letter.temporary_login_id)] {
        let refused = enrolling.step("password", &json!({ "password": password })).await;
        refused.assert_faults(422, "invalid_fields", &[("/password", "too_weak")]);
    }
    let taken = app.given_physician().await.login_id;
    let refused = enrolling.step("password", &json!({ "password": PASSWORD, "login_id": taken.to_uppercase() })).await;
    refused.assert_faults(422, "invalid_fields", &[("/login_id", "taken")]);
    let mail = enrolling.step("password", &json!({ "password": PASSWORD, "login_id": "a@example.jp" })).await;
    mail.assert_faults(422, "invalid_fields", &[("/login_id", "invalid_format")]);
}

#[tokio::test]
async fn what_was_begun_waits_for_a_day() {
    let app = TestApp::start().await;
    let (person, letter) = given(&app).await;
    let enrolling = ready(&app, person, &letter).await;
    app.advance(TimeDelta::hours(24));
    enrolling.post("complete").send().await.assert_problem(401, "challenge_over");
    ready(&app, person, &letter).await;
}

#[tokio::test]
async fn a_recovery_letter_gives_a_new_password_ends_all_sessions_and_asks_for_the_second_factor() {
    let app = TestApp::start().await;
    let member = app.given_member_of(&[OTSU]).await;
    app.given_second_factor(member.account_id, &member.login_id).await;
    app.given_email(member.account_id, EMAIL).await;
    app.given_batch(OTSU, "recovery", &[member.person()]).await;
    let letter = app.print_letters().await.pop().unwrap();
    let enrolling = app.given_enrolling(&letter).await;
    let proved = enrolling.step("identity", &app.identity_of(member.person()).await).await.assert_status(200).json();
    assert_eq!((&proved["step"], &proved["login_id"]), (&json!("password"), &json!(null)), "mail is known already");
    let other_id = enrolling.step("password", &json!({ "password": PASSWORD, "login_id": "another" })).await;
    other_id.assert_faults(422, "invalid_fields", &[("/login_id", "conflicting")]);
    enrolling.step("password", &json!({ "password": PASSWORD })).await.assert_status(200);
    member.get("/account").await.assert_status(200);
    let second = enrolling.post("complete").send().await.assert_status(200);
    assert!(second.json()["challenge"].is_string(), "a letter stands in for the password alone");
    member.get("/account").await.assert_problem(401, "not_signed_in");
    app.visitor().try_log_in(&member.login_id, OLD_PASSWORD).await.assert_problem(401, "login_failed");
    app.visitor().try_log_in(&member.login_id, PASSWORD).await.assert_status(200);
    assert!(app.mails_to(EMAIL).await.iter().any(|mail| mail.template == "password_changed"));
}
