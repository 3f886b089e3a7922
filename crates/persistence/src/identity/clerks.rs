use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::policy::IdentityAction;
use mamis_domain::identity::{Actor, Capability, DatedRole, Permit, Place};
use mamis_kernel::{AccountId, AccountState, AssociationId, ClerkRoleId, OrganisationId, Period, Role, SessionId};
use uuid::Uuid;

use super::queries::capabilities_of;
use super::rows::place;
use crate::schema::{accounts, associations, capabilities, organisations, sessions};
use crate::{Datastore, StoreError, Tx};

/// A role of an account in a place.
#[derive(Debug, Clone, Copy)]
pub struct ClerkRole {
    /// The row.
    pub id: ClerkRoleId,
    /// Whose.
    pub account: AccountId,
    /// Where.
    pub place: Place,
    /// What, and when.
    pub dated: DatedRole,
    /// Whether another row has taken its place.
    pub superseded: bool,
}

/// A role as the list of a place shows it.
#[derive(Debug, Clone)]
pub struct ClerkRoleItem {
    /// The role.
    pub role: ClerkRole,
    /// What its holder types to sign in.
    pub login_id: String,
    /// The holder's name.
    pub display_name: String,
    /// The state of the holder's account.
    pub state: AccountState,
    /// When its holder last signed in.
    pub last_log_in: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = capabilities)]
struct RoleRow {
    id: Uuid,
    account_id: Uuid,
    role: String,
    association_id: Option<Uuid>,
    organisation_id: Option<Uuid>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    superseded_at: Option<DateTime<Utc>>,
}

impl TryFrom<RoleRow> for ClerkRole {
    type Error = StoreError;

    fn try_from(row: RoleRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { table: "capabilities", id: row.id.to_string(), column };
        let role = row.role.parse().map_err(|_| unreadable("role"))?;
        let period = Period::new(row.valid_from, row.valid_to).map_err(|_| unreadable("valid_to"))?;
        Ok(Self {
            id: ClerkRoleId::from_uuid(row.id),
            account: AccountId::from_uuid(row.account_id),
            place: place(row.association_id, row.organisation_id).ok_or_else(|| unreadable("association_id"))?,
            dated: DatedRole { role, period },
            superseded: row.superseded_at.is_some(),
        })
    }
}

pub(super) fn columns(place: Place) -> (Option<Uuid>, Option<Uuid>) {
    (place.association().map(AssociationId::uuid), place.organisation().map(OrganisationId::uuid))
}

/// Rows of one place, in either table.
macro_rules! at_place {
    ($table:ident, $place:expr) => {{
        let (association, organisation) = columns($place);
        $table::association_id
            .is_not_distinct_from(association)
            .and($table::organisation_id.is_not_distinct_from(organisation))
    }};
}

pub(super) use at_place;

type ItemRow = (RoleRow, (String, String, String), Option<DateTime<Utc>>);

macro_rules! item_columns {
    () => {
        (
            RoleRow::as_select(),
            (accounts::login_id, accounts::display_name, accounts::state),
            sessions::table
                .filter(sessions::account_id.eq(accounts::id))
                .select(diesel::dsl::max(sessions::started_at))
                .single_value(),
        )
    };
}

fn item((row, (login_id, display_name, state), last_log_in): ItemRow) -> Result<ClerkRoleItem, StoreError> {
    let role = ClerkRole::try_from(row)?;
    let unreadable = || StoreError::Unreadable { table: "accounts", id: role.account.to_string(), column: "state" };
    let state = state.parse().map_err(|_| unreadable())?;
    Ok(ClerkRoleItem { role, login_id, display_name, state, last_log_in })
}

async fn has_administrator(
    conn: &mut AsyncPgConnection,
    association: AssociationId,
    today: NaiveDate,
) -> Result<bool, StoreError> {
    let found = capabilities::table
        .inner_join(accounts::table)
        .filter(capabilities::association_id.eq(association.uuid()))
        .filter(capabilities::role.eq(Role::Administrator.as_str()))
        .filter(capabilities::superseded_at.is_null())
        .filter(capabilities::valid_to.is_null().or(capabilities::valid_to.gt(today)))
        .filter(accounts::state.eq(AccountState::Active.as_str()));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn).await?)
}

