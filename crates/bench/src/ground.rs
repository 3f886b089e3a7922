//! Where measuring happens: a private PostgreSQL, databases in it, and the `mamis` program beside us.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use mamis_cluster::{Cluster, ClusterOptions, Durability};
use tokio::{process::Command, sync::OnceCell};
use tokio_postgres::{Client, NoTls};

const CONNECTIONS: u32 = 150;
/// The whole country's physicians.
const NATIONAL_PERSONS: u64 = 350_000;
/// A tenth of the country: 35,000 physicians.
const GENERATED_SCALE: &str = "0.1";

/// A private cluster as durable as production's, and where we are.
pub(crate) struct Ground {
    pub(crate) cluster: Cluster,
    pub(crate) conditions: Conditions,
    /// The root of the workspace.
    pub(crate) root: PathBuf,
    /// Ours to fill: logs, generated files, data folders of servers.
    pub(crate) folder: PathBuf,
    program: PathBuf,
    generated: OnceCell<Database>,
}

/// What a figure means nothing without.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    pub(crate) cores: usize,
    pub(crate) fsync: String,
    pub(crate) synchronous_commit: String,
    /// The machine's load of the last minute before we began: above a half, somebody else was at work.
    pub(crate) load_before: f64,
}

/// A database of the cluster.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) owner_url: String,
    pub(crate) app_url: String,
}

impl Ground {
    /// Opens the cluster and refuses one that would forget what it has confirmed.
    pub(crate) async fn open() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.join("../..").canonicalize().context("finding the workspace")?;
        let ours = std::env::current_exe().context("finding ourselves")?;
        let program = ours.with_file_name("mamis");
        ensure!(program.exists(), "{} is not built; run this by: cargo xtask bench", program.display());
        let profile = ours.parent().context("we stand in no folder")?;
        let folder = profile.with_file_name("bench-data");
        fs::create_dir_all(&folder)?;
        let load_before = load();
        let options = ClusterOptions {
            data_dir: folder.clone(),
            durability: Durability::Full,
            max_connections: CONNECTIONS,
            keep_running: false,
        };
        let cluster = Cluster::open(&options)?;
        let client = connect(&cluster.owner_url("postgres")).await?;
        let setting =
            async |name: &str| -> Result<String> { Ok(client.query_one(&format!("show {name}"), &[]).await?.get(0)) };
        let conditions = Conditions {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            fsync: setting("fsync").await?,
            synchronous_commit: setting("synchronous_commit").await?,
            load_before,
        };
        ensure!(
            conditions.fsync == "on" && conditions.synchronous_commit == "on",
            "fsync={} synchronous_commit={}: such figures say nothing about production",
            conditions.fsync,
            conditions.synchronous_commit
        );
        Ok(Self { cluster, conditions, root, folder, program, generated: OnceCell::new() })
    }

    /// The database of this name, made unless it is there.
    pub(crate) fn database(&self, name: &str) -> Result<Database> {
        self.cluster.ensure_database(name)?;
        Ok(Database {
            name: name.to_owned(),
            owner_url: self.cluster.owner_url(name),
            app_url: self.cluster.app_url(name),
        })
    }

    /// An empty, migrated database of this name, whatever was there before.
    pub(crate) async fn fresh_database(&self, name: &str) -> Result<Database> {
        let admin = connect(&self.cluster.owner_url("postgres")).await?;
        admin.batch_execute(&format!("drop database if exists {name} with (force)")).await?;
        let database = self.database(name)?;
        self.mamis(&database, &["migrate"]).await?;
        Ok(database)
    }

    /// A copy of the generated database of this run, which is made when first asked for; and its scale.
    pub(crate) async fn generated_database(&self, name: &str) -> Result<(Database, f64)> {
        let generated = self.generated.get_or_try_init(|| async {
            eprintln!("generating data at scale {GENERATED_SCALE}");
            let database = self.fresh_database("generated").await?;
            self.mamis(&database, &["import", "reference", "reference"]).await?;
            self.mamis(&database, &["seed", "--scale", GENERATED_SCALE]).await?;
            database.client().await?.batch_execute("vacuum analyze").await?;
            Ok::<_, anyhow::Error>(database)
        });
        let copy = self.copied_database(name, generated.await?).await?;
        Ok((copy, GENERATED_SCALE.parse()?))
    }

    /// The whole country. Generating it takes minutes, so that it is kept from run to run; it is the same each time.
    pub(crate) async fn national_database(&self) -> Result<Database> {
        let database = self.database("national")?;
        self.mamis(&database, &["migrate"]).await?;
        if database.count("persons").await? < NATIONAL_PERSONS {
            eprintln!("generating the whole country (some minutes, once)");
            let database = self.fresh_database("national").await?;
            self.mamis(&database, &["import", "reference", "reference"]).await?;
            self.mamis(&database, &["seed", "--scale", "1"]).await?;
        }
        Ok(database)
    }

    /// A copy of another database.
    pub(crate) async fn copied_database(&self, name: &str, from: &Database) -> Result<Database> {
        let admin = connect(&self.cluster.owner_url("postgres")).await?;
        admin.batch_execute(&format!("drop database if exists {name} with (force)")).await?;
        admin.batch_execute(&format!("create database {name} template {}", from.name)).await?;
        self.database(name)
    }

    /// Forgets a database.
    pub(crate) async fn drop_database(&self, database: &Database) -> Result<()> {
        let admin = connect(&self.cluster.owner_url("postgres")).await?;
        Ok(admin.batch_execute(&format!("drop database if exists {} with (force)", database.name)).await?)
    }

    /// `mamis …` upon a database, not started yet.
    pub(crate) fn command(&self, database: &Database, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // Clerks decide by password alone here: what is measured and killed is the server, not people looking for codes.
        let config = concat!(env!("CARGO_MANIFEST_DIR"), "/bench.toml");
        command.current_dir(&self.root).arg("--data-dir").arg(self.folder.join("served"));
        command.args(["--config", config]).args(arguments);
        command.env("DATABASE_URL", &database.app_url).env("MAMIS_OWNER_DATABASE_URL", &database.owner_url);
        command.env_remove("RUST_LOG").env_remove("MAMIS_CONFIG").stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs `mamis …` to its end and wants it to succeed; gives what it printed.
    pub(crate) async fn mamis(&self, database: &Database, arguments: &[&str]) -> Result<String> {
        let output = self.mamis_output(database, arguments).await?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            let last: Vec<&str> = words.lines().rev().take(5).collect();
            bail!("mamis {} failed ({}): {}", arguments.join(" "), output.status, last.join(" / "));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs `mamis …` to its end.
    pub(crate) async fn mamis_output(&self, database: &Database, arguments: &[&str]) -> Result<Output> {
        self.command(database, arguments).output().await.with_context(|| format!("mamis {}", arguments.join(" ")))
    }
}

impl Database {
    /// A connection as the owner of the tables, who sees everything.
    pub(crate) async fn client(&self) -> Result<Client> {
        connect(&self.owner_url).await
    }

    /// Counts rows.
    pub(crate) async fn count(&self, what: &str) -> Result<u64> {
        let count: i64 = self.client().await?.query_one(&format!("select count(*) from {what}"), &[]).await?.get(0);
        Ok(u64::try_from(count)?)
    }
}

/// Connects; the connection's task ends with the client.
pub(crate) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("connecting to PostgreSQL")?;
    tokio::spawn(connection);
    Ok(client)
}

pub(crate) fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(f64::NAN)
}
