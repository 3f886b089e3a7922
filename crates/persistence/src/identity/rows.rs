use chrono::{DateTime, Utc};
use diesel::prelude::*;
use mamis_domain::identity::Capability;
use mamis_kernel::{AccountId, AssociationId, PersonId, SessionId, codes};
use uuid::Uuid;

use crate::StoreError;
use crate::schema::accounts;

codes! {
    /// 状態 of an account
    AccountState {
        /// 仮登録
        Provisional => "provisional",
        /// 有効
        Active => "active",
        /// 利用停止
        Suspended => "suspended",
        /// 終了
        Closed => "closed",
    }
}

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
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let state = row.state.parse().map_err(|_| StoreError::Unreadable {
            table: "accounts",
            id: row.id.to_string(),
            column: "state",
        })?;
        Ok(Self {
            id: AccountId::from_uuid(row.id),
            login_id: row.login_id,
            display_name: row.display_name,
            password_hash: row.password_hash,
            state,
            person: row.person_id.map(PersonId::from_uuid),
        })
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

pub(super) fn capability((id, role, association): (Uuid, String, Option<Uuid>)) -> Result<Capability, StoreError> {
    let role = role.parse().map_err(|_| StoreError::Unreadable {
        table: "capabilities",
        id: id.to_string(),
        column: "role",
    })?;
    Ok(Capability { role, association: association.map(AssociationId::from_uuid) })
}
