use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_kernel::{OrganisationId, OrganisationKind};
use uuid::Uuid;

use crate::schema::organisations;
use crate::{Datastore, StoreError, Tx};

/// An organisation that is no association.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// It.
    pub id: OrganisationId,
    /// Its code in the reference data.
    pub code: String,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// JIS X 0401 of the prefecture whose association looks after it; `None`: the national one does.
    pub prefecture_code: Option<String>,
}

type Row = (Uuid, String, String, String, String, Option<String>);

macro_rules! columns {
    () => {
        (
            organisations::id,
            organisations::code,
            organisations::kind,
            organisations::name,
            organisations::name_en,
            organisations::prefecture_code,
        )
    };
}

fn read((id, code, kind, name, name_en, prefecture_code): Row) -> Result<Organisation, StoreError> {
    let unreadable = || StoreError::Unreadable { table: "organisations", id: id.to_string(), column: "kind" };
    let kind = kind.parse().map_err(|_| unreadable())?;
    Ok(Organisation { id: OrganisationId::from_uuid(id), code, kind, name, name_en, prefecture_code })
}

impl Datastore {
    /// An organisation, before the policy is asked about it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn organisation_get(&self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        let row: Option<Row> =
            organisations::table.find(id.uuid()).select(columns!()).first(&mut self.conn().await?).await.optional()?;
        row.map(read).transpose()
    }

    /// Organisations by code, after `after`: those named, those of the prefectures, and, with `national`, those of none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn organisation_list(
        &self,
        named: &[OrganisationId],
        prefectures: &[String],
        national: bool,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Organisation>, StoreError> {
        let named: Vec<Uuid> = named.iter().map(|id| id.uuid()).collect();
        let mut query = organisations::table.select(columns!()).into_boxed();
        query = query
            .filter(organisations::id.eq_any(named))
            .or_filter(organisations::prefecture_code.eq_any(prefectures.to_vec()));
        if national {
            query = query.or_filter(organisations::prefecture_code.is_null());
        }
        // `or` binds all of the above: what follows holds for every row.
        let rows: Vec<Row> = organisations::table
            .filter(organisations::id.eq_any(query.select(organisations::id)))
            .filter(organisations::code.gt(after.unwrap_or("").to_owned()))
            .order(organisations::code)
            .limit(limit)
            .select(columns!())
            .load(&mut self.conn().await?)
            .await?;
        rows.into_iter().map(read).collect()
    }
}

impl Tx {
    /// An organisation.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn organisation_in(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        let row: Option<Row> =
            organisations::table.find(id.uuid()).select(columns!()).first(&mut self.conn).await.optional()?;
        row.map(read).transpose()
    }
}
