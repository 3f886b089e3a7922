//! Where everything lies.
//!
//! ```text
//! <data dir>/postgres/           ours: locks, role passwords, an id
//! <data dir>/postgres/server/    the server user's: data, socket, server.log, override.conf
//! /var/lib/mamis/<hash>/         instead of server/, where root's server user cannot reach the data folder
//! /tmp/mamis-<hash>/             instead of socket/, where that path is too long for a socket address
//! ```

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::Write,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown},
    },
    path::{Path, PathBuf},
};

use rand::{Rng, distr::Alphanumeric};
use sha2::{Digest, Sha256};

use crate::{
    error::{ClusterError, io_error},
    os_user::ServerUser,
};

/// Socket addresses hold 107 bytes; this leaves room for the file name and for whoever appends to it.
const LONGEST_SOCKET_FOLDER: usize = 90;

/// The folders and files of one private cluster.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// Our own folder.
    pub(crate) ours: PathBuf,
    /// The server user's folder.
    pub(crate) server: PathBuf,
    /// Where the socket is.
    pub(crate) socket: PathBuf,
    /// Who owns `server` and `socket`.
    pub(crate) user: ServerUser,
}

impl Layout {
    /// Decides where a cluster lives and makes its folders.
    pub(crate) fn prepare(data_dir: &Path) -> Result<Self, ClusterError> {
        let is_root = rustix::process::geteuid().is_root();
        // Mail, files and keys lie beside us in the data folder: others may pass through at most.
        let mode = if is_root { 0o711 } else { 0o700 };
        make_folder(data_dir, mode)?;
        let ours = data_dir.join("postgres");
        make_folder(&ours, mode)?;
        let ours = ours.canonicalize().map_err(io_error("resolving", &ours))?;

        let near = ours.join("server");
        let hash = short_hash(&[ours.as_os_str().as_bytes(), cluster_id(&ours)?.as_bytes()]);
        let far = PathBuf::from("/var/lib/mamis").join(&hash);
        let made = [&near, &far].into_iter().find(|folder| folder.join("data/PG_VERSION").exists());
        let user = ServerUser::of(&made.unwrap_or(&near).join("data"))?;
        let reachable = user.reaches(&ours);
        if made == Some(&near) && !reachable {
            return Err(ClusterError::Unreachable { path: near, user: user.name });
        }
        let server = if made == Some(&far) || !reachable {
            tracing::warn!(
                user = user.name, folder = %far.display(), data_dir = %data_dir.display(),
                "the data folder is closed to the user that runs PostgreSQL: the database lies in another folder",
            );
            make_folder(Path::new("/var/lib/mamis"), 0o755)?;
            far
        } else {
            near
        };
        let socket = Some(server.join("socket"))
            .filter(|path| path.as_os_str().len() < LONGEST_SOCKET_FOLDER)
            .unwrap_or_else(|| PathBuf::from(format!("/tmp/mamis-{hash}")));
        let layout = Self { ours, server, socket, user };
        layout.lend_folder(&layout.server)?;
        Ok(layout)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.server.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.server.join("server.log")
    }

    /// Opens a lock file of ours.
    pub(crate) fn lock_file(&self, name: &str) -> Result<File, ClusterError> {
        let path = self.ours.join(name);
        let open = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        open.map_err(io_error("opening the lock", path))
    }

    /// Makes a folder that belongs to the server user alone. One that somebody else put there (in /tmp) is refused.
    pub(crate) fn lend_folder(&self, path: &Path) -> Result<(), ClusterError> {
        let made = match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => true,
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => false,
            Err(e) => return Err(io_error("making the folder", path)(e)),
        };
        if made && self.user.lent {
            chown(path, Some(self.user.uid), Some(self.user.gid)).map_err(io_error("giving away the folder", path))?;
        }
        let found = path.symlink_metadata().map_err(io_error("looking at", path))?;
        if !found.is_dir() || found.uid() != self.user.uid {
            return Err(ClusterError::ForeignOwner { path: path.to_owned(), owner: found.uid() });
        }
        Ok(())
    }
}

/// A secret of ours, made when it is not there yet.
pub(crate) fn secret(path: &Path, length: usize) -> Result<String, ClusterError> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() == length => return Ok(text.trim().to_owned()),
        Ok(_) => {}
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(io_error("reading", path)(e)),
    }
    let text: String = rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect();
    // Renamed into place: a reader sees the whole secret or none, also after a crash.
    let draft = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    write().map_err(io_error("writing", path))?;
    Ok(text)
}

/// Distinguishes a data folder from an earlier one of the same name, so that deleting the folder means starting anew.
fn cluster_id(ours: &Path) -> Result<String, ClusterError> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(ours.join("id.lock"));
    let lock = lock.map_err(io_error("opening the lock", ours.join("id.lock")))?;
    lock.lock().map_err(io_error("locking", ours.join("id.lock")))?;
    secret(&ours.join("id"), 16)
}

/// Makes a folder with this mode; one that exists keeps the mode its owner chose.
fn make_folder(path: &Path, mode: u32) -> Result<(), ClusterError> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(io_error("making the folder", path))?;
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(io_error("setting the mode of", path))
}

fn short_hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
