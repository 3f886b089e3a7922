//! What an account shows beside its password: authenticator apps and recovery codes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_kernel::AccountId;
use uuid::Uuid;

use crate::schema::{passkeys, recovery_codes, totp_factors, totp_setups};
use crate::{Datastore, StoreError, Tx};

/// What an account can show beside its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Factors {
    /// Since when an authenticator app is in use.
    pub totp_since: Option<DateTime<Utc>>,
    /// Passkeys.
    pub passkeys: u32,
    /// Recovery codes that were not used.
    pub recovery_codes: u32,
}

/// An authenticator app in use.
#[derive(Debug, Clone)]
pub struct TotpFactor {
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// The last time step whose code was taken.
    pub last_step: i64,
}

impl Datastore {
    /// What an account can show beside its password.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn factors_get(&self, account: AccountId) -> Result<Factors, StoreError> {
        factors(&mut *self.conn().await?, account).await
    }
}

async fn factors(conn: &mut diesel_async::AsyncPgConnection, account: AccountId) -> Result<Factors, StoreError> {
    let unused = recovery_codes::table
        .filter(recovery_codes::account_id.eq(account.uuid()))
        .filter(recovery_codes::used_at.is_null())
        .count();
    let totp = totp_factors::table.find(account.uuid()).select(totp_factors::confirmed_at).single_value();
    let keys = passkeys::table.filter(passkeys::account_id.eq(account.uuid())).count();
    type Row = (Option<DateTime<Utc>>, Option<i64>, Option<i64>);
    let found = diesel::select((totp, unused.single_value(), keys.single_value()));
    let (totp_since, codes, keys): Row = found.get_result(conn).await?;
    let count = |rows: Option<i64>| u32::try_from(rows.unwrap_or(0)).unwrap_or(u32::MAX);
    Ok(Factors { totp_since, passkeys: count(keys), recovery_codes: count(codes) })
}

impl Tx {
    /// What an account can show beside its password.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn factors_get(&mut self, account: AccountId) -> Result<Factors, StoreError> {
        factors(&mut self.conn, account).await
    }

    /// The authenticator app in use, locked: of two requests with one code, one is the second.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn totp_for_update(&mut self, account: AccountId) -> Result<Option<TotpFactor>, StoreError> {
        let row: Option<(Vec<u8>, i64)> = totp_factors::table
            .find(account.uuid())
            .select((totp_factors::secret, totp_factors::last_step))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(|(secret, last_step)| TotpFactor { secret, last_step }))
    }

    /// Notes the time step whose code was taken.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn totp_step_taken(&mut self, account: AccountId, step: i64) -> Result<(), StoreError> {
        diesel::update(totp_factors::table.find(account.uuid()))
            .set(totp_factors::last_step.eq(step))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Begins to set an authenticator app up; what was begun before is forgotten.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn totp_setup_put(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        secret: &[u8],
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let values = (totp_setups::secret.eq(secret), totp_setups::expires_at.eq(expires_at));
        diesel::insert_into(totp_setups::table)
            .values((totp_setups::account_id.eq(account.uuid()), values))
            .on_conflict(totp_setups::account_id)
            .do_update()
            .set(values)
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// The sealed secret of what was begun and has not run out, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn totp_setup_for_update(
        &mut self,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(totp_setups::table
            .find(account.uuid())
            .filter(totp_setups::expires_at.gt(now))
            .select(totp_setups::secret)
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?)
    }

    /// Takes an authenticator app into use, in the place of one that was; `step` is that of the code which confirmed it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn totp_confirm(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        factor: &TotpFactor,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::delete(totp_setups::table.find(account.uuid())).execute(&mut self.conn).await?;
        let values = (
            totp_factors::secret.eq(&factor.secret),
            totp_factors::last_step.eq(factor.last_step),
            totp_factors::confirmed_at.eq(now),
        );
        diesel::insert_into(totp_factors::table)
            .values((totp_factors::account_id.eq(account.uuid()), values))
            .on_conflict(totp_factors::account_id)
            .do_update()
            .set(values)
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Takes an authenticator app out of use; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn totp_remove(&mut self, _permit: &Permit<()>, account: AccountId) -> Result<bool, StoreError> {
        Ok(diesel::delete(totp_factors::table.find(account.uuid())).execute(&mut self.conn).await? > 0)
    }

    /// Gives an account other recovery codes; those before are worth nothing.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recovery_codes_replace(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        codes: &[(Uuid, [u8; 32])],
    ) -> Result<(), StoreError> {
        let old = recovery_codes::table.filter(recovery_codes::account_id.eq(account.uuid()));
        diesel::delete(old).execute(&mut self.conn).await?;
        let rows: Vec<_> = codes
            .iter()
            .map(|(id, hash)| {
                (
                    recovery_codes::id.eq(id),
                    recovery_codes::account_id.eq(account.uuid()),
                    recovery_codes::code_hash.eq(hash.as_slice()),
                )
            })
            .collect();
        diesel::insert_into(recovery_codes::table).values(rows).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Uses a recovery code up; whether it was there and unused. The row's lock lets one of two requests win.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recovery_code_use(
        &mut self,
        account: AccountId,
        code_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let unused = recovery_codes::table
            .filter(recovery_codes::account_id.eq(account.uuid()))
            .filter(recovery_codes::code_hash.eq(code_hash))
            .filter(recovery_codes::used_at.is_null());
        let used = diesel::update(unused).set(recovery_codes::used_at.eq(now)).execute(&mut self.conn).await?;
        Ok(used > 0)
    }
}
