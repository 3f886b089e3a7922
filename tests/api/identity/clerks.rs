use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::Role;
use mamis_test_support::{Answer, SignedIn, TestApp};
use serde_json::{Value, json};

use crate::api::{NATION, OTSU, SHIGA};

const NEXT: &str = "琵琶湖の朝は静かで風がない";
const INVITE: &str = "identity.invite_clerk";
const CHANGE: &str = "identity.change_clerk";
const END: &str = "identity.end_clerk";
const ACCEPT: &str = "identity.accept_clerk_invitation";

async fn invite(app: &TestApp, who: &SignedIn, association: &str, role: Role) -> Answer {
    let association = app.association(association).await;
    let body = json!({ "association_id": association, "role": role, "invitee": "田中　久美", "language": "ja" });
    who.post("/clerk-invitations").new_key().json(&body).send().await
}

async fn code(app: &TestApp, who: &SignedIn, association: &str, role: Role) -> String {
    let made = invite(app, who, association, role).await.assert_status(201).json();
    made["code"].as_str().unwrap().to_owned()
}

fn acceptance(code: &str, login_id: &str) -> Value {
    json!({ "code": code, "login_id": login_id, "display_name": "田中　久美", "password": NEXT, "language": "ja" })
}

async fn accept(app: &TestApp, code: &str, login_id: &str) -> Answer {
    app.visitor().post("/clerk-invitations/accept").json(&acceptance(code, login_id)).send().await
}

async fn clerks(app: &TestApp, who: &SignedIn, association: &str) -> Vec<Value> {
    let association = app.association(association).await;
    let page = who.get(&format!("/associations/{association}/clerks")).await.assert_status(200).json();
    page["items"].as_array().unwrap().clone()
}

/// The id of the role that somebody holds in Otsu, as an administrator sees it.
async fn role_of(app: &TestApp, administrator: &SignedIn, who: &SignedIn) -> String {
    let listed = clerks(app, administrator, OTSU).await;
    let found = listed.iter().find(|role| role["account_id"] == json!(who.account_id));
    found.unwrap_or_else(|| panic!("{listed:#?}"))["id"].as_str().unwrap().to_owned()
}

async fn change(who: &SignedIn, role: &str, body: Value) -> Answer {
    who.put(&format!("/clerk-roles/{role}")).json(&body).send().await
}

async fn end(who: &SignedIn, role: &str, body: Value) -> Answer {
    who.post(&format!("/clerk-roles/{role}/end")).new_key().json(&body).send().await
}

#[tokio::test]
async fn an_invited_clerk_chooses_a_log_in_and_works_from_the_first_day_on() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let code = code(&app, &administrator, OTSU, Role::Approver).await;
    let body = json!({ "code": code.to_lowercase() });
    let offer = app.visitor().post("/clerk-invitations/lookup").json(&body).send().await.assert_status(200).json();
    assert_eq!((offer["place_name"].as_str(), offer["role"].as_str()), (Some(OTSU), Some("approver")));

    accept(&app, &code, "tanaka-kumi").await.assert_status(204);

    let session = app.visitor().try_log_in("Tanaka-Kumi", NEXT).await.assert_status(201).json();
    assert_eq!(session["account"]["display_name"], "田中　久美");
    assert_eq!(session["account"]["held_back"][0]["role"], "approver", "until a second factor is set up (ID-20)");
    let listed = clerks(&app, &administrator, OTSU).await;
    let clerk = listed.iter().find(|role| role["login_id"] == "tanaka-kumi").unwrap();
    assert_eq!((clerk["first_day"].as_str(), clerk.get("last_day")), (Some("2026-11-23"), None));
    assert!(clerk["last_log_in"].is_string() && clerk["is_own"] == false);
    let kept = "select count(*) from clerk_invitations c where c::text like '%' || $1 || '%'";
    assert_eq!(app.count(kept, &[&code]).await, 0, "the code is kept hashed");
    assert_eq!(
        app.count("select count(*) from accounts where class = 'clerk' and login_id = 'tanaka-kumi'", &[]).await,
        1
    );
}

