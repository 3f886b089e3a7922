use std::fs;

use mamis_test_support::TestDatabase;

use super::{assert_exit, count, run, workspace};

/// A few rows of each file, so that the test can say what changed.
fn small_reference(folder: &std::path::Path) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "municipalities.csv",
        "code,check_digit,prefecture_code,prefecture,name,name_kana\n25201,8,25,滋賀県,大津市,オオツシ\n25206,9,25,滋賀県,草津市,クサツシ\n",
    );
    write(
        "associations.csv",
        "code,tier,kind,parent_code,prefecture_code,name,municipality_codes\n00000,national,national,,,日本医師会,\n\
         25000,prefectural,prefectural,00000,25,滋賀県医師会,\n25001,district,municipal,25000,25,大津市医師会,25201 25206\n",
    );
    write("medical_schools.csv", "prefecture_code,name\n25,滋賀医科大学\n");
    let town = |code: &str, postal: &str, city: &str, town: &str| {
        format!(
            "{code},\"{}  \",\"{postal}\",\"シガケン\",\"シ\",\"マチ\",\"滋賀県\",\"{city}\",\"{town}\",0,0,0,0,0,0\r\n",
            &postal[..3]
        )
    };
    let towns = [town("25201", "5200044", "大津市", "京町"), town("25206", "5250032", "草津市", "大路")].concat();
    write("utf_ken_all.csv", &towns);
}

#[tokio::test]
async fn ref_4_a_second_import_updates_in_place_and_keeps_the_ids() {
    let database = TestDatabase::create().await;
    let client = database.client().await;
    let folder = tempfile::tempdir().unwrap();
    small_reference(folder.path());
    let path = folder.path().to_str().unwrap();
    let output = run(&database, &["import", "reference", path]);
    assert_exit(&output, 0);
    let ids = "select string_agg(code || id::text, ' ' order by code) from associations";
    let before: String = client.query_one(ids, &[]).await.unwrap().get(0);

    let edit = |name: &str, from: &str, to: &str| {
        let file = folder.path().join(name);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from));
        fs::write(&file, text.replace(from, to)).unwrap();
    };
    edit("associations.csv", "大津市医師会,25201 25206", "大津医師会,25201");
    edit("utf_ken_all.csv", "\"大路\"", "\"大路町\"");
    let output = run(&database, &["import", "reference", path]);
    assert_exit(&output, 0);
    let said = String::from_utf8(output.stdout).unwrap();
    let row = |table: &str| -> Vec<String> {
        let line = said.lines().find(|line| line.starts_with(table)).unwrap();
        line.split_whitespace().skip(1).map(str::to_owned).collect()
    };
    assert_eq!(row("municipalities"), ["0", "0", "2", "0"]);
    assert_eq!(row("postal_codes"), ["1", "0", "1", "1"], "a town of another name is another row");
    assert_eq!(row("associations"), ["0", "1", "2", "0"]);
    assert_eq!(row("association_areas"), ["0", "0", "1", "1"]);
    let after: String = client.query_one(ids, &[]).await.unwrap().get(0);
    assert_eq!(after, before, "an association keeps its id");
    assert_eq!(count(&client, "associations where name = '大津医師会'").await, 1);
    assert_eq!(
        count(&client, "audit_events where action = 'registry.import_reference' and actor = 'system:reference_import'")
            .await,
        2
    );
}

#[tokio::test]
async fn ref_4_files_that_do_not_fit_together_change_nothing() {
    let database = TestDatabase::create().await;
    let folder = tempfile::tempdir().unwrap();
    small_reference(folder.path());
    let file = folder.path().join("associations.csv");
    let text = fs::read_to_string(&file).unwrap().replace("25206", "25299");
    fs::write(&file, text).unwrap();
    let output = run(&database, &["import", "reference", folder.path().to_str().unwrap()]);
    assert_exit(&output, 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("25299"));
    let output = run(&database, &["import", "reference", workspace().join("docs").to_str().unwrap()]);
    assert_exit(&output, 2);
    assert_eq!(count(&database.client().await, "municipalities").await, 0);
}

#[tokio::test]
async fn the_shipped_files_are_loaded_and_loading_them_again_changes_nothing() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;
    assert_eq!(count(&client, "postal_codes").await, 124_526);
    assert_eq!(count(&client, "municipalities").await, 1_892);
    assert_eq!(count(&client, "associations").await, 1_072);
    assert_eq!(count(&client, "medical_schools").await, 82);
    assert_eq!(count(&client, "organisations").await, 38);
    let output = run(&database, &["import", "reference"]);
    assert_exit(&output, 0);
    let said = String::from_utf8(output.stdout).unwrap();
    for line in said
        .lines()
        .filter(|line| line.contains('_') || line.starts_with("associations") || line.starts_with("organisations"))
    {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!((cells[1], cells[2], cells[4]), ("0", "0", "0"), "{line}");
    }
}
