//! Passkeys.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::Permit;
use mamis_kernel::{AccountId, PasskeyId};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::passkeys;
use crate::{Datastore, StoreError, Tx};

/// A passkey.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// The passkey.
    pub id: PasskeyId,
    /// Whose.
    pub account: AccountId,
    /// By which its device knows it.
    pub credential_id: Vec<u8>,
    /// The public key with its counter.
    pub credential: Value,
    /// As its owner calls it.
    pub label: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// When it last signed in.
    pub last_used_at: Option<DateTime<Utc>>,
}

type Row = (Uuid, Uuid, Vec<u8>, Value, String, DateTime<Utc>, Option<DateTime<Utc>>);

const COLUMNS: (
    passkeys::id,
    passkeys::account_id,
    passkeys::credential_id,
    passkeys::credential,
    passkeys::label,
    passkeys::added_at,
    passkeys::last_used_at,
) = (
    passkeys::id,
    passkeys::account_id,
    passkeys::credential_id,
    passkeys::credential,
    passkeys::label,
    passkeys::added_at,
    passkeys::last_used_at,
);

fn passkey((id, account, credential_id, credential, label, added_at, last_used_at): Row) -> Passkey {
    let (id, account) = (PasskeyId::from_uuid(id), AccountId::from_uuid(account));
    Passkey { id, account, credential_id, credential, label, added_at, last_used_at }
}

async fn of_account(conn: &mut AsyncPgConnection, account: AccountId) -> Result<Vec<Passkey>, StoreError> {
    let own = passkeys::table.filter(passkeys::account_id.eq(account.uuid())).order(passkeys::id);
    let rows: Vec<Row> = own.select(COLUMNS).load(conn).await?;
    Ok(rows.into_iter().map(passkey).collect())
}

impl Datastore {
    /// An account's passkeys, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn passkey_list(&self, account: AccountId) -> Result<Vec<Passkey>, StoreError> {
        of_account(&mut *self.conn().await?, account).await
    }
}

impl Tx {
    /// Adds a passkey; `false` when its device is known already, here or at another account.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn passkey_insert(&mut self, _permit: &Permit<()>, new: &Passkey) -> Result<bool, StoreError> {
        let inserted = diesel::insert_into(passkeys::table)
            .values((
                passkeys::id.eq(new.id.uuid()),
                passkeys::account_id.eq(new.account.uuid()),
                passkeys::credential_id.eq(&new.credential_id),
                passkeys::credential.eq(&new.credential),
                passkeys::label.eq(&new.label),
                passkeys::added_at.eq(new.added_at),
            ))
            .on_conflict(passkeys::credential_id)
            .do_nothing()
            .execute(&mut self.conn)
            .await?;
        Ok(inserted > 0)
    }

    /// The passkey that its device knows by this id, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn passkey_by_credential(&mut self, credential_id: &[u8]) -> Result<Option<Passkey>, StoreError> {
        let found = passkeys::table.filter(passkeys::credential_id.eq(credential_id)).select(COLUMNS).for_update();
        Ok(found.first::<Row>(&mut self.conn).await.optional()?.map(passkey))
    }

    /// Notes that a passkey signed in, with its counter.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn passkey_used(
        &mut self,
        id: PasskeyId,
        credential: &Value,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(passkeys::table.find(id.uuid()))
            .set((passkeys::credential.eq(credential), passkeys::last_used_at.eq(now)))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Calls a passkey of the account by another name; whether it is one of the account's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn passkey_rename(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        id: PasskeyId,
        label: &str,
    ) -> Result<bool, StoreError> {
        let own = passkeys::table.find(id.uuid()).filter(passkeys::account_id.eq(account.uuid()));
        Ok(diesel::update(own).set(passkeys::label.eq(label)).execute(&mut self.conn).await? > 0)
    }

    /// Removes a passkey of the account; whether it was one of the account's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn passkey_remove(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        id: PasskeyId,
    ) -> Result<bool, StoreError> {
        let own = passkeys::table.find(id.uuid()).filter(passkeys::account_id.eq(account.uuid()));
        Ok(diesel::delete(own).execute(&mut self.conn).await? > 0)
    }
}
