//! Changes of members that come in by a file.

use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::{PersonId, Role};
use mamis_test_support::{Answer, SignedIn, TestApp};
use serde_json::{Value, json};

use super::exports::{HOSTILE, given_home};
use super::members::named;
use crate::api::{OTSU, SHIGA};

async fn number_of(app: &TestApp, person: PersonId) -> String {
    app.identity_of(person).await["medical_registration_number"].as_str().unwrap().to_owned()
}

async fn check(app: &TestApp, clerk: &SignedIn, content: &[u8]) -> Answer {
    clerk.check_changes(app.association(OTSU).await, "会員.csv", content).await
}

async fn rows(clerk: &SignedIn, import: &Value) -> Vec<Value> {
    let path = format!("/member-imports/{}/rows?limit=200", import["id"].as_str().unwrap());
    clerk.get(&path).await.assert_status(200).json()["items"].as_array().unwrap().clone()
}

async fn moved(clerk: &SignedIn, import: &Value, how: &str) -> Answer {
    clerk.post(&format!("/member-imports/{}/{how}", import["id"].as_str().unwrap())).new_key().send().await
}

fn outcomes(import: &Value) -> Vec<(String, u64)> {
    let counts = import["outcomes"].as_array().unwrap().iter();
    counts.map(|count| (count["outcome"].as_str().unwrap().to_owned(), count["rows"].as_u64().unwrap())).collect()
}

