use chrono::{DateTime, Utc};
use diesel::{QueryableByName, sql_query, sql_types as t};
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Scope;
use mamis_domain::registry::record::RecordChange;
use mamis_kernel::{ApplicationId, AssociationId, AuditEventId, PersonId};
use serde_json::Value;
use uuid::Uuid;

use crate::{Datastore, StoreError};

/// One change of a record, with its place in the audit.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// Its place in the audit.
    pub sequence: i64,
    /// The event.
    pub id: AuditEventId,
    /// When.
    pub at: DateTime<Utc>,
    /// `slice.verb`
    pub action: String,
    /// Whose name; `None` when it was the system's own work.
    pub by: Option<String>,
    /// Whether the account is that of the person whose record it is.
    pub by_person: bool,
    /// For whom, when acting for somebody.
    pub on_behalf_of: Option<PersonId>,
    /// As clerk of which association.
    pub association: Option<AssociationId>,
    /// The case that concluded in it, with its number.
    pub application: Option<(ApplicationId, Option<String>)>,
    /// Whether the scope reaches that case.
    pub sees_application: bool,
    /// What changed.
    pub changes: Vec<RecordChange>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = t::BigInt)]
    sequence: i64,
    #[diesel(sql_type = t::Uuid)]
    id: Uuid,
    #[diesel(sql_type = t::Timestamptz)]
    occurred_at: DateTime<Utc>,
    #[diesel(sql_type = t::Text)]
    action: String,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    display_name: Option<String>,
    #[diesel(sql_type = t::Bool)]
    by_person: bool,
    #[diesel(sql_type = t::Nullable<t::Uuid>)]
    on_behalf_of: Option<Uuid>,
    #[diesel(sql_type = t::Nullable<t::Uuid>)]
    association_id: Option<Uuid>,
    #[diesel(sql_type = t::Nullable<t::Uuid>)]
    application_id: Option<Uuid>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    number: Option<String>,
    #[diesel(sql_type = t::Bool)]
    sees_application: bool,
    #[diesel(sql_type = t::Jsonb)]
    changes: Value,
}

/// The actor of an event is an account id as it goes over the wire: `acc_` and the UUID's digits.
const HISTORY: &str = "
with recursive records (id) as (
    select $1::uuid
    union select p.id from persons p join records r on p.merged_into = r.id
)
select e.sequence, e.id, e.occurred_at, e.action, u.display_name, coalesce(u.person_id in (select id from records), false) as by_person,
    e.on_behalf_of, e.association_id, a.id as application_id, a.number,
    coalesce(a.person_id = $4 or (a.submitted_at is not null and exists (
        select from application_steps s where s.application_id = a.id and s.association_id = any($5))), false) as sees_application,
    d.payload -> 'changes' as changes
from audit_events e
join audit_payloads d on d.event_id = e.id and jsonb_exists(d.payload, 'changes')
left join accounts u on u.id = case when e.actor like 'acc\\_%' then substr(e.actor, 5)::uuid end
left join applications a on e.subject_kind = 'application' and a.id = e.subject_id
where e.person_id in (select id from records) and e.outcome = 'done' and e.sequence < $2
order by e.sequence desc limit $3";

impl Datastore {
    /// What was changed about a person, latest first, before `before`; records that were merged into this one are part of it.
    /// Whether the reader may know of a change is the caller's to answer.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn history_list(
        &self,
        scope: &Scope,
        person: PersonId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let associations: Vec<Uuid> = scope.associations().iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = sql_query(HISTORY)
            .bind::<t::Uuid, _>(person.uuid())
            .bind::<t::BigInt, _>(before.unwrap_or(i64::MAX))
            .bind::<t::BigInt, _>(limit)
            .bind::<t::Nullable<t::Uuid>, _>(scope.person().map(PersonId::uuid))
            .bind::<t::Array<t::Uuid>, _>(associations)
            .load(&mut self.conn().await?)
            .await?;
        let read = |row: Row| {
            let unreadable =
                |_| StoreError::Unreadable { table: "audit_payloads", id: row.id.to_string(), column: "payload" };
            Ok(HistoryRow {
                changes: serde_json::from_value(row.changes).map_err(unreadable)?,
                sequence: row.sequence,
                id: AuditEventId::from_uuid(row.id),
                at: row.occurred_at,
                action: row.action,
                by: row.display_name,
                by_person: row.by_person,
                on_behalf_of: row.on_behalf_of.map(PersonId::from_uuid),
                association: row.association_id.map(AssociationId::from_uuid),
                application: row.application_id.map(|id| (ApplicationId::from_uuid(id), row.number)),
                sees_application: row.sees_application,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