#[tokio::test]
async fn a_code_is_shown_once_and_not_in_a_repeated_answer() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let association = app.association(OTSU).await;
    let body = json!({ "association_id": association, "role": "viewer", "invitee": "田中", "language": "ja" });
    let ask = async || administrator.post("/clerk-invitations").key("one-intent").json(&body).send().await;

    let first = ask().await.assert_status(201).json();
    let second = ask().await.assert_status(201);

    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(first["id"], second.json()["id"]);
    assert!(first["code"].is_string() && second.json().get("code").is_none());
    let code = first["code"].as_str().unwrap();
    let kept = "select count(*) from idempotency_keys k where k::text like '%' || $1 || '%'";
    assert_eq!(app.count(kept, &[&code]).await, 0);
}

#[tokio::test]
async fn an_account_that_exists_takes_the_role_on() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let physician = app.given_physician().await;
    let code = code(&app, &administrator, OTSU, Role::Viewer).await;
    let claim = async |who: &SignedIn| {
        who.post("/clerk-invitations/claim").new_key().json(&json!({ "code": code })).send().await
    };

    claim(&physician).await.assert_status(204);

    let account = physician.get("/account").await.json();
    let roles: Vec<_> = account["capabilities"].as_array().unwrap().iter().map(|held| held["role"].clone()).collect();
    assert_eq!(roles, ["physician", "viewer"]);
    claim(&physician).await.assert_problem(404, "invitation_unusable");
}

#[tokio::test]
async fn faults_of_an_acceptance_land_on_their_fields_and_leave_the_invitation_open() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let code = code(&app, &administrator, OTSU, Role::Viewer).await;

    let taken = accept(&app, &code, &administrator.login_id.to_uppercase()).await;
    taken.assert_faults(422, "invalid_fields", &[("/login_id", "taken")]);
    let short = app.visitor().post("/clerk-invitations/accept");
    let mut weak = acceptance(&code, "tanaka");
    weak["password"] = json!("password1234");
    short.json(&weak).send().await.assert_faults(422, "invalid_fields", &[("/password", "too_weak")]);
    accept(&app, &code, "田中").await.assert_faults(422, "invalid_fields", &[("/login_id", "invalid_format")]);

    accept(&app, &code, "tanaka-kumi").await.assert_status(204);
}

#[tokio::test]
async fn id_60_a_change_closes_the_row_and_gives_it_a_successor() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let before = role_of(&app, &administrator, &clerk).await;

    let body = json!({ "role": "approver", "first_day": "2027-01-01", "last_day": "2027-12-31" });
    let after = change(&administrator, &before, body).await.assert_status(200).json();

    assert_ne!(after["id"], json!(before));
    assert_eq!((&after["first_day"], &after["last_day"]), (&json!("2027-01-01"), &json!("2027-12-31")));
    let listed = clerks(&app, &administrator, OTSU).await;
    let own: Vec<_> = listed.iter().filter(|role| role["account_id"] == json!(clerk.account_id)).collect();
    assert_eq!(own.len(), 2);
    assert_eq!((&own[1]["role"], &own[1]["last_day"]), (&json!("viewer"), &json!("2026-12-31")));
    let rows = "select count(*) from capabilities where account_id = $1";
    assert_eq!(app.count(rows, &[&clerk.account_id.uuid()]).await, 3, "nothing was overwritten");
    change(&administrator, &before, json!({ "role": "viewer" })).await.assert_problem(412, "stale_version");
    let past = json!({ "role": "viewer", "first_day": "2026-11-22" });
    let now = own[0]["id"].as_str().unwrap();
    change(&administrator, now, past).await.assert_faults(422, "invalid_fields", &[("/first_day", "out_of_range")]);
    app.assert_audit(&[(CHANGE, administrator.account_id, Done)]).await;
}

