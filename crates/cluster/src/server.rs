//! One server: initialised, configured, started, asked, stopped.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    ClusterOptions, Durability,
    error::{ClusterError, io_error},
    layout::Layout,
    programs::Programs,
};

/// The socket's number; the folder is private, so every cluster may use the same.
pub(crate) const PORT: u16 = 5432;
/// The bootstrap superuser. Only the server's own operating system user can log in as it, without a password.
const ADMIN: &str = "mamis_admin";
/// Recovery after a crash replays at most `max_wal_size`; on a slow disk that takes minutes.
const READY_WITHIN: Duration = Duration::from_secs(300);
const LOG_KEPT: u64 = 16 * 1024 * 1024;

/// The server of one layout, run by one installation of PostgreSQL.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) layout: Layout,
    pub(crate) programs: Programs,
}

impl Server {
    /// Makes the cluster if there is none. An initialisation that was interrupted leaves no `data` and begins again.
    pub(crate) fn initialise(&self, durability: Durability) -> Result<(), ClusterError> {
        let data = self.layout.data();
        if data.join("PG_VERSION").exists() {
            return Ok(());
        }
        tracing::info!(folder = %data.display(), version = self.programs.major, "making a private PostgreSQL, once");
        let draft = self.layout.server.join("data.new");
        for leftover in [&draft, &data] {
            if leftover.exists() {
                fs::remove_dir_all(leftover).map_err(io_error("removing the unfinished", leftover))?;
            }
        }
        let mut initdb = self.command("initdb");
        initdb.arg("--pgdata").arg(&draft).args(["--username", ADMIN, "--encoding", "UTF8", "--locale", "C"]);
        initdb.args(["--auth-local", "peer", "--auth-host", "reject", "--data-checksums", "--no-instructions"]);
        if durability == Durability::TestOnly {
            initdb.arg("--no-sync");
        }
        succeed(&mut initdb)?;
        fs::rename(&draft, &data).map_err(io_error("moving into place", data))
    }

