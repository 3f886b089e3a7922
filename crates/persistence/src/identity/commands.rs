use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::{Device, Permit, ThrottleRule, blocked_until};
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{
    AccountClass, AccountId, AccountState, AssociationId, Assurance, Browser, Language, PersonId, Role,
    SessionEndReason, SessionId, System,
};
use uuid::Uuid;

use crate::schema::{accounts, capabilities, login_throttles, refresh_tokens, sessions};
use crate::{StoreError, Tx};

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// The account.
    pub id: AccountId,
    /// What is typed to sign in.
    pub login_id: String,
    /// For the page's head.
    pub display_name: String,
    /// PHC string (argon2id).
    pub password_hash: String,
    /// The physician whose account it is.
    pub person: Option<PersonId>,
    /// What kind of user it is for.
    pub class: AccountClass,
    /// What it may do, and where.
    pub capabilities: Vec<NewCapability>,
}

/// An account that somebody registers for training.
#[derive(Clone)]
pub struct NewRegistration {
    /// The account.
    pub id: AccountId,
    /// What is typed to sign in.
    pub login_id: String,
    /// Confirmed by its code.
    pub email: String,
    /// PHC string (argon2id).
    pub password_hash: String,
    /// In which language its owner is written to.
    pub language: Language,
}

/// A role in its place, from a day on.
#[derive(Debug, Clone, Copy)]
pub struct NewCapability {
    /// What.
    pub role: Role,
    /// Where.
    pub association: Option<AssociationId>,
    /// First day.
    pub valid_from: NaiveDate,
}

/// A session to be started.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The session.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// Now.
    pub started_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// What it runs on.
    pub device: Device,
    /// The address it was opened from.
    pub address: String,
    /// How sure it is of who opened it.
    pub assurance: Assurance,
}

impl Tx {
    /// Makes accounts, all active.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a login id is taken.
    pub async fn accounts_insert(
        &mut self,
        _permit: &Permit<RegistryAction>,
        new: &[NewAccount],
        mut new_id: impl FnMut() -> Uuid,
    ) -> Result<(), StoreError> {
        for chunk in new.chunks(2_000) {
            let rows: Vec<_> = chunk
                .iter()
                .map(|account| {
                    (
                        accounts::id.eq(account.id.uuid()),
                        accounts::login_id.eq(&account.login_id),
                        accounts::display_name.eq(&account.display_name),
                        accounts::password_hash.eq(&account.password_hash),
                        accounts::state.eq(AccountState::Active.as_str()),
                        accounts::person_id.eq(account.person.map(PersonId::uuid)),
                        accounts::class.eq(account.class.as_str()),
                    )
                })
                .collect();
            diesel::insert_into(accounts::table).values(rows).execute(&mut self.conn).await?;
            let rows: Vec<_> = chunk
                .iter()
                .flat_map(|account| account.capabilities.iter().map(move |capability| (account.id, capability)))
                .map(|(account, capability)| {
                    (
                        capabilities::id.eq(new_id()),
                        capabilities::account_id.eq(account.uuid()),
                        capabilities::role.eq(capability.role.as_str()),
                        capabilities::association_id.eq(capability.association.map(AssociationId::uuid)),
                        capabilities::valid_from.eq(capability.valid_from),
                    )
                })
                .collect();
            diesel::insert_into(capabilities::table).values(rows).execute(&mut self.conn).await?;
        }
        Ok(())
    }