async fn phone_of(app: &TestApp, person: PersonId) -> Vec<String> {
    let sql = "select value from contact_points where person_id = $1 and kind = 'phone' and known_to is null";
    app.owner().query(sql, &[&person.uuid()]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

async fn given_phone(app: &TestApp, person: PersonId, phone: &str) {
    let sql = "insert into contact_points (id, person_id, kind, purpose, value, known_from)
        values ($1, $2, 'phone', 'home', $3, '2026-01-01')";
    app.owner().execute(sql, &[&uuid::Uuid::now_v7(), &person.uuid(), &phone]).await.unwrap();
}

/// Must show 5 of the registry: out and in again, and nothing has changed, whatever stands in the cells.
#[tokio::test]
async fn imp_3_a_file_that_comes_back_as_it_left_changes_nothing() {
    let app = TestApp::start().await;
    for (number, (text, _)) in HOSTILE.iter().enumerate() {
        let person = named(&app, &[OTSU, SHIGA], [text, "花子"], ["イ", &"ア".repeat(number + 1)]).await;
        given_home(&app, person, text).await;
        given_phone(&app, person, "0775000001").await;
        let sql = "update persons set specialties = array['内科', $2], jma_member_id = $3 where id = $1";
        app.owner().execute(sql, &[&person.uuid(), &text, &format!("00000000{number:02}")]).await.unwrap();
        let facility = uuid::Uuid::now_v7();
        let sql = "insert into facilities (id, name, search_name, kind, address) values ($1, $2, 'x', 'clinic', $2)";
        app.owner().execute(sql, &[&facility, &text]).await.unwrap();
        let sql = "insert into affiliations (id, person_id, facility_id, is_main, valid_from)
            values ($1, $2, $3, true, '2020-04-01')";
        app.owner().execute(sql, &[&uuid::Uuid::now_v7(), &person.uuid(), &facility]).await.unwrap();
    }
    for place in [OTSU, SHIGA] {
        let clerk = app.given_clerk_of(place, Role::Operator).await;
        let association = app.association(place).await;
        for (format, encoding) in [("csv", "utf8_bom"), ("csv_cp932", "cp932"), ("xlsx", "xlsx")] {
            let asked = json!({
                "kind": "members", "association_id": association, "purpose": "点検", "format": format
            });
            let file = app.export(&clerk, &asked).await;
            let checked = clerk.check_changes(association, "会員.csv", &file.body).await.assert_status(201).json();
            let refused: Vec<Value> =
                rows(&clerk, &checked).await.into_iter().filter(|row| row["outcome"] != json!("unchanged")).collect();
            let all = u64::try_from(HOSTILE.len()).unwrap();
            assert_eq!(outcomes(&checked), [("unchanged".to_owned(), all)], "{place} {format}: {refused:#?}");
            assert_eq!((&checked["encoding"], &checked["ignored_headings"]), (&json!(encoding), &json!([])));
            moved(&clerk, &checked, "apply").await.assert_problem(409, "wrong_state");
        }
    }
}

#[tokio::test]
async fn every_hostile_string_is_stored_as_it_is_or_refused_with_a_reason() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let mut lines = String::from("医籍登録番号,生年月日,自宅住所\r\n");
    let mut persons = Vec::new();
    for (text, _) in HOSTILE {
        let person = app.given_member_without_account(&[OTSU]).await;
        let cell = mamis_kernel::text::guarded(text).replace('"', "\"\"");
        lines.push_str(&format!("{},1980-07-05,\"{cell}\"\r\n", number_of(&app, person).await));
        persons.push(person);
    }
    let checked = check(&app, &clerk, lines.as_bytes()).await.assert_status(201).json();
    let refused: Vec<Value> =
        rows(&clerk, &checked).await.into_iter().filter(|row| row["outcome"] == json!("refused")).collect();
    assert_eq!(refused.len(), 1, "{refused:#?}");
    let reason = json!([{ "field": "home_address", "reason": "control_character" }]);
    assert_eq!((&refused[0]["row"], &refused[0]["refusals"]), (&json!(7), &reason), "an override of the direction");
    moved(&clerk, &checked, "apply").await.assert_status(200);
    for (person, (text, _)) in persons.iter().zip(HOSTILE) {
        let sql = "select value from contact_points where person_id = $1 and kind = 'address' and known_to is null";
        let stored = app.owner().query_opt(sql, &[&person.uuid()]).await.unwrap().map(|row| row.get::<_, String>(0));
        let expected = (!text.starts_with('\u{202E}')).then(|| (*text).to_owned());
        assert_eq!(stored, expected);
    }
}

#[tokio::test]
async fn imp_6_nothing_is_written_until_it_is_confirmed_and_all_of_it_is_taken_back() {
    let app = TestApp::start().await;
    let one = named(&app, &[OTSU], ["山崎", "花子"], ["ヤマザキ", "ハナコ"]).await;
    let other = named(&app, &[OTSU], ["東", "太郎"], ["ヒガシ", "タロウ"]).await;
    let (first, second) = (number_of(&app, one).await, number_of(&app, other).await);
    given_phone(&app, one, "0775000001").await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let file = format!(
        "姓,医籍登録番号,生年月日,電話番号,セイ,診療科名,自宅住所,自宅郵便番号,備考\r\n\
         山崎,0{first},昭和55年7月5日,０７７-５００-０００２,やまさき,\"内科,外科\",大津市1-2,520-0044,x\r\n\
         西,{second},1980/7/5,123,ヒガシ,,,,\r\n\
         東,1,1980-07-05,,,,,,\r\n\
         東,{second},1980-07-06,,,,,,\r\n\
         東,{second}\r\n"
    );
    let checked = check(&app, &clerk, file.as_bytes()).await.assert_status(201).json();
    assert_eq!(outcomes(&checked), [("would_change".to_owned(), 1), ("refused".to_owned(), 4)]);
    assert_eq!((&checked["rows"], &checked["ignored_headings"]), (&json!(5), &json!(["備考"])));
    let found = rows(&clerk, &checked).await;
    assert_eq!(
        found[0]["changes"],
        json!([
            { "field": "phone", "before": "0775000001", "after": "0775000002" },
            { "field": "family_name_kana", "before": "ヤマザキ", "after": "ヤマサキ" },
            { "field": "specialties", "before": "", "after": "内科、外科" },
            { "field": "home_address", "before": "", "after": "大津市1-2" },
            { "field": "home_postal_code", "before": "", "after": "5200044" }
        ])
    );
    assert_eq!((&found[0]["display_name"], &found[0]["person_id"]), (&json!("山崎　花子"), &json!(one.to_string())));
    let refusals = |row: usize| found[row]["refusals"].clone();
    let name = json!({ "field": "family_name", "reason": "not_by_file" });
    assert_eq!(
        refusals(1),
        json!([name, { "field": "phone", "reason": "invalid_format" }]),
        "not only the first fault"
    );
    assert_eq!(
        (refusals(2), refusals(3)),
        (json!([{ "reason": "unknown_member" }]), json!([{ "reason": "unknown_member" }]))
    );
    assert_eq!(refusals(4), json!([{ "reason": "cell_count" }]));
    assert_eq!(phone_of(&app, one).await, ["0775000001"], "nothing is written yet");
    let of_one = format!("/member-imports/{}/rows?outcome=refused&limit=1", checked["id"].as_str().unwrap());
    let page = clerk.get(&of_one).await.assert_status(200).json();
    assert_eq!((page["items"][0]["row"].clone(), page["next_cursor"].is_string()), (json!(3), true));

    moved(&clerk, &checked, "undo").await.assert_problem(409, "wrong_state");
    let applied = moved(&clerk, &checked, "apply").await.assert_status(200).json();
    assert_eq!((&applied["state"], &applied["undo_until"]), (&json!("applied"), &json!("2026-12-23T03:00:00Z")));
    assert_eq!(outcomes(&applied), [("refused".to_owned(), 4), ("changed".to_owned(), 1)]);
    assert_eq!(phone_of(&app, one).await, ["0775000002"]);
    moved(&clerk, &checked, "apply").await.assert_problem(409, "wrong_state");
    let history = clerk.get(&format!("/persons/{one}/history")).await.assert_status(200).json();
    let said: Vec<(&str, &str)> = history["items"][0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["field"].as_str().unwrap(), change["after"].as_str().unwrap()))
        .collect();
    let expected = [
        ("family_name_kana", "ヤマサキ"),
        ("contact_points.phone", "0775000002"),
        ("specialties", "内科、外科"),
        ("contact_points.address", "〒5200044 大津市1-2"),
    ];
    assert_eq!(said, expected, "the record's history says what the file changed");
    let search = json!({ "association_id": app.association(OTSU).await, "filter": { "text": "ヤマサキ" } });
    let listed = clerk.post("/members/search").json(&search).send().await.assert_status(200).json();
    assert_eq!(listed["items"][0]["name_kana"], json!("ヤマサキ ハナコ"), "lists follow");
    let purposes = "select purpose from contact_points where person_id = $1 and kind = 'phone' and known_to is null";
    let purpose: String = app.owner().query_one(purposes, &[&one.uuid()]).await.unwrap().get(0);
    assert_eq!(purpose, "home", "a number keeps its purpose");

    let undone = moved(&clerk, &checked, "undo").await.assert_status(200).json();
    assert_eq!(
        (&undone["state"], outcomes(&undone)),
        (&json!("undone"), vec![("refused".to_owned(), 4), ("undone".to_owned(), 1)])
    );
    assert_eq!(phone_of(&app, one).await, ["0775000001"]);
    let empty = "select count(*) from contact_points where person_id = $1 and kind = 'address' and known_to is null";
    assert_eq!(app.count(empty, &[&one.uuid()]).await, 0);
    let question = "select family_name_kana, specialties from persons where id = $1";
    let record = app.owner().query_one(question, &[&one.uuid()]).await.unwrap();
    assert_eq!((record.get::<_, String>(0), record.get::<_, Vec<String>>(1)), ("ヤマザキ".to_owned(), Vec::new()));
    moved(&clerk, &checked, "undo").await.assert_problem(409, "wrong_state");

    let by = clerk.account_id;
    app.assert_audit(&[
        ("registry.check_member_import", by, Done),
        ("registry.apply_member_import", by, Done),
        ("registry.undo_member_import", by, Done),
    ])
    .await;
    let said = "select count(*) from audit_events e join audit_payloads p on p.event_id = e.id where e.person_id = $1
        and p.payload -> 'changes' -> 1 = '{\"field\": \"contact_points.phone\", \"before\": \"0775000001\", \"after\": \"0775000002\"}'";
    assert_eq!(app.count(said, &[&one.uuid()]).await, 1);
}

