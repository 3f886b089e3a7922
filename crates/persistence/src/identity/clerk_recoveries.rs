//! Ways back in for clerks, by two administrators.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::identity::policy::IdentityAction;
use mamis_kernel::{AccountId, AssociationId};
use uuid::Uuid;

use crate::schema::{capabilities, clerk_recoveries, passkeys, recovery_codes, totp_factors, totp_setups};
use crate::{StoreError, Tx};

/// That a clerk is to be let in again, as the first administrator asked for it.
#[derive(Debug, Clone)]
pub struct ClerkRecovery {
    /// The wish.
    pub id: Uuid,
    /// Whose way in.
    pub account: AccountId,
    /// Where the clerk works.
    pub association: AssociationId,
    /// How it was made sure who it is.
    pub reason: String,
    /// Who asked.
    pub asked_by: AccountId,
    /// Until when it can be confirmed.
    pub expires_at: DateTime<Utc>,
}

impl Tx {
    /// The wish that waits for a second administrator of this association, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_recovery_for_update(
        &mut self,
        account: AccountId,
        association: AssociationId,
        now: DateTime<Utc>,
    ) -> Result<Option<ClerkRecovery>, StoreError> {
        type Row = (Uuid, Uuid, Uuid, String, Uuid, DateTime<Utc>);
        let row: Option<Row> = clerk_recoveries::table
            .filter(clerk_recoveries::account_id.eq(account.uuid()))
            .filter(clerk_recoveries::association_id.eq(association.uuid()))
            .filter(clerk_recoveries::confirmed_at.is_null())
            .filter(clerk_recoveries::expires_at.gt(now))
            .select((
                clerk_recoveries::id,
                clerk_recoveries::account_id,
                clerk_recoveries::association_id,
                clerk_recoveries::reason,
                clerk_recoveries::asked_by,
                clerk_recoveries::expires_at,
            ))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(|(id, account, association, reason, asked_by, expires_at)| ClerkRecovery {
            id,
            account: AccountId::from_uuid(account),
            association: AssociationId::from_uuid(association),
            reason,
            asked_by: AccountId::from_uuid(asked_by),
            expires_at,
        }))
    }

    /// Keeps a wish, in the place of one that has run out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_recovery_ask(
        &mut self,
        _permit: &Permit<IdentityAction>,
        wish: &ClerkRecovery,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let before = clerk_recoveries::table
            .filter(clerk_recoveries::account_id.eq(wish.account.uuid()))
            .filter(clerk_recoveries::confirmed_at.is_null());
        diesel::delete(before).execute(&mut self.conn).await?;
        diesel::insert_into(clerk_recoveries::table)
            .values((
                clerk_recoveries::id.eq(wish.id),
                clerk_recoveries::account_id.eq(wish.account.uuid()),
                clerk_recoveries::association_id.eq(wish.association.uuid()),
                clerk_recoveries::reason.eq(&wish.reason),
                clerk_recoveries::asked_by.eq(wish.asked_by.uuid()),
                clerk_recoveries::asked_at.eq(now),
                clerk_recoveries::expires_at.eq(wish.expires_at),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Notes who confirmed a wish, and takes away what the account could show beside its password.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn clerk_recovery_confirm(
        &mut self,
        _permit: &Permit<IdentityAction>,
        wish: &ClerkRecovery,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let confirmed = (clerk_recoveries::confirmed_by.eq(by.uuid()), clerk_recoveries::confirmed_at.eq(now));
        diesel::update(clerk_recoveries::table.find(wish.id)).set(confirmed).execute(&mut self.conn).await?;
        let account = wish.account.uuid();
        diesel::delete(totp_factors::table.find(account)).execute(&mut self.conn).await?;
        diesel::delete(totp_setups::table.find(account)).execute(&mut self.conn).await?;
        let codes = recovery_codes::table.filter(recovery_codes::account_id.eq(account));
        diesel::delete(codes).execute(&mut self.conn).await?;
        let keys = passkeys::table.filter(passkeys::account_id.eq(account));
        diesel::delete(keys).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Whether an account holds a role, now or later, anywhere but in this association.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn holds_roles_elsewhere(
        &mut self,
        account: AccountId,
        association: AssociationId,
        today: chrono::NaiveDate,
    ) -> Result<bool, StoreError> {
        let elsewhere = capabilities::table
            .filter(capabilities::account_id.eq(account.uuid()))
            .filter(capabilities::superseded_at.is_null())
            .filter(capabilities::valid_to.is_null().or(capabilities::valid_to.gt(today)))
            .filter(capabilities::association_id.is_null().or(capabilities::association_id.ne(association.uuid())));
        Ok(diesel::select(diesel::dsl::exists(elsewhere)).get_result(&mut self.conn).await?)
    }
}
