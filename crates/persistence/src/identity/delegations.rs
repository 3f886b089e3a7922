//! What physicians let their assistants do.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::{ActingAction, Delegation, Permit};
use mamis_kernel::{AccountId, DelegationId, DelegationScope, PersonId};
use serde_json::json;
use uuid::Uuid;

use crate::registry::PersonBrief;
use crate::schema::{accounts, delegations, persons};
use crate::{Datastore, StoreError, Tx};
use mamis_kernel::AccountState;

#[derive(Queryable, Selectable)]
#[diesel(table_name = delegations)]
struct DelegationRow {
    id: Uuid,
    person_id: Uuid,
    invited_by: Uuid,
    account_id: Option<Uuid>,
    assistant_name: String,
    email: Option<String>,
    scopes: Vec<String>,
    ends_on: NaiveDate,
    invited_at: DateTime<Utc>,
    invitation_expires_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl TryFrom<DelegationRow> for Delegation {
    type Error = StoreError;

    fn try_from(row: DelegationRow) -> Result<Self, StoreError> {
        let scopes = row.scopes.iter().map(|scope| scope.parse()).collect::<Result<Vec<DelegationScope>, _>>();
        Ok(Self {
            scopes: scopes.map_err(|_| StoreError::Unreadable {
                table: "delegations",
                id: row.id.to_string(),
                column: "scopes",
            })?,
            id: DelegationId::from_uuid(row.id),
            person: PersonId::from_uuid(row.person_id),
            invited_by: AccountId::from_uuid(row.invited_by),
            account: row.account_id.map(AccountId::from_uuid),
            assistant_name: row.assistant_name,
            email: row.email,
            ends_on: row.ends_on,
            invited_at: row.invited_at,
            invitation_expires_at: row.invitation_expires_at,
            accepted_at: row.accepted_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// An invitation to be kept.
#[derive(Debug, Clone)]
pub struct NewDelegation {
    /// As it stands before anybody has accepted.
    pub delegation: Delegation,
    /// The hash of its code.
    pub code_hash: [u8; 32],
}

/// A delegation with its physician, for the assistant.
#[derive(Debug, Clone)]
pub struct HeldDelegation {
    /// The delegation.
    pub delegation: Delegation,
    /// Whose.
    pub person: PersonBrief,
    /// Whether the physician's account is in use.
    pub physician_active: bool,
}

type PersonRow = (Uuid, String, String, String, String);
type HeldRow = (DelegationRow, PersonRow, String);

fn held((row, person, state): HeldRow) -> Result<HeldDelegation, StoreError> {
    Ok(HeldDelegation {
        delegation: row.try_into()?,
        person: PersonBrief::new(person),
        physician_active: state == AccountState::Active.as_str(),
    })
}

macro_rules! held_query {
    () => {
        delegations::table
            .inner_join(persons::table)
            .inner_join(accounts::table.on(accounts::id.eq(delegations::invited_by)))
            .select((
                DelegationRow::as_select(),
                (
                    persons::id,
                    persons::family_name,
                    persons::given_name,
                    persons::family_name_kana,
                    persons::given_name_kana,
                ),
                accounts::state,
            ))
    };
}

impl Datastore {
    /// A delegation with its physician.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_get(&self, id: DelegationId) -> Result<Option<HeldDelegation>, StoreError> {
        let row: Option<HeldRow> =
            held_query!().filter(delegations::id.eq(id.uuid())).first(&mut self.conn().await?).await.optional()?;
        row.map(held).transpose()
    }

    /// The delegation an invitation's code belongs to.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_by_code(&self, code_hash: &[u8]) -> Result<Option<HeldDelegation>, StoreError> {
        let row: Option<HeldRow> = held_query!()
            .filter(delegations::code_hash.eq(code_hash))
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        row.map(held).transpose()
    }

    /// What a physician has given, latest first, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_list(
        &self,
        person: PersonId,
        after: Option<DelegationId>,
        limit: i64,
    ) -> Result<Vec<Delegation>, StoreError> {
        let mut query = delegations::table
            .filter(delegations::person_id.eq(person.uuid()))
            .order(delegations::id.desc())
            .limit(limit)
            .select(DelegationRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(delegations::id.lt(after.uuid()));
        }
        let rows = query.load(&mut self.conn().await?).await?;
        rows.into_iter().map(Delegation::try_from).collect()
    }

    /// What an account may act on today, latest first, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_held_list(
        &self,
        account: AccountId,
        today: NaiveDate,
        after: Option<DelegationId>,
        limit: i64,
    ) -> Result<Vec<HeldDelegation>, StoreError> {
        let mut query = held_query!()
            .filter(delegations::account_id.eq(account.uuid()))
            .filter(delegations::revoked_at.is_null())
            .filter(delegations::ends_on.ge(today))
            .filter(accounts::state.eq(AccountState::Active.as_str()))
            .order(delegations::id.desc())
            .limit(limit)
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(delegations::id.lt(after.uuid()));
        }
        let rows: Vec<HeldRow> = query.load(&mut self.conn().await?).await?;
        rows.into_iter().map(held).collect()
    }
}

