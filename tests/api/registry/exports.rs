//! Lists that leave the system as files.

use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::{PersonId, Role};
use mamis_test_support::{SignedIn, TestApp};
use serde_json::{Value, json};

use super::members::named;
use crate::api::{OTSU, SHIGA};

/// Names and addresses that files have stumbled over, and whether code page 932 holds them.
pub(super) const HOSTILE: &[(&str, bool)] = &[
    ("=HYPERLINK(\"http://x\")", true),
    ("＋81", true),
    ("−1", false),
    ("@SUM(A1)", true),
    ("<script>alert(1)</script>", true),
    ("\u{202E}gpj.exe", false),
    ("𠮷野", false),
    ("葛\u{E0100}城", false),
    ("\u{FA19}戸", true),
    ("髙﨑德①", true),
    ("a,\"b\"\r\nc", true),
    ("'=1", true),
];

async fn ask(app: &TestApp, format: &str) -> Value {
    json!({
        "kind": "members", "association_id": app.association(OTSU).await, "purpose": "会報の発送", "format": format
    })
}

pub(super) async fn given_home(app: &TestApp, person: PersonId, address: &str) {
    let sql = "insert into contact_points (id, person_id, kind, purpose, postal_code, value, known_from)
        values ($1, $2, 'address', 'home', '5200044', $3, '2026-01-01')";
    app.owner().execute(sql, &[&uuid::Uuid::now_v7(), &person.uuid(), &address]).await.unwrap();
}

async fn request(app: &TestApp, clerk: &SignedIn, format: &str) -> Value {
    let asked = ask(app, format).await;
    clerk.post("/exports").new_key().json(&asked).send().await.assert_status(202).json()
}

#[tokio::test]
async fn a_file_is_written_in_the_background_and_says_in_the_audit_what_it_was_for() {
    let app = TestApp::start().await;
    named(&app, &[OTSU], ["=HYPERLINK(\"x\")", "＋花子"], ["ヒガシ", "ハナコ"]).await;
    named(&app, &[OTSU], ["𠮷野", "花, 子"], ["ヨシノ", "ハナコ"]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let mut asked = ask(&app, "csv").await;
    asked["columns"] = json!(["given_name", "family_name", "birth_date"]);
    let key = "export-once";
    let made = clerk.post("/exports").key(key).json(&asked).send().await.assert_status(202).json();
    let again = clerk.post("/exports").key(key).json(&asked).send().await.assert_status(202);
    assert_eq!((again.json()["id"].clone(), again.header("idempotency-replayed")), (made["id"].clone(), "true"));
    assert_eq!((&made["state"], &made["rows_done"], &made["size"]), (&json!("waiting"), &json!(0), &Value::Null));
    let path = format!("/exports/{}", made["id"].as_str().unwrap());
    clerk.get(&format!("{path}/file")).await.assert_problem(409, "wrong_state");

    assert_eq!(app.write_exports().await, 1);
    let ready = clerk.get(&path).await.assert_status(200).json();
    assert_eq!((&ready["state"], &ready["rows_done"], &ready["rows_total"]), (&json!("ready"), &json!(2), &json!(2)));
    assert_eq!(ready["expires_at"], json!("2026-11-24T03:00:00Z"), "EXP-1: a day");
    let file = clerk.get(&format!("{path}/file")).await.assert_status(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.header("content-disposition").contains("members-20261123.csv"));
    assert_eq!(json!(file.body.len()), ready["size"]);
    let lines =
        "\u{FEFF}名,姓,生年月日\r\n'＋花子,\"'=HYPERLINK(\"\"x\"\")\",1980-07-05\r\n\"花, 子\",𠮷野,1980-07-05\r\n";
    assert_eq!(file.text(), lines);
    clerk.get(&format!("{path}/file")).await.assert_status(200);

    let (asked, fetched) = ("registry.export_members", "registry.fetch_export");
    app.assert_audit(&[
        (asked, clerk.account_id, Done),
        (fetched, clerk.account_id, Done),
        (fetched, clerk.account_id, Done),
    ])
    .await;
    let purposes = "select count(*) from audit_payloads where payload ->> 'purpose' = '会報の発送'";
    assert_eq!(app.count(purposes, &[]).await, 1);
    let lines = "select count(*) from audit_payloads where (payload ->> 'lines')::int = 2";
    assert_eq!(app.count(lines, &[]).await, 2);
    let list = clerk.get("/exports").await.assert_status(200).json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["id"]), (1, &made["id"]));
}