impl Datastore {
    /// Whether somebody is, or will be, administrator of the association.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn association_has_administrator(
        &self,
        association: AssociationId,
        today: NaiveDate,
    ) -> Result<bool, StoreError> {
        has_administrator(&mut *self.conn().await?, association, today).await
    }

    /// The associations below these that have no administrator, by code, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn association_list_vacant(
        &self,
        above: &[AssociationId],
        today: NaiveDate,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<AssociationId>, StoreError> {
        let above: Vec<Uuid> = above.iter().map(|id| id.uuid()).collect();
        let administrators = capabilities::table
            .inner_join(accounts::table)
            .filter(capabilities::association_id.eq(associations::id.nullable()))
            .filter(capabilities::role.eq(Role::Administrator.as_str()))
            .filter(capabilities::superseded_at.is_null())
            .filter(capabilities::valid_to.is_null().or(capabilities::valid_to.gt(today)))
            .filter(accounts::state.eq(AccountState::Active.as_str()));
        let ids: Vec<Uuid> = associations::table
            .filter(associations::parent_id.eq_any(above))
            .filter(associations::code.gt(after.unwrap_or("")))
            .filter(diesel::dsl::not(diesel::dsl::exists(administrators)))
            .order(associations::code)
            .limit(limit)
            .select(associations::id)
            .load(&mut self.conn().await?)
            .await?;
        Ok(ids.into_iter().map(AssociationId::from_uuid).collect())
    }

    /// A role as the list shows it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_role_item(
        &self,
        _permit: &Permit<IdentityAction>,
        id: ClerkRoleId,
    ) -> Result<Option<ClerkRoleItem>, StoreError> {
        let row: Option<ItemRow> = capabilities::table
            .inner_join(accounts::table)
            .filter(capabilities::id.eq(id.uuid()))
            .select(item_columns!())
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        row.map(item).transpose()
    }

    /// The roles held in a place, latest granted first, after `after`; those that have ended only when asked for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_role_list(
        &self,
        _permit: &Permit<IdentityAction>,
        place: Place,
        ended_after: Option<NaiveDate>,
        after: Option<ClerkRoleId>,
        limit: i64,
    ) -> Result<Vec<ClerkRoleItem>, StoreError> {
        let mut query = capabilities::table
            .inner_join(accounts::table)
            .filter(at_place!(capabilities, place))
            .filter(capabilities::superseded_at.is_null())
            .order(capabilities::id.desc())
            .limit(limit)
            .select(item_columns!())
            .into_boxed();
        if let Some(today) = ended_after {
            query = query.filter(capabilities::valid_to.is_null().or(capabilities::valid_to.gt(today)));
        }
        if let Some(after) = after {
            query = query.filter(capabilities::id.lt(after.uuid()));
        }
        let rows: Vec<ItemRow> = query.load(&mut self.conn().await?).await?;
        rows.into_iter().map(item).collect()
    }
}

