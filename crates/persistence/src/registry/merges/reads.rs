//! The merges that were done, and whose record one is now.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::{QueryableByName, sql_query, sql_types as t};
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{AccountId, AssociationId, MergeId, PersonId};
use uuid::Uuid;

use super::super::rows::PersonBrief;
use crate::schema::persons;
use crate::{Datastore, StoreError};

/// A merge that was done.
#[derive(Debug, Clone)]
pub struct DoneMerge {
    /// The merge.
    pub id: MergeId,
    /// The record that stayed.
    pub kept: PersonBrief,
    /// The record that was given up.
    pub given_up: PersonBrief,
    /// Who did it.
    pub by: AccountId,
    /// That one's name.
    pub by_name: String,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct DoneRow {
    #[diesel(sql_type = t::Uuid)]
    id: Uuid,
    #[diesel(sql_type = t::Uuid)]
    kept_id: Uuid,
    #[diesel(sql_type = t::Array<t::Text>)]
    kept: Vec<String>,
    #[diesel(sql_type = t::Uuid)]
    given_up_id: Uuid,
    #[diesel(sql_type = t::Array<t::Text>)]
    given_up: Vec<String>,
    #[diesel(sql_type = t::Uuid)]
    merged_by: Uuid,
    #[diesel(sql_type = t::Text)]
    by_name: String,
    #[diesel(sql_type = t::Timestamptz)]
    merged_at: DateTime<Utc>,
    #[diesel(sql_type = t::Nullable<t::Timestamptz>)]
    undone_at: Option<DateTime<Utc>>,
}

impl Datastore {
    /// The merges of an association's clerks, latest first, behind `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn merge_list(
        &self,
        _permit: &Permit<RegistryAction>,
        association: AssociationId,
        after: Option<MergeId>,
        limit: i64,
    ) -> Result<Vec<DoneMerge>, StoreError> {
        const MERGES: &str =
            "select m.id, m.kept_id, m.given_up_id, m.merged_by, a.display_name as by_name, m.merged_at, m.undone_at,
                array[k.family_name, k.given_name, k.family_name_kana, k.given_name_kana] as kept,
                array[g.family_name, g.given_name, g.family_name_kana, g.given_name_kana] as given_up
            from person_merges m join persons k on k.id = m.kept_id join persons g on g.id = m.given_up_id
            join accounts a on a.id = m.merged_by
            where m.association_id = $1 and ($2 is null or m.id < $2) order by m.id desc limit $3";
        let rows: Vec<DoneRow> = sql_query(MERGES)
            .bind::<t::Uuid, _>(association.uuid())
            .bind::<t::Nullable<t::Uuid>, _>(after.map(MergeId::uuid))
            .bind::<t::BigInt, _>(limit)
            .load(&mut self.conn().await?)
            .await?;
        let done = |row: DoneRow| DoneMerge {
            id: MergeId::from_uuid(row.id),
            kept: PersonBrief::of_parts(row.kept_id, row.kept),
            given_up: PersonBrief::of_parts(row.given_up_id, row.given_up),
            by: AccountId::from_uuid(row.merged_by),
            by_name: row.by_name,
            merged_at: row.merged_at,
            undone_at: row.undone_at,
        };
        Ok(rows.into_iter().map(done).collect())
    }

    /// Whose record this one is now, when it was given up for another.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_merged_into(&self, person: PersonId) -> Result<Option<PersonId>, StoreError> {
        let into: Option<Option<Uuid>> = persons::table
            .find(person.uuid())
            .select(persons::merged_into)
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        Ok(into.flatten().map(PersonId::from_uuid))
    }
}