#[tokio::test]
async fn imp_6_a_row_whose_record_has_changed_since_is_left_alone_and_told() {
    let app = TestApp::start().await;
    let (one, other) =
        (app.given_member_without_account(&[OTSU]).await, app.given_member_without_account(&[OTSU]).await);
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let mut file = String::from("医籍登録番号,生年月日,電話番号\r\n");
    for person in [one, other] {
        file.push_str(&format!("{},1980-07-05,0775000002\r\n", number_of(&app, person).await));
    }
    let checked = check(&app, &clerk, file.as_bytes()).await.assert_status(201).json();
    given_phone(&app, one, "0775009999").await;
    let applied = moved(&clerk, &checked, "apply").await.assert_status(200).json();
    assert_eq!(outcomes(&applied), [("refused".to_owned(), 1), ("changed".to_owned(), 1)]);
    let found = rows(&clerk, &checked).await;
    assert_eq!(found[0]["refusals"], json!([{ "reason": "changed_since" }]));
    assert_eq!(
        (phone_of(&app, one).await, phone_of(&app, other).await),
        (vec!["0775009999".to_owned()], vec!["0775000002".to_owned()])
    );
    // Somebody corrects the number before the file is taken back.
    let sql = "update contact_points set known_to = now() where person_id = $1";
    app.owner().execute(sql, &[&other.uuid()]).await.unwrap();
    given_phone(&app, other, "0775000003").await;
    let undone = moved(&clerk, &checked, "undo").await.assert_status(200).json();
    assert_eq!(outcomes(&undone), [("refused".to_owned(), 1), ("not_undone".to_owned(), 1)]);
    assert_eq!(phone_of(&app, other).await, ["0775000003"]);
}

