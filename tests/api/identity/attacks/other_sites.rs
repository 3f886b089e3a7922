use mamis_test_support::{Call, PASSWORD, SignedIn, TestApp};
use reqwest::Method;
use serde_json::json;

/// How browsers tell that another site asks, each enough by itself.
const SIGNS: [(&str, &str); 5] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
    ("origin", "https://evil.example"),
    ("origin", "http://localhost.evil.example"),
    ("origin", "null"),
];

/// A renewal as our own pages ask for it, cookie and all.
fn renewal(app: &TestApp, who: &SignedIn) -> Call {
    let call = app.visitor().post("/sessions/refresh").header("x-requested-with", "mamis");
    call.header("cookie", &format!("mamis_refresh={}", who.refresh_token))
}

async fn recorded(app: &TestApp) -> i64 {
    let question = "select count(*) from audit_events where action = 'identity.cross_site_request'
                    and outcome = 'denied' and actor = 'system:visitor'";
    app.count(question, &[]).await
}

#[tokio::test]
async fn attack_csrf_renewing_a_session_from_another_site() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    for (name, value) in SIGNS {
        renewal(&app, &victim).header(name, value).send().await.assert_problem(403, "cross_site");
    }
    // A form, a picture or a link can send the cookie, and no header of ours.
    let cookie = format!("mamis_refresh={}", victim.refresh_token);
    let form = app.visitor().post("/sessions/refresh").header("cookie", &cookie);
    form.body("application/x-www-form-urlencoded", "a=b").send().await.assert_problem(403, "cross_site");
    assert_eq!(recorded(&app).await, 6);

    // The token was not used up by any of it: it would have ended the session when shown again.
    app.advance(chrono::TimeDelta::minutes(5));
    let own = renewal(&app, &victim).header("origin", app.public_url()).header("sec-fetch-site", "same-origin");
    own.send().await.assert_status(200);
}

#[tokio::test]
async fn attack_csrf_signing_somebody_in_from_another_site() {
    let app = TestApp::start().await;
    let attacker = app.given_physician().await;
    let log_in = || {
        let body = json!({ "login_id": attacker.login_id, "password": PASSWORD });
        app.visitor().post("/sessions").json(&body)
    };
    for (name, value) in SIGNS {
        let refused = log_in().header(name, value).send().await;
        refused.assert_problem(403, "cross_site");
        assert_eq!(refused.header("set-cookie"), "");
    }
    assert_eq!(recorded(&app).await, 5);
    // A form cannot send JSON.
    let form = app.visitor().post("/sessions").body("text/plain", "{}").send().await;
    form.assert_problem(415, "unsupported_media_type");
    // Through a proxy that names itself, the origin is still the address people use.
    log_in().header("origin", app.public_url()).header("host", "10.0.0.5:8080").send().await.assert_status(201);
}

#[tokio::test]
async fn attack_csrf_signing_somebody_out_from_another_site() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    let cookie = format!("mamis_refresh={}", victim.refresh_token);
    for method in [Method::DELETE, Method::POST, Method::GET] {
        let call = app.visitor().call(method, "/api/v1/sessions/current").header("cookie", &cookie);
        let refused = call.header("sec-fetch-site", "cross-site").send().await;
        assert!([401, 405].contains(&refused.status), "{}: {}", refused.question, refused.status);
    }
    victim.get("/account").await.assert_status(200);
    app.visitor().refresh(&victim.refresh_token).await.assert_status(200);
}

#[tokio::test]
async fn attack_a_cookie_alone_opens_nothing() {
    let app = TestApp::start().await;
    let victim = app.given_member_of(&[crate::api::OTSU]).await;
    let cookie = format!("mamis_refresh={}", victim.refresh_token);
    for path in ["/account", "/account/sessions", "/applications", &format!("/persons/{}", victim.person())] {
        let call = app.visitor().call(Method::GET, &format!("/api/v1{path}")).header("cookie", &cookie);
        let refused = call.send().await;
        assert!([401, 405].contains(&refused.status), "{}: {}", refused.question, refused.status);
    }
}

#[tokio::test]
async fn attack_filling_the_audit_with_requests_of_another_site() {
    let app = TestApp::start().await;
    let victim = app.given_physician().await;
    for _ in 0..60 {
        let refused = renewal(&app, &victim).header("sec-fetch-site", "cross-site").send().await;
        refused.assert_problem(403, "cross_site");
    }
    assert_eq!(recorded(&app).await, 51);
    // It is nobody's failure to sign in: the hospital behind the address goes on.
    app.visitor().try_log_in(&victim.login_id, PASSWORD).await.assert_status(201);
}