impl Tx {
    /// Locks a place, so that changes of its clerks follow one another; whether it is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn place_lock(&mut self, place: Place) -> Result<bool, StoreError> {
        let found: Option<Uuid> = match place {
            // Rows that refer to it may go on being written.
            Place::Association(id) => associations::table
                .find(id.uuid())
                .select(associations::id)
                .for_no_key_update()
                .first(&mut self.conn)
                .await
                .optional()?,
            Place::Organisation(id) => organisations::table
                .find(id.uuid())
                .select(organisations::id)
                .for_no_key_update()
                .first(&mut self.conn)
                .await
                .optional()?,
        };
        Ok(found.is_some())
    }

    /// Whether somebody is, or will be, administrator of the association.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn association_has_administrator(
        &mut self,
        association: AssociationId,
        today: NaiveDate,
    ) -> Result<bool, StoreError> {
        has_administrator(&mut self.conn, association, today).await
    }

    /// The roles of the association's administrators that have not ended, of accounts that can be used.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn administrators(
        &mut self,
        association: AssociationId,
        today: NaiveDate,
    ) -> Result<Vec<ClerkRole>, StoreError> {
        let rows: Vec<RoleRow> = capabilities::table
            .inner_join(accounts::table)
            .filter(capabilities::association_id.eq(association.uuid()))
            .filter(capabilities::role.eq(Role::Administrator.as_str()))
            .filter(capabilities::superseded_at.is_null())
            .filter(capabilities::valid_to.is_null().or(capabilities::valid_to.gt(today)))
            .filter(accounts::state.eq(AccountState::Active.as_str()))
            .select(RoleRow::as_select())
            .load(&mut self.conn)
            .await?;
        rows.into_iter().map(ClerkRole::try_from).collect()
    }

    /// Where a role is held, which never changes.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_role_place(&mut self, id: ClerkRoleId) -> Result<Option<Place>, StoreError> {
        let row: Option<(Option<Uuid>, Option<Uuid>)> = capabilities::table
            .find(id.uuid())
            .select((capabilities::association_id, capabilities::organisation_id))
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.and_then(|(association, organisation)| place(association, organisation)))
    }

    /// A role, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_role_for_update(&mut self, id: ClerkRoleId) -> Result<Option<ClerkRole>, StoreError> {
        let row: Option<RoleRow> = capabilities::table
            .find(id.uuid())
            .filter(capabilities::role.ne(Role::Physician.as_str()))
            .select(RoleRow::as_select())
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        row.map(ClerkRole::try_from).transpose()
    }

    /// The actor with the roles as they are in this very transaction: what was remembered may be seconds old.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn actor_afresh(&mut self, actor: &Actor, today: NaiveDate) -> Result<Actor, StoreError> {
        let capabilities = capabilities_of(&mut self.conn, actor.account, today).await?;
        Ok(Actor { capabilities, ..actor.clone() })
    }

    /// An account's roles on a day, if the account can be used.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn capabilities_of_active(
        &mut self,
        account: AccountId,
        today: NaiveDate,
    ) -> Result<Vec<Capability>, StoreError> {
        let active = accounts::table.find(account.uuid()).filter(accounts::state.eq(AccountState::Active.as_str()));
        if !diesel::select(diesel::dsl::exists(active)).get_result::<bool>(&mut self.conn).await? {
            return Ok(Vec::new());
        }
        capabilities_of(&mut self.conn, account, today).await
    }

    /// Gives an account a role in a place.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it holds one there in the same days.
    pub async fn clerk_role_insert(
        &mut self,
        _permit: &Permit<IdentityAction>,
        id: ClerkRoleId,
        account: AccountId,
        at: Place,
        dated: DatedRole,
    ) -> Result<(), StoreError> {
        let (association, organisation) = columns(at);
        diesel::insert_into(capabilities::table)
            .values((
                capabilities::id.eq(id.uuid()),
                capabilities::account_id.eq(account.uuid()),
                capabilities::role.eq(dated.role.as_str()),
                capabilities::association_id.eq(association),
                capabilities::organisation_id.eq(organisation),
                capabilities::valid_from.eq(dated.period.valid_from()),
                capabilities::valid_to.eq(dated.period.valid_to()),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Says that a role's row no longer stands: others, or nothing, take its place.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_role_supersede(
        &mut self,
        _permit: &Permit<IdentityAction>,
        id: ClerkRoleId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(capabilities::table.find(id.uuid()))
            .set(capabilities::superseded_at.eq(now))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// The open sessions of an account: what is remembered of them has to be forgotten.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sessions_open(
        &mut self,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, StoreError> {
        let ids: Vec<Uuid> = sessions::table
            .filter(sessions::account_id.eq(account.uuid()))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(now))
            .select(sessions::id)
            .load(&mut self.conn)
            .await?;
        Ok(ids.into_iter().map(SessionId::from_uuid).collect())
    }
}
