//! Migrations, carried out by the role that owns the tables.

use diesel::ConnectionError;
use diesel::result::Error as DieselError;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use thiserror::Error;

/// The migrations, compiled in.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// A database could not be brought up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// No connection.
    #[error("the database cannot be reached")]
    Connect(#[from] ConnectionError),
    /// A migration failed; nothing of it remains.
    #[error("a migration failed")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A statement beside the migrations failed.
    #[error("the database refused a statement")]
    Statement(#[from] DieselError),
}

/// Carries out what is pending, one process at a time, and names what it did.
///
/// # Errors
/// [`MigrateError`]; what was done before a failing migration stays done.
pub async fn run_pending(owner_url: &str) -> Result<Vec<String>, MigrateError> {
    let conn = locked(owner_url).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    tokio::task::block_in_place(|| {
        let done = harness.run_pending_migrations(MIGRATIONS).map_err(MigrateError::Migration)?;
        Ok(done.iter().map(ToString::to_string).collect())
    })
}

/// Takes every migration back, for the test that goes up, down and up again.
///
/// # Errors
/// [`MigrateError`]
pub async fn revert_all(owner_url: &str) -> Result<(), MigrateError> {
    let conn = locked(owner_url).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    tokio::task::block_in_place(|| {
        harness.revert_all_migrations(MIGRATIONS).map(|_| ()).map_err(MigrateError::Migration)
    })
}

async fn locked(owner_url: &str) -> Result<AsyncPgConnection, MigrateError> {
    use diesel_async::SimpleAsyncConnection;
    let mut conn = AsyncPgConnection::establish(owner_url).await?;
    // The lock lasts as long as the connection: two commands that start at once do not migrate at once.
    conn.batch_execute("set client_min_messages = warning; select pg_advisory_lock(hashtext('mamis migrations'))")
        .await?;
    Ok(conn)
}
