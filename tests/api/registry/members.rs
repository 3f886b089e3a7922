use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::{PersonId, Role};
use mamis_test_support::{SignedIn, TestApp};
use serde_json::{Value, json};

use crate::api::{KUSATSU, KYOTO, NATION, OTSU, SHIGA};

pub(super) async fn named(app: &TestApp, at: &[&str], name: [&str; 2], kana: [&str; 2]) -> PersonId {
    let person = app.given_member_without_account(at).await;
    let update = "update persons set family_name = $2, given_name = $3, family_name_kana = $4, given_name_kana = $5,
        search_name = $6, search_kana = $7 where id = $1";
    let keys = (name_key(&name.concat()), kana_key(&kana.concat()));
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 7] =
        [&person.uuid(), &name[0], &name[1], &kana[0], &kana[1], &keys.0, &keys.1];
    app.owner().execute(update, &values).await.unwrap();
    person
}

async fn page(app: &TestApp, clerk: &SignedIn, association: &str, mut body: Value) -> Value {
    body["association_id"] = json!(app.association(association).await);
    clerk.post("/members/search").json(&body).send().await.assert_status(200).json()
}

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["display_name"].as_str().unwrap().to_owned()).collect()
}

async fn found(app: &TestApp, clerk: &SignedIn, association: &str, filter: Value) -> Vec<String> {
    names(&page(app, clerk, association, json!({ "filter": filter })).await)
}

#[tokio::test]
async fn search_1_a_member_is_found_by_every_spelling_and_number() {
    let app = TestApp::start().await;
    let person = named(&app, &[OTSU], ["山﨑", "花子"], ["ヤマザキ", "ハナコ"]).await;
    named(&app, &[OTSU], ["鈴木", "一郎"], ["スズキ", "イチロウ"]).await;
    let sql = "update persons set jma_member_id = '1234567890' where id = $1";
    app.owner().execute(sql, &[&person.uuid()]).await.unwrap();
    for (kind, value) in [("phone", "0775000001"), ("email", "Hanako@example.jp")] {
        let sql = "insert into contact_points (id, person_id, kind, purpose, value) values ($1, $2, $3, 'contact', $4)";
        app.owner().execute(sql, &[&uuid::Uuid::now_v7(), &person.uuid(), &kind, &value]).await.unwrap();
    }
    let number = app.identity_of(person).await["medical_registration_number"].as_str().unwrap().to_owned();
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let padded = format!("0{number}");
    let ways = [
        "やまざき",
        "ヤマザキハナコ",
        "ﾔﾏｻﾞｷ",
        "やま",
        "山崎",
        "山﨑　花子",
        "山崎 花",
        &number,
        &padded,
        "1234567890",
        "077-500-0001",
        "０７７５０００００１",
        "hanako@EXAMPLE.jp",
    ];
    for text in ways {
        assert_eq!(found(&app, &clerk, OTSU, json!({ "text": text })).await, ["山﨑　花子"], "{text}");
    }
    assert_eq!(
        found(&app, &clerk, OTSU, json!({ "text": "昭和55年7月5日" })).await.len(),
        2,
        "both were born that day"
    );
    for text in ["はなこ", "%", "_", "田中", "99999", "nobody@example.jp", "1990-01-01"] {
        assert!(found(&app, &clerk, OTSU, json!({ "text": text })).await.is_empty(), "{text}");
    }
    assert_eq!(found(&app, &clerk, OTSU, json!({ "text": " 　" })).await.len(), 2, "blanks ask for nothing");
}

#[tokio::test]
async fn vis_2_a_viewer_cannot_find_out_a_birth_date_a_telephone_or_an_address() {
    let app = TestApp::start().await;
    named(&app, &[OTSU], ["山崎", "花子"], ["ヤマザキ", "ハナコ"]).await;
    let viewer = app.given_clerk_of(OTSU, Role::Viewer).await;
    assert_eq!(found(&app, &viewer, OTSU, json!({ "text": "やまざき" })).await.len(), 1);
    for text in ["1980-07-05", "昭和55年7月5日", "19800705"] {
        assert!(found(&app, &viewer, OTSU, json!({ "text": text })).await.is_empty(), "{text}");
    }
}

#[tokio::test]
async fn every_order_shows_each_member_once_page_by_page() {
    let app = TestApp::start().await;
    for (given, kana, from) in [
        ("一", "ア", "2020-04-01"),
        ("二", "イ", "2021-04-01"),
        ("三", "ア", "2019-04-01"),
        ("四", "エ", "2021-04-01"),
        ("五", "ウ", "2018-04-01"),
    ] {
        let person = named(&app, &[OTSU], ["林", given], ["ハヤシ", kana]).await;
        let sql = format!("update memberships set valid_from = '{from}' where person_id = $1");
        app.owner().execute(&sql, &[&person.uuid()]).await.unwrap();
    }
    named(&app, &[OTSU], ["林", "六"], ["ハヤシ", "オ"]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let walk = async |sort: &str| {
        let (mut all, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let mut body = json!({ "sort": sort, "limit": 2 });
            if !cursor.is_null() {
                body["cursor"] = cursor;
            }
            let page = page(&app, &clerk, OTSU, body).await;
            all.extend(names(&page).iter().map(|name| name.chars().last().unwrap()));
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                return all.into_iter().collect::<String>();
            }
        }
    };
    assert_eq!(walk("kana").await, "一三二五四六", "same readings stand in the order of their making");
    assert_eq!(walk("joined_latest").await, "二四一六三五", "those of one day stand in the order of their making");
}

