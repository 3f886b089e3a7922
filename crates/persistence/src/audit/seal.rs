use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::audit::{AuditEvent, ChainHash, GENESIS, link, payload_hash};
use serde_json::Value;
use uuid::Uuid;

use super::queries::EventRow;
use crate::schema::{audit_events, audit_payloads, audit_seals};
use crate::{Datastore, StoreError};

/// How long a transaction may have been open before its events came to light. Statements end after a minute, so within
/// an hour every sequence number below has either been committed or never will be.
const SETTLED_AFTER: TimeDelta = TimeDelta::hours(1);

const BATCH: i64 = 5_000;

/// What `mamis audit verify` found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// Seals whose link was computed again and agreed.
    pub verified: u64,
    /// Events not sealed yet.
    pub unsealed: u64,
    /// Events whose payload was lawfully removed.
    pub erased_payloads: u64,
    /// The first fault, in words; `None` when the chain holds.
    pub fault: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_seals)]
struct SealRow {
    position: i64,
    event_id: Uuid,
    event_sequence: i64,
    hash: Vec<u8>,
    sealed_at: DateTime<Utc>,
}

impl Datastore {
    /// Seals a batch of committed events and says how many. One sealer works at a time; another finds nothing to do.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_seal(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        self.transaction(None, async |tx| {
            let conn = &mut tx.conn;
            let mine: bool = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(
                "pg_try_advisory_xact_lock(hashtext('mamis audit sealer'))",
            ))
            .get_result(conn)
            .await?;
            if !mine {
                return Ok(0);
            }
            let last: Option<(i64, Vec<u8>)> = audit_seals::table
                .select((audit_seals::position, audit_seals::hash))
                .order(audit_seals::position.desc())
                .first(conn)
                .await
                .optional()?;
            let settled: Option<i64> = audit_seals::table
                .filter(audit_seals::sealed_at.lt(now - SETTLED_AFTER))
                .select(audit_seals::event_sequence)
                .order(audit_seals::sealed_at.desc())
                .first(conn)
                .await
                .optional()?;
            let sealed = audit_seals::table.filter(audit_seals::event_id.eq(audit_events::id));
            let events: Vec<EventRow> = audit_events::table
                .filter(audit_events::sequence.gt(settled.unwrap_or(0)))
                .filter(diesel::dsl::not(diesel::dsl::exists(sealed)))
                .order(audit_events::sequence)
                .limit(BATCH)
                .select(EventRow::as_select())
                .load(conn)
                .await?;
            let (mut position, mut hash) = match last {
                Some((position, hash)) => (position, chain_hash(&hash, position)?),
                None => (0, GENESIS),
            };
            let mut seals = Vec::with_capacity(events.len());
            for row in events {
                let (event_id, event_sequence) = (row.id, row.sequence);
                position += 1;
                hash = link(&hash, position, &AuditEvent::try_from(row)?);
                seals.push(SealRow { position, event_id, event_sequence, hash: hash.to_vec(), sealed_at: now });
            }
            let count = seals.len();
            if count > 0 {
                diesel::insert_into(audit_seals::table).values(seals).execute(conn).await?;
            }
            Ok(count)
        })
        .await
    }

    /// Events not sealed yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_unsealed_count(&self) -> Result<i64, StoreError> {
        let sealed = audit_seals::table.filter(audit_seals::event_id.eq(audit_events::id));
        Ok(audit_events::table
            .filter(diesel::dsl::not(diesel::dsl::exists(sealed)))
            .count()
            .get_result(&mut self.conn().await?)
            .await?)
    }
}

/// Computes the whole chain again, a batch at a time.
///
/// # Errors
/// [`StoreError`] when the rows cannot be read; a chain that does not hold is no error but the report's `fault`.
pub async fn verify_chain(store: &Datastore) -> Result<ChainReport, StoreError> {
    let mut conn = store.conn().await?;
    let mut report = ChainReport::default();
    let (mut position, mut previous) = (0_i64, GENESIS);
    loop {
        let batch: Vec<(i64, Vec<u8>, EventRow, Option<Value>)> = audit_seals::table
            .inner_join(audit_events::table.on(audit_events::id.eq(audit_seals::event_id)))
            .left_join(audit_payloads::table.on(audit_payloads::event_id.eq(audit_seals::event_id)))
            .filter(audit_seals::position.gt(position))
            .order(audit_seals::position)
            .limit(BATCH)
            .select((
                audit_seals::position,
                audit_seals::hash,
                EventRow::as_select(),
                audit_payloads::payload.nullable(),
            ))
            .load(&mut conn)
            .await?;
        if batch.is_empty() {
            break;
        }
        for (at, hash, row, payload) in batch {
            let event = AuditEvent::try_from(row)?;
            if at != position + 1 {
                report.fault = Some(format!("seal {} is missing", position + 1));
                return Ok(report);
            }
            let computed = link(&previous, at, &event);
            if hash != computed {
                report.fault = Some(format!("seal {at}: event {} is not what was sealed", event.id));
                return Ok(report);
            }
            match (event.payload_hash, payload) {
                (Some(sealed), Some(found)) if sealed != payload_hash(&found) => {
                    report.fault = Some(format!("seal {at}: the payload of event {} was changed", event.id));
                    return Ok(report);
                }
                (None, Some(_)) => {
                    report.fault = Some(format!("seal {at}: event {} has a payload that was not sealed", event.id));
                    return Ok(report);
                }
                (Some(_), None) => report.erased_payloads += 1,
                (Some(_), Some(_)) | (None, None) => {}
            }
            (position, previous) = (at, computed);
            report.verified += 1;
        }
    }
    drop(conn);
    report.unsealed = u64::try_from(store.audit_unsealed_count().await?).unwrap_or(0);
    Ok(report)
}

fn chain_hash(bytes: &[u8], position: i64) -> Result<ChainHash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Unreadable {
        table: "audit_seals",
        id: position.to_string(),
        column: "hash",
    })
}
