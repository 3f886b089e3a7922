//! Records about persons whom the database knows already (RO-17 to RO-20).

use std::path::Path;

use mamis_domain::registry::roster::Column;
use mamis_test_support::TestDatabase;

use super::{assert_exit, count, run};

/// A national member in Otsu, current.
const RECORD: [&str; 29] = [
    "0123456789",
    "髙橋　德子",
    "ﾀｶﾊｼ ﾄｸｺ",
    "S39.4.1",
    "女",
    "０１２３４５",
    "H元.05.07",
    "滋賀医科大学",
    "1989/3",
    "Ａ②（Ｂ）",
    "大津市医師会",
    "滋賀県医師会",
    "H2.4.1",
    "H2.4.1",
    "H3.4.1",
    "",
    "",
    "髙橋医院",
    "診療所",
    "520-0044",
    "滋賀県大津市京町1－1",
    "077-522-1234",
    "内科、小児科",
    "5200044",
    "滋賀県大津市京町2－2",
    "077-522-4321",
    "",
    "自宅",
    "発送",
];

fn with(changes: &[(Column, &str)]) -> Vec<String> {
    let mut cells = RECORD.map(str::to_owned).to_vec();
    for (column, cell) in changes {
        cells[*column as usize] = (*cell).to_owned();
    }
    cells
}

/// Imports records as one file; gives outcome, field, message and warnings of each.
fn import(database: &TestDatabase, folder: &Path, records: &[Vec<String>]) -> Vec<[String; 4]> {
    let (file, report) = (folder.join("roster.csv"), folder.join("report.csv"));
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer.write_record(Column::ALL.map(Column::header)).unwrap();
    records.iter().for_each(|record| writer.write_record(record).unwrap());
    writer.flush().unwrap();
    let (file, report_path) = (file.to_str().unwrap(), report.to_str().unwrap());
    assert_exit(&run(database, &["import", "roster", file, "--commit", "--report", report_path]), 0);
    let mut reader = csv::Reader::from_path(&report).unwrap();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            [1, 2, 3, 4].map(|at| row[at].to_owned())
        })
        .collect()
}

fn outcomes(rows: &[[String; 4]]) -> Vec<(&str, &str)> {
    rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect()
}

#[tokio::test]
async fn ro_17_a_known_person_is_reused_and_only_what_is_missing_is_added() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(outcomes(&import(&database, folder.path(), &[with(&[])])), [("accepted", "")]);

    // Married, with an e-mail address, and in a second district since 2001; the memberships above are the same.
    let later = with(&[
        (Column::Name, "山田　德子"),
        (Column::Email, "toku@example.jp"),
        (Column::District, "草津市医師会"),
        (Column::DistrictJoined, "H13.4.1"),
    ]);
    let said = import(&database, folder.path(), &[later]);
    assert_eq!(outcomes(&said), [("accepted", "")]);
    assert!(said[0][3].contains("person_already_known"), "{said:?}");
    assert_eq!(count(&client, "persons").await, 1);
    assert_eq!(
        count(&client, "persons where family_name = '髙橋'").await,
        1,
        "a name is changed by a clerk, not by a file"
    );
    assert_eq!(count(&client, "memberships").await, 4);
    assert_eq!(count(&client, "contact_points where kind = 'email'").await, 1);
    assert_eq!(count(&client, "facilities").await, 1, "the same practice is one facility");
    assert_eq!(count(&client, "affiliations").await, 1);
}

#[tokio::test]
async fn ro_18_a_membership_that_differs_in_the_same_days_is_a_conflict_and_stops_nothing_else() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    let folder = tempfile::tempdir().unwrap();
    let first = with(&[]);
    assert_eq!(outcomes(&import(&database, folder.path(), std::slice::from_ref(&first))), [("accepted", "")]);
    let joined_earlier = with(&[(Column::NationalJoined, "H2.4.1")]);
    let somebody_else = with(&[(Column::RegistrationNumber, "777"), (Column::JmaMemberId, "")]);
    let said = import(&database, folder.path(), &[joined_earlier, somebody_else, first]);
    assert_eq!(outcomes(&said), [("conflict", "membership_overlaps"), ("accepted", ""), ("accepted", "")]);
    assert_eq!(said[2][2], "already stored");
    assert_eq!(count(&client, "persons").await, 2);
    assert_eq!(count(&client, "memberships").await, 6);
}

#[tokio::test]
async fn ro_4_a_number_of_somebody_in_the_database_with_another_birth_date_is_a_conflict() {
    let database = TestDatabase::create_with_reference().await;
    let folder = tempfile::tempdir().unwrap();
    import(&database, folder.path(), &[with(&[])]);
    let said = import(&database, folder.path(), &[with(&[(Column::BirthDate, "S40.4.1")])]);
    assert_eq!(outcomes(&said), [("conflict", "registration_number_of_another_person")]);
}

#[tokio::test]
async fn ro_19_a_second_run_says_what_the_first_said_even_of_a_number_that_was_taken_later() {
    let database = TestDatabase::create_with_reference().await;
    let folder = tempfile::tempdir().unwrap();
    // The first record of the number is rejected, the second takes it.
    let rejected = with(&[(Column::BirthDate, "S40.4.1"), (Column::NameKana, "")]);
    let records = [rejected, with(&[])];
    let first = import(&database, folder.path(), &records);
    assert_eq!(outcomes(&first), [("rejected", "name_kana"), ("accepted", "")]);
    let second = import(&database, folder.path(), &records);
    assert_eq!(outcomes(&second), outcomes(&first));
    assert_eq!(second[0][2], first[0][2]);
    assert_eq!(second[1][2], "already stored");
}

#[tokio::test]
async fn ro_20_a_member_id_of_somebody_else_is_told_and_not_stored() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    let folder = tempfile::tempdir().unwrap();
    let said = import(&database, folder.path(), &[with(&[]), with(&[(Column::RegistrationNumber, "777")])]);
    assert_eq!(outcomes(&said), [("accepted", ""), ("accepted", "")]);
    assert!(said[1][3].contains("jma_member_id_of_another_person"), "{said:?}");
    assert_eq!(count(&client, "persons where jma_member_id is not null").await, 1);
}

#[tokio::test]
async fn ro_21_leaving_ends_memberships_the_day_after_and_only_death_ends_the_workplace() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    let folder = tempfile::tempdir().unwrap();
    let left = |number, reason| {
        let id = format!("00000{number:0>5}");
        with(&[
            (Column::RegistrationNumber, number),
            (Column::JmaMemberId, &id),
            (Column::WithdrawalDate, "R3.3.31"),
            (Column::WithdrawalReason, reason),
        ])
    };
    import(&database, folder.path(), &[left("11", "死亡"), left("12", "退会"), left("13", "")]);
    assert_eq!(count(&client, "memberships where valid_to = '2021-04-01'").await, 9);
    assert_eq!(count(&client, "memberships where end_reason = 'death'").await, 3);
    assert_eq!(count(&client, "memberships where end_reason = 'withdrawal'").await, 6);
    assert_eq!(count(&client, "affiliations where valid_to = '2021-04-01'").await, 1);
    assert_eq!(count(&client, "affiliations where valid_to is null").await, 2);
}
