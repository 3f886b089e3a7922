use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

use mamis_domain::identity::Permit;
use mamis_kernel::PersonId;
use tokio_postgres::{Client, NoTls, Statement, Transaction};
use uuid::Uuid;

use super::copy;
use super::rows::BulkRow;
use crate::StoreError;

/// A connection for loading much at once.
pub struct BulkStore {
    pub(super) client: Client,
    /// COPY statements by their text, prepared once.
    statements: HashMap<&'static str, Statement>,
}

/// An open transaction of a [`BulkStore`].
pub struct BulkTx<'a> {
    pub(crate) tx: Transaction<'a>,
    statements: &'a mut HashMap<&'static str, Statement>,
}

/// What only one process may do at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusive {
    /// Importing a roster.
    RosterImport,
    /// Importing reference data.
    ReferenceImport,
    /// Filling an empty system with made-up data.
    Seed,
}

impl Exclusive {
    const fn lock_name(self) -> &'static str {
        match self {
            Self::RosterImport => "mamis roster import",
            Self::ReferenceImport => "mamis reference import",
            Self::Seed => "mamis seed",
        }
    }
}

impl BulkStore {
    /// Connects. Whoever logs in, the work is done as `mamis_app`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is no connection.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let (client, connection) =
            tokio_postgres::connect(url, NoTls).await.map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        tokio::spawn(async move {
            // The statement under way has the same error to tell.
            if let Err(error) = connection.await {
                tracing::debug!(error = &error as &dyn std::error::Error, "the connection for bulk loads ended");
            }
        });
        client.batch_execute("set role mamis_app; set time zone 'UTC'").await?;
        Ok(Self { client, statements: HashMap::new() })
    }

    /// Whether this connection is now the only one to do `what`; it stays so until it is closed, also by a crash.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn try_exclusive(&self, what: Exclusive) -> Result<bool, StoreError> {
        let row = self.client.query_one("select pg_try_advisory_lock(hashtext($1))", &[&what.lock_name()]).await?;
        Ok(row.try_get(0)?)
    }

    /// Runs `work` in a transaction that commits on `Ok` and on nothing else.
    ///
    /// # Errors
    /// What `work` says, and the store's own errors.
    pub async fn transaction<T, E, F>(&mut self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut BulkTx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let tx = self.client.transaction().await.map_err(StoreError::from)?;
        let mut tx = BulkTx { tx, statements: &mut self.statements };
        // An error drops the transaction, which rolls it back.
        let done = work(&mut tx).await?;
        tx.tx.commit().await.map_err(StoreError::from)?;
        Ok(done)
    }
}

impl BulkTx<'_> {
    /// Writes rows of one table. Their audit events are the caller's to add, see [`BulkTx::audit_append_all`].
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a constraint says no to any of them.
    pub async fn insert<A: Copy, R: BulkRow>(&mut self, _permit: &Permit<A>, rows: &[R]) -> Result<(), StoreError> {
        self.copy(rows).await
    }

    /// Gives a 日医会員ID to persons who have none.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is another person's.
    pub async fn member_ids_add<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        ids: &[(PersonId, String)],
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let (persons, ids): (Vec<Uuid>, Vec<&str>) =
            ids.iter().map(|(person, id)| (person.uuid(), id.as_str())).unzip();
        let sql = "update persons p set jma_member_id = k.jma_member_id, version = p.version + 1 \
                   from unnest($1::uuid[], $2::text[]) as k (id, jma_member_id) \
                   where p.id = k.id and p.jma_member_id is null";
        self.tx.execute(sql, &[&persons, &ids]).await?;
        Ok(())
    }

    /// Accepts the terms of use in force on a day for every account that has not: made-up people are not asked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn terms_accept_for_all<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        today: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let sql = "insert into terms_acceptances (account_id, version, accepted_at, address) \
                   select a.id, v.version, $2, '' from accounts a, lateral (select version from terms_versions \
                   where effective_from <= $1 order by effective_from desc limit 1) v on conflict do nothing";
        self.tx.execute(sql, &[&today, &at]).await?;
        Ok(())
    }

    pub(crate) async fn copy<R: BulkRow>(&mut self, rows: &[R]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let statement = match self.statements.get(R::COPY) {
            Some(prepared) => prepared.clone(),
            None => {
                let prepared = self.tx.prepare(R::COPY).await?;
                self.statements.insert(R::COPY, prepared.clone());
                prepared
            }
        };
        copy::rows_in(self.tx.copy_in(&statement).await?, rows).await
    }
}
