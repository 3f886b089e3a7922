//! Lists that are written to files in the background.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::{sql_query, sql_types as t};
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{AccountId, AssociationId, ExportFormat, ExportId, MemberColumn};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::{export_lost_cells, exports};
use crate::{Datastore, StoreError, Tx};

const READY: &str = "ready";
/// Rows of one statement; PostgreSQL takes 65,535 parameters.
const CELLS_A_STATEMENT: usize = 5_000;

/// A file that is asked for.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct NewExport {
    pub id: ExportId,
    pub association: AssociationId,
    pub by: AccountId,
    /// Which members, as the use case understands it.
    pub search: Value,
    pub purpose: String,
    pub format: ExportFormat,
    pub columns: Vec<MemberColumn>,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
}

/// A file, wherever it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = exports)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct Export {
    pub id: Uuid,
    pub association_id: Uuid,
    pub requested_by: Uuid,
    pub search: Option<Value>,
    pub purpose: String,
    pub format: String,
    pub column_codes: Vec<String>,
    pub day: NaiveDate,
    pub state: String,
    pub rows_total: Option<i64>,
    pub rows_done: i64,
    pub unwritable: i64,
    pub object_key: Option<String>,
    pub size: Option<i64>,
    pub attempts: i32,
    pub requested_at: DateTime<Utc>,
    pub ready_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Export {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ExportId {
        ExportId::from_uuid(self.id)
    }

    /// Whose members.
    #[must_use]
    pub const fn association(&self) -> AssociationId {
        AssociationId::from_uuid(self.association_id)
    }

    /// Who asked for it.
    #[must_use]
    pub const fn requested_by(&self) -> AccountId {
        AccountId::from_uuid(self.requested_by)
    }
}

/// A file that a process took upon itself to write.
#[derive(Debug, Clone, QueryableByName)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct ClaimedExport {
    #[diesel(sql_type = t::Uuid)]
    pub id: Uuid,
    #[diesel(sql_type = t::Nullable<t::Jsonb>)]
    pub search: Option<Value>,
    #[diesel(sql_type = t::Text)]
    pub format: String,
    #[diesel(sql_type = t::Array<t::Text>)]
    pub column_codes: Vec<String>,
    /// Where its bytes are to lie.
    #[diesel(sql_type = t::Text)]
    pub object_key: String,
    /// Where bytes lie that another process left.
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub left_behind: Option<String>,
    /// The first try is 1. Whoever writes with an older number has lost it.
    #[diesel(sql_type = t::Integer)]
    pub attempts: i32,
}

/// A cell that the file could not hold as it was.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = export_lost_cells)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct LostCellRow {
    pub row_number: i64,
    pub column_number: i32,
    pub value: String,
    pub written: String,
}

