//! A `mamis serve` child process.

use std::{
    fs::{self, File},
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
    time::timeout,
};

use crate::{
    ground::{Database, Ground},
    http::{Call, Http},
};

const STARTS_WITHIN: Duration = Duration::from_secs(60);
const STOPS_WITHIN: Duration = Duration::from_secs(60);

/// A running server. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first good answer of `/readyz`.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts a server on a free port and waits until it is ready. Its log goes to a file, as it would in production.
    pub(crate) async fn start(ground: &Ground, database: &Database) -> Result<Self> {
        let log = ground.folder.join("served.log");
        let since = Instant::now();
        let mut command = ground.command(database, &["serve", "--port", "0"]);
        let log_file = File::options().create(true).append(true).open(&log)?;
        let mut child = command.stdout(Stdio::piped()).stderr(log_file).spawn().context("starting mamis serve")?;
        let stdout = child.stdout.take().context("a server without output")?;
        let mut lines = BufReader::new(stdout).lines();
        let announced = async {
            while let Some(line) = lines.next_line().await? {
                let address = line.strip_prefix("MAMIS: http://").and_then(|rest| rest.split('/').next());
                if let Some(address) = address {
                    return Ok(address.parse::<SocketAddr>()?);
                }
            }
            bail!("the server ended without having listened; see {}", log.display())
        };
        let address = timeout(STARTS_WITHIN, announced).await.context("the server does not start")??;
        // Somebody has to read what it still says, or it would stop writing.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let mut http = Http::new(address);
        while !http.send(&Call::get("/readyz")).await.is_ok_and(|reply| reply.status == 200) {
            ensure!(since.elapsed() < STARTS_WITHIN, "the server is not ready; see {}", log.display());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { child, address, ready_after: since.elapsed() })
    }

    /// Ends it without a warning, as a power failure or the kernel would.
    pub(crate) async fn kill(mut self) -> Result<()> {
        self.child.kill().await.context("killing the server")
    }

    /// Asks it to stop, as an operator would, and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = self.pid()?;
        kill_process(pid, Signal::TERM).context("asking the server to stop")?;
        let status = timeout(STOPS_WITHIN, self.child.wait()).await.context("the server does not stop")??;
        ensure!(status.success(), "the server stopped badly: {status}");
        Ok(())
    }

    /// Memory of the process that is in RAM, in MiB.
    pub(crate) fn rss_mib(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.pid()?.as_raw_nonzero()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024.0)
    }

    fn pid(&self) -> Result<Pid> {
        let id = self.child.id().context("the server has ended")?;
        Pid::from_raw(i32::try_from(id)?).context("no process id")
    }
}
