//! Reference data, brought in line with what is there: rows go into temporary tables first, and statements over both
//! add, change and remove.

use mamis_domain::identity::Permit;
use mamis_domain::registry::policy::RegistryAction;
use mamis_domain::registry::reference::{Association, MedicalSchool, Municipality, Organisation, PostalTown};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::connection::BulkTx;
use super::copy::Value;
use super::rows::{columns, sealed};
use crate::StoreError;

/// All reference data, as the files say.
#[derive(Debug, Clone)]
pub struct ReferenceRows {
    /// Municipalities and wards.
    pub municipalities: Vec<Municipality>,
    /// Town areas of postal codes.
    pub postal_towns: Vec<PostalTown>,
    /// Associations of all tiers.
    pub associations: Vec<Association>,
    /// Medical schools.
    pub schools: Vec<MedicalSchool>,
    /// Organisations that are no associations.
    pub organisations: Vec<Organisation>,
}

/// What an import did to one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableCounts {
    /// New rows.
    pub added: u64,
    /// Changed rows.
    pub updated: u64,
    /// Rows that were as the file says.
    pub unchanged: u64,
    /// Rows the file no longer has.
    pub removed: u64,
}

/// What an import did, table by table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReferenceCounts {
    /// Never removed: addresses refer to them.
    pub municipalities: TableCounts,
    /// Vanished ones are removed: nothing refers to them.
    pub postal_codes: TableCounts,
    /// Never removed: memberships refer to them. Their ids are kept.
    pub associations: TableCounts,
    /// Who serves which municipality.
    pub association_areas: TableCounts,
    /// Never removed.
    pub medical_schools: TableCounts,
    /// Never removed: roles refer to them. Their ids are kept.
    pub organisations: TableCounts,
}

impl ReferenceCounts {
    /// Tables by name, in the order in which they are loaded.
    #[must_use]
    pub const fn tables(&self) -> [(&'static str, TableCounts); 6] {
        [
            ("municipalities", self.municipalities),
            ("postal_codes", self.postal_codes),
            ("associations", self.associations),
            ("association_areas", self.association_areas),
            ("medical_schools", self.medical_schools),
            ("organisations", self.organisations),
        ]
    }
}

struct MunicipalityRow<'a>(&'a Municipality, String);

columns!(MunicipalityRow<'_> as m => "incoming_municipalities" {
    "code" Text = Some(&m.0.code);
    "check_digit" Text = Some(&m.1);
    "prefecture_code" Text = Some(&m.0.prefecture_code);
    "prefecture" Text = Some(&m.0.prefecture);
    "name" Text = Some(&m.0.name);
    "name_kana" Text = Some(&m.0.name_kana);
});

struct PostalRow<'a>(&'a PostalTown, String);

columns!(PostalRow<'_> as p => "incoming_postal_codes" {
    "postal_code" Text = Some(&p.1);
    "municipality_code" Text = Some(&p.0.municipality_code);
    "prefecture" Text = Some(&p.0.prefecture);
    "municipality" Text = Some(&p.0.municipality);
    "town" Text = Some(&p.0.town);
    "town_kana" Text = Some(&p.0.kana.town);
    "town_note" Text = Some(p.0.note.as_deref().unwrap_or_default());
});

/// An association with the id it gets if it is new.
struct AssociationRow<'a>(&'a Association, Uuid);

columns!(AssociationRow<'_> as a => "incoming_associations" {
    "id" Uuid = Some(a.1);
    "code" Text = Some(&a.0.code);
    "tier" Text = Some(a.0.tier.as_str());
    "kind" Text = Some(a.0.kind.as_str());
    "parent_code" Text = a.0.parent_code.as_deref();
    "prefecture_code" Text = a.0.prefecture_code.as_deref();
    "name" Text = Some(&a.0.name);
});

struct AreaRow<'a>(&'a str, &'a str);

columns!(AreaRow<'_> as a => "incoming_areas" {
    "code" Text = Some(a.0);
    "municipality_code" Text = Some(a.1);
});

struct SchoolRow<'a>(&'a MedicalSchool, Uuid);

columns!(SchoolRow<'_> as s => "incoming_schools" {
    "id" Uuid = Some(s.1);
    "prefecture_code" Text = Some(&s.0.prefecture_code);
    "name" Text = Some(&s.0.name);
});

/// An organisation with the id it gets if it is new.
struct OrganisationRow<'a>(&'a Organisation, Uuid);

columns!(OrganisationRow<'_> as o => "incoming_organisations" {
    "id" Uuid = Some(o.1);
    "code" Text = Some(&o.0.code);
    "kind" Text = Some(o.0.kind.as_str());
    "name" Text = Some(&o.0.name);
    "name_en" Text = Some(&o.0.name_en);
    "prefecture_code" Text = o.0.prefecture_code.as_deref();
});

