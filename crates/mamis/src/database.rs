use anyhow::Context;
use mamis_cluster::{Cluster, ClusterOptions, Durability};
use mamis_persistence::migrate::run_pending;
use mamis_persistence::{Datastore, PoolOptions};

use crate::config::Config;

pub(crate) const DATABASE: &str = "mamis";
const CONNECTIONS: u32 = 120;

/// The database of a command, up to date: somebody's server, or the private cluster for as long as the command runs.
pub(crate) struct Database {
    cluster: Option<Cluster>,
    pub(crate) owner_url: String,
    pub(crate) app_url: String,
    pool_size: Option<usize>,
}

impl Database {
    /// Opens the database and carries out pending migrations.
    pub(crate) async fn open(config: &Config) -> anyhow::Result<Self> {
        let database = Self::connect(config)?;
        let owner_url = database.owner_url.clone();
        // Migrations block their thread, which must be one of the runtime's own.
        let done = tokio::spawn(async move { run_pending(&owner_url).await })
            .await?
            .context("bringing the database up to date")?;
        for name in done {
            tracing::info!(migration = name, "carried out");
        }
        Ok(database)
    }

    fn connect(config: &Config) -> anyhow::Result<Self> {
        let pool_size = config.file.pool_size;
        if let Some(url) = &config.database_url {
            let owner_url = config.owner_database_url.clone().unwrap_or_else(|| url.clone());
            return Ok(Self { cluster: None, owner_url, app_url: url.clone(), pool_size });
        }
        let cluster = Cluster::open(&cluster_options(config))?;
        cluster.ensure_database(DATABASE)?;
        let (owner_url, app_url) = (cluster.owner_url(DATABASE), cluster.app_url(DATABASE));
        Ok(Self { cluster: Some(cluster), owner_url, app_url, pool_size })
    }

    pub(crate) fn store(&self) -> anyhow::Result<Datastore> {
        let default = PoolOptions::default();
        let options = PoolOptions { size: self.pool_size.unwrap_or(default.size), ..default };
        Ok(Datastore::new(&self.app_url, options)?)
    }

    /// Stops the private cluster if nobody else uses it.
    pub(crate) fn close(self) {
        if let Some(cluster) = self.cluster {
            cluster.close();
        }
    }
}

/// The private cluster of an installation.
pub(crate) fn cluster_options(config: &Config) -> ClusterOptions {
    ClusterOptions {
        data_dir: config.data_dir.clone(),
        durability: Durability::Full,
        max_connections: CONNECTIONS,
        keep_running: false,
    }
}
