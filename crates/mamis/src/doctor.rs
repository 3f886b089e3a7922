//! `mamis doctor`: what an installation has, what it lacks, and the one command to mend it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use mamis_cluster::Cluster;
use mamis_persistence::migrate::{DatabaseState, inspect};
use mamis_persistence::registry::bulk::BulkStore;

use crate::config::Config;
use crate::database::cluster_options;
use crate::say::say;

/// What to look at besides the database.
#[derive(Args)]
pub(crate) struct DoctorArgs {
    /// The built front end.
    #[arg(long, default_value = "frontend/dist", env = "MAMIS_SPA_DIR")]
    spa_dir: PathBuf,
}

/// Looks, changes nothing, and ends with 1 when something is missing.
pub(crate) async fn run(config: &Config, args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    let cluster = match &config.database_url {
        Some(_) => {
            findings.good("database", "DATABASE_URL names a server");
            None
        }
        None => open_cluster(config, &mut findings),
    };
    let urls = match (&config.database_url, &cluster) {
        (Some(url), _) => Some((config.owner_database_url.clone().unwrap_or_else(|| url.clone()), url.clone())),
        (None, Some(cluster)) => {
            Some((cluster.owner_url(crate::database::DATABASE), cluster.app_url(crate::database::DATABASE)))
        }
        (None, None) => None,
    };
    if let Some((owner_url, app_url)) = urls {
        look_into(&owner_url, &app_url, &mut findings).await;
    }
    if let Some(cluster) = cluster {
        cluster.close();
    }
    front_end(&args.spa_dir, &mut findings);
    secret(&config.data_dir, &mut findings);
    Ok(if findings.missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn open_cluster(config: &Config, findings: &mut Findings) -> Option<Cluster> {
    let cluster = Cluster::open(&cluster_options(config)).and_then(|cluster| {
        cluster.ensure_database(crate::database::DATABASE)?;
        Ok(cluster)
    });
    match cluster {
        Ok(cluster) => {
            let folder = cluster.server_dir().display().to_string();
            findings.good("database", &format!("the private PostgreSQL in {folder} runs"));
            Some(cluster)
        }
        Err(error) => {
            findings.missing("database", &chain(&error));
            None
        }
    }
}

async fn look_into(owner_url: &str, app_url: &str, findings: &mut Findings) {
    match inspect(owner_url).await {
        Err(error) => findings.missing("connection", &chain(&error)),
        Ok(DatabaseState { knows_japanese, pending, server_version }) => {
            findings.good("connection", &format!("PostgreSQL {server_version}"));
            if knows_japanese {
                findings.good("characters", "searches know Japanese letters");
            } else {
                findings.missing(
                    "characters",
                    "the database's character type drops Japanese letters from searches; create it with \
                     ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0",
                );
            }
            if pending.is_empty() {
                findings.good("migrations", "up to date");
            } else {
                findings
                    .missing("migrations", &format!("{} pending; carry them out with: mamis migrate", pending.len()));
                return;
            }
            let associations = match BulkStore::connect(app_url).await {
                Ok(store) => store.association_list_all().await.map(|all| all.len()),
                Err(error) => Err(error),
            };
            match associations {
                Ok(0) => findings.missing("reference data", "none; load them with: mamis import reference reference/"),
                Ok(count) => findings.good("reference data", &format!("{count} associations")),
                Err(error) => findings.missing("server's role", &chain(&error)),
            }
        }
    }
}

fn front_end(folder: &Path, findings: &mut Findings) {
    match mamis_api::Spa::load(folder) {
        Ok(_) => findings.good("front end", &folder.display().to_string()),
        Err(error) => {
            findings.missing("front end", &format!("{}: {error}; build it with: cargo xtask spa", folder.display()));
        }
    }
}

fn secret(data_dir: &Path, findings: &mut Findings) {
    let given = std::env::var("MAMIS_TOKEN_SECRET").ok();
    match given {
        Some(secret) if secret.len() < 32 => {
            findings.missing("secret", "MAMIS_TOKEN_SECRET needs 32 characters or more");
        }
        Some(_) => findings.good("secret", "from MAMIS_TOKEN_SECRET"),
        None if data_dir.join("token.secret").exists() => findings.good("secret", "in the data folder"),
        None => findings.good("secret", "is made in the data folder at the first start"),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}

#[derive(Default)]
struct Findings {
    missing: u32,
}

impl Findings {
    fn good(&self, what: &str, found: &str) {
        say!("ok       {what:<15} {found}");
    }

    fn missing(&mut self, what: &str, problem: &str) {
        self.missing += 1;
        say!("missing  {what:<15} {problem}");
    }
}
