//! Clerks' stretches of acting on behalf of physicians.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{ActingAction, OnBehalfGrant, Permit, Scope};
use mamis_kernel::{AccountId, AssociationId, OnBehalfId, PersonId, SessionId};
use uuid::Uuid;

use super::rows::{Account, AccountRow};
use crate::audit::NewAuditEvent;
use crate::registry::PersonBrief;
use crate::schema::{accounts, audit_events, on_behalf_grants, persons};
use crate::{Datastore, StoreError, Tx};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = on_behalf_grants)]
struct GrantRow {
    id: Uuid,
    account_id: Uuid,
    session_id: Uuid,
    association_id: Uuid,
    person_id: Uuid,
    reason: String,
    started_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<GrantRow> for OnBehalfGrant {
    fn from(row: GrantRow) -> Self {
        Self {
            id: OnBehalfId::from_uuid(row.id),
            account: AccountId::from_uuid(row.account_id),
            session: SessionId::from_uuid(row.session_id),
            association: AssociationId::from_uuid(row.association_id),
            person: PersonId::from_uuid(row.person_id),
            reason: row.reason,
            started_at: row.started_at,
            ends_at: row.ends_at,
            ended_at: row.ended_at,
        }
    }
}

/// A stretch in a list, with both names.
#[derive(Debug, Clone)]
pub struct OnBehalfRow {
    /// The stretch.
    pub grant: OnBehalfGrant,
    /// The clerk.
    pub clerk: String,
    /// The physician.
    pub person: PersonBrief,
}

/// What was done, or read, in a stretch, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyEffect {
    /// `slice.verb`
    pub action: String,
    /// Whether it only looked.
    pub only_seen: bool,
    /// How often.
    pub times: i64,
}

impl Datastore {
    /// A stretch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_get(&self, id: OnBehalfId) -> Result<Option<OnBehalfGrant>, StoreError> {
        let row: Option<GrantRow> = on_behalf_grants::table
            .find(id.uuid())
            .select(GrantRow::as_select())
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        Ok(row.map(OnBehalfGrant::from))
    }

    /// Stretches, latest first, after `after`: those for the scope's person, as clerk of its associations, and the
    /// account's own.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_list(
        &self,
        scope: &Scope,
        own: AccountId,
        after: Option<OnBehalfId>,
        limit: i64,
    ) -> Result<Vec<OnBehalfRow>, StoreError> {
        type Person = (Uuid, String, String, String, String);
        let person: Option<Uuid> = scope.person().map(PersonId::uuid);
        let associations: Vec<Uuid> = scope.associations().iter().map(|id| id.uuid()).collect();
        let in_scope = on_behalf_grants::person_id
            .nullable()
            .eq(person)
            .or(on_behalf_grants::association_id.eq_any(associations))
            .or(on_behalf_grants::account_id.eq(own.uuid()));
        let mut query = on_behalf_grants::table
            .inner_join(accounts::table)
            .inner_join(persons::table)
            .filter(in_scope)
            .order(on_behalf_grants::id.desc())
            .limit(limit)
            .select((
                GrantRow::as_select(),
                accounts::display_name,
                (
                    persons::id,
                    persons::family_name,
                    persons::given_name,
                    persons::family_name_kana,
                    persons::given_name_kana,
                ),
            ))
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(on_behalf_grants::id.lt(after.uuid()));
        }
        let rows: Vec<(GrantRow, String, Person)> = query.load(&mut self.conn().await?).await?;
        let row = |(grant, clerk, person): (GrantRow, String, Person)| OnBehalfRow {
            grant: grant.into(),
            clerk,
            person: PersonBrief::new(person),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Stretches that are over and of which the physician has not been told.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_to_be_told(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<OnBehalfId>, StoreError> {
        let over = on_behalf_grants::ended_at.is_not_null().or(on_behalf_grants::ends_at.le(now));
        let ids: Vec<Uuid> = on_behalf_grants::table
            .filter(on_behalf_grants::notified_at.is_null())
            .filter(over)
            .order(on_behalf_grants::ends_at)
            .limit(limit)
            .select(on_behalf_grants::id)
            .load(&mut self.conn().await?)
            .await?;
        Ok(ids.into_iter().map(OnBehalfId::from_uuid).collect())
    }

    /// The names of accounts, for those who may read what they did.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_names(&self, ids: &[AccountId]) -> Result<Vec<(AccountId, String)>, StoreError> {
        account_names(&mut *self.conn().await?, ids).await
    }
}