#[tokio::test]
async fn the_day_asked_about_decides_who_is_a_member_as_what_and_how_old() {
    let app = TestApp::start().await;
    let left = named(&app, &[OTSU, SHIGA], ["東", "太郎"], ["ヒガシ", "タロウ"]).await;
    named(&app, &[OTSU], ["西", "次郎"], ["ニシ", "ジロウ"]).await;
    let comes = named(&app, &[OTSU], ["南", "三郎"], ["ミナミ", "サブロウ"]).await;
    let sql = "update memberships set valid_to = '2026-04-01', end_reason = 'withdrawal' where person_id = $1";
    app.owner().execute(sql, &[&left.uuid()]).await.unwrap();
    let sql = "update memberships set valid_from = '2027-04-01', category_code = 'A' where person_id = $1";
    app.owner().execute(sql, &[&comes.uuid()]).await.unwrap();
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;

    assert_eq!(found(&app, &clerk, OTSU, json!({ "state": "current" })).await, ["西　次郎"]);
    assert_eq!(found(&app, &clerk, OTSU, json!({ "state": "ended" })).await, ["東　太郎"]);
    assert_eq!(found(&app, &clerk, OTSU, json!({ "state": "future" })).await, ["南　三郎"]);
    assert_eq!(found(&app, &clerk, OTSU, json!({})).await.len(), 3);
    let before = json!({ "state": "current", "as_of": "2026-03-31" });
    assert_eq!(found(&app, &clerk, OTSU, before).await, ["西　次郎", "東　太郎"], "退会日 is the last day in force");
    assert_eq!(found(&app, &clerk, OTSU, json!({ "category_codes": ["A"] })).await, ["南　三郎"]);
    assert!(
        found(&app, &clerk, OTSU, json!({ "also_of": app.association(SHIGA).await, "state": "current" }))
            .await
            .is_empty()
    );
    let both = json!({ "also_of": app.association(SHIGA).await, "as_of": "2026-03-31" });
    assert_eq!(found(&app, &clerk, OTSU, both).await, ["東　太郎"]);
    assert_eq!(found(&app, &clerk, OTSU, json!({ "min_age": 46 })).await.len(), 3, "born on 5 July 1980");
    assert!(found(&app, &clerk, OTSU, json!({ "min_age": 46, "as_of": "2026-07-04" })).await.is_empty());
    assert_eq!(found(&app, &clerk, OTSU, json!({ "max_age": 45, "as_of": "2026-07-04" })).await.len(), 3);
    assert!(found(&app, &clerk, OTSU, json!({ "max_age": 45 })).await.is_empty());

    let first = page(&app, &clerk, OTSU, json!({ "filter": { "state": "ended" } })).await["items"][0].clone();
    assert_eq!(
        (&first["last_day"], &first["end_reason"], &first["age"]),
        (&json!("2026-03-31"), &json!("withdrawal"), &json!(46))
    );
}

