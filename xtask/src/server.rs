//! A demonstration server for commands that need one, and the one place that logs in to it.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::shell::{cargo, program, say, target_dir};

/// Of all the demonstration's log-ins, which `crates/usecases/src/demo.rs` defines.
const PASSWORD: &str = "mamis-demo-2026";
/// Migrations, reference data and demonstration of a debug build on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(300);

/// A running server with a demonstration of its own; ends with this value.
#[derive(Debug)]
pub(crate) struct DemoServer {
    child: Child,
    pub(crate) url: String,
}

impl DemoServer {
    /// Builds and starts a server on a free port, on a data folder of its own.
    pub(crate) fn start(name: &str) -> Result<Self> {
        cargo(["build", "--bin", "mamis"]).run()?;
        let data = data_dir(name);
        if data.exists() {
            fs::remove_dir_all(&data).with_context(|| format!("removing {}", data.display()))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        say(format!("starting a demonstration server on {url}"));
        let logs = target_dir().join("logs");
        fs::create_dir_all(&logs)?;
        let log = fs::File::create(logs.join(format!("{name}.log")))?;
        let mut command: Command = program(target_dir().join("debug/mamis"), ["serve", "--demo", "--data-dir"])
            .arg(&data)
            .args(["--port", &port.to_string()])
            .into_command();
        command.stdout(log.try_clone()?).stderr(log);
        let server = Self { child: command.spawn().context("starting mamis")?, url };
        server.wait_until_ready(name)
    }

    /// An access token. The second factor, when it comes, comes here.
    pub(crate) fn access_token(&self, login_id: &str) -> Result<String> {
        let answer = self.post("/sessions", "", &json!({ "login_id": login_id, "password": PASSWORD }))?;
        let token = answer.get("access_token").and_then(Value::as_str);
        token.map(str::to_owned).context("the log-in's answer has no access_token")
    }

    /// Posts to the API and reads the answer.
    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Result<Value> {
        let mut request = ureq::post(format!("{}/api/v1{path}", self.url)).header("Idempotency-Key", "xtask-post");
        if !token.is_empty() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let mut answer = request.send_json(body).with_context(|| format!("POST {path}"))?;
        answer.body_mut().read_json().with_context(|| format!("reading the answer to POST {path}"))
    }

    fn wait_until_ready(mut self, name: &str) -> Result<Self> {
        let since = Instant::now();
        while since.elapsed() < READY_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended ({status}); see target/logs/{name}.log");
            }
            if ureq::get(format!("{}/readyz", self.url)).call().is_ok() {
                return Ok(self);
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!("the server was not ready after {} s; see target/logs/{name}.log", READY_WITHIN.as_secs())
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        // Asked to end, it stops its database too; what does not listen is killed.
        let asked = program("kill", ["-TERM", &self.child.id().to_string()]).succeeds_within(Duration::from_secs(5));
        let since = Instant::now();
        while asked && since.elapsed() < Duration::from_secs(30) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn data_dir(name: &str) -> PathBuf {
    target_dir().join("demo").join(name)
}
