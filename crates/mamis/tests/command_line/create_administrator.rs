use std::io::Write;
use std::process::{Output, Stdio};

use mamis_test_support::TestDatabase;

use super::{assert_exit, count, mamis};

const PASSWORD: &str = "琵琶湖の朝は静かで風がない";

/// Makes an administrator of the nation; the password goes in by the standard input, as from a vault.
fn create(database: &TestDatabase, organisation: &str, login_id: &str, password: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["create-administrator", "--organisation", organisation, "--login-id", login_id, "--name", "管理　太郎"];
    let mut command = mamis(database, &arguments);
    command.arg("--data-dir").arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn id_12_the_first_administrator_is_made_at_the_command_line_and_no_second_one() {
    let database = TestDatabase::create_with_reference().await;
    let client = database.client().await;

    let made = create(&database, "00000", "jma-admin", PASSWORD);

    assert_exit(&made, 0);
    assert!(!String::from_utf8_lossy(&made.stdout).contains(PASSWORD));
    let held = "accounts a join capabilities c on c.account_id = a.id join associations p on p.id = c.association_id
        where a.login_id = 'jma-admin' and a.class = 'clerk' and a.state = 'active' and a.password_hash like '$argon2id$%'
        and a.display_name = '管理　太郎' and c.role = 'administrator' and p.code = '00000' and c.valid_to is null";
    assert_eq!(count(&client, held).await, 1);
    let audited = |outcome: &str| {
        format!(
            "audit_events where action = 'identity.create_administrator' and outcome = '{outcome}' and actor = 'system:command_line'"
        )
    };
    assert_eq!(count(&client, &audited("done")).await, 1);

    let second = create(&database, "00000", "jma-second", PASSWORD);
    assert_exit(&second, 1);
    assert!(said(&second).contains("has an administrator already"), "{}", said(&second));
    assert_eq!(count(&client, &audited("denied")).await, 1);
    assert_eq!(count(&client, "accounts").await, 1);
}

#[tokio::test]
async fn what_cannot_be_is_said_in_words_and_nothing_is_made() {
    let database = TestDatabase::create_with_reference().await;
    for (organisation, login_id, password, reason) in [
        ("99999", "jma-admin", PASSWORD, "there is no association 99999"),
        ("00000", "管理者", PASSWORD, "a login id is four or more letters"),
        ("00000", "jma-admin", "short", "12 characters or more"),
        ("00000", "jma-admin", "password1234", "guessed easily"),
        ("00000", "jma-admin", "", "12 characters or more"),
    ] {
        let refused = create(&database, organisation, login_id, password);
        assert_exit(&refused, 1);
        assert!(said(&refused).contains(reason), "{}", said(&refused));
    }
    let client = database.client().await;
    assert_eq!(count(&client, "accounts").await, 0);
}
