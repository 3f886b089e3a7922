use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::notices::MaintenanceWindow;
use mamis_kernel::MaintenanceWindowId;
use uuid::Uuid;

use crate::schema::maintenance_windows as windows;
use crate::{Datastore, StoreError, Tx};

type Row = (Uuid, DateTime<Utc>, DateTime<Utc>, String, String, String);

fn window((id, starts_at, ends_at, kind, message_ja, message_en): Row) -> Result<MaintenanceWindow, StoreError> {
    let kind = kind.parse().map_err(|_| StoreError::Unreadable {
        table: "maintenance_windows",
        id: id.to_string(),
        column: "kind",
    })?;
    let id = MaintenanceWindowId::from_uuid(id);
    Ok(MaintenanceWindow { id, starts_at, ends_at, kind, message_ja, message_en })
}

impl Datastore {
    /// The stops that are not over and not cancelled, the next one first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance_list(&self, now: DateTime<Utc>) -> Result<Vec<MaintenanceWindow>, StoreError> {
        let rows: Vec<Row> = windows::table
            .filter(windows::cancelled_at.is_null())
            .filter(windows::ends_at.gt(now))
            .order(windows::starts_at)
            .select((
                windows::id,
                windows::starts_at,
                windows::ends_at,
                windows::kind,
                windows::message_ja,
                windows::message_en,
            ))
            .load(&mut self.conn().await?)
            .await?;
        rows.into_iter().map(window).collect()
    }
}

impl Tx {
    /// Adds a planned stop.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it overlaps another.
    pub async fn maintenance_insert(
        &mut self,
        _permit: &Permit<()>,
        window: &MaintenanceWindow,
    ) -> Result<(), StoreError> {
        diesel::insert_into(windows::table)
            .values((
                windows::id.eq(window.id.uuid()),
                windows::starts_at.eq(window.starts_at),
                windows::ends_at.eq(window.ends_at),
                windows::kind.eq(window.kind.as_str()),
                windows::message_ja.eq(&window.message_ja),
                windows::message_en.eq(&window.message_en),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Cancels a stop, or ends one that is on; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance_cancel(
        &mut self,
        _permit: &Permit<()>,
        id: MaintenanceWindowId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let cancelled = diesel::update(windows::table.find(id.uuid()))
            .filter(windows::cancelled_at.is_null())
            .filter(windows::ends_at.gt(now))
            .set(windows::cancelled_at.eq(now))
            .execute(&mut self.conn)
            .await?;
        Ok(cancelled > 0)
    }
}
