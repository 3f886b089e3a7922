use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::policy::IdentityAction;
use mamis_domain::identity::{Actor, Capability, DatedRole, Permit, Place};
use mamis_kernel::{
    AccountClass, AccountId, AccountState, AssociationId, ClerkInvitationId, ClerkRoleId, Language, OrganisationId,
    Period, Role, SessionId,
};
use uuid::Uuid;

use super::queries::capabilities_of;
use super::rows::place;
use crate::schema::{accounts, associations, capabilities, clerk_invitations, organisations, sessions};
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

/// An invitation to be kept.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The invitation.
    pub id: ClerkInvitationId,
    /// Where.
    pub place: Place,
    /// What, and when.
    pub dated: DatedRole,
    /// Who is meant.
    pub invitee: String,
    /// Where it is sent; `None` when the code is handed over.
    pub email: Option<String>,
    /// In which language it is written.
    pub language: Language,
    /// SHA-256 of the code.
    pub code_hash: [u8; 32],
    /// When.
    pub invited_at: DateTime<Utc>,
    /// When it no longer works.
    pub expires_at: DateTime<Utc>,
}

/// An invitation as it is kept.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The invitation.
    pub id: ClerkInvitationId,
    /// Where.
    pub place: Place,
    /// What, and when.
    pub dated: DatedRole,
    /// Who is meant.
    pub invitee: String,
    /// Where it was sent; `None` when the code was handed over.
    pub email: Option<String>,
    /// In which language it was written.
    pub language: Language,
    /// Who invited; `None`: whoever runs the installation.
    pub invited_by: Option<AccountId>,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// When it no longer works.
    pub expires_at: DateTime<Utc>,
    /// Whether it was accepted or taken back.
    pub used: bool,
}

/// An account made by accepting an invitation.
#[derive(Debug, Clone)]
pub struct InvitedClerk {
    /// The account.
    pub id: AccountId,
    /// What is typed to sign in.
    pub login_id: String,
    /// For the page's head.
    pub display_name: String,
    /// PHC string (argon2id).
    pub password_hash: String,
    /// The address at which the invitation arrived, which confirms it.
    pub email: Option<String>,
    /// In which language its owner is written to.
    pub language: Language,
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

#[derive(Queryable, Selectable)]
#[diesel(table_name = clerk_invitations)]
struct InvitationRow {
    id: Uuid,
    association_id: Option<Uuid>,
    organisation_id: Option<Uuid>,
    role: String,
    role_from: NaiveDate,
    role_to: Option<NaiveDate>,
    invitee: String,
    email: Option<String>,
    language: String,
    invited_by: Option<Uuid>,
    invited_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { table: "clerk_invitations", id: row.id.to_string(), column };
        let role = row.role.parse().map_err(|_| unreadable("role"))?;
        let period = Period::new(row.role_from, row.role_to).map_err(|_| unreadable("role_to"))?;
        let language = row.language.parse().map_err(|_| unreadable("language"))?;
        Ok(Self {
            id: ClerkInvitationId::from_uuid(row.id),
            place: place(row.association_id, row.organisation_id).ok_or_else(|| unreadable("association_id"))?,
            dated: DatedRole { role, period },
            invitee: row.invitee,
            email: row.email,
            language,
            invited_by: row.invited_by.map(AccountId::from_uuid),
            invited_at: row.invited_at,
            expires_at: row.expires_at,
            used: row.accepted_at.is_some() || row.withdrawn_at.is_some(),
        })
    }
}