/// The statements of one table, each counting the rows it touches.
struct Merge {
    incoming: &'static str,
    update: Option<&'static str>,
    delete: Option<&'static str>,
    insert: &'static str,
}

const INCOMING: &str = "
create temp table incoming_municipalities (code text, check_digit text, prefecture_code text, prefecture text, name text,
    name_kana text) on commit drop;
create temp table incoming_postal_codes (postal_code text, municipality_code text, prefecture text, municipality text,
    town text, town_kana text, town_note text) on commit drop;
create temp table incoming_associations (id uuid, code text, tier text, kind text, parent_code text, prefecture_code text,
    name text) on commit drop;
create temp table incoming_areas (code text, municipality_code text) on commit drop;
create temp table incoming_schools (id uuid, prefecture_code text, name text) on commit drop;
create temp table incoming_organisations (id uuid, code text, kind text, name text, name_en text, prefecture_code text)
    on commit drop;";

const MUNICIPALITIES: Merge = Merge {
    incoming: "select count(distinct code) from incoming_municipalities",
    update: Some(
        "update municipalities m set check_digit = i.check_digit, prefecture_code = i.prefecture_code,
             prefecture = i.prefecture, name = i.name, name_kana = i.name_kana
         from incoming_municipalities i where i.code = m.code
             and (m.check_digit, m.prefecture_code, m.prefecture, m.name, m.name_kana)
             is distinct from (i.check_digit, i.prefecture_code, i.prefecture, i.name, i.name_kana)",
    ),
    delete: None,
    insert: "insert into municipalities (code, check_digit, prefecture_code, prefecture, name, name_kana)
         select distinct on (code) code, check_digit, prefecture_code, prefecture, name, name_kana
         from incoming_municipalities i where not exists (select from municipalities m where m.code = i.code)
         order by code",
};

// Ranges of one town become one name (REF-1), so that the file's rows are more than the table's.
const POSTAL_CODES: Merge = Merge {
    incoming: "select count(*) from (select distinct postal_code, municipality_code, town, town_kana, town_note
         from incoming_postal_codes) i",
    update: Some(
        "update postal_codes p set prefecture = i.prefecture, municipality = i.municipality
         from incoming_postal_codes i
         where (i.postal_code, i.municipality_code, i.town, i.town_kana, i.town_note)
             = (p.postal_code, p.municipality_code, p.town, p.town_kana, p.town_note)
             and (p.prefecture, p.municipality) is distinct from (i.prefecture, i.municipality)",
    ),
    delete: Some(
        "delete from postal_codes p where not exists (select from incoming_postal_codes i
         where (i.postal_code, i.municipality_code, i.town, i.town_kana, i.town_note)
             = (p.postal_code, p.municipality_code, p.town, p.town_kana, p.town_note))",
    ),
    insert:
        "insert into postal_codes (postal_code, municipality_code, prefecture, municipality, town, town_kana, town_note)
         select distinct on (postal_code, municipality_code, town, town_kana, town_note)
             postal_code, municipality_code, prefecture, municipality, town, town_kana, town_note
         from incoming_postal_codes i where not exists (select from postal_codes p
         where (i.postal_code, i.municipality_code, i.town, i.town_kana, i.town_note)
             = (p.postal_code, p.municipality_code, p.town, p.town_kana, p.town_note))
         order by postal_code, municipality_code, town, town_kana, town_note",
};

// Parents are found among those that are there and those that come, whose ids are known before they are inserted.
const ASSOCIATIONS: Merge = Merge {
    incoming: "select count(*) from incoming_associations",
    update: Some(
        "update associations a set tier = i.tier, kind = i.kind, parent_id = p.id, prefecture_code = i.prefecture_code,
             name = i.name
         from incoming_associations i
         left join (select n.code, coalesce(e.id, n.id) as id
             from incoming_associations n left join associations e on e.code = n.code) p on p.code = i.parent_code
         where i.code = a.code and (a.tier, a.kind, a.parent_id, a.prefecture_code, a.name)
             is distinct from (i.tier, i.kind, p.id, i.prefecture_code, i.name)",
    ),
    delete: None,
    insert: "insert into associations (id, code, tier, kind, parent_id, prefecture_code, name)
         select i.id, i.code, i.tier, i.kind, p.id, i.prefecture_code, i.name
         from incoming_associations i
         left join (select n.code, coalesce(e.id, n.id) as id
             from incoming_associations n left join associations e on e.code = n.code) p on p.code = i.parent_code
         where not exists (select from associations a where a.code = i.code) order by i.code",
};

