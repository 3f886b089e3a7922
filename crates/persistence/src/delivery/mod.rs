//! What leaves the database or comes back into it twice: the outbox and the idempotency keys.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_kernel::AccountId;
use serde_json::Value;
use uuid::Uuid;

use crate::schema::{idempotency_keys, outbox_messages};
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
    /// Its body.
    pub answer: Value,
}

/// A message waiting in the outbox.
#[derive(Debug, Clone, Queryable)]
pub struct OutboxMessage {
    /// The message; also the key under which its receiver recognises a repetition.
    pub id: Uuid,
    /// What to do.
    pub topic: String,
    /// With what.
    pub payload: Value,
    /// Tries so far.
    pub attempts: i32,
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

    /// Puts a message into the outbox, in the transaction of its fact.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn outbox_append(&mut self, topic: &str, payload: Value, now: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::insert_into(outbox_messages::table)
            .values((
                outbox_messages::id.eq(Uuid::now_v7()),
                outbox_messages::topic.eq(topic),
                outbox_messages::payload.eq(payload),
                outbox_messages::available_at.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Takes the next messages that are due; others that look at the same moment get other ones.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn outbox_take(&mut self, limit: i64, now: DateTime<Utc>) -> Result<Vec<OutboxMessage>, StoreError> {
        Ok(outbox_messages::table
            .filter(outbox_messages::done_at.is_null())
            .filter(outbox_messages::available_at.le(now))
            .order((outbox_messages::available_at, outbox_messages::id))
            .limit(limit)
            .select((outbox_messages::id, outbox_messages::topic, outbox_messages::payload, outbox_messages::attempts))
            .for_update()
            .skip_locked()
            .load(&mut self.conn)
            .await?)
    }

    /// Marks a message as carried out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn outbox_done(&mut self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::update(outbox_messages::table.find(id))
            .set(outbox_messages::done_at.eq(now))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Puts a message off after a failure.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn outbox_failed(&mut self, id: Uuid, error: &str, again_at: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::update(outbox_messages::table.find(id))
            .set((
                outbox_messages::attempts.eq(outbox_messages::attempts + 1),
                outbox_messages::last_error.eq(error),
                outbox_messages::available_at.eq(again_at),
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

    /// Messages not carried out yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn outbox_pending_count(&self) -> Result<i64, StoreError> {
        Ok(outbox_messages::table
            .filter(outbox_messages::done_at.is_null())
            .count()
            .get_result(&mut self.conn().await?)
            .await?)
    }
}
