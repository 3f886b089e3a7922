use std::collections::BTreeMap;

use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::{PersonId, Role};
use mamis_persistence::registry::POINTING;
use mamis_test_support::{SignedIn, TestApp};
use mamis_usecases::registry::find_duplicates;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::api::{KUSATSU, NATION, OTSU, SHIGA};

async fn execute(app: &TestApp, sql: &str, values: &[&(dyn ToSql + Sync)]) {
    app.owner().execute(sql, values).await.unwrap();
}

async fn named(app: &TestApp, at: &[&str], family: &str, given: &str, kana: [&str; 2]) -> PersonId {
    let person = app.given_member_without_account(at).await;
    let (name, reading) = (name_key(&format!("{family}{given}")), kana_key(&kana.concat()));
    let sql = "update persons set family_name = $2, given_name = $3, family_name_kana = $4, given_name_kana = $5,
        search_name = $6, search_kana = $7 where id = $1";
    execute(app, sql, &[&person.uuid(), &family, &given, &kana[0], &kana[1], &name, &reading]).await;
    person
}

async fn wish(app: &TestApp, kept: PersonId, given_up: PersonId) -> Value {
    json!({ "association_id": app.association(OTSU).await, "kept_id": kept, "given_up_id": given_up })
}

async fn merged(clerk: &SignedIn, wish: &Value) -> Value {
    clerk.post("/person-merges").new_key().json(wish).send().await.assert_status(201).json()
}

async fn undo(clerk: &SignedIn, merge: &Value) -> mamis_test_support::Answer {
    clerk.post(&format!("/person-merges/{}/undo", merge["id"].as_str().unwrap())).new_key().send().await
}

