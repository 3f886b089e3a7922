use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, SimpleAsyncConnection, TransactionManager,
};

use crate::StoreError;

/// How many connections, and how long to wait for one.
#[derive(Debug, Clone, Copy)]
pub struct PoolOptions {
    /// Connections kept at most.
    pub size: usize,
    /// How long a request waits for one before it is told to try again.
    pub wait: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self { size: 16, wait: Duration::from_secs(5) }
    }
}

/// The connections of the server's role.
#[derive(Clone)]
pub struct Datastore {
    pool: Pool<AsyncPgConnection>,
}

/// A value with the version of its row; an update says which version it is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<T> {
    /// The value.
    pub value: T,
    /// Grows with each write.
    pub version: i64,
}

/// An open transaction. Dropping it without an end rolls it back.
pub struct Tx {
    pub(crate) conn: Object<AsyncPgConnection>,
    /// The request it serves, for the audit.
    pub(crate) request_id: Option<String>,
}

impl Datastore {
    /// Prepares the pool; connections are made when first needed. Whoever logs in, the work is done as `mamis_app`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the pool cannot be made.
    pub fn new(url: &str, options: PoolOptions) -> Result<Self, StoreError> {
        let mut config = ManagerConfig::default();
        // A verified recycling costs a third of the throughput; a broken connection shows itself at its first use.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| {
            let url = url.to_owned();
            Box::pin(async move {
                let mut conn = AsyncPgConnection::establish(&url).await?;
                conn.batch_execute("set role mamis_app; set time zone 'UTC'; set statement_timeout = '60s'")
                    .await
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(conn)
            })
        });
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(options.size)
            .wait_timeout(Some(options.wait))
            .create_timeout(Some(options.wait))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(unavailable)?;
        Ok(Self { pool })
    }

    pub(crate) async fn conn(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        self.pool.get().await.map_err(unavailable)
    }

    /// Connections in use, idle, and requests waiting for one.
    #[must_use]
    pub fn pool_status(&self) -> (usize, usize, usize) {
        let status = self.pool.status();
        (status.size.saturating_sub(status.available), status.available, status.waiting)
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError`] when there is none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.conn().await?.batch_execute("select 1").await?;
        Ok(())
    }

    /// Runs `work` in a transaction that commits on `Ok` and is rolled back otherwise, also when the caller hangs up.
    ///
    /// # Errors
    /// What `work` says, and the store's own errors.
    pub async fn transaction<T, E, F>(&self, request_id: Option<&str>, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let mut conn = self.conn().await?;
        AnsiTransactionManager::begin_transaction(&mut *conn).await.map_err(StoreError::from)?;
        let mut tx = Tx { conn, request_id: request_id.map(str::to_owned) };
        match work(&mut tx).await {
            Ok(done) => {
                AnsiTransactionManager::commit_transaction(&mut *tx.conn).await.map_err(StoreError::from)?;
                Ok(done)
            }
            Err(refused) => {
                // The first error is the one to tell; a connection that cannot roll back is thrown away by the pool.
                if let Err(error) = AnsiTransactionManager::rollback_transaction(&mut *tx.conn).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a transaction could not be rolled back");
                }
                Err(refused)
            }
        }
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
