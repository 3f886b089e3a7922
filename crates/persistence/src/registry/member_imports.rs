//! Files that come in with changes of members.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::Permit;
use mamis_domain::registry::member_import::{FieldChange, RowRefusal, specialties};
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::text::search_key::kana_key;
use mamis_kernel::{
    AccountId, AssociationId, FileEncoding, ImportOutcome, MemberColumn, MemberImportId, MemberImportState, PersonId,
};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::{accounts, contact_points, member_import_rows, member_imports, persons};
use crate::{Datastore, StoreError, Tx};

/// Rows of one statement; PostgreSQL takes 65,535 parameters.
const ROWS_A_STATEMENT: usize = 5_000;

/// A file that was looked through.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct NewMemberImport {
    pub id: MemberImportId,
    pub association: AssociationId,
    pub by: AccountId,
    pub file_name: String,
    pub encoding: FileEncoding,
    pub ignored_headings: Vec<String>,
    pub at: DateTime<Utc>,
    pub rows: Vec<NewImportRow>,
}

/// A row of it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct NewImportRow {
    pub number: i32,
    pub person: Option<Uuid>,
    pub outcome: ImportOutcome,
    pub changes: Vec<FieldChange>,
    pub refusals: Vec<RowRefusal>,
}

/// A file, wherever it stands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = member_imports)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct MemberImport {
    pub id: Uuid,
    pub association_id: Uuid,
    pub file_name: String,
    pub encoding: String,
    pub ignored_headings: Vec<String>,
    pub state: String,
    pub rows_read: i32,
    pub checked_at: DateTime<Utc>,
    pub applied_at: Option<DateTime<Utc>>,
    pub undone_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = accounts::display_name)]
    pub requested_by: String,
}

impl MemberImport {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> MemberImportId {
        MemberImportId::from_uuid(self.id)
    }

    /// Whose members.
    #[must_use]
    pub const fn association(&self) -> AssociationId {
        AssociationId::from_uuid(self.association_id)
    }
}

/// A row of a file, with what its person is called.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct ImportRow {
    pub row_number: i32,
    pub person_id: Option<Uuid>,
    pub outcome: String,
    pub changes: Value,
    pub refusals: Value,
    pub names: Option<(String, String)>,
}

/// Rows by file and outcome.
pub type ImportCounts = HashMap<(Uuid, String), i64>;

/// What a file can change of a person, as the record has it now.
#[derive(Debug, Clone)]
pub struct ImportFacts {
    family_name_kana: String,
    given_name_kana: String,
    specialties: Vec<String>,
    contacts: Vec<ContactRow>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = contact_points)]
struct ContactRow {
    id: Uuid,
    person_id: Uuid,
    kind: String,
    purpose: String,
    postal_code: Option<String>,
    value: String,
}

/// As `contact_points` calls it.
const fn kind_of(column: MemberColumn) -> Option<&'static str> {
    match column {
        MemberColumn::HomeAddress | MemberColumn::HomePostalCode => Some("address"),
        MemberColumn::Phone => Some("phone"),
        MemberColumn::Email => Some("email"),
        _ => None,
    }
}

impl ImportFacts {
    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &ContactRow> {
        // The files show the home address, and a telephone number and mail address of any purpose.
        self.contacts.iter().filter(move |row| row.kind == kind && (kind != "address" || row.purpose == "home"))
    }

    /// Whether the record says so. Of several telephone numbers one is enough.
    #[must_use]
    pub fn holds(&self, column: MemberColumn, value: &str) -> bool {
        match column {
            MemberColumn::FamilyNameKana => self.family_name_kana == value,
            MemberColumn::GivenNameKana => self.given_name_kana == value,
            MemberColumn::Specialties => self.specialties == specialties(value) || self.specialties.join("、") == value,
            column => kind_of(column).is_some_and(|kind| {
                let says = |row: &ContactRow| match column {
                    MemberColumn::HomePostalCode => row.postal_code.as_deref().unwrap_or_default() == value,
                    _ => row.value == value,
                };
                let mut rows = self.of_kind(kind).peekable();
                if rows.peek().is_none() { value.is_empty() } else { rows.any(says) }
            }),
        }
    }
}