impl Datastore {
    /// A file; the policy decides whose it is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_get(&self, id: ExportId) -> Result<Option<Export>, StoreError> {
        let found = exports::table.find(id.uuid()).select(Export::as_select());
        Ok(found.first(&mut self.conn().await?).await.optional()?)
    }

    /// An account's own files, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_list(
        &self,
        by: AccountId,
        after: Option<ExportId>,
        limit: i64,
    ) -> Result<Vec<Export>, StoreError> {
        let mut found = exports::table.filter(exports::requested_by.eq(by.uuid())).into_boxed();
        if let Some(after) = after {
            found = found.filter(exports::id.lt(after.uuid()));
        }
        let page = found.order(exports::id.desc()).limit(limit).select(Export::as_select());
        Ok(page.load(&mut self.conn().await?).await?)
    }

    /// The cells that a file could not hold, in its order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_lost_cell_list(
        &self,
        _permit: &Permit<RegistryAction>,
        id: ExportId,
        after: Option<(i64, i32)>,
        limit: i64,
    ) -> Result<Vec<LostCellRow>, StoreError> {
        let mut found = export_lost_cells::table.filter(export_lost_cells::export_id.eq(id.uuid())).into_boxed();
        if let Some((row, column)) = after {
            let further = export_lost_cells::row_number.eq(row).and(export_lost_cells::column_number.gt(column));
            found = found.filter(export_lost_cells::row_number.gt(row).or(further));
        }
        let order = (export_lost_cells::row_number, export_lost_cells::column_number);
        let page = found.order(order).limit(limit).select(LostCellRow::as_select());
        Ok(page.load(&mut self.conn().await?).await?)
    }

    /// Takes a file that waits, or one whose writer has been silent for too long, for as long as `held`. A file that was taken
    /// `most` times and never written is given up.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_claim(
        &self,
        object_key: &str,
        (held, most): (TimeDelta, i32),
        now: DateTime<Utc>,
    ) -> Result<Option<ClaimedExport>, StoreError> {
        let mut conn = self.conn().await?;
        let give_up = exports::table
            .filter(exports::state.eq("running"))
            .filter(exports::held_until.le(now))
            .filter(exports::attempts.ge(most));
        diesel::update(give_up).set(exports::state.eq("failed")).execute(&mut conn).await?;
        let claimed = sql_query(
            "update exports e set state = 'running', held_until = $2, attempts = e.attempts + 1, rows_done = 0,
                 unwritable = 0, object_key = $3
             from (select id, object_key from exports where state in ('waiting', 'running') and held_until <= $1
                   order by held_until, id limit 1 for update skip locked) before
             where e.id = before.id
             returning e.id, e.search, e.format, e.column_codes, e.object_key, before.object_key as left_behind, e.attempts",
        );
        let claimed =
            claimed.bind::<t::Timestamptz, _>(now).bind::<t::Timestamptz, _>(now + held).bind::<t::Text, _>(object_key);
        Ok(claimed.get_result(&mut conn).await.optional()?)
    }

    /// Says how far a file has come and that somebody still writes it. False when it is nobody's to write any more: taken back,
    /// or taken over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_progress(
        &self,
        claimed: &ClaimedExport,
        (done, total): (i64, Option<i64>),
        held_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mine = exports::table
            .find(claimed.id)
            .filter(exports::state.eq("running"))
            .filter(exports::attempts.eq(claimed.attempts));
        let total = total.map(|total| exports::rows_total.eq(total));
        let change = (exports::rows_done.eq(done), total, exports::held_until.eq(held_until));
        Ok(diesel::update(mine).set(change).execute(&mut self.conn().await?).await? > 0)
    }

    /// Lets another try follow at once, or gives the file up.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_failed(
        &self,
        claimed: &ClaimedExport,
        give_up: bool,
        again_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mine = exports::table
            .find(claimed.id)
            .filter(exports::state.eq("running"))
            .filter(exports::attempts.eq(claimed.attempts));
        let state = if give_up { "failed" } else { "waiting" };
        let change = (exports::state.eq(state), exports::held_until.eq(again_at));
        diesel::update(mine).set(change).execute(&mut self.conn().await?).await?;
        Ok(())
    }

    /// Ends files whose time is over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn exports_expire(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let over = exports::table.filter(exports::state.eq(READY)).filter(exports::expires_at.le(now));
        Ok(diesel::update(over).set(exports::state.eq("expired")).execute(&mut self.conn().await?).await?)
    }

    /// Files whose bytes are to go, with the places where these lie.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_list_ended(&self, limit: i64) -> Result<Vec<(ExportId, String)>, StoreError> {
        let rows: Vec<(Uuid, Option<String>)> = exports::table
            .filter(exports::state.eq_any(["failed", "cancelled", "expired"]))
            .filter(exports::object_key.is_not_null())
            .order(exports::id)
            .limit(limit)
            .select((exports::id, exports::object_key))
            .load(&mut self.conn().await?)
            .await?;
        Ok(rows.into_iter().filter_map(|(id, key)| Some((ExportId::from_uuid(id), key?))).collect())
    }
}

