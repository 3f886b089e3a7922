//! Terms of use and their acceptances.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::{Permit, TermsVersion};
use mamis_kernel::AccountId;
use serde_json::Value;

use crate::schema::{terms_acceptances, terms_versions};
use crate::{Datastore, StoreError, Tx};

type Row = (String, NaiveDate, NaiveDate);

fn terms((version, announced_on, effective_from): Row) -> TermsVersion {
    TermsVersion { version, announced_on, effective_from }
}

const HEAD: (terms_versions::version, terms_versions::announced_on, terms_versions::effective_from) =
    (terms_versions::version, terms_versions::announced_on, terms_versions::effective_from);

impl Datastore {
    /// Every version, also those not announced yet, latest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn terms_list(&self) -> Result<Vec<TermsVersion>, StoreError> {
        let rows: Vec<Row> = terms_versions::table
            .order(terms_versions::effective_from.desc())
            .select(HEAD)
            .load(&mut self.conn().await?)
            .await?;
        Ok(rows.into_iter().map(terms).collect())
    }

    /// The texts of a version: `{"ja": …, "en": …}`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn terms_texts(&self, version: &str) -> Result<Option<Value>, StoreError> {
        let texts = terms_versions::table
            .find(version)
            .select(terms_versions::texts)
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        Ok(texts)
    }

    /// The versions an account has accepted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn terms_accepted(&self, account: AccountId) -> Result<Vec<String>, StoreError> {
        let versions = terms_acceptances::table
            .filter(terms_acceptances::account_id.eq(account.uuid()))
            .select(terms_acceptances::version)
            .load(&mut self.conn().await?)
            .await?;
        Ok(versions)
    }
}

impl Tx {
    /// Records that an account accepted a version; a second time changes nothing. The caller writes the audit event.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn terms_accept(
        &mut self,
        _permit: &Permit<()>,
        account: AccountId,
        version: &str,
        at: DateTime<Utc>,
        address: &str,
    ) -> Result<(), StoreError> {
        diesel::insert_into(terms_acceptances::table)
            .values((
                terms_acceptances::account_id.eq(account.uuid()),
                terms_acceptances::version.eq(version),
                terms_acceptances::accepted_at.eq(at),
                terms_acceptances::address.eq(address),
            ))
            .on_conflict_do_nothing()
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}