impl Tx {
    /// A delegation, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_for_update(&mut self, id: DelegationId) -> Result<Option<Delegation>, StoreError> {
        let row: Option<DelegationRow> = delegations::table
            .find(id.uuid())
            .select(DelegationRow::as_select())
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        row.map(Delegation::try_from).transpose()
    }

    /// The delegation of an invitation's code, locked: two who show it at once come one after the other.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_by_code_for_update(&mut self, code_hash: &[u8]) -> Result<Option<Delegation>, StoreError> {
        let row: Option<DelegationRow> = delegations::table
            .filter(delegations::code_hash.eq(code_hash))
            .select(DelegationRow::as_select())
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        row.map(Delegation::try_from).transpose()
    }

    /// Keeps an invitation.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_insert(
        &mut self,
        permit: &Permit<ActingAction>,
        new: &NewDelegation,
    ) -> Result<(), StoreError> {
        let given = &new.delegation;
        let scopes: Vec<&str> = given.scopes.iter().map(|scope| scope.as_str()).collect();
        diesel::insert_into(delegations::table)
            .values((
                delegations::id.eq(given.id.uuid()),
                delegations::person_id.eq(given.person.uuid()),
                delegations::invited_by.eq(given.invited_by.uuid()),
                delegations::assistant_name.eq(&given.assistant_name),
                delegations::email.eq(&given.email),
                delegations::scopes.eq(&scopes),
                delegations::ends_on.eq(given.ends_on),
                delegations::invited_at.eq(given.invited_at),
                delegations::code_hash.eq(&new.code_hash[..]),
                delegations::invitation_expires_at.eq(given.invitation_expires_at),
            ))
            .execute(&mut self.conn)
            .await?;
        let payload = json!({ "assistant_name": given.assistant_name, "email": given.email, "scopes": scopes,
            "ends_on": given.ends_on });
        self.acting_audit(permit, ("delegation", given.id.uuid()), given.person, given.invited_at, Some(payload)).await
    }

    /// Gives an invitation to the account that accepted it. What the same physician gave the same account before is
    /// succeeded by it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_accept(
        &mut self,
        permit: &Permit<ActingAction>,
        given: &Delegation,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let before = delegations::table
            .filter(delegations::person_id.eq(given.person.uuid()))
            .filter(delegations::account_id.eq(account.uuid()))
            .filter(delegations::revoked_at.is_null());
        diesel::update(before)
            .set((delegations::revoked_at.eq(now), delegations::revoked_by.eq(account.uuid())))
            .execute(&mut self.conn)
            .await?;
        diesel::update(delegations::table.find(given.id.uuid()))
            .set((delegations::account_id.eq(account.uuid()), delegations::accepted_at.eq(now)))
            .execute(&mut self.conn)
            .await?;
        self.acting_audit(permit, ("delegation", given.id.uuid()), given.person, now, None).await
    }

    /// Takes a delegation back, or an invitation nobody has accepted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delegation_revoke(
        &mut self,
        permit: &Permit<ActingAction>,
        given: &Delegation,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(delegations::table.find(given.id.uuid()))
            .set((delegations::revoked_at.eq(now), delegations::revoked_by.eq(by.uuid())))
            .execute(&mut self.conn)
            .await?;
        self.acting_audit(permit, ("delegation", given.id.uuid()), given.person, now, None).await
    }
}