#[tokio::test]
async fn an_ended_role_may_be_looked_up_and_the_last_day_counts() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let role = role_of(&app, &administrator, &clerk).await;
    end(&administrator, &role, json!({ "last_day": "2026-11-23" })).await.assert_status(204);
    clerk.get("/work-items/summary").await.assert_status(200);

    app.advance(TimeDelta::days(1));

    let clerk = app.log_in_again(&clerk).await;
    clerk.get("/work-items/summary").await.assert_problem(403, "forbidden");
    let administrator = app.log_in_again(&administrator).await;
    assert_eq!(clerks(&app, &administrator, OTSU).await.len(), 1);
    let association = app.association(OTSU).await;
    let all = administrator.get(&format!("/associations/{association}/clerks?with_ended=true")).await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn id_61_the_upper_tier_appoints_the_first_administrator() {
    let app = TestApp::start().await;
    let shiga = app.given_clerk_of(SHIGA, Role::Administrator).await;
    let listed = async |who: &SignedIn| {
        who.get("/vacant-associations?limit=200").await.assert_status(200).json()["items"].clone()
    };
    let names = |items: &Value| items.as_array().unwrap().iter().any(|item| item["name"] == OTSU);
    assert!(names(&listed(&shiga).await));
    let code = code(&app, &shiga, OTSU, Role::Administrator).await;
    let second = self::code(&app, &shiga, OTSU, Role::Administrator).await;

    accept(&app, &code, "otsu-first").await.assert_status(204);

    assert!(!names(&listed(&shiga).await));
    invite(&app, &shiga, OTSU, Role::Administrator).await.assert_problem(404, "not_found");
    accept(&app, &second, "otsu-second").await.assert_problem(404, "invitation_unusable");
}

#[tokio::test]
async fn attack_the_last_administrator_is_removed() {
    let app = TestApp::start().await;
    let first = app.given_clerk_of(OTSU, Role::Administrator).await;
    let own = role_of(&app, &first, &first).await;

    end(&first, &own, json!({})).await.assert_problem(409, "last_administrator");
    end(&first, &own, json!({ "last_day": "2027-03-31" })).await.assert_problem(409, "last_administrator");
    change(&first, &own, json!({ "role": "viewer" })).await.assert_problem(409, "last_administrator");
    app.assert_audit(&[
        (END, first.account_id, Denied),
        (END, first.account_id, Denied),
        (CHANGE, first.account_id, Denied),
    ])
    .await;

    app.given_clerk_of(OTSU, Role::Administrator).await;
    end(&first, &own, json!({})).await.assert_status(204);
}

#[tokio::test]
async fn attack_two_administrators_end_each_other_at_once() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        app.owner().batch_execute("delete from capabilities where role = 'administrator'").await.unwrap();
        let one = app.given_clerk_of(OTSU, Role::Administrator).await;
        let other = app.given_clerk_of(OTSU, Role::Administrator).await;
        let (role_of_one, role_of_other) = (role_of(&app, &one, &one).await, role_of(&app, &one, &other).await);

        let (a, b) = tokio::join!(end(&one, &role_of_other, json!({})), end(&other, &role_of_one, json!({})));

        assert_eq!(
            [a.status, b.status].iter().filter(|status| **status == 204).count(),
            1,
            "{} {}",
            a.status,
            b.status
        );
        let left = "select count(*) from capabilities where role = 'administrator' and superseded_at is null
                    and valid_to is null";
        assert_eq!(app.count(left, &[]).await, 1);
    }
    let denied = "select count(*) from audit_events where action = 'identity.end_clerk' and outcome = 'denied'";
    assert_eq!(app.count(denied, &[]).await, 5);
}