impl Datastore {
    /// A file; the policy decides who sees it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_get(&self, id: MemberImportId) -> Result<Option<MemberImport>, StoreError> {
        one(&mut *self.conn().await?, id).await
    }

    /// An association's files, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_list(
        &self,
        _permit: &Permit<RegistryAction>,
        association: AssociationId,
        after: Option<MemberImportId>,
        limit: i64,
    ) -> Result<Vec<MemberImport>, StoreError> {
        let mut found = member_imports::table
            .inner_join(accounts::table)
            .filter(member_imports::association_id.eq(association.uuid()))
            .into_boxed();
        if let Some(after) = after {
            found = found.filter(member_imports::id.lt(after.uuid()));
        }
        let page = found.order(member_imports::id.desc()).limit(limit).select(MemberImport::as_select());
        Ok(page.load(&mut self.conn().await?).await?)
    }

    /// How many rows of files came out how.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_counts(&self, imports: &[Uuid]) -> Result<ImportCounts, StoreError> {
        counts(&mut *self.conn().await?, imports).await
    }

    /// The rows of a file, in its order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_row_list(
        &self,
        _permit: &Permit<RegistryAction>,
        (id, outcome): (MemberImportId, Option<ImportOutcome>),
        after: Option<i32>,
        limit: i64,
    ) -> Result<Vec<ImportRow>, StoreError> {
        let mut found = member_import_rows::table
            .left_join(persons::table)
            .filter(member_import_rows::import_id.eq(id.uuid()))
            .into_boxed();
        if let Some(outcome) = outcome {
            found = found.filter(member_import_rows::outcome.eq(outcome.as_str()));
        }
        if let Some(after) = after {
            found = found.filter(member_import_rows::row_number.gt(after));
        }
        let columns = (
            member_import_rows::row_number,
            member_import_rows::person_id,
            member_import_rows::outcome,
            member_import_rows::changes,
            member_import_rows::refusals,
            (persons::family_name, persons::given_name).nullable(),
        );
        let page = found.order(member_import_rows::row_number).limit(limit).select(columns);
        Ok(page.load(&mut self.conn().await?).await?)
    }

    /// Forgets the rows of files that were looked through before a moment.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_rows_forget(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        let old = member_imports::table.filter(member_imports::checked_at.lt(before)).select(member_imports::id);
        let rows = member_import_rows::table.filter(member_import_rows::import_id.eq_any(old));
        Ok(diesel::delete(rows).execute(&mut self.conn().await?).await?)
    }
}

async fn one(conn: &mut AsyncPgConnection, id: MemberImportId) -> Result<Option<MemberImport>, StoreError> {
    let found = member_imports::table.inner_join(accounts::table).filter(member_imports::id.eq(id.uuid()));
    Ok(found.select(MemberImport::as_select()).first(conn).await.optional()?)
}

