//! Audit events of bulk writes: one each, as everywhere, in the transaction of the fact.

use chrono::{DateTime, Utc};
use mamis_domain::audit::payload_hash;
use mamis_domain::identity::Permit;
use mamis_kernel::{AssociationId, PersonId};
use serde_json::Value as Json;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::connection::BulkTx;
use super::copy::Value;
use super::rows::{columns, sealed};
use crate::StoreError;
use crate::audit::{NewAuditEvent, actor_name};

struct EventRow<'a> {
    id: Uuid,
    at: DateTime<Utc>,
    actor: &'a str,
    on_behalf_of: Option<Uuid>,
    association: Option<Uuid>,
    payload_hash: Option<[u8; 32]>,
    event: &'a NewAuditEvent<'a>,
}

columns!(EventRow<'_> as e => "audit_events" {
    "id" Uuid = Some(e.id);
    "occurred_at" Instant = Some(e.at);
    "actor" Text = Some(e.actor);
    "on_behalf_of" Uuid = e.on_behalf_of;
    "action" Text = Some(e.event.action);
    "outcome" Text = Some(e.event.outcome.as_str());
    "subject_kind" Text = Some(e.event.subject_kind);
    "subject_id" Uuid = e.event.subject_id;
    "person_id" Uuid = e.event.person.map(PersonId::uuid);
    "association_id" Uuid = e.association;
    "payload_hash" Bytes = e.payload_hash.as_ref().map(<[u8; 32]>::as_slice);
});

struct PayloadRow<'a> {
    event: Uuid,
    payload: &'a Json,
}

columns!(PayloadRow<'_> as p => "audit_payloads" {
    "event_id" Uuid = Some(p.event);
    "payload" Json = p.payload;
});

impl BulkTx<'_> {
    /// Leaves the audit events of the writes of this transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_append_all<A: Copy>(
        &mut self,
        permit: &Permit<A>,
        events: &[NewAuditEvent<'_>],
        mut new_id: impl FnMut() -> Uuid,
    ) -> Result<(), StoreError> {
        let actor = actor_name(permit.by());
        let rows: Vec<EventRow<'_>> = events
            .iter()
            .map(|event| EventRow {
                id: new_id(),
                at: event.at,
                actor: &actor,
                on_behalf_of: permit.on_behalf_of().map(PersonId::uuid),
                association: permit.as_clerk_of().map(AssociationId::uuid),
                payload_hash: event.payload.as_ref().map(payload_hash),
                event,
            })
            .collect();
        self.copy(&rows).await?;
        let payloads: Vec<PayloadRow<'_>> = rows
            .iter()
            .filter_map(|row| Some(PayloadRow { event: row.id, payload: row.event.payload.as_ref()? }))
            .collect();
        self.copy(&payloads).await
    }
}