#[tokio::test]
async fn attack_granting_more_than_one_holds() {
    let app = TestApp::start().await;
    app.given_clerk_of(OTSU, Role::Administrator).await;
    for role in [Role::Viewer, Role::Operator, Role::Approver] {
        let clerk = app.given_clerk_of(OTSU, role).await;
        invite(&app, &clerk, OTSU, Role::Viewer).await.assert_problem(403, "forbidden");
        invite(&app, &clerk, OTSU, Role::Administrator).await.assert_problem(403, "forbidden");
        app.assert_audit(&[(INVITE, clerk.account_id, Denied), (INVITE, clerk.account_id, Denied)]).await;
    }
    let nation = app.given_clerk_of(NATION, Role::Administrator).await;
    invite(&app, &nation, SHIGA, Role::Viewer).await.assert_problem(403, "forbidden");
    invite(&app, &nation, "高島市医師会", Role::Administrator).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn attack_raising_oneself() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let role = role_of(&app, &administrator, &clerk).await;
    change(&clerk, &role, json!({ "role": "administrator" })).await.assert_problem(403, "forbidden");
    app.assert_audit(&[(CHANGE, clerk.account_id, Denied)]).await;

    // Nor in time: an administrator until March does not stay on by an own hand, nor by an own invitation.
    let own = role_of(&app, &administrator, &administrator).await;
    app.given_clerk_of(OTSU, Role::Administrator).await;
    let until = change(&administrator, &own, json!({ "role": "administrator", "last_day": "2027-03-31" })).await;
    let until = until.assert_status(200).json()["id"].as_str().unwrap().to_owned();
    for body in [json!({ "role": "administrator" }), json!({ "role": "administrator", "last_day": "2027-04-01" })] {
        change(&administrator, &until, body).await.assert_problem(403, "forbidden");
    }
    let code = code(&app, &administrator, OTSU, Role::Administrator).await;
    let claim = administrator.post("/clerk-invitations/claim").new_key().json(&json!({ "code": code }));
    claim.send().await.assert_problem(404, "invitation_unusable");
    app.assert_audit(&[(ACCEPT, administrator.account_id, Denied)]).await;
}

#[tokio::test]
async fn attack_clerk_roles_of_another_association() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of("草津市医師会", Role::Administrator).await;
    let otsu = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let role = role_of(&app, &otsu, &clerk).await;

    invite(&app, &administrator, OTSU, Role::Viewer).await.assert_problem(404, "not_found");
    change(&administrator, &role, json!({ "role": "administrator" })).await.assert_problem(404, "not_found");
    end(&administrator, &role, json!({})).await.assert_problem(404, "not_found");
    let association = app.association(OTSU).await;
    for list in ["clerks", "clerk-invitations"] {
        administrator.get(&format!("/associations/{association}/{list}")).await.assert_problem(404, "not_found");
    }
    app.assert_audit(&[
        (INVITE, administrator.account_id, Denied),
        (CHANGE, administrator.account_id, Denied),
        (END, administrator.account_id, Denied),
        ("identity.list_clerks", administrator.account_id, Denied),
        ("identity.list_clerk_invitations", administrator.account_id, Denied),
    ])
    .await;
}

#[tokio::test]
async fn attack_a_demoted_or_ended_clerks_access_token_is_refused_at_once() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let case = app.given_application().submitted_to(OTSU).await;
    clerk.application(case.id).await.assert_status(200);

    let role = role_of(&app, &administrator, &clerk).await;
    let viewer = change(&administrator, &role, json!({ "role": "viewer" })).await.assert_status(200).json();
    clerk.approve(case.id, "2026-12-01").await.assert_problem(403, "forbidden");

    end(&administrator, viewer["id"].as_str().unwrap(), json!({})).await.assert_status(204);
    clerk.application(case.id).await.assert_problem(404, "not_found");
    clerk.get("/work-items/summary").await.assert_problem(403, "forbidden");
    app.assert_audit(&[("workflow.approve", clerk.account_id, Denied)]).await;
}

#[tokio::test]
async fn attack_an_invitation_is_used_twice_late_or_after_it_was_taken_back() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let used = code(&app, &administrator, OTSU, Role::Viewer).await;
    accept(&app, &used, "tanaka-kumi").await.assert_status(204);
    let taken_back = invite(&app, &administrator, OTSU, Role::Viewer).await.assert_status(201).json();
    let path = format!("/clerk-invitations/{}/withdraw", taken_back["id"].as_str().unwrap());
    administrator.post(&path).new_key().send().await.assert_status(204);
    let late = code(&app, &administrator, OTSU, Role::Viewer).await;

    let told =
        async |code: &str| accept(&app, code, "another-login").await.assert_problem(404, "invitation_unusable").title;
    let first = told(&used).await;
    assert_eq!(told(taken_back["code"].as_str().unwrap()).await, first);
    assert_eq!(told("AAAAA-AAAAA-AAAAA-AAAAA").await, first);
    app.advance(TimeDelta::days(7));
    assert_eq!(told(&late).await, first, "which fault it is, is not said");
    let refused = "select count(*) from audit_events where action = $1 and outcome = 'denied'";
    assert_eq!(app.count(refused, &[&ACCEPT]).await, 4);
}