fn columns(place: Place) -> (Option<Uuid>, Option<Uuid>) {
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

    /// The invitations to a place that may still be accepted, latest first, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation_list(
        &self,
        _permit: &Permit<IdentityAction>,
        place: Place,
        now: DateTime<Utc>,
        after: Option<ClerkInvitationId>,
        limit: i64,
    ) -> Result<Vec<Invitation>, StoreError> {
        let mut query = clerk_invitations::table
            .filter(at_place!(clerk_invitations, place))
            .filter(clerk_invitations::accepted_at.is_null())
            .filter(clerk_invitations::withdrawn_at.is_null())
            .filter(clerk_invitations::expires_at.gt(now))
            .order(clerk_invitations::id.desc())
            .limit(limit)
            .select(InvitationRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(clerk_invitations::id.lt(after.uuid()));
        }
        let rows: Vec<InvitationRow> = query.load(&mut self.conn().await?).await?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    /// The invitation of a code, whatever became of it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation_by_code(&self, code_hash: &[u8; 32]) -> Result<Option<Invitation>, StoreError> {
        invitation_of_code(&mut *self.conn().await?, code_hash).await
    }
}

async fn invitation_of_code(
    conn: &mut AsyncPgConnection,
    code_hash: &[u8; 32],
) -> Result<Option<Invitation>, StoreError> {
    let row: Option<InvitationRow> = clerk_invitations::table
        .filter(clerk_invitations::code_hash.eq(code_hash.as_slice()))
        .select(InvitationRow::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(Invitation::try_from).transpose()
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

    /// Keeps an invitation.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation_insert(
        &mut self,
        permit: &Permit<IdentityAction>,
        new: &NewInvitation,
    ) -> Result<(), StoreError> {
        let (association, organisation) = columns(new.place);
        diesel::insert_into(clerk_invitations::table)
            .values((
                clerk_invitations::id.eq(new.id.uuid()),
                clerk_invitations::association_id.eq(association),
                clerk_invitations::organisation_id.eq(organisation),
                clerk_invitations::role.eq(new.dated.role.as_str()),
                clerk_invitations::role_from.eq(new.dated.period.valid_from()),
                clerk_invitations::role_to.eq(new.dated.period.valid_to()),
                clerk_invitations::invitee.eq(&new.invitee),
                clerk_invitations::email.eq(new.email.as_deref()),
                clerk_invitations::language.eq(new.language.as_str()),
                clerk_invitations::code_hash.eq(new.code_hash.as_slice()),
                clerk_invitations::invited_by.eq(permit.by_account().map(AccountId::uuid)),
                clerk_invitations::invited_at.eq(new.invited_at),
                clerk_invitations::expires_at.eq(new.expires_at),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// The invitation of a code, whatever became of it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation_of_code(&mut self, code_hash: &[u8; 32]) -> Result<Option<Invitation>, StoreError> {
        invitation_of_code(&mut self.conn, code_hash).await
    }

    /// An invitation, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation_for_update(&mut self, id: ClerkInvitationId) -> Result<Option<Invitation>, StoreError> {
        let row: Option<InvitationRow> = clerk_invitations::table
            .find(id.uuid())
            .select(InvitationRow::as_select())
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        row.map(Invitation::try_from).transpose()
    }

    /// Uses an invitation up.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation_accepted(
        &mut self,
        _permit: &Permit<IdentityAction>,
        id: ClerkInvitationId,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(clerk_invitations::table.find(id.uuid()))
            .set((clerk_invitations::accepted_at.eq(now), clerk_invitations::accepted_by.eq(by.uuid())))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation_withdrawn(
        &mut self,
        _permit: &Permit<IdentityAction>,
        id: ClerkInvitationId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(clerk_invitations::table.find(id.uuid()))
            .set(clerk_invitations::withdrawn_at.eq(now))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Makes the account of somebody who accepts an invitation.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the login id is taken.
    pub async fn clerk_account_insert(
        &mut self,
        _permit: &Permit<IdentityAction>,
        new: &InvitedClerk,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let confirmed = new.email.as_ref().map(|_| now);
        diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(new.id.uuid()),
                accounts::login_id.eq(&new.login_id),
                accounts::display_name.eq(&new.display_name),
                accounts::password_hash.eq(&new.password_hash),
                accounts::state.eq(AccountState::Active.as_str()),
                accounts::class.eq(AccountClass::Clerk.as_str()),
                accounts::email.eq(new.email.as_deref()),
                accounts::email_confirmed_at.eq(confirmed.into_sql::<Nullable<Timestamptz>>()),
                accounts::language.eq(new.language.as_str()),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}
