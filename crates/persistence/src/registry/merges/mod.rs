//! One record made of two, and two again.
//!
//! Everything that points at the record that is given up is turned to the one that stays, by statements that leave behind what
//! they changed: column by column, as it was and as it became. Taking a merge back replays that from its end. A test compares
//! [`POINTING`] with the foreign keys of the schema, so that a new table cannot be forgotten.

mod reads;
mod undo;

pub use reads::DoneMerge;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::{QueryableByName, sql_query, sql_types as t};
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::merge::{JoinedMemberships, Membership, Stretch};
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{
    AccountId, ApplicationId, AssociationId, MembershipId, MergeField, MergeId, Period, PersonId, RecordPart, SessionId,
};
use uuid::Uuid;

use super::rows::{PersonRecord, PersonRecordRow};
use crate::schema::{memberships, person_merges, person_records, persons, sessions};
use crate::{StoreError, Tx};

/// A column that says whose a row is.
#[derive(Debug, Clone, Copy)]
pub struct Pointing {
    /// The table.
    pub table: &'static str,
    /// Its key, a single column, and that one's type.
    key: (&'static str, &'static str),
    /// The column.
    pub column: &'static str,
    /// What people call the rows.
    part: RecordPart,
}

const fn pointing(table: &'static str, part: RecordPart) -> Pointing {
    Pointing { table, key: ("id", "uuid"), column: "person_id", part }
}

/// Every column that says whose a row is. Not among them: those of merges and of duplicates themselves, which speak of both
/// records, and the rows of files that came in, which say what was read and are forgotten after thirty days.
pub const POINTING: [Pointing; 13] = [
    pointing("memberships", RecordPart::Memberships),
    pointing("affiliations", RecordPart::Affiliations),
    pointing("contact_points", RecordPart::ContactPoints),
    pointing("medical_registrations", RecordPart::MedicalRegistrations),
    pointing("applications", RecordPart::Applications),
    pointing("accounts", RecordPart::Accounts),
    pointing("delegations", RecordPart::Delegations),
    pointing("on_behalf_grants", RecordPart::Delegations),
    pointing("temporary_letters", RecordPart::Letters),
    pointing("postal_notices", RecordPart::Letters),
    pointing("identity_mismatches", RecordPart::Others),
    Pointing {
        table: "roster_records",
        key: ("fingerprint", "bytea"),
        column: "person_id",
        part: RecordPart::RosterRecords,
    },
    // Records that were given up for the one that is given up now.
    Pointing { table: "persons", key: ("id", "uuid"), column: "merged_into", part: RecordPart::Others },
];

/// Clocks differ by moments: nothing is believed until before it began.
const BELIEVED_UNTIL_NOW: (&str, &str) = ("known_to", "greatest($3, t.known_from)");

/// Which two records become one, by whom.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// The merge.
    pub id: MergeId,
    /// The record that stays.
    pub kept: PersonId,
    /// The record that is given up.
    pub given_up: PersonId,
    /// As clerk of what.
    pub association: AssociationId,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a merge did to the accounts.
#[derive(Debug, Clone, Default)]
pub struct MergedAccounts {
    /// The account that speaks for the kept record now, with its open sessions.
    pub moved: Option<(AccountId, Vec<SessionId>)>,
    /// The account that was closed, because the kept record has one.
    pub closed: Option<AccountId>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct PartRow {
    #[diesel(sql_type = t::Text)]
    table_name: String,
    #[diesel(sql_type = t::BigInt)]
    count: i64,
}

impl Tx {
    /// Locks two records, always in the same order, if both are or were members of the association and neither was given up.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn persons_for_merge(
        &mut self,
        association: AssociationId,
        pair: [PersonId; 2],
    ) -> Result<bool, StoreError> {
        let locked: Vec<Uuid> = persons::table
            .filter(persons::id.eq_any(pair.map(PersonId::uuid)))
            .filter(persons::merged_into.is_null())
            .order(persons::id)
            .select(persons::id)
            .for_update()
            .load(&mut self.conn)
            .await?;
        let members: i64 = memberships::table
            .filter(memberships::person_id.eq_any(&locked))
            .filter(memberships::association_id.eq(association.uuid()))
            .filter(memberships::known_to.is_null())
            .select(diesel::dsl::count(memberships::person_id).aggregate_distinct())
            .first(&mut self.conn)
            .await?;
        Ok(members == 2)
    }