#[tokio::test]
async fn attack_two_people_accept_one_invitation_at_once() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let code = code(&app, &administrator, OTSU, Role::Administrator).await;

    let (a, b) = tokio::join!(accept(&app, &code, "first-hand"), accept(&app, &code, "second-hand"));

    let mut answers = [a.status, b.status];
    answers.sort_unstable();
    assert_eq!(answers, [204, 404]);
    assert_eq!(app.count("select count(*) from accounts where login_id like '%-hand'", &[]).await, 1);
}

#[tokio::test]
async fn attack_an_invitation_of_an_administrator_who_was_ended_since() {
    let app = TestApp::start().await;
    let leaving = app.given_clerk_of(OTSU, Role::Administrator).await;
    let staying = app.given_clerk_of(OTSU, Role::Administrator).await;
    let code = code(&app, &leaving, OTSU, Role::Administrator).await;
    let role = role_of(&app, &staying, &leaving).await;
    end(&staying, &role, json!({})).await.assert_status(204);

    accept(&app, &code, "accomplice").await.assert_problem(404, "invitation_unusable");

    assert_eq!(app.count("select count(*) from accounts where login_id = 'accomplice'", &[]).await, 0);
}

#[tokio::test]
async fn attack_guessing_codes_gets_slow() {
    let app = TestApp::start().await;
    let look = async || {
        let body = json!({ "code": "AAAAA-AAAAA-AAAAA-AAAAA" });
        app.visitor().post("/clerk-invitations/lookup").json(&body).send().await
    };
    for _ in 0..51 {
        look().await.assert_problem(404, "invitation_unusable");
    }
    look().await.assert_problem(429, "too_many_requests");
}

#[tokio::test]
async fn attack_mass_assignment_of_state_person_and_place() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let role = role_of(&app, &administrator, &clerk).await;
    let shiga = app.association(SHIGA).await;
    let code = code(&app, &administrator, OTSU, Role::Viewer).await;
    for (field, value) in
        [("account_id", json!(clerk.account_id)), ("association_id", json!(shiga)), ("is_own", json!(true))]
    {
        let mut body = json!({ "role": "viewer" });
        body[field] = value;
        change(&administrator, &role, body).await.assert_problem(400, "malformed_request");
    }
    for (field, value) in [
        ("role", json!("administrator")),
        ("class", json!("member")),
        ("state", json!("active")),
        ("person_id", json!("per_01900000000070008000000000000001")),
        ("email", json!("somebody@example.jp")),
    ] {
        let mut body = acceptance(&code, "tanaka-kumi");
        body[field] = value;
        let answer = app.visitor().post("/clerk-invitations/accept").json(&body).send().await;
        answer.assert_problem(400, "malformed_request");
    }
    accept(&app, &code, "tanaka-kumi").await.assert_status(204);
}

#[tokio::test]
async fn id_64_an_invitation_by_mail_shows_its_code_to_nobody_but_the_invited() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let association = app.association(OTSU).await;
    let address = "tanaka@example.jp";
    let body = json!({
        "association_id": association, "role": "viewer", "invitee": "田中　久美", "email": address, "language": "ja"
    });

    let made = administrator.post("/clerk-invitations").new_key().json(&body).send().await.assert_status(201).json();

    assert_eq!((made["email"].as_str(), made.get("code")), (Some(address), None));
    let mails = app.mails_to(address).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].body.contains("大津市医師会の閲覧者として招待されました"), "{}", mails[0].body);
    let link = format!("{}/invitation#", app.public_url());
    let code = mails[0].body.split(&link).nth(1).unwrap().split_whitespace().next().unwrap();
    accept(&app, code, "tanaka-kumi").await.assert_status(204);
    let confirmed = "select count(*) from accounts where login_id = 'tanaka-kumi' and email = $1
                     and email_confirmed_at is not null";
    assert_eq!(app.count(confirmed, &[&address]).await, 1, "who read the mail has shown that the address is right");

    let mut wrong = body.clone();
    wrong["email"] = json!("tanaka");
    let refused = administrator.post("/clerk-invitations").new_key().json(&wrong).send().await;
    refused.assert_faults(422, "invalid_fields", &[("/email", "invalid_format")]);
}
