use mamis_kernel::Role;
use mamis_test_support::{Call, PASSWORD, TestApp};
use serde_json::json;

const EVIL: &str = "evil.example";
const NEW: &str = "hanako@example.jp";
const OLD: &str = "h.takahashi@example.jp";
const NEXT: &str = "琵琶湖の朝は静かで風がない";

/// A request that lies about where it was sent to, in every way a server could believe.
fn forged(call: Call) -> Call {
    call.header("host", EVIL)
        .header("x-forwarded-host", EVIL)
        .header("x-forwarded-proto", "http")
        .header("x-original-url", "https://evil.example/")
        .header("forwarded", "host=evil.example;proto=http")
}

#[tokio::test]
async fn attack_a_forged_host_does_not_get_into_the_mails_of_a_registration() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let asked = forged(visitor.post("/registrations").json(&json!({ "email": NEW }))).send().await.assert_status(201);
    let path = format!("/registrations/{}/confirm", asked.json()["id"].as_str().unwrap());
    let code = app.code_sent_to(NEW).await;
    forged(visitor.post(&path).json(&json!({ "code": code, "password": NEXT }))).send().await.assert_status(201);

    let mails = app.mails_to(NEW).await;
    let templates: Vec<&str> = mails.iter().map(|mail| mail.template.as_str()).collect();
    assert_eq!(templates, ["contact_code", "registered"]);
    for mail in &mails {
        assert!(!mail.body.contains(EVIL) && !mail.subject.contains(EVIL), "{}", mail.body);
    }
    let link = format!("{}/training", app.public_url());
    assert!(mails[1].body.contains(&link), "{} in {}", link, mails[1].body);
    only_our_links(&app).await;
}

#[tokio::test]
async fn attack_a_forged_host_does_not_get_into_the_mails_about_an_account() {
    let app = TestApp::start().await;
    let who = app.given_physician().await;
    let address = "update accounts set email = $2, email_confirmed_at = now() where id = $1";
    app.owner().execute(address, &[&who.account_id.uuid(), &OLD]).await.unwrap();
    let change = json!({ "email": NEW, "current_password": PASSWORD });
    let asked = forged(who.post("/account/email-changes").json(&change)).send().await.assert_status(201);
    let path = format!("/account/email-changes/{}/confirm", asked.json()["id"].as_str().unwrap());
    forged(who.post(&path).json(&json!({ "code": app.code_sent_to(NEW).await }))).send().await.assert_status(204);
    let password = json!({ "current_password": PASSWORD, "new_password": NEXT });
    forged(who.put("/account/password").json(&password)).send().await.assert_status(204);

    assert_eq!(app.mails_to(OLD).await.len(), 1);
    assert_eq!(app.mails_to(NEW).await.len(), 2);
    only_our_links(&app).await;
}

#[tokio::test]
async fn attack_a_forged_host_does_not_get_into_the_link_of_an_invitation() {
    let app = TestApp::start().await;
    let administrator = app.given_clerk_of(crate::api::OTSU, Role::Administrator).await;
    let association = app.association(crate::api::OTSU).await;
    for language in ["ja", "en"] {
        let body = json!({
            "association_id": association, "role": "viewer", "invitee": "田中", "email": NEW, "language": language
        });
        forged(administrator.post("/clerk-invitations").new_key().json(&body)).send().await.assert_status(201);
    }

    let mails = app.mails_to(NEW).await;
    assert_eq!(mails.len(), 2);
    let link = format!("{}/invitation#", app.public_url());
    assert!(mails.iter().all(|mail| mail.body.contains(&link)), "{mails:?}");
    only_our_links(&app).await;
}

/// Demands that every link in every mail leads to the configured address.
async fn only_our_links(app: &TestApp) {
    let rows = app.owner().query("select template, subject, body from mails", &[]).await.unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        let (template, subject, body): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        assert!(!subject.contains(EVIL) && !body.contains(EVIL), "{template}: {body}");
        for (at, _) in body.match_indices("://") {
            let scheme = body[..at].rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |before| before + 1);
            let link = &body[scheme..];
            assert!(link.starts_with(app.public_url()), "{template}: {link}");
        }
    }
}
