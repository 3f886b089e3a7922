//! Starting Chromium: chromedriver on a free port, a profile that nobody has used.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Works as root and without a network.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=ja",
    "--window-size=1280,900",
    // As on a phone; and a picture is as wide as its name says.
    "--hide-scrollbars",
];

const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// A chromedriver of one journey's own; ends with this value.
pub(super) struct Chromedriver {
    port: u16,
    _process: Child,
}

impl Chromedriver {
    pub(super) async fn start() -> Result<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context(
                "chromedriver cannot be started: `cargo xtask test journeys` installs chromium and chromium-driver",
            )?;
        let stdout = process.stdout.take().context("chromedriver's output")?;
        let mut lines = BufReader::new(stdout).lines();
        let port = tokio::time::timeout(STARTS_WITHIN, async {
            while let Some(line) = lines.next_line().await? {
                // "ChromeDriver was started successfully on port 39477."
                if let Some((_, port)) = line.split_once("successfully on port ") {
                    return Ok(port.trim_end_matches('.').parse()?);
                }
            }
            bail!("chromedriver ended without saying its port")
        });
        let port = port.await.context("chromedriver does not start")??;
        // It writes on while it runs, and must find somebody who reads.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { port, _process: process })
    }

    /// Opens a browser with an empty profile.
    pub(super) async fn open_browser(&self) -> Result<(WebDriver, TempDir)> {
        let profile = tempfile::tempdir()?;
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        // A PDF shown in a tab of its own stops chromedriver; it is kept in the profile instead.
        let downloads =
            json!({ "plugins.always_open_pdf_externally": true, "download.default_directory": profile.path() });
        capabilities.add_experimental_option("prefs", downloads)?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::Warning)?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", self.port), capabilities).await;
        Ok((driver.context("Chromium cannot be started: `cargo xtask test journeys` installs it")?, profile))
    }
}