    /// Makes sure that the server answers: starts it, adopts one that runs, waits for one that is on its way.
    /// Returns whether this call started it.
    pub(crate) fn make_ready(&self, options: &ClusterOptions) -> Result<bool, ClusterError> {
        let since = Instant::now();
        let mut started = false;
        while since.elapsed() < READY_WITHIN {
            match self.postmaster() {
                None => {
                    self.configure(options)?;
                    started = self.start()?;
                }
                Some(_) if self.is_ready() => return Ok(started),
                Some(_) => {}
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(ClusterError::NotReady { seconds: READY_WITHIN.as_secs(), log: self.layout.log() })
    }

    /// Whether the server accepts connections.
    pub(crate) fn is_ready(&self) -> bool {
        let mut ask = self.command("pg_isready");
        ask.arg("--quiet").arg("--host").arg(&self.layout.socket).args(["--port", &PORT.to_string()]);
        ask.status().is_ok_and(|status| status.success())
    }

    /// The process id of the running server. A pid file whose process is gone, or is somebody else, counts as none.
    pub(crate) fn postmaster(&self) -> Option<u32> {
        let text = fs::read_to_string(self.layout.data().join("postmaster.pid")).ok()?;
        let pid: u32 = text.lines().next()?.trim().parse().ok()?;
        let process = PathBuf::from(format!("/proc/{pid}"));
        let name = fs::read_to_string(process.join("comm")).ok()?;
        // After a reboot the number may be another cluster's: the server stands in its own data folder. A zombie, which
        // some containers never clear away, stands nowhere.
        let stands_here = match fs::read_link(process.join("cwd")) {
            Ok(folder) => folder == self.layout.data(),
            Err(error) => error.kind() == ErrorKind::PermissionDenied,
        };
        (name.trim() == "postgres" && stands_here).then_some(pid)
    }

    /// Stops the server and waits for it; connected clients are cut off, committed work is safe.
    pub(crate) fn stop(&self) -> Result<(), ClusterError> {
        if self.postmaster().is_none() {
            return Ok(());
        }
        let mut stop = self.command("pg_ctl");
        stop.arg("stop").arg("--pgdata").arg(self.layout.data()).args(["--mode", "fast", "--wait", "--timeout", "120"]);
        succeed(&mut stop)?;
        if !self.layout.socket.starts_with(&self.layout.server) {
            // A short-named folder in /tmp; it is made again at the next start.
            let _ = fs::remove_dir(&self.layout.socket);
        }
        Ok(())
    }

    /// Runs SQL as the bootstrap superuser and returns the rows, unaligned. The text travels on stdin, not in `ps`.
    pub(crate) fn sql(&self, sql: &str) -> Result<String, ClusterError> {
        let mut psql = self.command("psql");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
        psql.args(["--username", ADMIN, "--dbname", "postgres", "--port", &PORT.to_string()]);
        psql.arg("--host").arg(&self.layout.socket);
        psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let program = PathBuf::from(psql.get_program());
        let failed = |source| ClusterError::Spawn { program: program.clone(), source };
        let mut child = psql.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(sql.as_bytes()).map_err(io_error("writing to", &program))?;
        }
        let output = child.wait_with_output().map_err(failed)?;
        check(&program, output)
    }

    /// Starts the server. `false` when what a killed predecessor left behind has to end first: ask again.
    fn start(&self) -> Result<bool, ClusterError> {
        let (data, log) = (self.layout.data(), self.layout.log());
        self.layout.lend_folder(&self.layout.socket)?;
        // Both folders are this cluster's alone and its server is gone, whoever has the number in these files now.
        for stale in [data.join("postmaster.pid"), self.layout.socket.join(format!(".s.PGSQL.{PORT}.lock"))] {
            match fs::remove_file(&stale) {
                Ok(()) => tracing::warn!(file = %stale.display(), "the last PostgreSQL did not end properly"),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(io_error("removing the stale", stale)(error)),
            }
        }
        let written = log.metadata().map(|m| m.len()).unwrap_or(0);
        if written > LOG_KEPT {
            fs::rename(&log, log.with_extension("log.1")).map_err(io_error("turning over", &log))?;
        }
        let mut start = self.command("pg_ctl");
        start.arg("start").arg("--pgdata").arg(&data).arg("--log").arg(&log).args(["--wait", "--silent"]);
        start.args(["--timeout", &READY_WITHIN.as_secs().to_string()]);
        let failure = match succeed(&mut start) {
            Ok(_) => return Ok(true),
            Err(ClusterError::Program { program, status, output }) => (program, status, output),
            Err(other) => return Err(other),
        };
        let said = fs::read(&log).map(|bytes| {
            let new = bytes.get(usize::try_from(written).unwrap_or(0)..).unwrap_or(&bytes);
            String::from_utf8_lossy(new).into_owned()
        });
        let said = said.unwrap_or_default();
        // A killed server's children still hold its shared memory; they notice and leave within moments.
        if said.contains("pre-existing shared memory block") {
            thread::sleep(Duration::from_millis(100));
            return Ok(false);
        }
        let (program, status, output) = failure;
        Err(ClusterError::Program { program, status, output: format!("{output}\n{said}") })
    }

    /// Writes the server's settings; ours to overwrite, while `override.conf` beside it is the operator's.
    fn configure(&self, options: &ClusterOptions) -> Result<(), ClusterError> {
        let data = self.layout.data();
        let mut settings = format!(
            "# Written by MAMIS at every start. Your own settings belong in {overrides}.\n\
             listen_addresses = ''\n\
             port = {PORT}\n\
             unix_socket_directories = '{socket}'\n\
             unix_socket_permissions = 0777\n\
             max_connections = {connections}\n\
             shared_buffers = 256MB\n\
             max_wal_size = 2GB\n\
             jit = off\n\
             password_encryption = 'scram-sha-256'\n\
             timezone = 'UTC'\n\
             log_timezone = 'UTC'\n\
             lc_messages = 'C'\n\
             log_line_prefix = '%m [%p] '\n",
            overrides = self.layout.server.join("override.conf").display(),
            socket = quoted(&self.layout.socket),
            connections = options.max_connections,
        );
        if options.durability == Durability::TestOnly {
            settings += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nlog_checkpoints = off\n";
        }
        settings += &format!("include_if_exists = '{}'\n", quoted(&self.layout.server.join("override.conf")));
        let hba = format!("local all {ADMIN} peer map=server_user\nlocal all all scram-sha-256\n");
        let ident = format!("server_user \"{}\" {ADMIN}\n", self.layout.user.name);
        for (name, text) in [("postgresql.conf", &settings), ("pg_hba.conf", &hba), ("pg_ident.conf", &ident)] {
            // Written into initdb's files, so that owner and mode stay those of the server user.
            let path = data.join(name);
            fs::write(&path, text).map_err(io_error("writing", path))?;
        }
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        self.layout.user.command(&self.programs.path(program), &self.layout.server)
    }
}

/// Runs a program to its end; its words become the error's.
fn succeed(command: &mut Command) -> Result<String, ClusterError> {
    let program = PathBuf::from(command.get_program());
    let output = command.output().map_err(|source| ClusterError::Spawn { program: program.clone(), source })?;
    check(&program, output)
}

fn check(program: &Path, output: Output) -> Result<String, ClusterError> {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(stdout);
    }
    let words = format!("{}{stdout}", String::from_utf8_lossy(&output.stderr)).trim().to_owned();
    Err(ClusterError::Program { program: program.to_owned(), status: output.status, output: words })
}

/// A path inside the single quotes of a PostgreSQL setting.
fn quoted(path: &Path) -> String {
    path.display().to_string().replace('\'', "''")
}
