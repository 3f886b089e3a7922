//! The private PostgreSQL: finds the server programs, makes a cluster, starts and stops it.
//!
//! Without a `DATABASE_URL` every `mamis` command uses a cluster of its own under the data folder. Several commands may
//! use it at once: whoever comes first starts it, whoever leaves last stops it, and one that is killed leaves a server
//! behind that the next command adopts. Two lock files make that true:
//!
//! - `users.lock` is held shared by every user; whoever can get it exclusively was the last.
//! - `start.lock` is held exclusively while somebody starts or stops, so these never overlap.
//!
//! Both are `flock`s, which the kernel releases when a process dies. See docs/adr/0001-private-cluster.md.

mod error;
mod layout;
mod os_user;
mod programs;
mod server;

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use layout::Layout;
use programs::Programs;
use server::{PORT, Server};

pub use error::ClusterError;

/// Superuser of the private cluster: creates databases, runs migrations.
pub const OWNER_ROLE: &str = "mamis_owner";
/// What the server logs in as: may log in, and what migrations grant it.
pub const APP_ROLE: &str = "mamis_app";

const PASSWORD_LENGTH: usize = 32;

/// Whether committed work survives a power failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It does: `fsync` and `synchronous_commit` are on.
    Full,
    /// It does not: for tests, which throw their databases away.
    TestOnly,
}

/// How to open a private cluster.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The data folder; the cluster lives in its `postgres` folder.
    pub data_dir: PathBuf,
    /// Whether committed work must survive a power failure. Takes effect when the server is started.
    pub durability: Durability,
    /// Connections the server allows. Takes effect when the server is started.
    pub max_connections: u32,
    /// Leaves the server running after the last close, for the next test run to adopt.
    pub keep_running: bool,
}

/// A running private cluster. While it lives the server runs; closing or dropping the last one stops it.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    owner_password: String,
    app_password: String,
    keep_running: bool,
    /// Held shared; `None` once closed.
    users: Option<File>,
}

impl Cluster {
    /// Opens the private cluster of a data folder: makes it once, starts it if it is not running, adopts it if it is.
    ///
    /// # Errors
    /// `NotInstalled` without PostgreSQL; otherwise whatever kept the cluster from being made, started or reached.
    pub fn open(options: &ClusterOptions) -> Result<Self, ClusterError> {
        let layout = Layout::prepare(&options.data_dir)?;
        let programs = Programs::find(&layout.data())?;
        let starting = lock_to_start(&layout)?;
        let users = layout.lock_file("users.lock")?;
        users.lock_shared().map_err(error::io_error("locking", layout.ours.join("users.lock")))?;
        let server = Server { layout, programs };
        server.initialise(options.durability)?;
        let password = |name: &str| layout::secret(&server.layout.ours.join(name), PASSWORD_LENGTH);
        let (owner_password, app_password) = (password("owner.password")?, password("app.password")?);
        let started = server.make_ready(options)?;
        // From here on a failure must not leave a server behind that nobody stops.
        let cluster =
            Self { server, owner_password, app_password, keep_running: options.keep_running, users: Some(users) };
        cluster.ensure_roles().inspect_err(|_| drop(starting.unlock()))?;
        drop(starting);
        tracing::debug!(started, folder = %cluster.server.layout.server.display(), "the private PostgreSQL is ready");
        Ok(cluster)
    }

    /// Connection URL for the role that owns the databases and runs migrations.
    #[must_use]
    pub fn owner_url(&self, database: &str) -> String {
        self.url(database, OWNER_ROLE, &self.owner_password)
    }

    /// Connection URL for the role that the server works with.
    #[must_use]
    pub fn app_url(&self, database: &str) -> String {
        self.url(database, APP_ROLE, &self.app_password)
    }

    /// Makes a database unless it is there. Its character type is `C.UTF-8`: under plain `C` trigrams drop Japanese.
    ///
    /// # Errors
    /// `DatabaseName` for a name that would need quoting; `Program` when the server refuses.
    pub fn ensure_database(&self, database: &str) -> Result<(), ClusterError> {
        if !is_plain_name(database) {
            return Err(ClusterError::DatabaseName { name: database.to_owned() });
        }
        // PostgreSQL has no `create database if not exists`; the lock makes look-then-create safe.
        let _starting = lock_to_start(&self.server.layout)?;
        if self.server.sql(&format!("select 1 from pg_database where datname = '{database}'"))?.trim().is_empty() {
            self.server.sql(&format!(
                "create database {database} owner {OWNER_ROLE} template template0 \
                 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
            ))?;
        }
        Ok(())
    }

    /// Whether the server accepts connections now.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.server.is_ready()
    }

    /// Where the programs are, `psql` and `pgbench` among them.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        &self.server.programs.bin_dir
    }

    /// The folder of the server's files: data, log, settings of the operator.
    #[must_use]
    pub fn server_dir(&self) -> &Path {
        &self.server.layout.server
    }

    /// The server's main process, if it runs.
    #[must_use]
    pub fn postmaster_pid(&self) -> Option<u32> {
        self.server.postmaster()
    }

    /// Gives the cluster up; stops the server if nobody else uses it. A failure to stop is logged.
    pub fn close(self) {
        drop(self);
    }

    /// Both roles with the passwords we hold. Repeated at every opening, so lost password files heal.
    fn ensure_roles(&self) -> Result<(), ClusterError> {
        let role = |name: &str, attributes: &str, password: &str| {
            format!(
                "select 'create role {name}' where not exists (select from pg_roles where rolname = '{name}')\\gexec\n\
                 alter role {name} login {attributes} password '{password}';\n"
            )
        };
        let owner = role(OWNER_ROLE, "superuser", &self.owner_password);
        let app = role(APP_ROLE, "nosuperuser nocreatedb nocreaterole", &self.app_password);
        self.server.sql(&format!("begin;\n{owner}{app}commit;\n")).map(drop)
    }

    fn url(&self, database: &str, role: &str, password: &str) -> String {
        let socket = percent_encoded(&self.server.layout.socket.display().to_string());
        let database = percent_encoded(database);
        format!("postgresql:///{database}?host={socket}&port={PORT}&user={role}&password={password}")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some(users) = self.users.take().filter(|_| !self.keep_running) else { return };
        let stopped = lock_to_start(&self.server.layout).and_then(|_starting| match users.try_lock() {
            Ok(()) => self.server.stop(),
            Err(_) => Ok(()),
        });
        if let Err(error) = stopped {
            tracing::warn!(error = &error as &dyn std::error::Error, "stopping the private PostgreSQL");
        }
    }
}

/// Waits until nobody else starts or stops the server.
fn lock_to_start(layout: &Layout) -> Result<File, ClusterError> {
    let lock = layout.lock_file("start.lock")?;
    lock.lock().map_err(error::io_error("locking", layout.ours.join("start.lock")))?;
    Ok(lock)
}

fn is_plain_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Everything but unreserved characters as `%XX`, so that any folder name fits into a URL.
fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_plain_name, percent_encoded};

    #[test]
    fn only_names_without_need_for_quotes_are_databases() {
        assert!(["mamis", "test_0a1"].iter().all(|name| is_plain_name(name)));
        assert!(!["", "Mamis", "a-b", "1a", "a\"; drop", "名簿"].iter().any(|name| is_plain_name(name)));
        assert!(!is_plain_name(&"a".repeat(64)));
    }

    #[test]
    fn a_folder_with_a_space_and_japanese_fits_into_a_url() {
        assert_eq!(percent_encoded("/a b/名"), "%2Fa%20b%2F%E5%90%8D");
    }
}
