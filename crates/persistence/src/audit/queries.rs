use chrono::{DateTime, Utc};
use diesel::prelude::*;
use mamis_domain::audit::{AuditEvent, AuditOutcome};
use mamis_kernel::{AssociationId, AuditEventId, PersonId};
use uuid::Uuid;

use crate::StoreError;
use crate::schema::audit_events;

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct EventRow {
    pub id: Uuid,
    pub sequence: i64,
    pub occurred_at: DateTime<Utc>,
    pub actor: String,
    pub on_behalf_of: Option<Uuid>,
    pub action: String,
    pub outcome: String,
    pub subject_kind: String,
    pub subject_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub association_id: Option<Uuid>,
    pub request_id: Option<String>,
    pub payload_hash: Option<Vec<u8>>,
}

impl TryFrom<EventRow> for AuditEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { table: "audit_events", id: row.id.to_string(), column };
        let payload_hash = row.payload_hash.as_deref().map(<[u8; 32]>::try_from).transpose();
        Ok(Self {
            outcome: row.outcome.parse::<AuditOutcome>().map_err(|_| unreadable("outcome"))?,
            payload_hash: payload_hash.map_err(|_| unreadable("payload_hash"))?,
            id: AuditEventId::from_uuid(row.id),
            occurred_at: row.occurred_at,
            actor: row.actor,
            on_behalf_of: row.on_behalf_of.map(PersonId::from_uuid),
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            person_id: row.person_id.map(PersonId::from_uuid),
            association_id: row.association_id.map(AssociationId::from_uuid),
            request_id: row.request_id,
        })
    }
}