/// Whom an association's clerks meet is the same in the list, in what typing suggests, in the count, in the file, by the record, by
/// its number and in what was done about somebody, for every combination of memberships.
#[tokio::test]
async fn vis_1_list_count_file_and_record_agree_on_who_is_seen() {
    let app = TestApp::start().await;
    let places = [OTSU, KUSATSU, SHIGA, KYOTO, NATION];
    let mut people = Vec::new();
    for chosen in 1_usize..(1 << places.len()) {
        let at: Vec<&str> =
            places.iter().enumerate().filter(|(bit, _)| chosen & (1 << bit) != 0).map(|(_, name)| *name).collect();
        let given = format!("{chosen}");
        people.push((named(&app, &at, ["組", &given], ["クミ", "アワセ"]).await, at));
    }
    let mut numbers = std::collections::HashMap::new();
    for (person, _) in &people {
        numbers.insert(*person, app.identity_of(*person).await["medical_registration_number"].clone());
    }
    for place in places {
        let clerk = app.given_clerk_of(place, Role::Operator).await;
        let expected: Vec<&(PersonId, Vec<&str>)> = people.iter().filter(|(_, at)| at.contains(&place)).collect();
        let listed = page(&app, &clerk, place, json!({ "limit": 200 })).await;
        let listed: Vec<&str> =
            listed["items"].as_array().unwrap().iter().map(|i| i["person_id"].as_str().unwrap()).collect();
        let ids: Vec<String> = expected.iter().map(|(id, _)| id.to_string()).collect();
        assert_eq!(listed, ids, "{place}: the list");
        let association = app.association(place).await;
        let asked = json!({ "association_id": association });
        let count = clerk.post("/members/count").json(&asked).send().await.assert_status(200).json();
        assert_eq!(count["count"], json!(ids.len()), "{place}: the count");
        let asked = json!({ "kind": "members", "association_id": association, "purpose": "確認", "format": "csv" });
        let file = app.export(&clerk, &asked).await.text();
        assert_eq!(file.lines().count(), ids.len() + 1, "{place}: the file");
        for (person, at) in &people {
            let status = clerk.get(&format!("/persons/{person}")).await.status;
            let expected = if at.contains(&place) { 200 } else { 404 };
            assert_eq!(status, expected, "{place}: the record of {at:?}");
            let status = clerk.get(&format!("/persons/{person}/history")).await.status;
            assert_eq!(status, expected, "{place}: what was done about {at:?}");
            let asked = json!({ "medical_registration_number": numbers[person] });
            let status = clerk.post("/persons/lookup").json(&asked).send().await.status;
            assert_eq!(status, expected, "{place}: by the number of {at:?}");
        }
        for chosen in 1..(1 << places.len()) {
            let suggested =
                page(&app, &clerk, place, json!({ "filter": { "text": format!("組{chosen}") }, "limit": 200 })).await;
            let begins = |name: usize| name.to_string().starts_with(&chosen.to_string());
            let names = (1..people.len() + 1).filter(|name| begins(*name) && people[name - 1].1.contains(&place));
            assert_eq!(suggested["items"].as_array().unwrap().len(), names.count(), "{place}: typing 組{chosen}");
        }
        // What lies outside the branch is no way to narrow the list.
        for other in places {
            let filter = json!({ "also_of": app.association(other).await });
            let body = json!({ "association_id": association, "filter": filter });
            let answer = clerk.post("/members/search").json(&body).send().await;
            let same_branch = place == NATION
                || other == NATION
                || place == other
                || (place != KYOTO && other != KYOTO && (place == SHIGA || other == SHIGA));
            if same_branch {
                let page = answer.assert_status(200).json();
                let both = people.iter().filter(|(_, at)| at.contains(&place) && at.contains(&other)).count();
                assert_eq!(page["items"].as_array().unwrap().len(), both.min(50), "{place} and {other}");
            } else {
                answer.assert_problem(422, "invalid_fields");
            }
        }
    }
}

#[tokio::test]
async fn a_prefecture_reads_its_members_districts_and_workplaces() {
    let app = TestApp::start().await;
    let person = named(&app, &[OTSU, SHIGA], ["東", "太郎"], ["ヒガシ", "タロウ"]).await;
    let facility = uuid::Uuid::now_v7();
    let sql = "insert into facilities (id, name, search_name, kind, address) values ($1, '東医院', '東医院', 'clinic', '大津市')";
    app.owner().execute(sql, &[&facility]).await.unwrap();
    let sql = "insert into affiliations (id, person_id, facility_id, is_main, valid_from) values ($1, $2, $3, true, '2020-04-01')";
    app.owner().execute(sql, &[&uuid::Uuid::now_v7(), &person.uuid(), &facility]).await.unwrap();
    let clerk = app.given_clerk_of(SHIGA, Role::Viewer).await;
    let item =
        page(&app, &clerk, SHIGA, json!({ "filter": { "facility_kinds": ["clinic"] } })).await["items"][0].clone();
    assert_eq!((&item["district"]["name"], &item["workplace"]["name"]), (&json!(OTSU), &json!("東医院")));
    assert!(found(&app, &clerk, SHIGA, json!({ "facility_kinds": ["hospital"] })).await.is_empty());
}

#[tokio::test]
async fn bad_questions_are_told_at_their_fields() {
    let app = TestApp::start().await;
    let association = app.association(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Viewer).await;
    let long = "あ".repeat(101);
    for (body, field, code) in [
        (json!({ "filter": { "text": long } }), "/filter/text", "too_long"),
        (json!({ "filter": { "min_age": 151 } }), "/filter/min_age", "out_of_range"),
        (json!({ "filter": { "as_of": "0001-01-01" } }), "/filter/as_of", "out_of_range"),
        (json!({ "limit": 201 }), "/limit", "out_of_range"),
        (json!({ "cursor": "%%" }), "/cursor", "invalid_format"),
        (json!({ "sort": "joined_latest", "cursor": "WyLjgqIiLCJwZXJfMSJd" }), "/cursor", "invalid_format"),
    ] {
        let mut asked = body.clone();
        asked["association_id"] = json!(association);
        clerk.post("/members/search").json(&asked).send().await.assert_faults(422, "invalid_fields", &[(field, code)]);
    }
}