impl Tx {
    /// Asks for a file. The caller leaves the audit event.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_insert(
        &mut self,
        _permit: &Permit<RegistryAction>,
        new: &NewExport,
    ) -> Result<Export, StoreError> {
        let columns: Vec<&str> = new.columns.iter().map(|column| column.as_str()).collect();
        let inserted = diesel::insert_into(exports::table).values((
            exports::id.eq(new.id.uuid()),
            exports::kind.eq("members"),
            exports::association_id.eq(new.association.uuid()),
            exports::requested_by.eq(new.by.uuid()),
            exports::search.eq(&new.search),
            exports::purpose.eq(&new.purpose),
            exports::format.eq(new.format.as_str()),
            exports::column_codes.eq(columns),
            exports::day.eq(new.day),
            exports::state.eq("waiting"),
            exports::held_until.eq(new.at),
            exports::requested_at.eq(new.at),
        ));
        Ok(inserted.returning(Export::as_returning()).get_result(&mut self.conn).await?)
    }

    /// Keeps cells that the file could not hold.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_lost_cells_insert(
        &mut self,
        _permit: &Permit<RegistryAction>,
        id: Uuid,
        cells: &[LostCellRow],
    ) -> Result<(), StoreError> {
        for chunk in cells.chunks(CELLS_A_STATEMENT) {
            let rows: Vec<_> = chunk
                .iter()
                .map(|cell| {
                    (
                        export_lost_cells::export_id.eq(id),
                        export_lost_cells::row_number.eq(cell.row_number),
                        export_lost_cells::column_number.eq(cell.column_number),
                        export_lost_cells::value.eq(&cell.value),
                        export_lost_cells::written.eq(&cell.written),
                    )
                })
                .collect();
            diesel::insert_into(export_lost_cells::table).values(rows).execute(&mut self.conn).await?;
        }
        Ok(())
    }

    /// Says that a file can be fetched, until when. False when it was taken back or taken over meanwhile.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_ready(
        &mut self,
        _permit: &Permit<RegistryAction>,
        claimed: &ClaimedExport,
        (rows, unwritable, size): (i64, i64, i64),
        (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<bool, StoreError> {
        let mine = exports::table
            .find(claimed.id)
            .filter(exports::state.eq("running"))
            .filter(exports::attempts.eq(claimed.attempts));
        let change = (
            exports::state.eq(READY),
            exports::rows_done.eq(rows),
            exports::rows_total.eq(rows),
            exports::unwritable.eq(unwritable),
            exports::size.eq(size),
            exports::ready_at.eq(now),
            exports::expires_at.eq(expires_at),
        );
        Ok(diesel::update(mine).set(change).execute(&mut self.conn).await? > 0)
    }

    /// Takes a file back, unless it has ended already.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_cancel(
        &mut self,
        _permit: &Permit<RegistryAction>,
        id: ExportId,
    ) -> Result<Option<Export>, StoreError> {
        let open = exports::table.find(id.uuid()).filter(exports::state.eq_any(["waiting", "running", READY]));
        let cancelled = diesel::update(open).set(exports::state.eq("cancelled")).returning(Export::as_returning());
        Ok(cancelled.get_result(&mut self.conn).await.optional()?)
    }

    /// Forgets what a file held whose bytes are gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_forget(
        &mut self,
        _permit: &Permit<RegistryAction>,
        id: ExportId,
        object_key: &str,
    ) -> Result<(), StoreError> {
        let of_it = export_lost_cells::table.filter(export_lost_cells::export_id.eq(id.uuid()));
        diesel::delete(of_it).execute(&mut self.conn).await?;
        let gone = exports::table.find(id.uuid()).filter(exports::object_key.eq(object_key));
        let change = (exports::object_key.eq(None::<String>), exports::search.eq(None::<Value>));
        diesel::update(gone).set(change).execute(&mut self.conn).await?;
        Ok(())
    }
}
