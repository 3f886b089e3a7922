//! Taking a merge back.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::{QueryableByName, sql_query, sql_types as t};
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{AccountId, AssociationId, MergeId, PersonId};
use serde_json::Value;
use uuid::Uuid;

use super::key_of;
use crate::schema::{person_merges, persons};
use crate::{StoreError, Tx};

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct MergeRow {
    #[diesel(sql_type = t::Text)]
    table_name: String,
    #[diesel(sql_type = t::Text)]
    row_key: String,
    #[diesel(sql_type = t::Nullable<t::Jsonb>)]
    before: Option<Value>,
    #[diesel(sql_type = t::Jsonb)]
    after: Value,
}

impl Tx {
    /// A merge of the association's clerks that was not taken back, locked with its two records.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn merge_for_update(
        &mut self,
        id: MergeId,
    ) -> Result<Option<(AssociationId, [PersonId; 2], bool)>, StoreError> {
        type Row = (Uuid, Uuid, Uuid, Option<DateTime<Utc>>);
        let row: Option<Row> = person_merges::table
            .find(id.uuid())
            .select((
                person_merges::association_id,
                person_merges::kept_id,
                person_merges::given_up_id,
                person_merges::undone_at,
            ))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        let Some((association, kept, given_up, undone_at)) = row else { return Ok(None) };
        let pair = [PersonId::from_uuid(kept), PersonId::from_uuid(given_up)];
        persons::table
            .filter(persons::id.eq_any([kept, given_up]))
            .order(persons::id)
            .select(persons::id)
            .for_update()
            .load::<Uuid>(&mut self.conn)
            .await?;
        Ok(Some((AssociationId::from_uuid(association), pair, undone_at.is_some())))
    }

    /// Takes a merge back, row by row from its end. `false`: a row is no longer as the merge left it; the transaction must not be
    /// committed then.
    ///
    /// Rule MERGE-5; source: docs/rules/registry.md#merge-5.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn merge_undo(
        &mut self,
        _permit: &Permit<RegistryAction>,
        (id, pair): (MergeId, [PersonId; 2]),
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        const ROWS: &str = "select table_name, row_key, before, after from person_merge_rows where merge_id = $1
            order by position desc";
        let rows: Vec<MergeRow> = sql_query(ROWS).bind::<t::Uuid, _>(id.uuid()).load(&mut self.conn).await?;
        for row in rows {
            if !self.merge_row_undo(&row).await? {
                return Ok(false);
            }
        }
        diesel::update(person_merges::table.find(id.uuid()))
            .set((person_merges::undone_at.eq(now), person_merges::undone_by.eq(by.uuid())))
            .execute(&mut self.conn)
            .await?;
        self.versions_grow(pair).await?;
        Ok(true)
    }

    async fn merge_row_undo(&mut self, row: &MergeRow) -> Result<bool, StoreError> {
        // Search keys follow the person's name and are nobody's statement.
        const ADDED: &str = "- 'search_kana' - 'search_name'";
        let table = row.table_name.as_str();
        let (key, key_type) = key_of(table)?;
        let there = format!("t.{key} = $1::{key_type}");
        let restored = match &row.before {
            None => {
                let remove = format!("delete from {table} t where {there} and to_jsonb(t) {ADDED} = $2 {ADDED}");
                sql_query(remove)
                    .bind::<t::Text, _>(&row.row_key)
                    .bind::<t::Jsonb, _>(&row.after)
                    .execute(&mut self.conn)
                    .await?
            }
            Some(before) => {
                let columns: Vec<&str> =
                    before.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                let now: Vec<String> = columns.iter().map(|column| format!("'{column}', t.{column}")).collect();
                let restore = format!(
                    "update {table} t set ({columns}) = (select {columns} from jsonb_populate_record(null::{table}, $3))
                    where {there} and jsonb_build_object({now}) = $2",
                    columns = columns.join(", "),
                    now = now.join(", "),
                );
                sql_query(restore)
                    .bind::<t::Text, _>(&row.row_key)
                    .bind::<t::Jsonb, _>(&row.after)
                    .bind::<t::Jsonb, _>(before)
                    .execute(&mut self.conn)
                    .await?
            }
        };
        Ok(restored == 1)
    }
}