// An association the file does not name keeps its areas.
const AREAS: Merge = Merge {
    incoming: "select count(*) from (select distinct code, municipality_code from incoming_areas) i",
    update: None,
    delete: Some(
        "delete from association_areas r using associations a, incoming_associations n
         where a.id = r.association_id and n.code = a.code and not exists (select from incoming_areas i
         where i.code = a.code and i.municipality_code = r.municipality_code)",
    ),
    insert: "insert into association_areas (association_id, municipality_code)
         select distinct a.id, i.municipality_code from incoming_areas i join associations a on a.code = i.code
         where not exists (select from association_areas r
         where r.association_id = a.id and r.municipality_code = i.municipality_code)",
};

const SCHOOLS: Merge = Merge {
    incoming: "select count(distinct name) from incoming_schools",
    update: Some(
        "update medical_schools s set prefecture_code = i.prefecture_code from incoming_schools i
         where i.name = s.name and i.prefecture_code <> s.prefecture_code",
    ),
    delete: None,
    insert: "insert into medical_schools (id, prefecture_code, name)
         select distinct on (name) id, prefecture_code, name from incoming_schools i
         where not exists (select from medical_schools s where s.name = i.name) order by name",
};

const ORGANISATIONS: Merge = Merge {
    incoming: "select count(distinct code) from incoming_organisations",
    update: Some(
        "update organisations o set kind = i.kind, name = i.name, name_en = i.name_en, prefecture_code = i.prefecture_code
         from incoming_organisations i where i.code = o.code and (o.kind, o.name, o.name_en, o.prefecture_code)
             is distinct from (i.kind, i.name, i.name_en, i.prefecture_code)",
    ),
    delete: None,
    insert: "insert into organisations (id, code, kind, name, name_en, prefecture_code)
         select distinct on (code) id, code, kind, name, name_en, prefecture_code from incoming_organisations i
         where not exists (select from organisations o where o.code = i.code) order by code",
};

impl BulkTx<'_> {
    /// Brings reference data in line with the rows given.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a row refers to something that is not there.
    pub async fn reference_replace(
        &mut self,
        _permit: &Permit<RegistryAction>,
        rows: &ReferenceRows,
        mut new_id: impl FnMut() -> Uuid,
    ) -> Result<ReferenceCounts, StoreError> {
        self.tx.batch_execute(INCOMING).await?;
        let municipalities: Vec<_> =
            rows.municipalities.iter().map(|row| MunicipalityRow(row, row.check_digit.to_string())).collect();
        self.copy(&municipalities).await?;
        let towns: Vec<_> = rows.postal_towns.iter().map(|row| PostalRow(row, row.postal_code.to_string())).collect();
        self.copy(&towns).await?;
        let associations: Vec<_> = rows.associations.iter().map(|row| AssociationRow(row, new_id())).collect();
        self.copy(&associations).await?;
        let areas: Vec<_> = rows
            .associations
            .iter()
            .flat_map(|row| row.municipality_codes.iter().map(|code| AreaRow(&row.code, code)))
            .collect();
        self.copy(&areas).await?;
        let schools: Vec<_> = rows.schools.iter().map(|row| SchoolRow(row, new_id())).collect();
        self.copy(&schools).await?;
        let organisations: Vec<_> = rows.organisations.iter().map(|row| OrganisationRow(row, new_id())).collect();
        self.copy(&organisations).await?;
        // Without statistics the planner would nest loops over a hundred thousand rows.
        self.tx
            .batch_execute("analyze incoming_postal_codes; analyze incoming_associations; analyze incoming_areas")
            .await?;
        Ok(ReferenceCounts {
            municipalities: self.merge(&MUNICIPALITIES).await?,
            postal_codes: self.merge(&POSTAL_CODES).await?,
            associations: self.merge(&ASSOCIATIONS).await?,
            association_areas: self.merge(&AREAS).await?,
            medical_schools: self.merge(&SCHOOLS).await?,
            organisations: self.merge(&ORGANISATIONS).await?,
        })
    }

    async fn merge(&mut self, merge: &Merge) -> Result<TableCounts, StoreError> {
        let incoming: i64 = self.tx.query_one(merge.incoming, &[]).await?.try_get(0)?;
        let mut touched = [0, 0];
        for (count, statement) in touched.iter_mut().zip([merge.update, merge.delete]) {
            if let Some(statement) = statement {
                *count = self.tx.execute(statement, &[]).await?;
            }
        }
        let added = self.tx.execute(merge.insert, &[]).await?;
        let [updated, removed] = touched;
        let unchanged = u64::try_from(incoming).unwrap_or_default().saturating_sub(added + updated);
        Ok(TableCounts { added, updated, unchanged, removed })
    }
}
