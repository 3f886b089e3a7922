//! The sample of an old system's roster, from the file to the tables.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use mamis_test_support::TestDatabase;
use tokio_postgres::Client;

use super::{assert_exit, count, mamis, row_counts, run, workspace};

const ROSTER: &str = "tests/data/roster/legacy_roster_sample.csv";
const EXPECTED: &str = "tests/data/roster/legacy_roster_sample.expected.csv";

type Row = HashMap<String, String>;

fn read_csv(path: &Path) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn assert_report(report: &Path, already_stored: bool) {
    let header = std::fs::read_to_string(report).unwrap();
    assert!(header.starts_with("line_of_record,outcome,field,message,warnings\n"), "{:?}", header.lines().next());
    let (said, expected) = (read_csv(report), read_csv(&workspace().join(EXPECTED)));
    assert_eq!(said.len(), expected.len());
    let mut differences = Vec::new();
    for (said, expected) in said.iter().zip(&expected) {
        for column in ["line_of_record", "outcome", "field"] {
            if said[column] != expected[column] {
                differences
                    .push(format!("{}: {column} {} not {}", said["line_of_record"], said[column], expected[column]));
            }
        }
        if said["outcome"] == "accepted" {
            assert_eq!(said["message"] == "already stored", already_stored, "record {}", said["line_of_record"]);
        } else {
            assert!(!said["message"].is_empty());
        }
    }
    assert_eq!(differences, Vec::<String>::new());
}

/// What is stored of every person, under the names of the expected file's columns.
async fn stored_facts(client: &Client) -> HashMap<String, Row> {
    let sql = "
        select r.number, p.birth_date::text, r.registered_on::text, p.family_name || '　' || p.given_name,
            rtrim(p.family_name_kana || ' ' || p.given_name_kana),
            d.code, count(*)::text, min(m.valid_from) filter (where a.tier = 'district')::text,
            coalesce((min(m.valid_to) - 1)::text, ''),
            coalesce(string_agg(m.category_code, '') filter (where a.tier = 'national'), ''),
            count(m.category_code) filter (where a.tier <> 'national'),
            count(distinct m.valid_to) + count(*) filter (where m.valid_to is null)
        from persons p
        join medical_registrations r on r.person_id = p.id and r.known_to is null
        join memberships m on m.person_id = p.id and m.known_to is null
        join associations a on a.id = m.association_id
        join memberships dm on dm.person_id = p.id join associations d on d.id = dm.association_id and d.tier = 'district'
        group by p.id, r.id, d.code";
    let columns = [
        "medical_registration_number",
        "birth_date",
        "medical_registration_date",
        "display_name",
        "name_kana",
        "district_code",
        "tiers",
        "joined_on",
        "left_on",
        "category",
    ];
    let mut facts = HashMap::new();
    for row in client.query(sql, &[]).await.unwrap() {
        let cells: Row = columns.iter().enumerate().map(|(at, name)| ((*name).to_owned(), row.get(at))).collect();
        assert_eq!(row.get::<_, i64>(10), 0, "the category belongs to the national membership");
        facts.insert(cells["medical_registration_number"].clone(), cells);
    }
    facts
}

#[tokio::test]
async fn the_sample_becomes_what_it_must_and_a_second_commit_stores_nothing() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.csv");
    let path = report.to_str().unwrap();

    let empty = row_counts(&client).await;
    let output = run(&database, &["import", "roster", ROSTER, "--report", path]);
    assert_exit(&output, 0);
    assert_report(&report, false);
    assert_eq!(row_counts(&client).await, empty, "a dry run stores nothing");
    assert!(String::from_utf8(output.stdout).unwrap().contains("CP932"), "the encoding is named");

    let output = run(&database, &["import", "roster", ROSTER, "--commit", "--report", path]);
    assert_exit(&output, 0);
    assert_report(&report, false);
    let facts = stored_facts(&client).await;
    let expected = read_csv(&workspace().join(EXPECTED));
    let accepted: Vec<&Row> = expected.iter().filter(|row| row["outcome"] == "accepted").collect();
    assert_eq!(facts.len(), accepted.len());
    for row in &accepted {
        let stored = &facts[&row["medical_registration_number"]];
        for (column, value) in stored {
            assert_eq!(value, &row[column], "{column} of record {}", row["line_of_record"]);
        }
    }
    let stored = i64::try_from(accepted.len()).unwrap();
    assert_eq!(count(&client, "persons").await, stored);
    assert_eq!(count(&client, "roster_records").await, stored);
    let events = "audit_events e join audit_payloads p on p.event_id = e.id \
                  where e.action = 'registry.import_roster' and e.actor = 'system:roster_import' and e.person_id is not null";
    assert_eq!(count(&client, events).await, stored, "one event with its payload for each stored record");
    assert!(count(&client, "persons where position('髙' in family_name) > 0").await > 0);

    let full = row_counts(&client).await;
    let output = run(&database, &["import", "roster", ROSTER, "--commit", "--report", path]);
    assert_exit(&output, 0);
    assert_report(&report, true);
    assert_eq!(row_counts(&client).await, full, "a second commit stores nothing");
}

