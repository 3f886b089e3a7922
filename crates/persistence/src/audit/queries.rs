use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::audit::{AuditEvent, AuditOutcome};
use mamis_kernel::{AccountId, ActingKind, AssociationId, AuditEventId, PersonId};
use uuid::Uuid;

use crate::schema::{accounts, audit_events};
use crate::{Datastore, StoreError};

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

/// Somebody else's look at, or hand on, a person's record.
#[derive(Debug, Clone)]
pub struct RecordAccess {
    /// Its place in the audit.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `slice.verb`
    pub action: String,
    /// How it came out.
    pub outcome: AuditOutcome,
    /// Whose name; `None` when it was the system's own work.
    pub by: Option<String>,
    /// As clerk of which association.
    pub association: Option<AssociationId>,
    /// How they acted for the person, when they did.
    pub acting: Option<ActingKind>,
}

impl Datastore {
    /// What others read or did about a person, latest first, before `before`. Refused attempts showed nothing to anybody and
    /// are left out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn record_access_list(
        &self,
        person: PersonId,
        own: AccountId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<RecordAccess>, StoreError> {
        let mut conn = self.conn().await?;
        let mut query = audit_events::table
            .filter(audit_events::person_id.eq(person.uuid()))
            .filter(audit_events::actor.ne(own.to_string()))
            .filter(audit_events::outcome.ne(AuditOutcome::Denied.as_str()))
            .order(audit_events::sequence.desc())
            .limit(limit)
            .select(EventRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(audit_events::sequence.lt(before));
        }
        let rows: Vec<EventRow> = query.load(&mut conn).await?;
        let accounts_of = |row: &EventRow| row.actor.parse::<AccountId>().ok();
        let ids: Vec<Uuid> = rows.iter().filter_map(accounts_of).map(AccountId::uuid).collect();
        let names: Vec<(Uuid, String)> = accounts::table
            .filter(accounts::id.eq_any(ids))
            .select((accounts::id, accounts::display_name))
            .load(&mut conn)
            .await?;
        let access = |row: EventRow| {
            let account = accounts_of(&row);
            let sequence = row.sequence;
            let event = AuditEvent::try_from(row)?;
            let name = names.iter().find(|(id, _)| account.is_some_and(|account| account.uuid() == *id));
            Ok(RecordAccess {
                sequence,
                at: event.occurred_at,
                action: event.action,
                outcome: event.outcome,
                by: name.map(|(_, name)| name.clone()),
                association: event.association_id,
                acting: event.on_behalf_of.map(|_| match event.association_id {
                    Some(_) => ActingKind::OnBehalf,
                    None => ActingKind::Assistant,
                }),
            })
        };
        rows.into_iter().map(access).collect()
    }
}
