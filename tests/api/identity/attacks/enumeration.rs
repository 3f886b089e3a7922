use mamis_test_support::{Answer, PASSWORD, SignedIn, TestApp};
use serde_json::{Value, json};

const EMAIL: &str = "hanako@example.jp";
const WRONG: &str = "not the password";

/// Two accounts: one in use, one suspended. The first has a mail address.
async fn ground(app: &TestApp) -> (SignedIn, SignedIn) {
    let (known, suspended) = (app.given_physician().await, app.given_physician().await);
    let address = "update accounts set email = $2, email_confirmed_at = now() where id = $1";
    app.owner().execute(address, &[&known.account_id.uuid(), &EMAIL]).await.unwrap();
    let state = "update accounts set state = 'suspended' where id = $1";
    app.owner().execute(state, &[&suspended.account_id.uuid()]).await.unwrap();
    (known, suspended)
}

/// All that an answer tells, but for what is new in each.
fn told(answer: &Answer) -> (u16, Value, Vec<String>) {
    let mut body = answer.json();
    body["request_id"] = Value::Null;
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id" && *name != "date")
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    (answer.status, body, headers)
}

/// How many password hashes are computed for a request.
async fn hashes(app: &TestApp, request: impl Future<Output = Answer>) -> (u64, Answer) {
    let before = app.use_cases().password_hashes_computed();
    let answer = request.await;
    (app.use_cases().password_hashes_computed() - before, answer)
}

#[tokio::test]
async fn attack_user_enumeration_by_the_answer_of_a_log_in() {
    let app = TestApp::start().await;
    let (known, suspended) = ground(&app).await;
    let visitor = app.visitor();
    let unknown = told(&visitor.try_log_in("nobody-of-that-name", WRONG).await);
    assert_eq!(unknown.0, 401);
    for (name, password) in [
        (known.login_id.as_str(), WRONG),
        (EMAIL, WRONG),
        ("nobody@example.jp", WRONG),
        (&suspended.login_id, WRONG),
        // Whoever has the right password learns no more: a suspended account is not told apart.
        (&suspended.login_id, PASSWORD),
    ] {
        assert_eq!(told(&visitor.try_log_in(name, password).await), unknown, "{name}");
    }
    let denied = "select count(*) from audit_events where action = 'identity.log_in' and outcome = 'denied'";
    assert_eq!(app.count(denied, &[]).await, 6);
}

#[tokio::test]
async fn attack_user_enumeration_by_who_is_slowed_down() {
    let app = TestApp::start().await;
    let (known, suspended) = ground(&app).await;
    for name in [known.login_id.as_str(), "nobody-of-that-name", EMAIL, "nobody@example.jp", &suspended.login_id] {
        let visitor = app.visitor();
        for _ in 0..6 {
            visitor.try_log_in(name, WRONG).await.assert_problem(401, "login_failed");
        }
        let slowed = visitor.try_log_in(name, WRONG).await;
        slowed.assert_problem(429, "too_many_requests");
        assert_eq!(slowed.header("retry-after"), "6", "{name}");
    }
}

/// Time is measured in work: as many hashes whether an account exists or not, and no clock whose noise hides or feigns it.
#[tokio::test]
async fn attack_user_enumeration_by_the_time_of_a_log_in() {
    let app = TestApp::start().await;
    let (known, suspended) = ground(&app).await;
    let visitor = app.visitor();
    for name in ["nobody-of-that-name", &known.login_id, &suspended.login_id] {
        let (work, answer) = hashes(&app, visitor.try_log_in(name, WRONG)).await;
        assert_eq!((work, answer.status), (1, 401), "{name}");
    }
    // By address three, however many accounts have it (ID-24).
    for name in ["nobody@example.jp", EMAIL] {
        let (work, answer) = hashes(&app, visitor.try_log_in(name, WRONG)).await;
        assert_eq!((work, answer.status), (3, 401), "{name}");
    }
}

#[tokio::test]
async fn attack_user_enumeration_by_registering() {
    let app = TestApp::start().await;
    ground(&app).await;
    let visitor = app.visitor();
    let ask = async |email: &str| {
        let call = visitor.post("/registrations").json(&json!({ "email": email }));
        let (work, answer) = hashes(&app, call.send()).await;
        let code = app.code_sent_to(email).await;
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let password = "琵琶湖の朝は静かで風がない";
        let confirm = visitor.post(&format!("/registrations/{id}/confirm"));
        let (more, confirmed) = hashes(&app, confirm.json(&json!({ "code": code, "password": password })).send()).await;
        ((answer.status, work), (confirmed.status, more))
    };
    assert_eq!(ask(EMAIL).await, ask("nobody@example.jp").await);
}

#[tokio::test]
async fn attack_user_enumeration_by_invitations() {
    let app = TestApp::start().await;
    let (known, _) = ground(&app).await;
    // Whoever has no code does not learn which login ids are taken.
    let accept = async |login_id: &str| {
        let body = json!({ "code": "AAAAA-AAAAA-AAAAA-AAAAA", "login_id": login_id, "display_name": "田中",
            "password": "琵琶湖の朝は静かで風がない", "language": "ja" });
        let call = app.visitor().post("/clerk-invitations/accept").json(&body);
        let (work, answer) = hashes(&app, call.send()).await;
        (work, told(&answer))
    };
    let unknown = accept("nobody-of-that-name").await;
    assert_eq!(unknown.1.0, 404);
    assert_eq!(accept(&known.login_id).await, unknown);
}
