//! A database for each test, cloned from a template that is migrated once.
//!
//! The tests start their own PostgreSQL under `target/test-postgres` and leave it running for the next run; with
//! `MAMIS_TEST_DATABASE_URL` (a role that may create databases) that server is used instead. A template's name carries a
//! hash of what it was made from, so that a changed migration makes a new one.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use mamis_cluster::{Cluster, ClusterOptions, Durability};
use mamis_persistence::registry::bulk::BulkStore;
use mamis_persistence::{Datastore, PoolOptions};
use mamis_usecases::registry::{import_reference, read_reference};
use mamis_usecases::{Clock, SystemClock};
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

/// A database of its own for one test, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    owner_url: String,
    app_url: String,
}

impl TestDatabase {
    /// An empty, migrated database.
    pub async fn create() -> Self {
        Self::clone_of(Template::Migrated).await
    }

    /// A migrated database with the reference data of `reference/`.
    pub async fn create_with_reference() -> Self {
        Self::clone_of(Template::WithReference).await
    }

    async fn clone_of(template: Template) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        on_own_threads(async move {
            let template = template.ready().await;
            let admin = Server::get().await.admin().await;
            run(&admin, &format!("drop database if exists {name} with (force)")).await;
            // Copying files beats logging every page, with which the server would recover after a crash.
            run(&admin, &format!("create database {name} template {template} strategy file_copy")).await;
            let server = Server::get().await;
            Self { owner_url: server.owner_url(&name), app_url: server.app_url(&name), name }
        })
        .await
    }

    /// For migrations and for looking behind the server's back.
    #[must_use]
    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    /// What the server would get.
    #[must_use]
    pub fn app_url(&self) -> &str {
        &self.app_url
    }

    /// A few connections as the server has them.
    #[must_use]
    pub fn datastore(&self) -> Datastore {
        let options = PoolOptions { size: 4, ..PoolOptions::default() };
        Datastore::new(&self.app_url, options).expect("a pool without connections can always be made")
    }

    /// A connection as the owner, for looking behind the server's back.
    pub async fn client(&self) -> Client {
        connect(&self.owner_url).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop_it = format!("drop database if exists {} with (force)", self.name);
        // A test's own runtime may be ending: the last statement runs on ours.
        let done = std::thread::spawn(move || {
            RUNTIME.block_on(async { run(&Server::get().await.admin().await, &drop_it).await });
        });
        // A database that stays behind is removed by a later run, and a second panic would hide the test's own.
        let _ = done.join();
    }
}

/// Migrations may block their thread, which a test's own single-threaded runtime could not bear.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test databases")
});

async fn on_own_threads<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    RUNTIME.spawn(work).await.expect("preparing a test database")
}

/// Where test databases live.
enum Server {
    Ours(Cluster),
    /// The operator's, by its URL.
    Given(String),
}

impl Server {
    async fn get() -> &'static Self {
        static SERVER: OnceCell<Server> = OnceCell::const_new();
        SERVER
            .get_or_init(|| async {
                let server = tokio::task::spawn_blocking(Self::open).await.expect("opening the tests' PostgreSQL");
                server.remove_leftovers().await;
                server
            })
            .await
    }

    fn open() -> Self {
        if let Ok(url) = std::env::var("MAMIS_TEST_DATABASE_URL") {
            return Self::Given(url);
        }
        let options = ClusterOptions {
            data_dir: workspace().join("target/test-postgres"),
            durability: Durability::TestOnly,
            max_connections: 200,
            keep_running: true,
        };
        Self::Ours(Cluster::open(&options).unwrap_or_else(|error| panic!("the tests' PostgreSQL: {error}")))
    }

    fn owner_url(&self, database: &str) -> String {
        match self {
            Self::Ours(cluster) => cluster.owner_url(database),
            Self::Given(url) => with_database(url, database),
        }
    }

    fn app_url(&self, database: &str) -> String {
        match self {
            Self::Ours(cluster) => cluster.app_url(database),
            Self::Given(url) => with_database(url, database),
        }
    }

    async fn admin(&self) -> Client {
        connect(&self.owner_url("postgres")).await
    }

    /// Drops the databases of test processes that were killed. Only on our own server: process ids mean nothing on
    /// another machine.
    async fn remove_leftovers(&self) {
        if matches!(self, Self::Given(_)) {
            return;
        }
        let admin = self.admin().await;
        let rows = admin
            .query("select datname::text from pg_database where datname ~ '^test_[0-9]+_[0-9]+$'", &[])
            .await
            .expect("listing databases");
        for name in rows.iter().map(|row| row.get::<_, String>(0)) {
            let pid = name.split('_').nth(1).unwrap_or_default();
            if !Path::new("/proc").join(pid).exists() {
                run(&admin, &format!("drop database if exists {name} with (force)")).await;
            }
        }
    }
}

