//! Why the private cluster could not be had, each with what to do about it.

use std::{io, path::PathBuf, process::ExitStatus};

/// A failure of the private cluster. The text is for whoever started the command: it names the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No PostgreSQL server programs of a version we can use.
    #[error(
        "no PostgreSQL 15 or newer was found ($MAMIS_PG_BIN, /usr/lib/postgresql/*/bin, pg_config, PATH); \
         install it with: {}apt-get install -y postgresql", .sudo
    )]
    NotInstalled {
        /// `sudo ` for an ordinary user, empty for root.
        sudo: &'static str,
    },
    /// The cluster on disk was made by another major version than any that is installed.
    #[error(
        "{} was made by PostgreSQL {made_by}, which is not installed; install it with: apt-get install -y postgresql-{made_by}, \
         or move the data with pg_dump and pg_restore", .path.display()
    )]
    OtherVersion {
        /// The cluster folder.
        path: PathBuf,
        /// Major version that made it.
        made_by: u32,
    },
    /// PostgreSQL refuses to run as root, and the user to run it as does not exist.
    #[error(
        "PostgreSQL does not run as root and there is no user `{user}` to run it as; create one with: useradd --system {user}"
    )]
    NoServerUser {
        /// The user looked for.
        user: String,
    },
    /// The cluster on disk belongs to somebody else.
    #[error("{} belongs to user id {owner}; run this command as that user or as root", .path.display())]
    ForeignOwner {
        /// The folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// A parent of the cluster was closed after it was made. A new, empty one elsewhere would look like lost data.
    #[error("{} holds the database, but user `{user}`, who runs PostgreSQL, may no longer enter one of its parent folders", .path.display())]
    Unreachable {
        /// The cluster folder.
        path: PathBuf,
        /// The user that runs the server.
        user: String,
    },
    /// A database name we would have to quote.
    #[error("`{name}` is not a database name we use: 1 to 63 of a-z, 0-9 and _, not beginning with a digit")]
    DatabaseName {
        /// What was asked for.
        name: String,
    },
    /// A file operation failed.
    #[error("{doing} {}", .path.display())]
    Io {
        /// What was being attempted, in a phrase that a path completes.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A program could not be started.
    #[error("starting {}", .program.display())]
    Spawn {
        /// The program.
        program: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A program of PostgreSQL answered with a failure.
    #[error("{} failed ({status}): {output}", .program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// What it wrote, or the end of the server's log.
        output: String,
    },
    /// The server did not become ready in time.
    #[error("the private PostgreSQL was not ready after {seconds} s; its log is {}", .log.display())]
    NotReady {
        /// How long we waited.
        seconds: u64,
        /// Where to look.
        log: PathBuf,
    },
}

/// Names a file operation, so that an I/O error says what was being attempted.
pub(crate) fn io_error(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> ClusterError {
    let path = path.into();
    move |source| ClusterError::Io { doing, path, source }
}
