use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use mamis_domain::notices::default_joint_use;
use mamis_kernel::Role;
use mamis_kernel::texts::JointUse;
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
    /// From which role upward a second factor is wanted: a role, or `off`.
    pub(crate) second_factor_from: Option<SecondFactorFrom>,
    /// What the page of joint use says, when the shipped text is not the installation's; same form as
    /// `crates/domain/texts/joint_use.json`.
    pub(crate) joint_use_file: Option<PathBuf>,
    /// Days for which the temporary password of a letter holds.
    pub(crate) letter_days: Option<u32>,
    /// Hours for which an exported list can be fetched; 24 unless given (EXP-1).
    pub(crate) export_hours: Option<u16>,
    /// Whether `X-Forwarded-For` is set by a proxy of ours.
    pub(crate) behind_proxy: Option<bool>,
    /// Who mail comes from: `MAMIS <no-reply@example.jp>`.
    pub(crate) mail_from: Option<String>,
}

/// Of whom a second factor is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct SecondFactorFrom(pub(crate) Option<Role>);

impl TryFrom<String> for SecondFactorFrom {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(None));
        }
        let roles = Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        let role = text.parse().map_err(|_| format!("`second_factor_from` is one of {roles}, off; not `{text}`"))?;
        Ok(Self(Some(role)))
    }
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

/// What the page of joint use says.
pub(crate) fn joint_use(file: &File) -> anyhow::Result<Arc<JointUse>> {
    let Some(path) = &file.joint_use_file else { return Ok(Arc::new(default_joint_use())) };
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(Arc::new(serde_json::from_str(&text).with_context(|| format!("understanding {}", path.display()))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_factor_is_wanted_from_a_role_upward_or_of_nobody() {
        let read = |text: &str| toml::from_str::<File>(text).map(|file| file.second_factor_from);
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read("second_factor_from = 'off'").unwrap(), Some(SecondFactorFrom(None)));
        assert_eq!(read("second_factor_from = 'physician'").unwrap(), Some(SecondFactorFrom(Some(Role::Physician))));
        assert!(read("second_factor_from = 'boss'").unwrap_err().to_string().contains("administrator, off"));
    }
}
