use chrono::{DateTime, Utc};
use diesel::prelude::*;
use mamis_domain::identity::{Capability, Device, Place};
use mamis_kernel::{
    AccountClass, AccountId, AccountState, AssociationId, Browser, Language, OrganisationId, PersonId,
    SessionEndReason, SessionId, System,
};
use uuid::Uuid;

use crate::StoreError;
use crate::schema::{accounts, sessions};

/// An account.
#[derive(Clone)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// What is typed to sign in.
    pub login_id: String,
    /// For the page's head.
    pub display_name: String,
    /// PHC string (argon2id).
    pub password_hash: String,
    /// Where it stands.
    pub state: AccountState,
    /// The physician whose account it is.
    pub person: Option<PersonId>,
    /// Where mail goes, once it was confirmed there. Several accounts may share it.
    pub email: Option<String>,
    /// In which language its owner is written to.
    pub language: Language,
    /// What kind of user it is for.
    pub class: AccountClass,
}

impl Account {
    /// Whether its password opens a session: an active account's, and that of one that registered itself and waits (ID-51).
    #[must_use]
    pub const fn may_sign_in(&self) -> bool {
        match self.state {
            AccountState::Active => true,
            AccountState::Provisional => matches!(self.class, AccountClass::TrainingOnly),
            AccountState::Suspended | AccountState::Closed => false,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(super) struct AccountRow {
    id: Uuid,
    login_id: String,
    display_name: String,
    password_hash: String,
    state: String,
    person_id: Option<Uuid>,
    email: Option<String>,
    language: String,
    class: String,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { table: "accounts", id: row.id.to_string(), column };
        let state = row.state.parse().map_err(|_| unreadable("state"))?;
        let language = row.language.parse().map_err(|_| unreadable("language"))?;
        let class = row.class.parse().map_err(|_| unreadable("class"))?;
        Ok(Self {
            id: AccountId::from_uuid(row.id),
            login_id: row.login_id,
            display_name: row.display_name,
            password_hash: row.password_hash,
            state,
            person: row.person_id.map(PersonId::from_uuid),
            email: row.email,
            language,
            class,
        })
    }
}

/// A log-in as its owner sees it.
#[derive(Debug, Clone)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// What it runs on.
    pub device: Device,
    /// The address it was opened from.
    pub address: String,
    /// When it was opened.
    pub started_at: DateTime<Utc>,
    /// When it was last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When and why it ended before that.
    pub ended: Option<(DateTime<Utc>, SessionEndReason)>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct SessionRow {
    id: Uuid,
    browser: String,
    system: String,
    address: String,
    started_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    end_reason: Option<String>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let reason = row.end_reason.and_then(|reason| reason.parse().ok());
        Self {
            id: SessionId::from_uuid(row.id),
            device: Device {
                browser: row.browser.parse().unwrap_or(Browser::Other),
                system: row.system.parse().unwrap_or(System::Other),
            },
            address: row.address,
            started_at: row.started_at,
            last_used_at: row.last_used_at.unwrap_or(row.started_at),
            expires_at: row.expires_at,
            ended: row.ended_at.zip(reason),
        }
    }
}

/// A refresh token's row and its session's.
#[derive(Debug, Clone, Copy)]
pub struct RefreshToken {
    /// The session it belongs to.
    pub session: SessionId,
    /// Whose.
    pub account: AccountId,
    /// When it was exchanged for the next.
    pub used_at: Option<DateTime<Utc>>,
    /// When the session ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When the session was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A role's columns: id, role, association, organisation.
pub(super) type CapabilityColumns = (Uuid, String, Option<Uuid>, Option<Uuid>);

pub(super) fn capability((id, role, association, organisation): CapabilityColumns) -> Result<Capability, StoreError> {
    let role = role.parse().map_err(|_| StoreError::Unreadable {
        table: "capabilities",
        id: id.to_string(),
        column: "role",
    })?;
    Ok(Capability { role, place: place(association, organisation) })
}

/// The place that one of the two columns names.
pub(super) fn place(association: Option<Uuid>, organisation: Option<Uuid>) -> Option<Place> {
    let association = association.map(|id| Place::Association(AssociationId::from_uuid(id)));
    association.or_else(|| organisation.map(|id| Place::Organisation(OrganisationId::from_uuid(id))))
}
