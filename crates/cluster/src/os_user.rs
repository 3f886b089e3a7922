//! Who the server runs as. PostgreSQL refuses root, so root lends its programs to an unprivileged user.

use std::{
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::Path,
    process::{Command, Stdio},
};

use crate::error::ClusterError;

/// Made by Debian's and most other packages of PostgreSQL.
const SERVER_USER: &str = "postgres";

/// The operating system user that owns the cluster's files and runs the server.
#[derive(Debug, Clone)]
pub(crate) struct ServerUser {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) name: String,
    /// We are root and have to step down to this user.
    pub(crate) lent: bool,
}

impl ServerUser {
    /// Ourselves, or as root: the owner of an existing cluster, else the `postgres` user.
    ///
    /// # Errors
    /// `ForeignOwner` when the cluster is another user's and we are not root; `NoServerUser`.
    pub(crate) fn of(cluster: &Path) -> Result<Self, ClusterError> {
        let owner = cluster.metadata().ok().map(|m| m.uid());
        let me = rustix::process::geteuid().as_raw();
        match (me, owner) {
            (0, Some(owner)) if owner != 0 => Self::look_up(&owner.to_string(), true),
            (0, _) => Self::look_up(SERVER_USER, true),
            (me, Some(owner)) if owner != me => Err(ClusterError::ForeignOwner { path: cluster.to_owned(), owner }),
            (me, _) => Self::look_up(&me.to_string(), false),
        }
    }

    /// Asks `id`, which knows every source of users that the system has.
    fn look_up(user: &str, lent: bool) -> Result<Self, ClusterError> {
        let ask = |flag: &str| -> Option<String> {
            let answer = Command::new("id").args([flag, user]).stderr(Stdio::null()).output().ok()?;
            let text = String::from_utf8(answer.stdout).ok()?.trim().to_owned();
            (answer.status.success() && !text.is_empty()).then_some(text)
        };
        let all = || Some((ask("-u")?.parse().ok()?, ask("-g")?.parse().ok()?, ask("-un")?));
        let (uid, gid, name) = all().ok_or_else(|| ClusterError::NoServerUser { user: user.to_owned() })?;
        Ok(Self { uid, gid, name, lent })
    }

    /// A command that runs as this user, in a folder it may stand in, blind to the caller's `PG…` variables.
    pub(crate) fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("LC_ALL", "C").stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if self.lent {
            // Dropping the user id as root also clears the supplementary groups.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this user can stand in `folder`: every parent must be open to it.
    pub(crate) fn reaches(&self, folder: &Path) -> bool {
        self.command(Path::new("true"), folder).status().is_ok_and(|status| status.success())
    }
}

/// What an ordinary user puts before an installation command.
pub(crate) fn sudo() -> &'static str {
    if rustix::process::geteuid().is_root() { "" } else { "sudo " }
}
