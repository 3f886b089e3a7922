//! Migrations, carried out by the role that owns the tables.

use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use mamis_domain::identity::{PublishedTerms, published_terms};
use thiserror::Error;

use crate::StoreError;

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
    /// The terms of use that are compiled in cannot be read.
    #[error("the terms of use cannot be read")]
    Terms(#[from] serde_json::Error),
}

/// Carries out what is pending, one process at a time, publishes new versions of the terms of use, and names what it did.
///
/// # Errors
/// [`MigrateError`]; what was done before a failing migration stays done.
pub async fn run_pending(owner_url: &str) -> Result<Vec<String>, MigrateError> {
    let conn = locked(owner_url).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let done = tokio::task::block_in_place(|| {
        let done = harness.run_pending_migrations(MIGRATIONS).map_err(MigrateError::Migration)?;
        Ok::<_, MigrateError>(done.iter().map(ToString::to_string).collect())
    })?;
    publish_terms(&mut AsyncPgConnection::establish(owner_url).await?).await?;
    Ok(done)
}

/// Adds the versions of the terms that are not there. What is there stays as it was announced (ID-41).
async fn publish_terms(conn: &mut AsyncPgConnection) -> Result<(), MigrateError> {
    use crate::schema::terms_versions as versions;
    for PublishedTerms { version, announced_on, effective_from, ja, en } in published_terms()? {
        diesel::insert_into(versions::table)
            .values((
                versions::version.eq(version),
                versions::announced_on.eq(announced_on),
                versions::effective_from.eq(effective_from),
                versions::texts.eq(serde_json::json!({ "ja": ja, "en": en })),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
    Ok(())
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

/// What a database is like, for `mamis doctor`.
#[derive(Debug, Clone)]
pub struct DatabaseState {
    /// PostgreSQL's own version.
    pub server_version: String,
    /// Whether the database's character type takes Japanese letters for letters; trigram searches need that.
    pub knows_japanese: bool,
    /// Versions of the migrations that have not been carried out.
    pub pending: Vec<String>,
}

/// Looks at a database without changing it.
///
/// # Errors
/// [`StoreError`] when it cannot be reached or read.
pub async fn inspect(owner_url: &str) -> Result<DatabaseState, StoreError> {
    let (client, connection) = tokio_postgres::connect(owner_url, tokio_postgres::NoTls)
        .await
        .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    tokio::spawn(connection);
    let row = client
        .query_one(
            "select current_setting('server_version'), 'あ' ~ '[[:alpha:]]', \
             to_regclass('__diesel_schema_migrations') is not null",
            &[],
        )
        .await?;
    let (server_version, knows_japanese, migrated) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let done: Vec<String> = if migrated {
        let rows = client.query("select version::text from __diesel_schema_migrations", &[]).await?;
        rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let all = MigrationSource::<Pg>::migrations(&MIGRATIONS).unwrap_or_default();
    let versions = all.iter().map(|migration| migration.name().version().to_string());
    Ok(DatabaseState { server_version, knows_japanese, pending: versions.filter(|v| !done.contains(v)).collect() })
}
