use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::{Actor, Capability, Standing};
use mamis_kernel::{AccountClass, AccountId, AccountState, PersonId, SessionId};
use uuid::Uuid;

use super::rows::{Account, AccountRow, CapabilityColumns, RefreshToken, Session, SessionRow, capability};
use crate::schema::{accounts, capabilities, login_throttles, refresh_tokens, sessions};
use crate::{Datastore, StoreError, Tx};

impl Datastore {
    /// The account of a login id, upper and lower case alike.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_by_login(&self, login_id: &str) -> Result<Option<Account>, StoreError> {
        let row = accounts::table
            .filter(sql::<Bool>("lower(login_id) = lower(").bind::<diesel::sql_types::Text, _>(login_id).sql(")"))
            .select(AccountRow::as_select())
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        row.map(Account::try_from).transpose()
    }

    /// Accounts that are not ended and whose confirmed address this is, `limit` at most; upper and lower case alike.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn accounts_by_email(&self, email: &str, limit: i64) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<AccountRow> = accounts::table
            .filter(sql::<Bool>("lower(email) = lower(").bind::<diesel::sql_types::Text, _>(email).sql(")"))
            .filter(accounts::state.ne(AccountState::Closed.as_str()))
            .order(accounts::id)
            .limit(limit)
            .select(AccountRow::as_select())
            .load(&mut self.conn().await?)
            .await?;
        rows.into_iter().map(Account::try_from).collect()
    }

    /// An account.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_get(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row = accounts::table
            .find(id.uuid())
            .select(AccountRow::as_select())
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        row.map(Account::try_from).transpose()
    }

    /// The actor of a session with the capabilities in force on `today`; `None` when the session has ended or the account
    /// neither is active nor registered itself and waits.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn actor_of_session(
        &self,
        account: AccountId,
        session: SessionId,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Option<Actor>, StoreError> {
        let mut conn = self.conn().await?;
        let waits = accounts::state
            .eq(AccountState::Provisional.as_str())
            .and(accounts::class.eq(AccountClass::TrainingOnly.as_str()));
        let found: Option<(Option<Uuid>, String, String)> = sessions::table
            .inner_join(accounts::table)
            .filter(sessions::id.eq(session.uuid()))
            .filter(sessions::account_id.eq(account.uuid()))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(now))
            .filter(accounts::state.eq(AccountState::Active.as_str()).or(waits))
            .select((accounts::person_id, accounts::state, sessions::assurance))
            .first(&mut conn)
            .await
            .optional()?;
        let Some((person, state, assurance)) = found else { return Ok(None) };
        let standing = if state == AccountState::Active.as_str() { Standing::Full } else { Standing::Provisional };
        let assurance = assurance.parse().map_err(|_| StoreError::Unreadable {
            table: "sessions",
            id: session.to_string(),
            column: "assurance",
        })?;
        let capabilities = capabilities_of(&mut conn, account, today).await?;
        let person = person.map(PersonId::from_uuid);
        Ok(Some(Actor {
            account,
            session,
            person,
            assurance,
            capabilities,
            held_back: Vec::new(),
            standing,
            acting: None,
        }))
    }

    /// When the owner of a session last proved who it is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_proved_at(&self, session: SessionId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row = sessions::table.find(session.uuid()).select(sessions::proved_at);
        Ok(row.first(&mut self.conn().await?).await.optional()?)
    }

    /// An account's sessions, newest first, after `after`; ended ones too.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_list(
        &self,
        account: AccountId,
        after: Option<SessionId>,
        limit: i64,
    ) -> Result<Vec<Session>, StoreError> {
        let mut query = sessions::table
            .filter(sessions::account_id.eq(account.uuid()))
            .order(sessions::id.desc())
            .limit(limit)
            .select(SessionRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(sessions::id.lt(after.uuid()));
        }
        let rows = query.load(&mut self.conn().await?).await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Until when any of the keys is blocked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_blocked_until(
        &self,
        keys: &[Vec<u8>],
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        blocked_until(&mut *self.conn().await?, keys, now).await
    }
}

async fn blocked_until(
    conn: &mut AsyncPgConnection,
    keys: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let until: Option<Option<DateTime<Utc>>> = login_throttles::table
        .filter(login_throttles::key_hash.eq_any(keys))
        .filter(login_throttles::blocked_until.gt(now))
        .order(login_throttles::blocked_until.desc())
        .select(login_throttles::blocked_until)
        .first(conn)
        .await
        .optional()?;
    Ok(until.flatten())
}

/// An account's roles in force on a day, as the system believes now.
pub(super) async fn capabilities_of(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    today: NaiveDate,
) -> Result<Vec<Capability>, StoreError> {
    let rows: Vec<CapabilityColumns> = capabilities::table
        .filter(capabilities::account_id.eq(account.uuid()))
        .filter(capabilities::superseded_at.is_null())
        .filter(capabilities::valid_from.le(today))
        .filter(capabilities::valid_to.is_null().or(capabilities::valid_to.gt(today)))
        .order(capabilities::id)
        .select((capabilities::id, capabilities::role, capabilities::association_id, capabilities::organisation_id))
        .load(conn)
        .await?;
    rows.into_iter().map(capability).collect()
}

impl Tx {
    /// Whether an account has this login id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_id_exists(&mut self, login_id: &str) -> Result<bool, StoreError> {
        let same = sql::<Bool>("lower(login_id) = lower(").bind::<diesel::sql_types::Text, _>(login_id).sql(")");
        Ok(diesel::select(diesel::dsl::exists(accounts::table.filter(same))).get_result(&mut self.conn).await?)
    }

    /// Until when any of the keys is blocked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_blocked_until(
        &mut self,
        keys: &[Vec<u8>],
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        blocked_until(&mut self.conn, keys, now).await
    }

    /// An account, as this transaction sees it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_get(&mut self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row = accounts::table.find(id.uuid()).select(AccountRow::as_select());
        let row = row.first(&mut self.conn).await.optional()?;
        row.map(Account::try_from).transpose()
    }

    /// Whether the session is one of the account's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_belongs_to(&mut self, session: SessionId, account: AccountId) -> Result<bool, StoreError> {
        let own = sessions::table.find(session.uuid()).filter(sessions::account_id.eq(account.uuid()));
        Ok(diesel::select(diesel::dsl::exists(own)).get_result(&mut self.conn).await?)
    }

    /// A refresh token with its session, locked until the end of the transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn refresh_token_for_update(&mut self, token_hash: &[u8]) -> Result<Option<RefreshToken>, StoreError> {
        type Row = (Uuid, Uuid, Option<DateTime<Utc>>, DateTime<Utc>, Option<DateTime<Utc>>);
        let row: Option<Row> = refresh_tokens::table
            .inner_join(sessions::table)
            .filter(refresh_tokens::token_hash.eq(token_hash))
            .select((
                sessions::id,
                sessions::account_id,
                refresh_tokens::used_at,
                sessions::expires_at,
                sessions::ended_at,
            ))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(|(session, account, used_at, expires_at, ended_at)| RefreshToken {
            session: SessionId::from_uuid(session),
            account: AccountId::from_uuid(account),
            used_at,
            expires_at,
            ended_at,
        }))
    }
}
