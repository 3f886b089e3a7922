//! The private cluster on real PostgreSQL programs, as root and as an ordinary user.
#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use mamis_cluster::{Cluster, ClusterError, ClusterOptions, Durability};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// A folder that the server user can reach also when we are root.
fn open_folder() -> TempDir {
    tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir().unwrap()
}

fn options(data_dir: &Path) -> ClusterOptions {
    ClusterOptions {
        data_dir: data_dir.to_owned(),
        durability: Durability::TestOnly,
        max_connections: 20,
        keep_running: false,
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A zombie, which some containers never clear away, is not alive: it has no command line.
fn is_alive(pid: u32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|words| !words.is_empty())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

#[test]
fn closing_the_last_one_stops_the_server_and_opening_again_finds_the_data() {
    let folder = open_folder();
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    cluster.ensure_database("kept").unwrap();
    let pid = cluster.postmaster_pid().unwrap();
    assert!(cluster.is_ready());
    cluster.close();
    assert!(!is_alive(pid));

    let cluster = Cluster::open(&options(folder.path())).unwrap();
    cluster.ensure_database("kept").unwrap();
    assert_ne!(cluster.postmaster_pid(), Some(pid));
}

#[test]
fn two_at_once_share_one_server_until_both_are_gone() {
    let folder = open_folder();
    let open = || Cluster::open(&options(folder.path())).unwrap();
    let (first, second) = thread::scope(|scope| {
        let (first, second) = (scope.spawn(open), scope.spawn(open));
        (first.join().unwrap(), second.join().unwrap())
    });
    let pid = first.postmaster_pid().unwrap();
    assert_eq!(second.postmaster_pid(), Some(pid));
    first.close();
    assert!(second.is_ready());
    second.close();
    assert!(!is_alive(pid));
}

#[test]
fn a_server_left_behind_is_adopted() {
    let folder = open_folder();
    let orphan = Cluster::open(&ClusterOptions { keep_running: true, ..options(folder.path()) }).unwrap();
    let pid = orphan.postmaster_pid().unwrap();
    orphan.close();
    assert!(is_alive(pid));

    let adopted = Cluster::open(&options(folder.path())).unwrap();
    assert_eq!(adopted.postmaster_pid(), Some(pid));
    adopted.close();
    assert!(!is_alive(pid));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_recovered_while_its_children_are_still_leaving() {
    let folder = open_folder();
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    let busy = connect(&cluster.owner_url("postgres")).await;
    // Only the process is killed, not the machine: what was handed to the kernel survives also without fsync.
    busy.batch_execute("set synchronous_commit = on; create table kept as select 7 as n").await.unwrap();
    // A child that computes does not look up until it has finished.
    let work =
        tokio::spawn(async move { busy.batch_execute("select count(*) from generate_series(1, 5000000)").await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let pid = cluster.postmaster_pid().unwrap();
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
    while cluster.postmaster_pid().is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(cluster.server_dir().join("data/postmaster.pid").exists(), "the pid file is stale");

    let again = Cluster::open(&options(folder.path())).unwrap();
    let client = connect(&again.owner_url("postgres")).await;
    assert_eq!(client.query_one("select n from kept", &[]).await.unwrap().get::<_, i32>(0), 7);
    drop(work);
}

#[test]
fn a_pid_file_whose_number_is_somebody_else_does_not_block() {
    let folder = open_folder();
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    let pid_file = cluster.server_dir().join("data/postmaster.pid");
    let text = fs::read_to_string(&pid_file).unwrap();
    let pid = cluster.postmaster_pid().unwrap();
    cluster.close();
    fs::write(&pid_file, text.replacen(&pid.to_string(), &std::process::id().to_string(), 1)).unwrap();

    assert!(Cluster::open(&options(folder.path())).unwrap().is_ready());
}

#[tokio::test]
async fn a_database_compares_bytes_and_knows_japanese_letters() {
    let folder = open_folder();
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    cluster.ensure_database("names").unwrap();
    cluster.ensure_database("names").unwrap();
    assert!(matches!(cluster.ensure_database("a-b"), Err(ClusterError::DatabaseName { .. })));
    let client = connect(&cluster.owner_url("names")).await;
    let sql = "select datcollate, datctype, pg_encoding_to_char(encoding), pg_get_userbyid(datdba)::text, \
               '佐' ~ '[[:alpha:]]' from pg_database where datname = current_database()";
    let row = client.query_one(sql, &[]).await.unwrap();
    let text = |n: usize| row.get::<_, String>(n);
    assert_eq!([text(0), text(1), text(2), text(3)], ["C", "C.UTF-8", "UTF8", "mamis_owner"]);
    assert!(row.get::<_, bool>(4));
}

#[tokio::test]
async fn the_server_role_is_no_superuser_and_a_wrong_password_is_refused() {
    let folder = open_folder();
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    cluster.ensure_database("mamis").unwrap();
    let url = cluster.app_url("mamis");
    let client = connect(&url).await;
    let row = client.query_one("select current_user::text, current_setting('is_superuser')", &[]).await.unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), ("mamis_app", "off"));

    let (before, _) = url.split_once("password=").unwrap();
    assert!(tokio_postgres::connect(&format!("{before}password=wrong"), NoTls).await.is_err());
}

#[tokio::test]
async fn lost_password_files_are_replaced() {
    let folder = open_folder();
    Cluster::open(&options(folder.path())).unwrap().close();
    fs::remove_file(folder.path().join("postgres/app.password")).unwrap();
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    connect(&cluster.app_url("postgres")).await;
    let mode = folder.path().join("postgres/app.password").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_interrupted_initialisation_begins_again() {
    let folder = open_folder();
    let server = folder.path().join("postgres/server");
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    cluster.close();
    fs::remove_file(server.join("data/PG_VERSION")).unwrap();
    fs::create_dir(server.join("data.new")).unwrap();
    assert!(Cluster::open(&options(folder.path())).unwrap().is_ready());
}

#[tokio::test]
async fn a_long_folder_name_with_spaces_and_japanese_works() {
    let folder = open_folder();
    let deep = folder.path().join("データ it's a folder").join("x".repeat(80));
    let cluster = Cluster::open(&options(&deep)).unwrap();
    connect(&cluster.owner_url("postgres")).await;
    assert!(cluster.owner_url("postgres").contains("%2Ftmp%2Fmamis-"));
    let stands_in = fs::read_link(format!("/proc/{}/cwd", cluster.postmaster_pid().unwrap())).unwrap();
    assert!(stands_in.starts_with(&deep), "the data stay in the folder, only the socket moves");
}

#[tokio::test]
async fn a_folder_closed_to_the_server_user_moves_the_database_elsewhere() {
    // An ordinary user's server can use such a folder, root's cannot.
    let folder = tempfile::Builder::new().permissions(Permissions::from_mode(0o700)).tempdir().unwrap();
    let cluster = Cluster::open(&options(folder.path())).unwrap();
    connect(&cluster.app_url("postgres")).await;
    let server_dir = cluster.server_dir().to_owned();
    cluster.close();
    assert_eq!(server_dir.starts_with("/var/lib/mamis"), is_root());
    // Opened again it is found there.
    let again = Cluster::open(&options(folder.path())).unwrap();
    assert_eq!(again.server_dir(), server_dir);
    again.close();
    fs::remove_dir_all(server_dir).unwrap();
}

#[test]
fn starting_a_made_cluster_is_quick() {
    let folder = open_folder();
    Cluster::open(&options(folder.path())).unwrap().close();
    let since = Instant::now();
    Cluster::open(&options(folder.path())).unwrap().close();
    // Generous: two cores, a whole test run beside it. It says "seconds, not minutes".
    assert!(since.elapsed() < Duration::from_secs(30));
}
