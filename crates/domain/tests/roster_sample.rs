//! The whole sample of an old system's roster, judged and compared record by record with what must become of it.

#![expect(clippy::unwrap_used, reason = "a test helper that cannot read its file ends the test")]

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use mamis_domain::registry::reference::parse_associations;
use mamis_domain::registry::roster::{
    DirectoryEntry, Outcome, RosterDirectory, RosterEncoding, RosterFile, RosterJudge, RosterRecord,
};
use mamis_kernel::Tier;

fn read(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn directory() -> RosterDirectory {
    let text = String::from_utf8(read("reference/associations.csv")).unwrap();
    let associations = parse_associations("associations.csv", &text).unwrap();
    RosterDirectory::new(associations.into_iter().map(DirectoryEntry::from))
}

/// The facts of an accepted record under the names of the expected file's columns.
fn facts(outcome: &Outcome) -> HashMap<&'static str, String> {
    let Outcome::Accepted { record, .. } = outcome else { return HashMap::new() };
    let tiers = match record.top_tier() {
        Tier::District => "1",
        Tier::Prefectural => "2",
        Tier::National => "3",
    };
    HashMap::from([
        ("medical_registration_number", record.registration_number.to_string()),
        ("birth_date", record.birth_date.to_string()),
        ("medical_registration_date", record.registration_date.to_string()),
        ("district_code", record.district_code.clone()),
        ("category", record.category.map(|category| category.as_str().to_owned()).unwrap_or_default()),
        ("tiers", tiers.to_owned()),
        ("joined_on", record.joined.district.to_string()),
        ("left_on", record.end.map(|end| end.left_on.to_string()).unwrap_or_default()),
        ("display_name", record.display_name()),
        ("name_kana", record.name_kana()),
    ])
}

#[test]
fn every_record_of_the_sample_becomes_what_it_must() {
    let roster = read("tests/data/roster/legacy_roster_sample.csv");
    let mut file = RosterFile::open(&roster).unwrap();
    assert_eq!(file.encoding(), RosterEncoding::Cp932);
    assert!(file.ignored_columns().is_empty());
    let mut judge = RosterJudge::new(directory(), HashSet::new());
    let mut record = RosterRecord::default();

    let expected = read("tests/data/roster/legacy_roster_sample.expected.csv");
    let mut expected = csv::Reader::from_reader(expected.as_slice());
    let headers = expected.headers().unwrap().clone();
    let mut differences = Vec::new();
    let (mut records, mut accepted) = (0, 0);
    for row in expected.records() {
        let row = row.unwrap();
        let wanted =
            |column: &str| headers.iter().position(|header| header == column).and_then(|at| row.get(at)).unwrap();
        assert!(file.read(&mut record).unwrap(), "the roster ends before record {}", wanted("line_of_record"));
        let outcome = judge.judge(&record);
        records += 1;
        accepted += u32::from(matches!(outcome, Outcome::Accepted { .. }));

        let mut found = facts(&outcome);
        found.insert("line_of_record", record.line_of_record().to_string());
        found.insert("outcome", outcome.as_str().to_owned());
        found.insert("field", outcome.field().to_owned());
        differences.extend(found.into_iter().filter(|(column, value)| wanted(column) != value).map(
            |(column, value)| {
                format!("record {}: {column} is {value:?}, not {:?}", record.line_of_record(), wanted(column))
            },
        ));
    }
    assert!(!file.read(&mut record).unwrap(), "the roster has more records than expected");
    assert_eq!(differences, Vec::<String>::new());
    assert_eq!((records, accepted), (5_000, 4_650));
}

#[test]
fn a_second_run_with_the_persons_of_the_first_in_the_database_says_the_same() {
    let roster = read("tests/data/roster/legacy_roster_sample.csv");
    let run = |judge: &mut RosterJudge| {
        let mut file = RosterFile::open(&roster).unwrap();
        let mut record = RosterRecord::default();
        let mut outcomes = Vec::new();
        while file.read(&mut record).unwrap() {
            outcomes.push(judge.judge(&record));
        }
        outcomes
    };
    let mut first = RosterJudge::new(directory(), HashSet::new());
    let outcomes = run(&mut first);
    let mut second = RosterJudge::new(directory(), HashSet::new());
    for outcome in &outcomes {
        if let Outcome::Accepted { record, .. } = outcome {
            second.know(record.registration_number, record.birth_date);
        }
    }
    let said = |outcomes: &[Outcome]| outcomes.iter().map(|o| (o.as_str(), o.field())).collect::<Vec<_>>();
    assert_eq!(said(&run(&mut second)), said(&outcomes));
}

#[test]
fn an_image_and_a_roster_without_a_column_are_refused_as_such() {
    let image = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR";
    assert_eq!(RosterFile::open(image).unwrap_err().to_string(), "the file is a PNG image, not a CSV file");
    let error = RosterFile::open("氏名,性別\n".as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("read as UTF-8, the header lacks 日医会員ID, フリガナ, "), "{error}");
}
