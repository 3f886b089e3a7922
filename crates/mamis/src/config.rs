use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

use crate::Cli;

/// Settings from the command line, the environment and one TOML file, in this order of strength.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Where everything of this installation lives.
    pub(crate) data_dir: PathBuf,
    /// A PostgreSQL to use instead of the private one.
    pub(crate) database_url: Option<String>,
    /// The same for the role that owns the tables.
    pub(crate) owner_database_url: Option<String>,
    /// `smtps://user:password@host:port`, or `smtp://…?tls=required`; without one mail is kept in files.
    pub(crate) smtp_url: Option<String>,
    /// From the file.
    pub(crate) file: File,
}

/// The TOML file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    /// Connections kept at most.
    pub(crate) pool_size: Option<usize>,
    /// Threads that answer requests.
    pub(crate) workers: Option<usize>,
    /// Password hashes computed at once.
    pub(crate) hashing_at_once: Option<usize>,
    /// Seconds an access token holds, 900 at most.
    pub(crate) access_token_seconds: Option<u32>,
    /// Days a session may last.
    pub(crate) session_days: Option<u32>,
    /// The largest file that may be attached to a case, in MiB.
    pub(crate) largest_attachment_mib: Option<u32>,
    /// Whether `X-Forwarded-For` is set by a proxy of ours.
    pub(crate) behind_proxy: Option<bool>,
    /// Who mail comes from: `MAMIS <no-reply@example.jp>`.
    pub(crate) mail_from: Option<String>,
}

impl Config {
    pub(crate) fn load(cli: &Cli) -> anyhow::Result<Self> {
        let file = match &cli.config {
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("understanding {}", path.display()))?
            }
            None => File::default(),
        };
        Ok(Self {
            data_dir: cli.data_dir.clone(),
            database_url: cli.database_url.clone(),
            owner_database_url: cli.owner_database_url.clone(),
            smtp_url: std::env::var("MAMIS_SMTP_URL").ok().filter(|url| !url.is_empty()),
            file,
        })
    }
}