#[tokio::test]
async fn imp_7_a_file_is_taken_back_within_thirty_days_and_then_forgotten() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let file = format!("医籍登録番号,生年月日,電話番号\r\n{},1980-07-05,0775000002\r\n", number_of(&app, person).await);
    let checked = check(&app, &clerk, file.as_bytes()).await.assert_status(201).json();
    moved(&clerk, &checked, "apply").await.assert_status(200);
    app.advance(TimeDelta::days(30));
    let clerk = app.log_in_again(&clerk).await;
    moved(&clerk, &checked, "undo").await.assert_problem(409, "wrong_state");
    app.advance(TimeDelta::days(31));
    mamis_usecases::registry::member_imports::forget_import_rows(app.use_cases()).await.unwrap();
    assert_eq!(app.count("select count(*) from member_import_rows", &[]).await, 0);
}

#[tokio::test]
async fn files_that_are_no_tables_are_told_so() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let mut long = String::from("医籍登録番号,生年月日\r\n");
    long.push_str(&"1,1980-07-05\r\n".repeat(10_001));
    for (content, code) in [
        (&b"\x89PNG\r\n\x1a\n"[..], "unreadable_table"),
        (&b"PK\x03\x04nothing"[..], "unreadable_table"),
        (&b""[..], "unreadable_table"),
        ("姓,名\r\n山崎,花子\r\n".as_bytes(), "bad_headings"),
        ("医籍登録番号,生年月日,姓,姓\r\n".as_bytes(), "bad_headings"),
        (long.as_bytes(), "too_many_rows"),
    ] {
        check(&app, &clerk, content).await.assert_faults(422, "invalid_fields", &[("/file", code)]);
    }
    let too_large = vec![b'a'; 11 * 1024 * 1024];
    check(&app, &clerk, &too_large).await.assert_problem(413, "body_too_large");
    let template = clerk.get("/member-import-template").await.assert_status(200);
    let table = mamis_documents::read_xlsx(&template.body, 10).unwrap();
    assert_eq!(table.headings[..3], ["医籍登録番号", "生年月日", "姓"]);
    check(&app, &clerk, &template.body).await.assert_status(201);
}

#[tokio::test]
async fn attack_members_are_changed_by_a_file_without_the_role_or_of_another_association() {
    let app = TestApp::start().await;
    let elsewhere = app.given_member_without_account(&[SHIGA]).await;
    let file =
        format!("医籍登録番号,生年月日,電話番号\r\n{},1980-07-05,0775000002\r\n", number_of(&app, elsewhere).await);
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let checked = check(&app, &clerk, file.as_bytes()).await.assert_status(201).json();
    assert_eq!(
        rows(&clerk, &checked).await[0]["refusals"],
        json!([{ "reason": "unknown_member" }]),
        "not ours to know"
    );
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;
    check(&app, &viewer, file.as_bytes()).await.assert_problem(403, "forbidden");
    let other = app.given_clerk_of(SHIGA, Role::Administrator).await;
    check(&app, &other, file.as_bytes()).await.assert_problem(404, "not_found");
    moved(&viewer, &checked, "apply").await.assert_problem(403, "forbidden");
    moved(&other, &checked, "apply").await.assert_problem(404, "not_found");
    let (check, apply) = ("registry.check_member_import", "registry.apply_member_import");
    app.assert_audit(&[
        (check, viewer.account_id, Denied),
        (check, other.account_id, Denied),
        (apply, viewer.account_id, Denied),
        (apply, other.account_id, Denied),
    ])
    .await;
}