/// What a test database is a copy of.
#[derive(Debug, Clone, Copy)]
enum Template {
    Migrated,
    WithReference,
}

impl Template {
    /// The template's name, once it is complete. One process makes it while others wait.
    async fn ready(self) -> &'static str {
        static MIGRATED: OnceCell<String> = OnceCell::const_new();
        static WITH_REFERENCE: OnceCell<String> = OnceCell::const_new();
        let cell = match self {
            Self::Migrated => &MIGRATED,
            Self::WithReference => &WITH_REFERENCE,
        };
        cell.get_or_init(|| self.make()).await
    }

    async fn make(self) -> String {
        let server = Server::get().await;
        let name = self.name();
        let admin = server.admin().await;
        run(&admin, "select pg_advisory_lock(hashtext('mamis test templates'))").await;
        let found = admin.query_opt("select 1 from pg_database where datname = $1", &[&name]).await;
        if found.expect("looking for the template").is_none() {
            let building = format!("{name}_building");
            run(&admin, &format!("drop database if exists {building} with (force)")).await;
            run(
                &admin,
                &format!(
                    "create database {building} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
                ),
            )
            .await;
            self.fill(&server.owner_url(&building), &server.app_url(&building)).await;
            run(&admin, &format!("alter database {building} rename to {name}")).await;
        }
        name
    }

    async fn fill(self, owner_url: &str, app_url: &str) {
        mamis_persistence::migrate::run_pending(owner_url).await.expect("migrating the template");
        match self {
            Self::Migrated => {}
            Self::WithReference => {
                let load = async {
                    let rows = read_reference(&workspace().join("reference")).expect("reading the reference data");
                    let mut store = BulkStore::connect(app_url).await.expect("connecting for the reference data");
                    import_reference(&mut store, &rows, SystemClock.now()).await.expect("importing the reference data");
                };
                // A transaction's closure makes a future that stays on its thread.
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(load));
            }
        }
    }

    fn name(self) -> String {
        let (kind, sources) = match self {
            Self::Migrated => ("migrated", &["migrations", "crates/domain/texts"][..]),
            // What loads the data decides as much as the data.
            Self::WithReference => (
                "with_reference",
                &[
                    "migrations",
                    "crates/domain/texts",
                    "reference",
                    "crates/domain/src/registry/reference",
                    "crates/persistence/src/registry/bulk",
                ][..],
            ),
        };
        let mut hash = Sha256::new();
        sources.iter().for_each(|folder| hash_files(&workspace().join(folder), &mut hash));
        let digest = hash.finalize();
        let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("template_{kind}_{short}")
    }
}

/// Every file below a folder, in the order of their names.
fn hash_files(folder: &Path, hash: &mut Sha256) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash_files(&path, hash);
        } else {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        }
    }
}

fn workspace() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace is where it was built")
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connecting to the tests' PostgreSQL");
    // Ends with the client.
    tokio::spawn(connection);
    client
}

async fn run(client: &Client, statement: &str) {
    client.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
}

/// The same URL with another database: `postgres://user@host/HERE?options`.
fn with_database(url: &str, database: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(address, options)| (address, Some(options)));
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[after_scheme..].find('/').map_or(address.len(), |at| after_scheme + at);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{database}{options}", &address[..host_end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        assert_eq!(
            with_database("postgres://u:p@h:5432/a?sslmode=disable", "b"),
            "postgres://u:p@h:5432/b?sslmode=disable"
        );
        assert_eq!(with_database("postgresql:///a?host=/run&user=u", "b"), "postgresql:///b?host=/run&user=u");
        assert_eq!(with_database("postgres://h", "b"), "postgres://h/b");
    }

    #[tokio::test]
    async fn reference_data_are_there_when_asked_for() {
        let database = TestDatabase::create_with_reference().await;
        let associations: i64 =
            database.client().await.query_one("select count(*) from associations", &[]).await.unwrap().get(0);
        assert_eq!(associations, 1_072);
    }

    #[tokio::test]
    async fn each_test_has_a_migrated_database_of_its_own() {
        let (one, other) = (TestDatabase::create().await, TestDatabase::create().await);
        let insert = "insert into municipalities (code, check_digit, prefecture_code, prefecture, name, name_kana) \
                      values ('25201', '7', '25', '滋賀県', '大津市', 'オオツシ')";
        run(&one.client().await, insert).await;
        let count = "select count(*) from municipalities";
        let rows: i64 = other.client().await.query_one(count, &[]).await.unwrap().get(0);
        assert_eq!(rows, 0);
        one.datastore().ping().await.unwrap();
        let gone = one.name.clone();
        drop(one);
        let left = other.client().await.query_opt("select 1 from pg_database where datname = $1", &[&gone]).await;
        assert!(left.unwrap().is_none());
    }
}