#[tokio::test]
async fn every_hostile_string_survives_a_file_or_is_named_as_unwritable() {
    let app = TestApp::start().await;
    for (number, (text, _)) in HOSTILE.iter().enumerate() {
        let kana = format!("ア{}", "ア".repeat(number));
        let person = named(&app, &[OTSU], [text, "花子"], ["イ", &kana]).await;
        given_home(&app, person, text).await;
    }
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let mut asked = ask(&app, "csv").await;
    asked["columns"] = json!(["family_name", "home_address"]);
    let texts: Vec<&str> = HOSTILE.iter().map(|(text, _)| *text).collect();

    let csv = app.export(&clerk, &asked).await.text();
    let table = mamis_documents::read_csv(csv.trim_start_matches('\u{FEFF}'), 100).unwrap();
    for (row, text) in table.rows.iter().zip(&texts) {
        let read: Vec<&str> = row.1.iter().map(|cell| mamis_kernel::text::unguarded(cell)).collect();
        assert_eq!(read, [*text, *text], "UTF-8");
    }
    asked["format"] = json!("xlsx");
    let workbook = app.export(&clerk, &asked).await;
    assert!(workbook.header("content-disposition").contains("members-20261123.xlsx"));
    let table = mamis_documents::read_xlsx(&workbook.body, 100).unwrap();
    for (row, text) in table.rows.iter().zip(&texts) {
        assert_eq!(row.1, [text.to_string(), text.to_string()], "workbook");
    }
    asked["format"] = json!("csv_cp932");
    app.export(&clerk, &asked).await;
    let made = clerk.get("/exports").await.json()["items"][0].clone();
    let lost = HOSTILE.iter().filter(|(_, is_held)| !is_held).count() * 2;
    assert_eq!(made["unwritable"], json!(lost));
    let path = format!("/exports/{}/unwritable", made["id"].as_str().unwrap());
    let (mut cells, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = clerk.get(&format!("{path}?limit=3{cursor}")).await.assert_status(200).json();
        cells.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(cells.len(), lost);
    for cell in &cells {
        let row = cell["row"].as_u64().unwrap();
        let (text, is_held) = HOSTILE[usize::try_from(row).unwrap() - 2];
        assert!(!is_held && cell["value"] == json!(text) && cell["written"] != json!(text), "{cell}");
    }
    assert_eq!(cells[0], json!({ "row": 4, "column": "family_name", "value": "−1", "written": "－1" }));
    assert_eq!(cells[1]["column"], json!("home_address"));
}

#[tokio::test]
async fn exp_1_a_file_ends_with_its_time_and_its_bytes_go() {
    let app = TestApp::start().await;
    named(&app, &[OTSU], ["𠮷野", "花子"], ["ヨシノ", "ハナコ"]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let made = request(&app, &clerk, "csv_cp932").await;
    app.write_exports().await;
    let path = format!("/exports/{}", made["id"].as_str().unwrap());
    let held = "select count(*) from exports where object_key is not null and search is not null";
    assert_eq!((app.count(held, &[]).await, app.attachment_files().len()), (1, 1));
    app.advance(TimeDelta::hours(24));
    let clerk = app.log_in_again(&clerk).await;
    clerk.get(&format!("{path}/file")).await.assert_problem(409, "wrong_state");
    mamis_usecases::registry::exports::end_exports(app.use_cases()).await.unwrap();
    assert_eq!(clerk.get(&path).await.json()["state"], json!("expired"));
    assert_eq!((app.count(held, &[]).await, app.attachment_files().len()), (0, 0));
    assert_eq!(app.count("select count(*) from export_lost_cells", &[]).await, 0);
}

#[tokio::test]
async fn a_file_whose_writer_was_killed_is_written_by_another_one() {
    let app = TestApp::start().await;
    named(&app, &[OTSU], ["東", "花子"], ["ヒガシ", "ハナコ"]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let made = request(&app, &clerk, "csv").await;
    let path = format!("/exports/{}", made["id"].as_str().unwrap());
    let store = &app.use_cases().store;
    let claim = async |key: &str| {
        store.export_claim(key, (TimeDelta::seconds(60), 3), app.use_cases().clock.now()).await.unwrap()
    };
    let first = claim("aa/first").await.unwrap();
    assert_eq!(clerk.get(&path).await.json()["state"], json!("running"));
    assert!(claim("aa/second").await.is_none(), "it is the first one's while that says so");
    assert_eq!(app.write_exports().await, 0);
    app.advance(TimeDelta::seconds(30));
    let until = app.use_cases().clock.now() + TimeDelta::seconds(60);
    assert!(store.export_progress(&first, (1, Some(2)), until).await.unwrap());
    assert_eq!(clerk.get(&path).await.json()["rows_total"], json!(2));
    app.advance(TimeDelta::seconds(61));
    assert_eq!(app.write_exports().await, 1, "it has been silent for too long");
    assert!(!store.export_progress(&first, (2, None), until).await.unwrap(), "the first one learns that it lost it");
    assert_eq!(clerk.get(&path).await.json()["state"], json!("ready"));
    clerk.get(&format!("{path}/file")).await.assert_status(200);
}

#[tokio::test]
async fn a_file_that_kills_its_writers_is_given_up() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let made = request(&app, &clerk, "csv").await;
    for number in 0..3 {
        let now = app.use_cases().clock.now();
        let key = format!("aa/{number}");
        let claimed = app.use_cases().store.export_claim(&key, (TimeDelta::seconds(60), 3), now).await.unwrap();
        assert!(claimed.is_some(), "try {number}");
        app.advance(TimeDelta::seconds(61));
    }
    assert_eq!(app.write_exports().await, 0);
    let path = format!("/exports/{}", made["id"].as_str().unwrap());
    assert_eq!(clerk.get(&path).await.json()["state"], json!("failed"));
}

#[tokio::test]
async fn a_file_that_was_taken_back_is_not_written_and_does_not_stay() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let waiting = request(&app, &clerk, "csv").await;
    let cancel = async |made: &Value| {
        let id = made["id"].as_str().unwrap();
        clerk.post(&format!("/exports/{id}/cancel")).send().await
    };
    assert_eq!(cancel(&waiting).await.assert_status(200).json()["state"], json!("cancelled"));
    assert_eq!(app.write_exports().await, 0);
    cancel(&waiting).await.assert_problem(409, "wrong_state");

    let running = request(&app, &clerk, "csv").await;
    let now = app.use_cases().clock.now();
    let claimed = app.use_cases().store.export_claim("aa/it", (TimeDelta::seconds(60), 3), now).await.unwrap().unwrap();
    cancel(&running).await.assert_status(200);
    assert!(!app.use_cases().store.export_progress(&claimed, (0, None), now).await.unwrap(), "its writer hears of it");

    let ready = request(&app, &clerk, "csv").await;
    app.write_exports().await;
    assert_eq!(app.attachment_files().len(), 1);
    cancel(&ready).await.assert_status(200);
    assert_eq!(app.attachment_files().len(), 0);
}

#[tokio::test]
async fn attack_a_list_is_taken_without_a_purpose_or_the_role_or_by_somebody_else() {
    let app = TestApp::start().await;
    let asked = ask(&app, "csv").await;
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;
    let post = async |who: &SignedIn, body: &Value| who.post("/exports").new_key().json(body).send().await;
    post(&viewer, &asked).await.assert_problem(403, "forbidden");
    let elsewhere = app.given_clerk_of(SHIGA, Role::Administrator).await;
    post(&elsewhere, &asked).await.assert_problem(404, "not_found");
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let mut bad = asked.clone();
    (bad["purpose"], bad["columns"]) = (json!(" 　"), json!(["phone", "phone"]));
    let faults = [("/purpose", "required"), ("/columns", "conflicting")];
    post(&clerk, &bad).await.assert_faults(422, "invalid_fields", &faults);
    let made = request(&app, &clerk, "csv").await;
    app.write_exports().await;
    let file = format!("/exports/{}/file", made["id"].as_str().unwrap());
    let colleague = app.given_clerk_of(OTSU, Role::Administrator).await;
    colleague.get(&file).await.assert_problem(404, "not_found");
    assert!(colleague.get("/exports").await.json()["items"].as_array().unwrap().is_empty());
    // Who is no operator there any more fetches nothing.
    let sql = "update capabilities set role = 'viewer' where account_id = $1";
    app.owner().execute(sql, &[&clerk.account_id.uuid()]).await.unwrap();
    let clerk = app.log_in_again(&clerk).await;
    clerk.get(&file).await.assert_problem(403, "forbidden");
    let (asked, fetched) = ("registry.export_members", "registry.fetch_export");
    app.assert_audit(&[
        (asked, viewer.account_id, Denied),
        (asked, elsewhere.account_id, Denied),
        (fetched, colleague.account_id, Denied),
        (fetched, clerk.account_id, Denied),
    ])
    .await;
}

#[tokio::test]
async fn a_file_lies_sealed_and_a_part_is_never_taken_for_the_whole() {
    let app = TestApp::start().await;
    named(&app, &[OTSU], ["東", "花子"], ["ヒガシ", "ハナコ"]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let made = request(&app, &clerk, "csv").await;
    app.write_exports().await;
    let kept = app.attachment_files().pop().unwrap();
    let bytes = std::fs::read(&kept).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("ヒガシ"), "nobody reads it off the disk");
    std::fs::write(&kept, &bytes[..bytes.len() - 40]).unwrap();
    let id = made["id"].as_str().unwrap();
    let http = reqwest::Client::new().get(format!("{}/api/v1/exports/{id}/file", clerk.base()));
    let answer = http.bearer_auth(clerk.access_token()).send().await.unwrap();
    assert!(answer.bytes().await.is_err(), "the connection breaks off with it");
}
