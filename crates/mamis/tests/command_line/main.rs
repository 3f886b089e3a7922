//! What the commands do, through the binary itself: exit codes, files, and what a kill leaves behind.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

mod create_administrator;
mod import_reference;
mod import_roster;
mod roster_against_the_database;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mamis_test_support::TestDatabase;
use tokio_postgres::Client;

/// A command on a test's own database.
fn mamis(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mamis"));
    command.args(arguments).args(["--database-url", database.app_url()]);
    command.env("MAMIS_OWNER_DATABASE_URL", database.owner_url()).env_remove("RUST_LOG").current_dir(workspace());
    command
}

fn run(database: &TestDatabase, arguments: &[&str]) -> Output {
    mamis(database, arguments).output().unwrap()
}

fn assert_exit(output: &Output, code: i32) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "it said: {said}");
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Rows in every table, to see that nothing was stored.
async fn row_counts(client: &Client) -> Vec<(String, i64)> {
    let tables = "select tablename::text from pg_tables where schemaname = 'public' order by 1";
    let mut counts = Vec::new();
    for row in client.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let count = client.query_one(&format!("select count(*) from {table}"), &[]).await.unwrap().get(0);
        counts.push((table, count));
    }
    counts
}

async fn count(client: &Client, from: &str) -> i64 {
    client.query_one(&format!("select count(*) from {from}"), &[]).await.unwrap().get(0)
}