async fn duplicates(app: &TestApp, clerk: &SignedIn, association: &str) -> Vec<Value> {
    let path = format!("/associations/{}/duplicates", app.association(association).await);
    clerk.get(&path).await.assert_status(200).json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn dup_1_and_dup_3_a_second_record_is_found_and_one_that_was_dismissed_stays_away() {
    let app = TestApp::start().await;
    let older = named(&app, &[OTSU], "斎藤", "誠", ["サイトウ", "マコト"]).await;
    let younger = named(&app, &[OTSU], "齋藤", "誠", ["サイトウ", "マコト"]).await;
    named(&app, &[OTSU], "佐藤", "誠", ["サトウ", "マコト"]).await;
    find_duplicates(app.use_cases()).await.unwrap();
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let found = duplicates(&app, &clerk, OTSU).await;
    assert_eq!(found.len(), 1);
    let pair = &found[0];
    assert_eq!((&pair["first"]["person"]["id"], &pair["second"]["person"]["id"]), (&json!(older), &json!(younger)));
    assert_eq!(pair["reasons"], json!(["same_birth_date", "same_kana", "same_name", "different_numbers"]));
    assert_eq!(pair["score"], 50);

    let dismiss = format!("/duplicates/{}/dismiss", pair["id"].as_str().unwrap());
    let body = json!({ "association_id": app.association(OTSU).await });
    clerk.post(&dismiss).new_key().json(&body).send().await.assert_status(204);
    app.assert_audit(&[("registry.dismiss_duplicate", clerk.account_id, Done)]).await;
    find_duplicates(app.use_cases()).await.unwrap();
    assert!(duplicates(&app, &clerk, OTSU).await.is_empty());
    clerk.post(&dismiss).new_key().json(&body).send().await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn dup_1_a_pair_that_was_corrected_away_is_no_longer_shown() {
    let app = TestApp::start().await;
    named(&app, &[OTSU], "斎藤", "誠", ["サイトウ", "マコト"]).await;
    let other = named(&app, &[OTSU], "斎藤", "誠", ["サイトウ", "マコト"]).await;
    assert_eq!(find_duplicates(app.use_cases()).await.unwrap(), 1);
    execute(&app, "update persons set birth_date = '1950-01-01' where id = $1", &[&other.uuid()]).await;
    assert_eq!(find_duplicates(app.use_cases()).await.unwrap(), 0);
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    assert!(duplicates(&app, &clerk, OTSU).await.is_empty());
}

#[tokio::test]
async fn dup_2_a_pair_is_shown_where_both_are_members_and_nowhere_else() {
    let app = TestApp::start().await;
    let here = named(&app, &[OTSU, SHIGA], "斎藤", "誠", ["サイトウ", "マコト"]).await;
    let there = named(&app, &[KUSATSU, SHIGA], "斎藤", "誠", ["サイトウ", "マコト"]).await;
    find_duplicates(app.use_cases()).await.unwrap();
    for (association, pairs) in [(OTSU, 0), (KUSATSU, 0), (SHIGA, 1), (NATION, 0)] {
        let clerk = app.given_clerk_of(association, Role::Administrator).await;
        assert_eq!(duplicates(&app, &clerk, association).await.len(), pairs, "{association}");
        let mut asked = wish(&app, here, there).await;
        asked["association_id"] = json!(app.association(association).await);
        let expected = if pairs == 1 { 200 } else { 404 };
        clerk.post("/person-merges/preview").json(&asked).send().await.assert_status(expected);
    }
}

#[tokio::test]
async fn merge_1_an_operator_may_not_merge_and_a_record_is_not_merged_with_itself() {
    let app = TestApp::start().await;
    let kept = app.given_member_without_account(&[OTSU]).await;
    let given_up = app.given_member_without_account(&[OTSU]).await;
    let asked = wish(&app, kept, given_up).await;
    let operator = app.given_clerk_of(OTSU, Role::Operator).await;
    operator.post("/person-merges").new_key().json(&asked).send().await.assert_problem(403, "forbidden");
    app.assert_audit(&[("registry.merge_persons", operator.account_id, Denied)]).await;
    let approver = app.given_clerk_of(OTSU, Role::Approver).await;
    let itself = wish(&app, kept, kept).await;
    let refused = approver.post("/person-merges").new_key().json(&itself).send().await;
    refused.assert_problem(422, "invalid_fields");
    let merge = merged(&approver, &asked).await;
    operator
        .post(&format!("/person-merges/{}/undo", merge["id"].as_str().unwrap()))
        .new_key()
        .send()
        .await
        .assert_problem(403, "forbidden");
}

#[tokio::test]
async fn merge_2_the_preview_shows_what_the_merge_then_makes_and_changes_nothing() {
    let app = TestApp::start().await;
    let kept = named(&app, &[OTSU], "斎藤", "誠", ["サイトウ", "マコト"]).await;
    let given_up = named(&app, &[OTSU, SHIGA], "齋藤", "誠", ["サイトオ", "マコト"]).await;
    let sql = "update persons set alma_mater = '京都大学', specialties = array['内科', '外科'], jma_member_id = '1234567890' where id = $1";
    execute(&app, sql, &[&given_up.uuid()]).await;
    execute(&app, "update persons set specialties = array['小児科', '内科'] where id = $1", &[&kept.uuid()]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let mut asked = wish(&app, kept, given_up).await;
    asked["take"] = json!(["kana", "medical_registration"]);
    let shown = clerk.post("/person-merges/preview").json(&asked).send().await.assert_status(200).json();
    assert_eq!(shown["kept"]["display_name"], "斎藤　誠");
    let after = &shown["after"];
    assert_eq!((&after["display_name"], &after["family_name_kana"]), (&json!("斎藤　誠"), &json!("サイトオ")));
    assert_eq!(after["alma_mater"], "京都大学", "what is blank is filled");
    assert_eq!(after["jma_member_id"], "1234567890");
    assert_eq!(after["specialties"], json!(["小児科", "内科", "外科"]));
    assert_eq!(after["medical_registration"], shown["given_up"]["medical_registration"]);
    assert_eq!(after["memberships"].as_array().unwrap().len(), 2, "one of 大津 and one of 滋賀");
    let record = async || {
        let mut record = clerk.get(&format!("/persons/{kept}")).await.assert_status(200).json();
        record.as_object_mut().unwrap().remove("allowed_actions");
        record
    };
    let before = record().await;
    assert_eq!(before, shown["kept"], "nothing has happened");

    let mut done = merged(&clerk, &asked).await;
    app.assert_audit(&[("registry.merge_persons", clerk.account_id, Done)]).await;
    done.as_object_mut().unwrap().remove("id");
    for view in ["kept", "given_up", "moved", "closes_account"] {
        assert_eq!(done[view], shown[view], "{view}");
    }
    assert_eq!(record().await, done["after"]);
    let history = clerk.get(&format!("/persons/{kept}/history")).await.assert_status(200).json();
    let reading = json!({ "field": "family_name_kana", "before": "サイトウ", "after": "サイトオ", "masked": false });
    assert!(history["items"][0]["changes"].as_array().unwrap().contains(&reading), "{history}");
    let by_old_id = clerk.get(&format!("/persons/{given_up}")).await.assert_status(200).json();
    assert_eq!(by_old_id["id"], json!(kept), "an id that somebody wrote down leads to the person");
    let listed = clerk.get(&format!("/associations/{}/person-merges", app.association(OTSU).await)).await;
    assert_eq!(listed.assert_status(200).json()["items"][0]["kept"]["id"], json!(kept));
}

#[tokio::test]
async fn merge_4_every_column_that_says_whose_a_row_is_is_turned() {
    // They speak of two records, or of what was read on a day.
    const OF_BOTH: [(&str, &str); 5] = [
        ("duplicate_pairs", "first_person_id"),
        ("duplicate_pairs", "second_person_id"),
        ("member_import_rows", "person_id"),
        ("person_merges", "given_up_id"),
        ("person_merges", "kept_id"),
    ];
    let app = TestApp::start().await;
    let keys = "select c.conrelid::regclass::text, a.attname::text from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.confrelid = 'persons'::regclass order by 1, 2";
    let rows = app.owner().query(keys, &[]).await.unwrap();
    let mut pointing: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    pointing.retain(|(table, column)| !OF_BOTH.contains(&(table.as_str(), column.as_str())));
    let mut turned: Vec<_> = POINTING.iter().map(|it| (it.table.to_owned(), it.column.to_owned())).collect();
    turned.sort();
    assert_eq!(turned, pointing);
}

#[tokio::test]
async fn merge_4_of_two_accounts_that_of_the_record_given_up_is_closed_and_undone_it_works_again() {
    let app = TestApp::start().await;
    let kept = app.given_member_of(&[OTSU]).await;
    let second = app.given_member_of(&[OTSU]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let asked = wish(&app, kept.person_id.unwrap(), second.person_id.unwrap()).await;
    let merge = merged(&clerk, &asked).await;
    assert_eq!(merge["closes_account"], true);
    second.get("/account").await.assert_problem(401, "not_signed_in");
    kept.get("/account").await.assert_status(200);
    undo(&clerk, &merge).await.assert_status(204);
    app.visitor().log_in(&second.login_id).await.get("/account").await.assert_status(200);
}

#[tokio::test]
async fn merge_5_what_was_changed_since_is_not_taken_back_in_part() {
    let app = TestApp::start().await;
    let kept = app.given_member_without_account(&[OTSU]).await;
    let given_up = app.given_member_without_account(&[OTSU, SHIGA]).await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let merge = merged(&clerk, &wish(&app, kept, given_up).await).await;
    // Another merge has moved the same rows on.
    let third = app.given_member_without_account(&[OTSU]).await;
    let later = merged(&clerk, &wish(&app, third, kept).await).await;
    let world = snapshot(&app, &[kept, given_up, third]).await;
    undo(&clerk, &merge).await.assert_problem(409, "changed_since");
    assert_eq!(snapshot(&app, &[kept, given_up, third]).await, world);
    undo(&clerk, &later).await.assert_status(204);
    undo(&clerk, &merge).await.assert_status(204);
    undo(&clerk, &merge).await.assert_problem(409, "changed_since");
}

#[tokio::test]
async fn two_clerks_who_merge_the_same_two_the_other_way_round_merge_them_once() {
    let app = TestApp::start().await;
    let one = app.given_member_without_account(&[OTSU]).await;
    let other = app.given_member_without_account(&[OTSU]).await;
    let clerks = [app.given_clerk_of(OTSU, Role::Approver).await, app.given_clerk_of(OTSU, Role::Approver).await];
    let wishes = [wish(&app, one, other).await, wish(&app, other, one).await];
    let answers = futures_util::future::join_all(
        clerks
            .iter()
            .zip(&wishes)
            .map(|(clerk, wish)| async move { clerk.post("/person-merges").new_key().json(wish).send().await.status }),
    );
    let mut answers = answers.await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 404]);
}

/// What a world of two records is made of.
#[derive(Debug, Clone)]
struct Record {
    /// First day, length (0: open), category; by association.
    stretches: Vec<(usize, u32, u32, &'static str)>,
    workplaces: Vec<(u32, u32, bool)>,
    contacts: Vec<(usize, usize)>,
    registered: bool,
    account: bool,
    letter: bool,
    notice: bool,
    roster: bool,
    member_id: bool,
    school: bool,
}

fn record() -> impl Strategy<Value = Record> {
    let stretch = (0_usize..3, 0_u32..40, 0_u32..30, prop::sample::select(vec!["A", "B"]));
    let work = (0_u32..40, 1_u32..30, any::<bool>());
    let flags =
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (
        prop::collection::vec(stretch, 0..5),
        prop::collection::vec(work, 0..3),
        prop::collection::vec((0_usize..3, 0_usize..2), 0..4),
        flags,
    )
        .prop_map(|(stretches, workplaces, contacts, flags)| {
            let (registered, account, letter, notice, roster, member_id, school) = flags;
            Record { stretches, workplaces, contacts, registered, account, letter, notice, roster, member_id, school }
        })
}

async fn given_record(app: &TestApp, record: &Record, number: u32) -> PersonId {
    let person = match record.account {
        true => app.given_member_of(&[]).await.person_id.unwrap(),
        false => app.given_member_without_account(&[]).await,
    };
    let id = person.uuid();
    if !record.registered {
        execute(app, "delete from medical_registrations where person_id = $1", &[&id]).await;
    }
    // A stretch that meets another one of the same association is none.
    let beginning = "insert into memberships (id, person_id, association_id, category_code, valid_from, valid_to, end_reason, known_from)
        select $1, $2, $3, $4, date '2015-01-01' + $5 * 30, case when $6 > 0 then date '2015-01-01' + ($5 + $6) * 30 end,
            case when $6 > 0 then 'withdrawal' end, now()
        where not exists (select from memberships m where m.person_id = $2 and m.association_id = $3
            and daterange(m.valid_from, m.valid_to)
                && daterange(date '2015-01-01' + $5 * 30, case when $6 > 0 then date '2015-01-01' + ($5 + $6) * 30 end))";
    let associations = [OTSU, SHIGA, NATION];
    for (at, from, length, category) in &record.stretches {
        let association = app.association(associations[*at]).await.uuid();
        let (from, length) = (i32::try_from(*from).unwrap(), i32::try_from(*length).unwrap());
        execute(app, beginning, &[&Uuid::now_v7(), &id, &association, category, &from, &length]).await;
    }
    // Both are members where the clerk is.
    let association = app.association(OTSU).await.uuid();
    execute(app, beginning, &[&Uuid::now_v7(), &id, &association, &"B", &80_i32, &0_i32]).await;
    let facility = Uuid::now_v7();
    let sql = "insert into facilities (id, name, search_name, kind, address) values ($1, $2, $2, 'clinic', $2)";
    execute(app, sql, &[&facility, &facility.to_string()]).await;
    let work = "insert into affiliations (id, person_id, facility_id, is_main, valid_from, valid_to)
        select $1, $2, $3, $4 and not exists (select from affiliations a where a.person_id = $2 and a.is_main
                and daterange(a.valid_from, a.valid_to) && daterange(date '2015-01-01' + $5 * 30, date '2015-01-01' + ($5 + $6) * 30)),
            date '2015-01-01' + $5 * 30, date '2015-01-01' + ($5 + $6) * 30";
    for (from, length, main) in &record.workplaces {
        let (from, length) = (i32::try_from(*from).unwrap(), i32::try_from(*length).unwrap());
        execute(app, work, &[&Uuid::now_v7(), &id, &facility, main, &from, &length]).await;
    }
    for (kind, value) in &record.contacts {
        let kind = ["address", "phone", "email"][*kind];
        let sql = "insert into contact_points (id, person_id, kind, purpose, value) values ($1, $2, $3, 'contact', $4)";
        execute(app, sql, &[&Uuid::now_v7(), &id, &kind, &["one", "two"][*value]]).await;
    }
    if record.letter && record.registered && !record.account {
        app.given_letter(OTSU, person).await;
    }
    if record.notice {
        let sql = "insert into postal_notices (id, person_id, association_id, template, subject, paragraphs, queued_at)
            values ($1, $2, $3, 'x', 'x', '{x}', now())";
        execute(app, sql, &[&Uuid::now_v7(), &id, &association]).await;
    }
    if record.roster {
        let sql = "insert into roster_records (fingerprint, person_id) values ($1, $2)";
        execute(app, sql, &[&Uuid::now_v7().as_bytes().to_vec(), &id]).await;
    }
    if record.member_id {
        let sql = "update persons set jma_member_id = $2 where id = $1";
        execute(app, sql, &[&id, &format!("{number:010}")]).await;
    }
    if record.school {
        let sql = "update persons set alma_mater = $2, specialties = array['内科', $2] where id = $1";
        execute(app, sql, &[&id, &format!("大学{number}")]).await;
    }
    person
}

/// Every row that speaks of these persons, by table and key. Versions only grow, so they are left out.
async fn snapshot(app: &TestApp, persons: &[PersonId]) -> BTreeMap<(String, String), Value> {
    let ids: Vec<Uuid> = persons.iter().map(|person| person.uuid()).collect();
    let mut all = BTreeMap::new();
    let tables = POINTING.iter().map(|it| (it.table, it.column)).chain([("persons", "id")]);
    for (table, column) in tables {
        let key = if table == "roster_records" { "fingerprint" } else { "id" };
        let sql =
            format!("select t.{key}::text, (to_jsonb(t) - 'version')::text from {table} t where t.{column} = any($1)");
        for row in app.owner().query(&sql, &[&ids]).await.unwrap() {
            let (key, row): (String, String) = (row.get(0), row.get(1));
            all.insert((table.to_owned(), key), serde_json::from_str(&row).unwrap());
        }
    }
    all
}

#[tokio::test]
async fn merge_5_a_merge_loses_nothing_and_its_undoing_restores_every_row() {
    const WORLDS: usize = 24;
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Approver).await;
    let mut runner = TestRunner::deterministic();
    let fields =
        ["name", "kana", "birth_date", "sex", "jma_member_id", "medical_registration", "alma_mater", "graduated_in"];
    let world = (record(), record(), prop::sample::subsequence(fields.to_vec(), 0..=fields.len()));
    for number in 0..WORLDS {
        let (one, other, take) = world.new_tree(&mut runner).unwrap().current();
        let number = u32::try_from(number).unwrap() * 2;
        let kept = given_record(&app, &one, number).await;
        let given_up = given_record(&app, &other, number + 1).await;
        let before = snapshot(&app, &[kept, given_up]).await;
        let mut asked = wish(&app, kept, given_up).await;
        asked["take"] = json!(take);
        let merge = merged(&clerk, &asked).await;

        let after = snapshot(&app, &[kept, given_up]).await;
        for (table, key) in before.keys() {
            let row = after.get(&(table.clone(), key.clone()));
            let row = row.unwrap_or_else(|| panic!("{table} {key} is lost in {one:?} {other:?} {take:?}"));
            let stays = table == "persons" || (table == "accounts" && one.account && other.account);
            assert!(stays || row["person_id"] == json!(kept.uuid()), "{table} {key} was left behind: {row}");
        }
        undo(&clerk, &merge).await.assert_status(204);
        assert_eq!(snapshot(&app, &[kept, given_up]).await, before, "{one:?} {other:?} {take:?}");
    }
}
