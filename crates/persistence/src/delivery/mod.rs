//! Requests that come twice: their keys and the answers they got.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_kernel::AccountId;

use crate::schema::idempotency_keys;
use crate::{Datastore, StoreError, Tx};

/// The answer that a request with this key got.
#[derive(Debug, Clone, Queryable)]
pub struct StoredAnswer {
    /// SHA-256 of the request.
    pub request_hash: Vec<u8>,
    /// Its status.
    pub status: i32,
    /// The version for the `ETag`.
    pub version: Option<i64>,
    /// Its body, to the byte.
    pub answer: String,
}

impl Tx {
    /// Waits until no other request with the same key is at work, and gives its answer if there is one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn idempotency_begin(
        &mut self,
        account: AccountId,
        key: &str,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        let lock = diesel::dsl::sql::<diesel::sql_types::Text>("pg_advisory_xact_lock(hashtextextended(")
            .bind::<diesel::sql_types::Text, _>(format!("{account}/{key}"))
            .sql(", 0))::text");
        diesel::select(lock).execute(&mut self.conn).await?;
        Ok(idempotency_keys::table
            .find((account.uuid(), key))
            .select((
                idempotency_keys::request_hash,
                idempotency_keys::status,
                idempotency_keys::version,
                idempotency_keys::answer,
            ))
            .first(&mut self.conn)
            .await
            .optional()?)
    }

    /// Keeps the answer of a request with its key.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn idempotency_store(
        &mut self,
        account: AccountId,
        key: &str,
        answer: StoredAnswer,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::account_id.eq(account.uuid()),
                idempotency_keys::key.eq(key),
                idempotency_keys::request_hash.eq(answer.request_hash),
                idempotency_keys::status.eq(answer.status),
                idempotency_keys::version.eq(answer.version),
                idempotency_keys::answer.eq(answer.answer),
                idempotency_keys::stored_at.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}

impl Datastore {
    /// Forgets keys that are older than `age`; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn idempotency_forget(&self, age: TimeDelta, now: DateTime<Utc>) -> Result<usize, StoreError> {
        Ok(diesel::delete(idempotency_keys::table.filter(idempotency_keys::stored_at.lt(now - age)))
            .execute(&mut self.conn().await?)
            .await?)
    }
}