    /// Makes a provisional account without a role; until its owner's name is known, the address stands for it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the login id is taken.
    pub async fn account_register(
        &mut self,
        _permit: &Permit<()>,
        new: &NewRegistration,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(new.id.uuid()),
                accounts::login_id.eq(&new.login_id),
                accounts::display_name.eq(&new.email),
                accounts::password_hash.eq(&new.password_hash),
                accounts::state.eq(AccountState::Provisional.as_str()),
                accounts::class.eq(AccountClass::TrainingOnly.as_str()),
                accounts::email.eq(&new.email),
                accounts::email_confirmed_at.eq(now),
                accounts::language.eq(new.language.as_str()),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Starts a session with its first refresh token.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_start(&mut self, session: &NewSession, token_hash: &[u8]) -> Result<(), StoreError> {
        diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(session.id.uuid()),
                sessions::account_id.eq(session.account.uuid()),
                sessions::started_at.eq(session.started_at),
                sessions::expires_at.eq(session.expires_at),
                sessions::browser.eq(session.device.browser.as_str()),
                sessions::system.eq(session.device.system.as_str()),
                sessions::address.eq(&session.address),
                sessions::last_used_at.eq(session.started_at),
                sessions::assurance.eq(session.assurance.as_str()),
                sessions::proved_at.eq(session.started_at),
            ))
            .execute(&mut self.conn)
            .await?;
        self.refresh_token_insert(session.id, token_hash, session.started_at).await
    }

    /// The kinds of device an account has signed in on since a time; ended sessions too.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_devices(
        &mut self,
        account: AccountId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Device>, StoreError> {
        let rows: Vec<(String, String)> = sessions::table
            .filter(sessions::account_id.eq(account.uuid()))
            .filter(sessions::started_at.ge(since))
            .select((sessions::browser, sessions::system))
            .distinct()
            .load(&mut self.conn)
            .await?;
        let device = |(browser, system): (String, String)| Device {
            browser: browser.parse().unwrap_or(Browser::Other),
            system: system.parse().unwrap_or(System::Other),
        };
        Ok(rows.into_iter().map(device).collect())
    }

    /// Notes that a session was renewed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_used(&mut self, session: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let used = sessions::last_used_at.eq(now);
        diesel::update(sessions::table.find(session.uuid())).set(used).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Notes that a session's owner has proved again who it is; with `raised`, that the session is surer of it now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_proved(
        &mut self,
        session: SessionId,
        raised: Option<Assurance>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = sessions::table.find(session.uuid());
        diesel::update(row).set(sessions::proved_at.eq(now)).execute(&mut self.conn).await?;
        if let Some(raised) = raised {
            let lower = row.filter(sessions::assurance.eq(Assurance::Password.as_str()));
            diesel::update(lower).set(sessions::assurance.eq(raised.as_str())).execute(&mut self.conn).await?;
        }
        Ok(())
    }

    /// Makes an account's open sessions as sure as a password alone: it has nothing else to show any more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sessions_lower(&mut self, account: AccountId) -> Result<Vec<SessionId>, StoreError> {
        let open = sessions::table.filter(sessions::account_id.eq(account.uuid())).filter(sessions::ended_at.is_null());
        let lowered: Vec<Uuid> = diesel::update(open)
            .set(sessions::assurance.eq(Assurance::Password.as_str()))
            .returning(sessions::id)
            .get_results(&mut self.conn)
            .await?;
        Ok(lowered.into_iter().map(SessionId::from_uuid).collect())
    }

    /// Ends all open sessions of an account but one; gives those that were ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sessions_end_others(
        &mut self,
        account: AccountId,
        keep: SessionId,
        reason: SessionEndReason,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, StoreError> {
        let open = sessions::table
            .filter(sessions::account_id.eq(account.uuid()))
            .filter(sessions::id.ne(keep.uuid()))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(now));
        let ended: Vec<Uuid> = diesel::update(open)
            .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason.as_str())))
            .returning(sessions::id)
            .get_results(&mut self.conn)
            .await?;
        Ok(ended.into_iter().map(SessionId::from_uuid).collect())
    }

    /// Gives an account another password.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn password_set(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        password_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(accounts::table.find(account.uuid()))
            .set((accounts::password_hash.eq(password_hash), accounts::password_changed_at.eq(now)))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Gives an account another address, confirmed now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn email_set(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        email: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(accounts::table.find(account.uuid()))
            .set((accounts::email.eq(email), accounts::email_confirmed_at.eq(now)))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Adds a refresh token to a session.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn refresh_token_insert(
        &mut self,
        session: SessionId,
        token_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(refresh_tokens::table)
            .values((
                refresh_tokens::token_hash.eq(token_hash),
                refresh_tokens::session_id.eq(session.uuid()),
                refresh_tokens::issued_at.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Marks a refresh token as exchanged, the first time only.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn refresh_token_used(&mut self, token_hash: &[u8], now: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::update(refresh_tokens::table.find(token_hash))
            .filter(refresh_tokens::used_at.is_null())
            .set(refresh_tokens::used_at.eq(now))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Ends a session; whether it was open.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_end(
        &mut self,
        session: SessionId,
        reason: SessionEndReason,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let ended = diesel::update(sessions::table.find(session.uuid()))
            .filter(sessions::ended_at.is_null())
            .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason.as_str())))
            .execute(&mut self.conn)
            .await?;
        Ok(ended > 0)
    }

    /// Counts a failed log-in under a key and blocks it as the rule says.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_failed(
        &mut self,
        key: &[u8],
        rule: &ThrottleRule,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let forgotten = now - TimeDelta::seconds(i64::from(rule.forgotten_after_seconds));
        let failures: i32 = diesel::insert_into(login_throttles::table)
            .values((
                login_throttles::key_hash.eq(key),
                login_throttles::failures.eq(1),
                login_throttles::last_failure_at.eq(now),
            ))
            .on_conflict(login_throttles::key_hash)
            .do_update()
            .set((
                login_throttles::failures.eq(diesel::dsl::case_when(
                    login_throttles::last_failure_at.lt(forgotten),
                    1.into_sql::<diesel::sql_types::Integer>(),
                )
                .otherwise(login_throttles::failures + 1)),
                login_throttles::last_failure_at.eq(now),
            ))
            .returning(login_throttles::failures)
            .get_result(&mut self.conn)
            .await?;
        let until = blocked_until(rule, u32::try_from(failures).unwrap_or(0), now);
        diesel::update(login_throttles::table.find(key))
            .set(login_throttles::blocked_until.eq(until))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Forgets a key's failures after a log-in that worked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_succeeded(&mut self, key: &[u8]) -> Result<(), StoreError> {
        diesel::delete(login_throttles::table.find(key)).execute(&mut self.conn).await?;
        Ok(())
    }
}
