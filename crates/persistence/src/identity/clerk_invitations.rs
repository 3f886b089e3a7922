//! Invitations to clerks' roles, and the accounts that accepting an invitation makes.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::policy::IdentityAction;
use mamis_domain::identity::{DatedRole, Permit, Place};
use mamis_kernel::{AccountClass, AccountId, AccountState, ClerkInvitationId, Language, Period};
use uuid::Uuid;

use super::clerks::{at_place, columns};
use super::rows::place;
use crate::schema::{accounts, clerk_invitations};
use crate::{Datastore, StoreError, Tx};

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
pub struct InvitedAccount {
    /// The account.
    pub id: AccountId,
    /// What kind of user it is for.
    pub class: AccountClass,
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

impl Datastore {
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

impl Tx {
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

    /// Makes the account of somebody who accepts an invitation: a clerk's, or an assistant's.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the login id is taken.
    pub async fn invited_account_insert<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        new: &InvitedAccount,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(new.id.uuid()),
                accounts::login_id.eq(&new.login_id),
                accounts::display_name.eq(&new.display_name),
                accounts::password_hash.eq(&new.password_hash),
                accounts::state.eq(AccountState::Active.as_str()),
                accounts::class.eq(new.class.as_str()),
                accounts::email.eq(new.email.as_deref()),
                accounts::email_confirmed_at.eq(new.email.as_ref().map(|_| now)),
                accounts::language.eq(new.language.as_str()),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}
