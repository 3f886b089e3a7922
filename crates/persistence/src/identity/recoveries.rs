//! Ways back in by mail.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_kernel::AccountId;
use uuid::Uuid;

use super::rows::{Account, AccountRow};
use crate::schema::{accounts, recoveries, recovery_requests};
use crate::{Datastore, StoreError, Tx};

/// A link to a new password, to be sent.
#[derive(Debug, Clone)]
pub struct NewRecovery {
    /// The link.
    pub id: Uuid,
    /// Of its token.
    pub token_hash: [u8; 32],
    /// Whose.
    pub account: AccountId,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
}

impl Datastore {
    /// Whose link a token is, while it holds.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recovery_get(
        &self,
        token_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<AccountId>, StoreError> {
        let row: Option<Uuid> = recoveries::table
            .filter(recoveries::token_hash.eq(token_hash.as_slice()))
            .filter(recoveries::used_at.is_null())
            .filter(recoveries::expires_at.gt(now))
            .select(recoveries::account_id)
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        Ok(row.map(AccountId::from_uuid))
    }

    /// Forgets links that have run out; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recoveries_forget(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let over = recoveries::table.filter(recoveries::expires_at.lt(now));
        Ok(diesel::delete(over).execute(&mut self.conn().await?).await?)
    }
}

impl Tx {
    /// Writes down that somebody asked for a way back in.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recovery_request_insert(
        &mut self,
        _permit: &Permit<()>,
        id: Uuid,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(recovery_requests::table)
            .values((
                recovery_requests::id.eq(id),
                recovery_requests::name.eq(name),
                recovery_requests::requested_at.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Takes a request that waits; others leave it alone until this transaction ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recovery_request_take(&mut self) -> Result<Option<String>, StoreError> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = sql_types::Text)]
            name: String,
        }
        let row: Option<Row> = diesel::sql_query(
            "delete from recovery_requests
             where id = (select id from recovery_requests order by id limit 1 for update skip locked)
             returning name",
        )
        .get_result(&mut self.conn)
        .await
        .optional()?;
        Ok(row.map(|row| row.name))
    }

    /// The account of a login id that mail can reach, or else the accounts of an address; `limit` at most, upper and lower case
    /// alike.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn accounts_for_recovery(&mut self, name: &str, limit: i64) -> Result<Vec<Account>, StoreError> {
        let lowered = |column: &str| sql::<sql_types::Bool>(&format!("lower({column}) = lower("));
        let login = lowered("login_id").bind::<sql_types::Text, _>(name).sql(")");
        let row: Option<AccountRow> =
            accounts::table.filter(login).select(AccountRow::as_select()).first(&mut self.conn).await.optional()?;
        let rows = match row {
            Some(row) => vec![row],
            None => {
                accounts::table
                    .filter(lowered("email").bind::<sql_types::Text, _>(name).sql(")"))
                    .order(accounts::id)
                    .limit(limit)
                    .select(AccountRow::as_select())
                    .load(&mut self.conn)
                    .await?
            }
        };
        rows.into_iter().map(Account::try_from).collect()
    }

    /// Keeps a link that is sent.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recovery_insert<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        new: &NewRecovery,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(recoveries::table)
            .values((
                recoveries::id.eq(new.id),
                recoveries::token_hash.eq(new.token_hash.as_slice()),
                recoveries::account_id.eq(new.account.uuid()),
                recoveries::requested_at.eq(now),
                recoveries::expires_at.eq(new.expires_at),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Uses a link up, and with it every other one of its account; whose it was. The row's lock lets one of two requests win.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recovery_use(
        &mut self,
        token_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<AccountId>, StoreError> {
        let open = recoveries::table
            .filter(recoveries::token_hash.eq(token_hash.as_slice()))
            .filter(recoveries::used_at.is_null())
            .filter(recoveries::expires_at.gt(now));
        let used: Option<Uuid> = diesel::update(open)
            .set(recoveries::used_at.eq(now))
            .returning(recoveries::account_id)
            .get_result(&mut self.conn)
            .await
            .optional()?;
        let Some(account) = used else { return Ok(None) };
        let others = recoveries::table.filter(recoveries::account_id.eq(account)).filter(recoveries::used_at.is_null());
        diesel::update(others).set(recoveries::used_at.eq(now)).execute(&mut self.conn).await?;
        Ok(Some(AccountId::from_uuid(account)))
    }
}
