//! What is no request: each gets its own clear problem, nothing is half stored, nothing is a 500.

use mamis_kernel::Role;
use mamis_test_support::{SignedIn, TestApp, changes};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::OTSU;

const JSON: &str = "application/json";

async fn create(who: &SignedIn, body: &'static [u8]) -> mamis_test_support::Answer {
    who.post("/applications").new_key().body(JSON, body).send().await
}

async fn nothing_was_stored(app: &TestApp) {
    let question = "select (select count(*) from applications) + (select count(*) from idempotency_keys)";
    assert_eq!(app.count(question, &[]).await, 0);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_malformed() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for (body, pointer) in [
        (&b""[..], ""),
        (b"{", ""),
        (b"not json", ""),
        (b"\xff\xfe\x00", ""),
        (b"[]", ""),
        (b"null", ""),
        (br#"[[]]"#, ""),
        (br#"{"changes": [["join_new", {}]]}"#, "/changes/0"),
        (br#"{"changes": [{"kind": "join_new", "payload": [null, null]}]}"#, "/changes/0/payload"),
        (br#"{"changes": [{"kind": "join_new", "payload": {"contact": []}}]}"#, "/changes/0/payload/contact"),
        (b"{}", "/changes"),
        (br#"{"changes": {}}"#, "/changes"),
        (br#"{"changes": [], "state": "approved"}"#, "/state"),
        (br#"{"changes": [{"kind": "join_new", "payload": {"is_clinical_resident": "yes"}}]}"#, "/changes/0/payload/is_clinical_resident"),
        (br#"{"changes": [{"kind": "join_new", "payload": {"workplace": {"colour": 1}}}]}"#, "/changes/0/payload/workplace/colour"),
        (br#"{"changes": [{"kind": "join_new", "payload": {"highest_tier": "galaxy"}}]}"#, "/changes/0/payload/highest_tier"),
        (br#"{"changes": [{"kind": "expel", "payload": {}}]}"#, "/changes/0/kind"),
        (br#"{"changes": [{"kind": "join_new", "payload": {}, "by": "me"}]}"#, "/changes/0/by"),
        (br#"{"changes": [{"kind": "join_new", "payload": {"district_association_id": "per_01900000000070008000000000000000"}}]}"#, "/changes/0/payload/district_association_id"),
    ] {
        let problem = create(&physician, body).await.assert_problem(400, "malformed_request");
        let text = String::from_utf8_lossy(body);
        assert_eq!(problem.errors.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), [pointer], "{text}");
    }
    nothing_was_stored(&app).await;
}

#[tokio::test]
async fn nested_without_end_is_malformed_and_kills_nobody() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = physician.post("/applications").new_key().body(JSON, deep).send().await;
    answer.assert_problem(400, "malformed_request");
}

#[tokio::test]
async fn too_long_too_many_and_control_characters_are_named_by_field() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let base = "/changes/0/payload";
    for (form, pointer, fault) in [
        (json!({ "workplace": { "name": "医".repeat(101) } }), "/workplace/name", "too_long"),
        (json!({ "workplace": { "address": "a".repeat(201) } }), "/workplace/address", "too_long"),
        (json!({ "note": "あ".repeat(1001) }), "/note", "too_long"),
        (json!({ "contact": { "email": "a".repeat(255) } }), "/contact/email", "too_long"),
        (json!({ "workplace": { "name": "医\u{0}院" } }), "/workplace/name", "control_character"),
        (json!({ "workplace": { "name": "医\u{1b}[31m院" } }), "/workplace/name", "control_character"),
        (json!({ "workplace": { "name": "医\n院" } }), "/workplace/name", "control_character"),
        (json!({ "note": "\u{0}" }), "/note", "control_character"),
        (json!({ "workplace": { "name": "医\u{202e}院" } }), "/workplace/name", "control_character"),
    ] {
        let answer = physician.create_application(&changes(&form)).await;
        answer.assert_faults(422, "invalid_fields", &[(&format!("{base}{pointer}"), fault)]);
    }
    for count in [0, 11] {
        let many = vec![json!({ "kind": "join_new", "payload": {} }); count];
        let answer = physician.create_application(&json!({ "changes": many })).await;
        answer.assert_faults(422, "invalid_fields", &[("/changes", "out_of_range")]);
    }
    nothing_was_stored(&app).await;
}

#[tokio::test]
async fn a_body_of_fifty_megabytes_is_too_large() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for size in [256 * 1024 + 1, 50 * 1024 * 1024] {
        let answer = physician.post("/applications").new_key().body(JSON, vec![b' '; size]).send().await;
        answer.assert_problem(413, "body_too_large");
    }
    let visitor = app.visitor().post("/sessions").body(JSON, vec![b' '; 50 * 1024 * 1024]);
    visitor.send().await.assert_problem(413, "body_too_large");
    physician.get("/account").await.assert_status(200);
}

#[tokio::test]
async fn only_json_is_read() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/png"]
    {
        let answer = physician.post("/applications").new_key().body(content_type, "{}").send().await;
        answer.assert_problem(415, "unsupported_media_type");
    }
    let without = physician.call(Method::POST, "/api/v1/applications").new_key().send().await;
    without.assert_problem(415, "unsupported_media_type");
    let spelled = physician
        .post("/applications")
        .new_key()
        .body("Application/JSON; charset=utf-8", changes(&json!({})).to_string());
    spelled.send().await.assert_status(201);
}

#[tokio::test]
async fn unknown_addresses_are_not_found_and_unknown_methods_say_what_is_allowed() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for path in ["/api/v1/nothing", "/api/v2/account", "/api/", "/api/v1/", "/nothing/at/all", "/api/v1/account/"] {
        physician.call(Method::GET, path).send().await.assert_problem(404, "not_found");
    }
    for (method, path, allowed) in [
        (Method::DELETE, "/api/v1/account", "GET"),
        (Method::POST, "/api/v1/persons/x", "GET, PATCH"),
        (Method::GET, "/api/v1/sessions", "POST"),
        (Method::DELETE, "/api/v1/applications", "GET, POST"),
        (Method::PATCH, "/api/v1/applications/x", "GET, PUT"),
        (Method::PUT, "/api/v1/work-items/search", "POST"),
        (Method::GET, "/api/v1/persons/lookup", "POST"),
        (Method::DELETE, "/api/v1/persons/lookup", "POST"),
    ] {
        let answer = physician.call(method, path).send().await;
        answer.assert_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_id_is_not_found() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    for id in [
        "1",
        "app_",
        "app_0190000000007000800000000000000",
        "APP_01900000000070008000000000000000",
        "app_0190000000007000800000000000000G",
        "per_01900000000070008000000000000000",
        "01900000-0000-7000-8000-000000000000",
        "%00",
        "%FF%FE",
        "app_01900000000070008000000000000000'%20or%201=1--",
        "..%2f..%2fetc%2fpasswd",
    ] {
        clerk.get(&format!("/applications/{id}")).await.assert_problem(404, "not_found");
    }
    clerk.get("/associations/aso_x").await.assert_problem(404, "not_found");
    clerk.get("/persons/per_x/memberships").await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn log_ins_that_are_none_are_told() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    for (body, pointer, fault) in [
        (json!({ "login_id": "", "password": "x" }), "/login_id", "required"),
        (json!({ "login_id": "x", "password": "" }), "/password", "required"),
        (json!({ "login_id": "x".repeat(255), "password": "x" }), "/login_id", "too_long"),
        (json!({ "login_id": "x", "password": "x".repeat(257) }), "/password", "too_long"),
        (json!({ "login_id": "x\u{0}", "password": "x" }), "/login_id", "control_character"),
    ] {
        let answer = visitor.post("/sessions").json(&body).send().await;
        answer.assert_faults(422, "invalid_fields", &[(pointer, fault)]);
    }
    let extra = json!({ "login_id": "x", "password": "x", "role": "administrator" });
    let answer = visitor.post("/sessions").json(&extra).send().await;
    answer.assert_faults(400, "malformed_request", &[("/role", "invalid_format")]);
    let number = json!({ "login_id": 1, "password": "x" });
    let answer = visitor.post("/sessions").json(&number).send().await;
    answer.assert_faults(400, "malformed_request", &[("/login_id", "invalid_format")]);
}

#[tokio::test]
async fn problems_speak_japanese_first_and_english_when_asked() {
    let app = TestApp::start().await;
    let ask = async |language: Option<&str>| {
        let call = app.visitor().call(Method::GET, "/api/v1/account");
        let call = match language {
            Some(language) => call.header("accept-language", language),
            None => call,
        };
        let answer = call.send().await;
        (answer.assert_problem(401, "not_signed_in").title, answer.header("content-language").to_owned())
    };
    assert_eq!(ask(None).await, ("ログインが必要です".to_owned(), "ja".to_owned()));
    assert_eq!(ask(Some("en-GB,en;q=0.9")).await, ("Please sign in".to_owned(), "en".to_owned()));
    assert_eq!(ask(Some("ja,en;q=0.5")).await.1, "ja");
    assert_eq!(ask(Some("de")).await.1, "ja");
}

#[tokio::test]
async fn a_sane_request_id_comes_back_and_others_are_replaced() {
    let app = TestApp::start().await;
    let ask = async |id: &str| {
        let call = app.visitor().call(Method::GET, "/api/v1/account").header("x-request-id", id);
        call.send().await.header("x-request-id").to_owned()
    };
    assert_eq!(ask("help-desk-4711").await, "help-desk-4711");
    for wild in ["short", "with blanks in it", &"x".repeat(65), "<script>alert(1)</script>"] {
        assert_ne!(ask(wild).await, wild);
    }
}

#[tokio::test]
async fn answers_are_private_and_cannot_be_framed() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let answer = physician.get("/account").await;
    for (name, value) in [
        ("cache-control", "private, no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(answer.header(name), value);
    }
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn health_readiness_and_metrics_say_nothing_about_people() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    physician.get(&format!("/persons/{}", physician.person())).await.assert_status(200);
    for path in ["/healthz", "/readyz"] {
        app.visitor().call(Method::GET, path).send().await.assert_status(200);
    }
    let metrics = app.visitor().call(Method::GET, "/metrics").send().await.assert_status(200).text();
    assert!(metrics.contains("mamis_http_requests_total") && metrics.contains("mamis_read_audit_pending"));
    let id = physician.person().to_string();
    assert!(!metrics.contains(&id) && !metrics.contains(&physician.login_id));
}

/// Polyglots in every text field come back as they were typed, as data.
#[tokio::test]
async fn hostile_text_is_text() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let hostile = "=cmd|'/c calc'!A1 \"><img src=x onerror=alert(1)> '; drop table persons;-- ${7*7} {{7*7}}";
    let form = json!({ "workplace": { "name": hostile, "address": hostile }, "note": hostile });
    let id = physician.create_application(&changes(&form)).await.assert_status(201).application_id();
    let answer = physician.application(id).await;
    assert_eq!(answer.header("content-type"), "application/json");
    let payload: &Value = &answer.json()["changes"][0]["input"]["payload"];
    assert_eq!((&payload["workplace"]["name"], &payload["note"]), (&json!(hostile), &json!(hostile)));
}