    /// A person's record as this transaction has it; who asks has been judged.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_record(&mut self, person: PersonId) -> Result<PersonRecord, StoreError> {
        let row = person_records::table.find(person.uuid()).select(PersonRecordRow::as_select());
        PersonRecord::try_from(row.first(&mut self.conn).await?)
    }

    /// A person's memberships as they are believed, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn stretches_for_update(&mut self, person: PersonId) -> Result<Vec<Stretch>, StoreError> {
        type Row = (Uuid, Uuid, Option<String>, NaiveDate, Option<NaiveDate>, Option<String>, Option<Uuid>);
        let rows: Vec<Row> = memberships::table
            .filter(memberships::person_id.eq(person.uuid()))
            .filter(memberships::known_to.is_null())
            .order((memberships::valid_from, memberships::id))
            .select((
                memberships::id,
                memberships::association_id,
                memberships::category_code,
                memberships::valid_from,
                memberships::valid_to,
                memberships::end_reason,
                memberships::application_id,
            ))
            .for_update()
            .load(&mut self.conn)
            .await?;
        let read = |(id, association, category, valid_from, valid_to, end_reason, application): Row| {
            let unreadable = |column| StoreError::Unreadable { table: "memberships", id: id.to_string(), column };
            Ok(Stretch {
                id: MembershipId::from_uuid(id),
                says: Membership {
                    association: AssociationId::from_uuid(association),
                    category,
                    period: Period::new(valid_from, valid_to).map_err(|_| unreadable("valid_to"))?,
                    end_reason: end_reason.map(|it| it.parse()).transpose().map_err(|_| unreadable("end_reason"))?,
                    application: application.map(ApplicationId::from_uuid),
                },
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Makes one record of two. Both are locked.
    ///
    /// Rules MERGE-2 to MERGE-4; source: docs/rules/registry.md#merge-2.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn persons_merge(
        &mut self,
        permit: &Permit<RegistryAction>,
        merge: &Merge,
        taken: &[MergeField],
        joined: &JoinedMemberships,
    ) -> Result<MergedAccounts, StoreError> {
        diesel::insert_into(person_merges::table)
            .values((
                person_merges::id.eq(merge.id.uuid()),
                person_merges::kept_id.eq(merge.kept.uuid()),
                person_merges::given_up_id.eq(merge.given_up.uuid()),
                person_merges::association_id.eq(merge.association.uuid()),
                person_merges::merged_by.eq(merge.by.uuid()),
                person_merges::merged_at.eq(merge.at),
            ))
            .execute(&mut self.conn)
            .await?;
        self.merge_registrations(permit, merge, taken.contains(&MergeField::MedicalRegistration)).await?;
        self.merge_memberships(permit, merge, joined).await?;
        // A workplace stands once on a day, and one of them is the main one: the kept record's (REC-2, REC-3).
        let meets =
            "t.person_id = $2 and t.known_to is null and exists (select from affiliations k where k.person_id = $1
            and k.known_to is null and daterange(k.valid_from, k.valid_to) && daterange(t.valid_from, t.valid_to)";
        let same = format!("{meets} and k.facility_id = t.facility_id)");
        self.merge_update(merge, "affiliations", &[BELIEVED_UNTIL_NOW], &same).await?;
        let beside = format!("{meets} and k.is_main) and t.is_main");
        self.merge_update(merge, "affiliations", &[("is_main", "false")], &beside).await?;
        let same =
            "t.person_id = $2 and t.known_to is null and exists (select from contact_points k where k.person_id = $1
            and k.known_to is null and k.kind = t.kind and k.purpose = t.purpose and k.value = t.value)";
        self.merge_update(merge, "contact_points", &[BELIEVED_UNTIL_NOW], same).await?;
        // What there can be one of at a time.
        let twice = "t.person_id = $2 and t.used_at is null and t.voided_at is null and exists (
            select from temporary_letters k where k.person_id = $1 and k.used_at is null and k.voided_at is null)";
        self.merge_update(merge, "temporary_letters", &[("voided_at", "$3")], twice).await?;
        let twice = "t.person_id = $2 and t.decided_at is null and exists (
            select from identity_mismatches k where k.person_id = $1 and k.decided_at is null)";
        let dismissed = [("decided_at", "$3"), ("decided_by", "$5"), ("accepted", "false")];
        self.merge_update(merge, "identity_mismatches", &dismissed, twice).await?;
        let twice = "t.person_id = $2 and t.accepted_at is not null and t.revoked_at is null and exists (
            select from delegations k where k.person_id = $1 and k.account_id = t.account_id
                and k.accepted_at is not null and k.revoked_at is null)";
        self.merge_update(merge, "delegations", &[("revoked_at", "$3"), ("revoked_by", "$5")], twice).await?;
        let accounts = self.merge_accounts(permit, merge).await?;
        for place in POINTING {
            // Two accounts cannot speak for one person: the one that was closed stays where it is.
            let extra = match place.table {
                "accounts" => " and not exists (select from accounts k where k.person_id = $1)",
                _ => "",
            };
            let filter = format!("t.{} = $2{extra}", place.column);
            self.merge_update(merge, place.table, &[(place.column, "$1")], &filter).await?;
        }
        self.merge_persons_rows(permit, merge, taken).await?;
        Ok(accounts)
    }

    async fn merge_registrations(
        &mut self,
        _permit: &Permit<RegistryAction>,
        merge: &Merge,
        take: bool,
    ) -> Result<(), StoreError> {
        let (gives_way, stays) = if take { ("$1", "$2") } else { ("$2", "$1") };
        let filter = format!(
            "t.person_id = {gives_way} and t.known_to is null and exists (
                select from medical_registrations k where k.person_id = {stays} and k.known_to is null)"
        );
        self.merge_update(merge, "medical_registrations", &[BELIEVED_UNTIL_NOW], &filter).await?;
        Ok(())
    }

    async fn merge_memberships(
        &mut self,
        _permit: &Permit<RegistryAction>,
        merge: &Merge,
        joined: &JoinedMemberships,
    ) -> Result<(), StoreError> {
        for retired in &joined.retired {
            let filter = format!("t.id = '{}'", retired.uuid());
            self.merge_update(merge, "memberships", &[BELIEVED_UNTIL_NOW], &filter).await?;
        }
        for added in &joined.added {
            const ADD: &str = "with new as (
                    insert into memberships (id, person_id, association_id, category_code, valid_from, valid_to, end_reason,
                        known_from, application_id)
                    values ($2, $3, $4, $5, $6, $7, $8, $9, $10) returning *)
                insert into person_merge_rows (merge_id, table_name, row_key, after)
                select $1, 'memberships', new.id::text, to_jsonb(new) from new";
            sql_query(ADD)
                .bind::<t::Uuid, _>(merge.id.uuid())
                .bind::<t::Uuid, _>(Uuid::now_v7())
                .bind::<t::Uuid, _>(merge.kept.uuid())
                .bind::<t::Uuid, _>(added.association.uuid())
                .bind::<t::Nullable<t::Text>, _>(added.category.as_deref())
                .bind::<t::Date, _>(added.period.valid_from())
                .bind::<t::Nullable<t::Date>, _>(added.period.valid_to())
                .bind::<t::Nullable<t::Text>, _>(added.end_reason.map(mamis_kernel::EndReason::as_str))
                .bind::<t::Timestamptz, _>(merge.at)
                .bind::<t::Nullable<t::Uuid>, _>(added.application.map(ApplicationId::uuid))
                .execute(&mut self.conn)
                .await?;
        }
        Ok(())
    }

    async fn merge_accounts(
        &mut self,
        _permit: &Permit<RegistryAction>,
        merge: &Merge,
    ) -> Result<MergedAccounts, StoreError> {
        use crate::schema::accounts;
        let of = |person: PersonId| {
            accounts::table.filter(accounts::person_id.eq(person.uuid())).select(accounts::id).for_update()
        };
        let kept: Option<Uuid> = of(merge.kept).first(&mut self.conn).await.optional()?;
        let other: Option<Uuid> = of(merge.given_up).first(&mut self.conn).await.optional()?;
        let Some(other) = other else { return Ok(MergedAccounts::default()) };
        if kept.is_some() {
            self.merge_update(merge, "accounts", &[("state", "'closed'")], "t.person_id = $2 and t.state <> 'closed'")
                .await?;
            return Ok(MergedAccounts { closed: Some(AccountId::from_uuid(other)), moved: None });
        }
        let open: Vec<Uuid> = sessions::table
            .filter(sessions::account_id.eq(other))
            .filter(sessions::ended_at.is_null())
            .select(sessions::id)
            .load(&mut self.conn)
            .await?;
        let open = open.into_iter().map(SessionId::from_uuid).collect();
        Ok(MergedAccounts { moved: Some((AccountId::from_uuid(other), open)), closed: None })
    }

    async fn merge_persons_rows(
        &mut self,
        _permit: &Permit<RegistryAction>,
        merge: &Merge,
        taken: &[MergeField],
    ) -> Result<(), StoreError> {
        const OTHER: &str = "from persons o where o.id = $2)";
        let takes = |field| taken.contains(&field);
        // The member id is somebody's alone: it is given up before it is taken.
        let ids: (Option<String>, Option<String>) = (
            persons::table.find(merge.kept.uuid()).select(persons::jma_member_id).first(&mut self.conn).await?,
            persons::table.find(merge.given_up.uuid()).select(persons::jma_member_id).first(&mut self.conn).await?,
        );
        let member_id = match ids {
            (None, other) => other,
            (Some(_), other) => other.filter(|_| takes(MergeField::JmaMemberId)),
        };
        let gone = [("standing", "'merged'"), ("merged_into", "$1")];
        let without_id = [gone[0], gone[1], ("jma_member_id", "null")];
        let gives = if member_id.is_some() { &without_id[..] } else { &gone[..] };
        self.merge_update(merge, "persons", gives, "t.id = $2").await?;

        let mut set: Vec<(&str, String)> = Vec::new();
        let mut take = |columns: &[&'static str]| {
            set.extend(columns.iter().map(|column| (*column, format!("(select o.{column} {OTHER}"))));
        };
        if takes(MergeField::Name) {
            take(&["family_name", "given_name", "search_name", "family_name_romaji", "given_name_romaji"]);
        }
        if takes(MergeField::Kana) {
            take(&["family_name_kana", "given_name_kana", "search_kana"]);
        }
        if takes(MergeField::BirthDate) {
            take(&["birth_date"]);
        }
        if takes(MergeField::Sex) {
            take(&["sex"]);
        }
        for (field, column) in [(MergeField::AlmaMater, "alma_mater"), (MergeField::GraduatedIn, "graduated_in")] {
            // What is blank is filled.
            let other = format!("(select o.{column} {OTHER}");
            set.push((column, if takes(field) { other } else { format!("coalesce(t.{column}, {other})") }));
        }
        if let Some(id) = &member_id {
            // Ten digits, says the constraint of the column it comes from.
            set.push(("jma_member_id", format!("'{id}'")));
        }
        let more = format!(
            "t.specialties || array(select s.it from unnest((select o.specialties {OTHER}) with ordinality s (it, at)
            where s.it <> all (t.specialties) order by s.at)"
        );
        set.push(("specialties", more));
        let set: Vec<(&str, &str)> = set.iter().map(|(column, value)| (*column, value.as_str())).collect();
        self.merge_update(merge, "persons", &set, "t.id = $1").await?;
        self.versions_grow([merge.kept, merge.given_up]).await
    }

    /// A version is never used twice, so merges do not take it back.
    async fn versions_grow(&mut self, pair: [PersonId; 2]) -> Result<(), StoreError> {
        diesel::update(persons::table.filter(persons::id.eq_any(pair.map(PersonId::uuid))))
            .set(persons::version.eq(persons::version + 1))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Changes columns of the rows `t` of a table and keeps what they were. `$1` is the kept person, `$2` the other one, `$3` now, `$5`
    /// the clerk. Tables, columns and expressions are this file's own words; no value from outside is among them.
    async fn merge_update(
        &mut self,
        merge: &Merge,
        table: &'static str,
        set: &[(&str, &str)],
        filter: &str,
    ) -> Result<usize, StoreError> {
        let (key, _) = key_of(table)?;
        let columns: Vec<String> = set.iter().map(|(column, _)| format!("'{column}', t.{column}")).collect();
        let columns = columns.join(", ");
        let assignments: Vec<String> = set.iter().map(|(column, value)| format!("{column} = {value}")).collect();
        let statement = format!(
            "with old as (select t.{key} as key, jsonb_build_object({columns}) as before from {table} t where {filter} for update),
            new as (update {table} t set {assignments} from old where t.{key} = old.key
                returning t.{key} as key, jsonb_build_object({columns}) as after)
            insert into person_merge_rows (merge_id, table_name, row_key, before, after)
            select $4, '{table}', old.key::text, old.before, new.after from old join new on new.key = old.key
            where old.before <> new.after",
            assignments = assignments.join(", "),
        );
        let changed = sql_query(statement)
            .bind::<t::Uuid, _>(merge.kept.uuid())
            .bind::<t::Uuid, _>(merge.given_up.uuid())
            .bind::<t::Timestamptz, _>(merge.at)
            .bind::<t::Uuid, _>(merge.id.uuid())
            .bind::<t::Uuid, _>(merge.by.uuid())
            .execute(&mut self.conn)
            .await?;
        Ok(changed)
    }

    /// How many rows of what a merge has turned to the kept record.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn merge_counts(&mut self, merge: MergeId) -> Result<Vec<(RecordPart, i64)>, StoreError> {
        const COUNTS: &str = "select table_name, count(distinct row_key) as count from person_merge_rows
            where merge_id = $1 and (after ? 'person_id' or after ? 'merged_into') and before is not null and table_name <> 'persons'
            group by table_name";
        let rows: Vec<PartRow> = sql_query(COUNTS).bind::<t::Uuid, _>(merge.uuid()).load(&mut self.conn).await?;
        let count = |part| {
            let of_part =
                |row: &&PartRow| POINTING.iter().any(|place| place.table == row.table_name && place.part == part);
            (part, rows.iter().filter(of_part).map(|row| row.count).sum())
        };
        Ok(RecordPart::ALL.iter().map(|part| count(*part)).filter(|(_, count)| *count > 0).collect())
    }
}

fn key_of(table: &str) -> Result<(&'static str, &'static str), StoreError> {
    let known = POINTING.iter().find(|place| place.table == table);
    known.map(|place| place.key).ok_or_else(|| StoreError::Unreadable {
        table: "person_merge_rows",
        id: table.to_owned(),
        column: "table_name",
    })
}
