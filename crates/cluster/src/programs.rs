//! Finds the PostgreSQL programs.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{error::ClusterError, os_user};

/// Range types in exclusion constraints, `MERGE` and `security_invoker` views: 15 has all we use.
const OLDEST_MAJOR: u32 = 15;

/// The folder of one installed PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Programs {
    pub(crate) bin_dir: PathBuf,
    pub(crate) major: u32,
}

impl Programs {
    /// Finds the programs for a cluster: of the major version that made it, or the newest for a new one.
    pub(crate) fn find(cluster: &Path) -> Result<Self, ClusterError> {
        let installed = installed();
        let made_by = fs::read_to_string(cluster.join("PG_VERSION")).ok().and_then(|v| v.trim().parse().ok());
        match made_by {
            None => installed.into_iter().next().ok_or(ClusterError::NotInstalled { sudo: os_user::sudo() }),
            Some(made_by) => installed
                .into_iter()
                .find(|p| p.major == made_by)
                .ok_or_else(|| ClusterError::OtherVersion { path: cluster.to_owned(), made_by }),
        }
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.bin_dir.join(program)
    }
}

/// Every usable installation, best first. `$MAMIS_PG_BIN` is alone when it is set: whoever sets it means it.
fn installed() -> Vec<Programs> {
    if let Some(dir) = env::var_os("MAMIS_PG_BIN") {
        return usable(PathBuf::from(dir)).into_iter().collect();
    }
    let mut found: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|version| usable(version.path().join("bin")))
        .collect();
    found.sort_by_key(|p| std::cmp::Reverse(p.major));
    let path = env::var_os("PATH").unwrap_or_default();
    let elsewhere = pg_config_bindir().into_iter().chain(env::split_paths(&path));
    for programs in elsewhere.filter_map(usable) {
        if !found.contains(&programs) {
            found.push(programs);
        }
    }
    found
}

/// A folder with a whole server of a version we can use.
fn usable(bin_dir: PathBuf) -> Option<Programs> {
    let whole = ["initdb", "pg_ctl", "postgres", "psql", "pg_isready"].iter().all(|p| bin_dir.join(p).is_file());
    let major = whole.then(|| major_version(&bin_dir.join("postgres"))).flatten()?;
    (major >= OLDEST_MAJOR).then_some(Programs { bin_dir, major })
}

fn major_version(postgres: &Path) -> Option<u32> {
    let answer = Command::new(postgres).arg("--version").stderr(Stdio::null()).output().ok()?;
    parse_major(&String::from_utf8_lossy(&answer.stdout))
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` → 15; also `17beta1`.
fn parse_major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn pg_config_bindir() -> Option<PathBuf> {
    let answer = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output().ok()?;
    let dir = String::from_utf8(answer.stdout).ok()?;
    answer.status.success().then(|| PathBuf::from(dir.trim()))
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 17beta1"), Some(17));
        assert_eq!(parse_major("something else"), None);
    }
}