/// All that an import stores, without ids and instants.
async fn contents(client: &Client) -> Vec<String> {
    let mut found = Vec::new();
    for sql in [
        "select concat_ws('|', r.number, r.registered_on, p.family_name, p.given_name, p.birth_date, p.sex,
            p.jma_member_id, p.alma_mater, p.graduated_in, p.specialties) from persons p
            join medical_registrations r on r.person_id = p.id",
        "select concat_ws('|', r.number, a.code, m.category_code, m.valid_from, m.valid_to, m.end_reason)
            from memberships m join associations a on a.id = m.association_id
            join medical_registrations r on r.person_id = m.person_id",
        "select concat_ws('|', r.number, f.name, f.postal_code, f.address, f.kind, f.municipality_code, a.is_main,
            a.valid_from, a.valid_to) from affiliations a join facilities f on f.id = a.facility_id
            join medical_registrations r on r.person_id = a.person_id",
        "select concat_ws('|', r.number, c.kind, c.purpose, c.postal_code, c.value) from contact_points c
            join medical_registrations r on r.person_id = c.person_id",
        "select concat_ws('|', f.name, f.postal_code, f.address, count(*)) from facilities f group by f.id",
        "select concat_ws('|', encode(c.fingerprint, 'hex'), r.number) from roster_records c
            join medical_registrations r on r.person_id = c.person_id",
        "select concat_ws('|', e.action, r.number, p.payload) from audit_events e
            join audit_payloads p on p.event_id = e.id join medical_registrations r on r.person_id = e.person_id",
    ] {
        let rows = client.query(&format!("{sql} order by 1"), &[]).await.unwrap();
        found.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }
    found
}

#[tokio::test]
async fn an_import_that_was_killed_is_completed_by_the_next_with_nothing_doubled() {
    let clean = TestDatabase::create_with_reference().await;
    assert_exit(&run(&clean, &["import", "roster", ROSTER, "--commit"]), 0);
    let wanted = contents(&clean.client().await).await;

    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    // Killed twice: in the middle of the first chunks, and further on.
    for after in [1, 2_000] {
        let mut command = mamis(&database, &["import", "roster", ROSTER, "--commit"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while count(&client, "roster_records").await < after && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let records = count(&client, "roster_records").await;
        assert_eq!(records, count(&client, "persons").await, "whole chunks only");
        assert!(records < 4_650, "the kill came too late to show anything");
    }
    assert_exit(&run(&database, &["import", "roster", ROSTER, "--commit"]), 0);
    let found = contents(&client).await;
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found, wanted);
    }
}

#[tokio::test]
async fn a_file_that_is_no_roster_is_refused_with_exit_code_2_before_anything_happens() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    let before = row_counts(&client).await;
    let folder = tempfile::tempdir().unwrap();
    let sample = std::fs::read(workspace().join(ROSTER)).unwrap();
    let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&sample);
    let cases: [(&str, Option<Vec<u8>>, &str); 5] = [
        ("image.csv", Some(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec()), "PNG"),
        ("empty.csv", Some(Vec::new()), "empty"),
        ("column.csv", Some(text.replacen("医籍登録番号", "番号", 1).into_bytes()), "医籍登録番号"),
        ("nothing.csv", None, "cannot be read"),
        ("half.csv", Some([&sample[..2_000], b"\x81".as_slice()].concat()), ""),
    ];
    for (name, bytes, told) in cases {
        let path = folder.path().join(name);
        if let Some(bytes) = bytes {
            std::fs::write(&path, bytes).unwrap();
        }
        let output = run(&database, &["import", "roster", path.to_str().unwrap(), "--commit"]);
        assert_exit(&output, 2);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(told), "{name}: {said}");
    }
    assert_eq!(row_counts(&client).await, before);
}

#[tokio::test]
async fn two_imports_at_once_exclude_each_other() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    client.execute("select pg_advisory_lock(hashtext('mamis roster import'))", &[]).await.unwrap();
    let output = run(&database, &["import", "roster", ROSTER, "--commit"]);
    assert_exit(&output, 1);
    assert!(String::from_utf8(output.stderr).unwrap().contains("another import of a roster is running"));
    assert_eq!(count(&client, "persons").await, 0);
}