async fn counts(conn: &mut AsyncPgConnection, imports: &[Uuid]) -> Result<ImportCounts, StoreError> {
    let counted: Vec<(Uuid, String, i64)> = member_import_rows::table
        .filter(member_import_rows::import_id.eq_any(imports))
        .group_by((member_import_rows::import_id, member_import_rows::outcome))
        .select((member_import_rows::import_id, member_import_rows::outcome, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    Ok(counted.into_iter().map(|(id, outcome, count)| ((id, outcome), count)).collect())
}

fn json<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

impl Tx {
    /// A file as this transaction leaves it, with how many of its rows came out how.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_now(
        &mut self,
        id: MemberImportId,
    ) -> Result<Option<(MemberImport, ImportCounts)>, StoreError> {
        let Some(import) = one(&mut self.conn, id).await? else { return Ok(None) };
        Ok(Some((import, counts(&mut self.conn, &[id.uuid()]).await?)))
    }

    /// Keeps what was found in a file. The caller leaves the audit event.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_insert(
        &mut self,
        _permit: &Permit<RegistryAction>,
        new: &NewMemberImport,
    ) -> Result<(), StoreError> {
        diesel::insert_into(member_imports::table)
            .values((
                member_imports::id.eq(new.id.uuid()),
                member_imports::association_id.eq(new.association.uuid()),
                member_imports::requested_by.eq(new.by.uuid()),
                member_imports::file_name.eq(&new.file_name),
                member_imports::encoding.eq(new.encoding.as_str()),
                member_imports::ignored_headings.eq(&new.ignored_headings),
                member_imports::state.eq(MemberImportState::Checked.as_str()),
                member_imports::rows_read.eq(i32::try_from(new.rows.len()).unwrap_or(i32::MAX)),
                member_imports::checked_at.eq(new.at),
            ))
            .execute(&mut self.conn)
            .await?;
        for chunk in new.rows.chunks(ROWS_A_STATEMENT) {
            let rows: Vec<_> = chunk
                .iter()
                .map(|row| {
                    (
                        member_import_rows::import_id.eq(new.id.uuid()),
                        member_import_rows::row_number.eq(row.number),
                        member_import_rows::person_id.eq(row.person),
                        member_import_rows::outcome.eq(row.outcome.as_str()),
                        member_import_rows::changes.eq(json(&row.changes)),
                        member_import_rows::refusals.eq(json(&row.refusals)),
                    )
                })
                .collect();
            diesel::insert_into(member_import_rows::table).values(rows).execute(&mut self.conn).await?;
        }
        Ok(())
    }

    /// Where a file stands, locked, and whose members it is about.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_lock(
        &mut self,
        id: MemberImportId,
    ) -> Result<Option<(AssociationId, MemberImportState, Option<DateTime<Utc>>)>, StoreError> {
        let found: Option<(Uuid, String, Option<DateTime<Utc>>)> = member_imports::table
            .find(id.uuid())
            .select((member_imports::association_id, member_imports::state, member_imports::applied_at))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        let Some((association, state, applied_at)) = found else { return Ok(None) };
        let unreadable = |_| StoreError::Unreadable { table: "member_imports", id: id.to_string(), column: "state" };
        Ok(Some((AssociationId::from_uuid(association), state.parse().map_err(unreadable)?, applied_at)))
    }

    /// The rows of a file that came out so: whom each is about, and what it changes.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_rows_of(
        &mut self,
        id: MemberImportId,
        outcome: ImportOutcome,
    ) -> Result<Vec<(i32, Uuid, Vec<FieldChange>)>, StoreError> {
        let rows: Vec<(i32, Option<Uuid>, Value)> = member_import_rows::table
            .filter(member_import_rows::import_id.eq(id.uuid()))
            .filter(member_import_rows::outcome.eq(outcome.as_str()))
            .order(member_import_rows::row_number)
            .select((member_import_rows::row_number, member_import_rows::person_id, member_import_rows::changes))
            .load(&mut self.conn)
            .await?;
        let read = |(row, person, changes): (i32, Option<Uuid>, Value)| {
            let unreadable =
                |column| StoreError::Unreadable { table: "member_import_rows", id: format!("{id} {row}"), column };
            let changes = serde_json::from_value(changes).map_err(|_| unreadable("changes"))?;
            Ok((row, person.ok_or_else(|| unreadable("person_id"))?, changes))
        };
        rows.into_iter().map(read).collect()
    }

    /// What a file can change of these persons, whose rows are locked from now on.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn import_facts_lock(&mut self, of: &[Uuid]) -> Result<HashMap<Uuid, ImportFacts>, StoreError> {
        let found: Vec<(Uuid, String, String, Vec<String>)> = persons::table
            .filter(persons::id.eq_any(of))
            // Always in one order, so that two of us do not wait for each other.
            .order(persons::id)
            .select((persons::id, persons::family_name_kana, persons::given_name_kana, persons::specialties))
            .for_update()
            .load(&mut self.conn)
            .await?;
        let contacts: Vec<ContactRow> = contact_points::table
            .filter(contact_points::person_id.eq_any(of))
            .filter(contact_points::known_to.is_null())
            .select(ContactRow::as_select())
            .load(&mut self.conn)
            .await?;
        let mut facts: HashMap<Uuid, ImportFacts> = found
            .into_iter()
            .map(|(id, family_name_kana, given_name_kana, specialties)| {
                (id, ImportFacts { family_name_kana, given_name_kana, specialties, contacts: Vec::new() })
            })
            .collect();
        for contact in contacts {
            if let Some(facts) = facts.get_mut(&contact.person_id) {
                facts.contacts.push(contact);
            }
        }
        Ok(facts)
    }

    /// Writes the changes of one person, whose record says what they begin from. What was known before stays in the record's
    /// past. The caller leaves the audit event.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_change(
        &mut self,
        _permit: &Permit<RegistryAction>,
        (person, facts): (PersonId, &ImportFacts),
        changes: &[FieldChange],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let after = |column| changes.iter().find(|change| change.field == column).map(|change| change.after.as_str());
        let family = after(MemberColumn::FamilyNameKana).unwrap_or(&facts.family_name_kana);
        let given = after(MemberColumn::GivenNameKana).unwrap_or(&facts.given_name_kana);
        let kept = after(MemberColumn::Specialties).map_or_else(|| facts.specialties.clone(), specialties);
        diesel::update(persons::table.find(person.uuid()))
            .set((
                persons::family_name_kana.eq(family),
                persons::given_name_kana.eq(given),
                persons::search_kana.eq(kana_key(&format!("{family}{given}"))),
                persons::specialties.eq(kept),
                persons::version.eq(persons::version + 1),
            ))
            .execute(&mut self.conn)
            .await?;
        for column in [MemberColumn::HomeAddress, MemberColumn::Phone, MemberColumn::Email] {
            let postal = changes.iter().find(|change| change.field == MemberColumn::HomePostalCode);
            let postal = postal.filter(|_| column == MemberColumn::HomeAddress);
            let value = changes.iter().find(|change| change.field == column);
            if let (Some(kind), true) = (kind_of(column), value.is_some() || postal.is_some()) {
                self.contact_change(person, (facts, kind), value, postal, now).await?;
            }
        }
        Ok(())
    }

    /// Closes the rows that say what the change begins from and lets each be followed by its successor.
    async fn contact_change(
        &mut self,
        person: PersonId,
        (facts, kind): (&ImportFacts, &'static str),
        value: Option<&FieldChange>,
        postal: Option<&FieldChange>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let is_meant = |row: &&ContactRow| {
            value.is_none_or(|change| row.value == change.before)
                && postal.is_none_or(|change| row.postal_code.as_deref().unwrap_or_default() == change.before)
        };
        let closed: Vec<&ContactRow> = facts.of_kind(kind).filter(is_meant).collect();
        let ids: Vec<Uuid> = closed.iter().map(|row| row.id).collect();
        diesel::update(contact_points::table.filter(contact_points::id.eq_any(&ids)))
            .set(contact_points::known_to.eq(now))
            .execute(&mut self.conn)
            .await?;
        let begun = ContactRow {
            id: Uuid::nil(),
            person_id: person.uuid(),
            kind: kind.to_owned(),
            purpose: if kind == "address" { "home" } else { "contact" }.to_owned(),
            postal_code: None,
            value: String::new(),
        };
        let before = if closed.is_empty() { vec![&begun] } else { closed };
        for row in before {
            let value = value.map_or(row.value.as_str(), |change| &change.after);
            let postal = postal.map(|change| change.after.as_str()).or(row.postal_code.as_deref());
            if value.is_empty() {
                continue;
            }
            diesel::insert_into(contact_points::table)
                .values((
                    contact_points::id.eq(Uuid::now_v7()),
                    contact_points::person_id.eq(person.uuid()),
                    contact_points::kind.eq(kind),
                    contact_points::purpose.eq(&row.purpose),
                    contact_points::postal_code.eq(postal.filter(|code| !code.is_empty())),
                    contact_points::value.eq(value),
                    contact_points::known_from.eq(now),
                ))
                .execute(&mut self.conn)
                .await?;
        }
        Ok(())
    }

    /// Says how rows of a file came out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_rows_came_out(
        &mut self,
        _permit: &Permit<RegistryAction>,
        id: MemberImportId,
        rows: &[i32],
        (outcome, refusals): (ImportOutcome, &[RowRefusal]),
    ) -> Result<(), StoreError> {
        let these = member_import_rows::table
            .filter(member_import_rows::import_id.eq(id.uuid()))
            .filter(member_import_rows::row_number.eq_any(rows));
        let change =
            (member_import_rows::outcome.eq(outcome.as_str()), member_import_rows::refusals.eq(json(&refusals)));
        diesel::update(these).set(change).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Says that a file's changes are written, or taken back.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_import_moved(
        &mut self,
        _permit: &Permit<RegistryAction>,
        id: MemberImportId,
        undone: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let state = if undone { MemberImportState::Undone } else { MemberImportState::Applied };
        let (applied, taken_back) = (
            (!undone).then_some(member_imports::applied_at.eq(now)),
            undone.then_some(member_imports::undone_at.eq(now)),
        );
        diesel::update(member_imports::table.find(id.uuid()))
            .set((member_imports::state.eq(state.as_str()), applied, taken_back))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}