impl Tx {
    /// A stretch of which the physician has not been told, locked; `None` when another has it, or has told.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_for_telling(&mut self, id: OnBehalfId) -> Result<Option<OnBehalfGrant>, StoreError> {
        let row: Option<GrantRow> = on_behalf_grants::table
            .find(id.uuid())
            .filter(on_behalf_grants::notified_at.is_null())
            .select(GrantRow::as_select())
            .for_update()
            .skip_locked()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(OnBehalfGrant::from))
    }

    /// An account's open stretches, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_open(
        &mut self,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Vec<OnBehalfGrant>, StoreError> {
        let rows: Vec<GrantRow> = on_behalf_grants::table
            .filter(on_behalf_grants::account_id.eq(account.uuid()))
            .filter(on_behalf_grants::ended_at.is_null())
            .filter(on_behalf_grants::ends_at.gt(now))
            .order(on_behalf_grants::id)
            .select(GrantRow::as_select())
            .for_update()
            .load(&mut self.conn)
            .await?;
        Ok(rows.into_iter().map(OnBehalfGrant::from).collect())
    }

    /// Begins a stretch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_insert(
        &mut self,
        permit: &Permit<ActingAction>,
        grant: &OnBehalfGrant,
    ) -> Result<(), StoreError> {
        let row = GrantRow {
            id: grant.id.uuid(),
            account_id: grant.account.uuid(),
            session_id: grant.session.uuid(),
            association_id: grant.association.uuid(),
            person_id: grant.person.uuid(),
            reason: grant.reason.clone(),
            started_at: grant.started_at,
            ends_at: grant.ends_at,
            ended_at: grant.ended_at,
        };
        diesel::insert_into(on_behalf_grants::table).values(row).execute(&mut self.conn).await?;
        let payload = serde_json::json!({ "reason": grant.reason, "ends_at": grant.ends_at });
        self.acting_audit(permit, ("on_behalf_grant", grant.id.uuid()), grant.person, grant.started_at, Some(payload))
            .await
    }

    /// Ends a stretch before its time.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_end(
        &mut self,
        permit: &Permit<ActingAction>,
        grant: &OnBehalfGrant,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(on_behalf_grants::table.find(grant.id.uuid()))
            .filter(on_behalf_grants::ended_at.is_null())
            .set(on_behalf_grants::ended_at.eq(now))
            .execute(&mut self.conn)
            .await?;
        self.acting_audit(permit, ("on_behalf_grant", grant.id.uuid()), grant.person, now, None).await
    }

    /// Keeps that the physician is told of a stretch, in the transaction that queues the notice.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_told(
        &mut self,
        _permit: &Permit<()>,
        id: OnBehalfId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let told = on_behalf_grants::notified_at.eq(now);
        diesel::update(on_behalf_grants::table.find(id.uuid())).set(told).execute(&mut self.conn).await?;
        Ok(())
    }

    /// What was done and read in a stretch, by the audit.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn on_behalf_effects(&mut self, grant: &OnBehalfGrant) -> Result<Vec<ProxyEffect>, StoreError> {
        let rows: Vec<(String, String, i64)> = audit_events::table
            .filter(audit_events::on_behalf_of.eq(grant.person.uuid()))
            .filter(audit_events::actor.eq(grant.account.to_string()))
            .filter(audit_events::occurred_at.between(grant.started_at, grant.over_at()))
            .filter(audit_events::outcome.ne(AuditOutcome::Denied.as_str()))
            .group_by((audit_events::action, audit_events::outcome))
            .order((audit_events::outcome, audit_events::action))
            .select((audit_events::action, audit_events::outcome, diesel::dsl::count_star()))
            .load(&mut self.conn)
            .await?;
        let effect = |(action, outcome, times): (String, String, i64)| ProxyEffect {
            action,
            only_seen: outcome == AuditOutcome::Seen.as_str(),
            times,
        };
        Ok(rows.into_iter().map(effect).collect())
    }

    /// The account of a physician, if there is one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_of_person(&mut self, person: PersonId) -> Result<Option<Account>, StoreError> {
        let row = accounts::table
            .filter(accounts::person_id.eq(person.uuid()))
            .select(AccountRow::as_select())
            .first(&mut self.conn)
            .await
            .optional()?;
        row.map(Account::try_from).transpose()
    }

    /// The names of accounts, for those who may read what they did.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_names(&mut self, ids: &[AccountId]) -> Result<Vec<(AccountId, String)>, StoreError> {
        account_names(&mut self.conn, ids).await
    }

    /// The event of something about acting for a person, after the permit's action.
    pub(super) async fn acting_audit(
        &mut self,
        permit: &Permit<ActingAction>,
        (subject_kind, subject): (&'static str, Uuid),
        person: PersonId,
        at: DateTime<Utc>,
        payload: Option<serde_json::Value>,
    ) -> Result<(), StoreError> {
        let event = NewAuditEvent {
            action: &format!("identity.{}", permit.action()),
            outcome: AuditOutcome::Done,
            subject_kind,
            subject_id: Some(subject),
            person: Some(person),
            at,
            payload,
        };
        self.audit_append(permit, event).await
    }
}

async fn account_names(
    conn: &mut diesel_async::AsyncPgConnection,
    ids: &[AccountId],
) -> Result<Vec<(AccountId, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(Uuid, String)> = accounts::table
        .filter(accounts::id.eq_any(ids))
        .select((accounts::id, accounts::display_name))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (AccountId::from_uuid(id), name)).collect())
}
