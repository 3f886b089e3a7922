use chrono::{DateTime, Utc};
use diesel::prelude::Insertable;
use diesel_async::RunQueryDsl;
use mamis_domain::audit::{AuditOutcome, payload_hash};
use mamis_domain::identity::{By, Permit};
use mamis_kernel::{AccountId, AssociationId, PersonId};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::{audit_events, audit_payloads};
use crate::{Datastore, StoreError, Tx};

/// Where an event's payload says what changed in a person's record, field by field (HIS-1).
pub const CHANGES: &str = "changes";

/// What was done, beside whose hand it was, which the permit knows.
#[derive(Debug, Clone)]
pub struct NewAuditEvent<'a> {
    /// `slice.verb`
    pub action: &'a str,
    /// How it came out.
    pub outcome: AuditOutcome,
    /// What kind of thing.
    pub subject_kind: &'a str,
    /// Which one.
    pub subject_id: Option<Uuid>,
    /// About whom.
    pub person: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Personal before/after values.
    pub payload: Option<Value>,
}

/// A reading of another's record; written in batches by the reads' writer.
#[derive(Debug, Clone)]
pub struct ReadEvent {
    /// Whose eyes.
    pub account: AccountId,
    /// For whom, when acting for somebody.
    pub on_behalf_of: Option<PersonId>,
    /// As clerk of which association.
    pub association: Option<AssociationId>,
    /// `slice.verb`
    pub action: &'static str,
    /// What kind of thing.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject_id: Uuid,
    /// About whom.
    pub person: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
    /// The request.
    pub request_id: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_events)]
struct EventRow {
    id: Uuid,
    occurred_at: DateTime<Utc>,
    actor: String,
    on_behalf_of: Option<Uuid>,
    action: String,
    outcome: &'static str,
    subject_kind: String,
    subject_id: Option<Uuid>,
    person_id: Option<Uuid>,
    association_id: Option<Uuid>,
    request_id: Option<String>,
    payload_hash: Option<Vec<u8>>,
}

/// The actor as it stands in the audit.
pub(crate) fn actor_name(by: By) -> String {
    match by {
        By::Account(account) => account.to_string(),
        By::System(system) => system.as_str().to_owned(),
    }
}

impl EventRow {
    fn new<A: Copy>(id: Uuid, permit: &Permit<A>, event: &NewAuditEvent<'_>, request_id: Option<String>) -> Self {
        Self {
            id,
            occurred_at: event.at,
            actor: actor_name(permit.by()),
            on_behalf_of: permit.on_behalf_of().map(PersonId::uuid),
            action: event.action.to_owned(),
            outcome: event.outcome.as_str(),
            subject_kind: event.subject_kind.to_owned(),
            subject_id: event.subject_id,
            person_id: event.person.map(PersonId::uuid),
            association_id: permit.as_clerk_of().map(AssociationId::uuid),
            request_id,
            payload_hash: event.payload.as_ref().map(|payload| payload_hash(payload).to_vec()),
        }
    }
}

impl Tx {
    /// Leaves the audit event of a write in its transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_append<A: Copy>(
        &mut self,
        permit: &Permit<A>,
        event: NewAuditEvent<'_>,
    ) -> Result<(), StoreError> {
        let id = Uuid::now_v7();
        let row = EventRow::new(id, permit, &event, self.request_id.clone());
        diesel::insert_into(audit_events::table).values(row).execute(&mut self.conn).await?;
        if let Some(payload) = event.payload {
            diesel::insert_into(audit_payloads::table)
                .values((
                    diesel::ExpressionMethods::eq(audit_payloads::event_id, id),
                    diesel::ExpressionMethods::eq(audit_payloads::payload, payload),
                ))
                .execute(&mut self.conn)
                .await?;
        }
        Ok(())
    }

    /// Leaves the audit events of many writes of one kind in their transaction, each about another person.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_append_many<A: Copy>(
        &mut self,
        permit: &Permit<A>,
        events: Vec<NewAuditEvent<'_>>,
    ) -> Result<(), StoreError> {
        const EVENTS_A_STATEMENT: usize = 2_000;
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            let (mut rows, mut payloads) = (Vec::new(), Vec::new());
            for event in events.by_ref().take(EVENTS_A_STATEMENT) {
                let id = Uuid::now_v7();
                rows.push(EventRow::new(id, permit, &event, self.request_id.clone()));
                payloads.extend(event.payload.map(|payload| {
                    let of = diesel::ExpressionMethods::eq(audit_payloads::event_id, id);
                    (of, diesel::ExpressionMethods::eq(audit_payloads::payload, payload))
                }));
            }
            diesel::insert_into(audit_events::table).values(rows).execute(&mut self.conn).await?;
            diesel::insert_into(audit_payloads::table).values(payloads).execute(&mut self.conn).await?;
        }
        Ok(())
    }
}

impl Datastore {
    /// Writes a batch of readings.
    ///
    /// # Errors
    /// [`StoreError`]; the batch is then not written and can be tried again.
    pub async fn audit_append_reads(&self, batch: &[ReadEvent]) -> Result<(), StoreError> {
        // PostgreSQL takes 65,535 parameters a statement; the columns make twelve of each row.
        const ROWS_A_STATEMENT: usize = 4_000;
        let mut conn = self.conn().await?;
        for chunk in batch.chunks(ROWS_A_STATEMENT) {
            let rows: Vec<EventRow> = chunk
                .iter()
                .map(|read| EventRow {
                    id: Uuid::now_v7(),
                    occurred_at: read.at,
                    actor: read.account.to_string(),
                    on_behalf_of: read.on_behalf_of.map(PersonId::uuid),
                    action: read.action.to_owned(),
                    outcome: AuditOutcome::Seen.as_str(),
                    subject_kind: read.subject_kind.to_owned(),
                    subject_id: Some(read.subject_id),
                    person_id: read.person.map(PersonId::uuid),
                    association_id: read.association.map(AssociationId::uuid),
                    request_id: read.request_id.clone(),
                    payload_hash: None,
                })
                .collect();
            diesel::insert_into(audit_events::table).values(rows).execute(&mut conn).await?;
        }
        Ok(())
    }
}
