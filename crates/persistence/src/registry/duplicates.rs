//! Records that may be a second one of somebody.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::{QueryableByName, sql_query, sql_types as t};
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::duplicates::{SHARED_BY_AT_MOST, Suspicion};
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{AccountId, AssociationId, DuplicateId, DuplicateReason, PersonId};
use uuid::Uuid;

use super::rows::PersonBrief;
use crate::schema::duplicate_pairs;
use crate::{Datastore, StoreError, Tx};

/// Two records and what they have in common.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub struct CommonTraits {
    #[diesel(sql_type = t::Uuid)]
    first: Uuid,
    #[diesel(sql_type = t::Uuid)]
    second: Uuid,
    #[diesel(sql_type = t::Bool)]
    same_number: bool,
    #[diesel(sql_type = t::Bool)]
    same_birth_date: bool,
    #[diesel(sql_type = t::Bool)]
    same_kana: bool,
    #[diesel(sql_type = t::Bool)]
    same_name: bool,
    #[diesel(sql_type = t::Bool)]
    same_phone: bool,
    #[diesel(sql_type = t::Bool)]
    same_email: bool,
    #[diesel(sql_type = t::Bool)]
    different_numbers: bool,
}

impl CommonTraits {
    /// The two, in the order of their ids.
    #[must_use]
    pub const fn pair(&self) -> [PersonId; 2] {
        [PersonId::from_uuid(self.first), PersonId::from_uuid(self.second)]
    }

    /// Whether this speaks for, or against, one person.
    #[must_use]
    pub const fn holds(&self, reason: DuplicateReason) -> bool {
        match reason {
            DuplicateReason::SameNumber => self.same_number,
            DuplicateReason::SameBirthDate => self.same_birth_date,
            DuplicateReason::SameKana => self.same_kana,
            DuplicateReason::SameName => self.same_name,
            DuplicateReason::SamePhone => self.same_phone,
            DuplicateReason::SameEmail => self.same_email,
            DuplicateReason::DifferentNumbers => self.different_numbers,
        }
    }
}

/// One of two records, as far as it takes to tell them apart.
#[derive(Debug, Clone)]
pub struct DuplicateSide {
    /// Who.
    pub person: PersonBrief,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 医籍登録番号
    pub number: Option<String>,
}

/// Two records that may be one person's.
#[derive(Debug, Clone)]
pub struct DuplicatePair {
    /// The pair.
    pub id: DuplicateId,
    /// Points; more is likelier.
    pub score: i32,
    /// What speaks for it, and against.
    pub reasons: Vec<DuplicateReason>,
    /// The record that is older.
    pub first: DuplicateSide,
    /// The record that is younger.
    pub second: DuplicateSide,
    /// When they were noticed.
    pub found_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct PairRow {
    #[diesel(sql_type = t::Uuid)]
    id: Uuid,
    #[diesel(sql_type = t::Integer)]
    score: i32,
    #[diesel(sql_type = t::Array<t::Text>)]
    reasons: Vec<String>,
    #[diesel(sql_type = t::Timestamptz)]
    found_at: DateTime<Utc>,
    #[diesel(sql_type = t::Uuid)]
    first_id: Uuid,
    #[diesel(sql_type = t::Array<t::Text>)]
    first_names: Vec<String>,
    #[diesel(sql_type = t::Date)]
    first_birth_date: NaiveDate,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    first_number: Option<String>,
    #[diesel(sql_type = t::Uuid)]
    second_id: Uuid,
    #[diesel(sql_type = t::Array<t::Text>)]
    second_names: Vec<String>,
    #[diesel(sql_type = t::Date)]
    second_birth_date: NaiveDate,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    second_number: Option<String>,
}

impl From<PairRow> for DuplicatePair {
    fn from(row: PairRow) -> Self {
        Self {
            id: DuplicateId::from_uuid(row.id),
            score: row.score,
            // A reason that is no longer known says nothing.
            reasons: row.reasons.iter().filter_map(|reason| reason.parse().ok()).collect(),
            first: DuplicateSide {
                person: PersonBrief::of_parts(row.first_id, row.first_names),
                birth_date: row.first_birth_date,
                number: row.first_number,
            },
            second: DuplicateSide {
                person: PersonBrief::of_parts(row.second_id, row.second_names),
                birth_date: row.second_birth_date,
                number: row.second_number,
            },
            found_at: row.found_at,
        }
    }
}

/// `$1` is the association: it sees both, or it sees none (DUP-2).
const SEEN_PAIRS: &str = "select d.id, d.score, d.reasons, d.found_at,
        f.id as first_id, array[f.family_name, f.given_name, f.family_name_kana, f.given_name_kana] as first_names,
        f.birth_date as first_birth_date,
        (select r.number from medical_registrations r where r.person_id = f.id and r.known_to is null) as first_number,
        s.id as second_id, array[s.family_name, s.given_name, s.family_name_kana, s.given_name_kana] as second_names,
        s.birth_date as second_birth_date,
        (select r.number from medical_registrations r where r.person_id = s.id and r.known_to is null) as second_number
    from duplicate_pairs d join persons f on f.id = d.first_person_id join persons s on s.id = d.second_person_id
    where d.state = 'open'
        and exists (select from memberships m where m.person_id = f.id and m.association_id = $1 and m.known_to is null)
        and exists (select from memberships m where m.person_id = s.id and m.association_id = $1 and m.known_to is null)";

impl Datastore {
    /// Every two records that share what makes it worth to compare them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn common_traits(&self, _permit: &Permit<RegistryAction>) -> Result<Vec<CommonTraits>, StoreError> {
        const COMMON: &str = "with present as (select * from persons where merged_into is null),
            numbers as (select distinct person_id, number from medical_registrations),
            contacts as (
                select kind, lower(value) as value, array_agg(distinct person_id) as holders from contact_points
                where known_to is null and kind in ('phone', 'email') group by kind, lower(value)
                having count(distinct person_id) between 2 and $1),
            shared as (
                select c.kind, least(f, s) as first, greatest(f, s) as second
                from contacts c, unnest(c.holders) f, unnest(c.holders) s where f < s),
            pairs as (
                select f.id as first, s.id as second from present f join present s
                    on s.birth_date = f.birth_date and f.id < s.id
                    and (s.search_kana = f.search_kana or s.search_name = f.search_name)
                union select least(f.person_id, s.person_id), greatest(f.person_id, s.person_id)
                    from numbers f join numbers s on s.number = f.number and f.person_id < s.person_id
                union select first, second from shared)
            select p.first, p.second,
                exists (select from medical_registrations n join medical_registrations o on o.number = n.number
                    where n.person_id = f.id and o.person_id = s.id) as same_number,
                f.birth_date = s.birth_date as same_birth_date,
                f.search_kana = s.search_kana as same_kana,
                f.search_name = s.search_name as same_name,
                phone.kind is not null as same_phone,
                email.kind is not null as same_email,
                coalesce(a.number <> b.number, false) as different_numbers
            from pairs p join present f on f.id = p.first join present s on s.id = p.second
            left join (select distinct * from shared where kind = 'phone') phone using (first, second)
            left join (select distinct * from shared where kind = 'email') email using (first, second)
            left join medical_registrations a on a.person_id = f.id and a.known_to is null
            left join medical_registrations b on b.person_id = s.id and b.known_to is null";
        let found = sql_query(COMMON).bind::<t::BigInt, _>(SHARED_BY_AT_MOST).load(&mut self.conn().await?).await?;
        Ok(found)
    }

    /// The open pairs of which an association sees both, the likeliest first, behind `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn duplicate_list(
        &self,
        _permit: &Permit<RegistryAction>,
        association: AssociationId,
        after: Option<(i32, DuplicateId)>,
        limit: i64,
    ) -> Result<Vec<DuplicatePair>, StoreError> {
        let page = format!(
            "{SEEN_PAIRS} and ($2 is null or d.score < $2 or (d.score = $2 and d.id > $3)) order by d.score desc, d.id limit $4"
        );
        let rows: Vec<PairRow> = sql_query(page)
            .bind::<t::Uuid, _>(association.uuid())
            .bind::<t::Nullable<t::Integer>, _>(after.map(|(score, _)| score))
            .bind::<t::Nullable<t::Uuid>, _>(after.map(|(_, id)| id.uuid()))
            .bind::<t::BigInt, _>(limit)
            .load(&mut self.conn().await?)
            .await?;
        Ok(rows.into_iter().map(DuplicatePair::from).collect())
    }

    /// An open pair, if the association sees both.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn duplicate_get(
        &self,
        _permit: &Permit<RegistryAction>,
        association: AssociationId,
        id: DuplicateId,
    ) -> Result<Option<DuplicatePair>, StoreError> {
        let row: Option<PairRow> = sql_query(format!("{SEEN_PAIRS} and d.id = $2"))
            .bind::<t::Uuid, _>(association.uuid())
            .bind::<t::Uuid, _>(id.uuid())
            .get_result(&mut self.conn().await?)
            .await
            .optional()?;
        Ok(row.map(DuplicatePair::from))
    }
}

impl Tx {
    /// Keeps what was found: new pairs are added, known ones weighed anew, open ones that are none any more removed. What a clerk
    /// said of a pair stays (DUP-3).
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn duplicates_save(
        &mut self,
        _permit: &Permit<RegistryAction>,
        found: &[([PersonId; 2], Suspicion)],
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        const ROWS_A_STATEMENT: usize = 4_000;
        let started = duplicate_pairs::table.filter(duplicate_pairs::state.eq("open"));
        let mut open: std::collections::HashSet<(Uuid, Uuid)> = started
            .select((duplicate_pairs::first_person_id, duplicate_pairs::second_person_id))
            .load(&mut self.conn)
            .await?
            .into_iter()
            .collect();
        let mut added = 0;
        for chunk in found.chunks(ROWS_A_STATEMENT) {
            for ([first, second], _) in chunk {
                open.remove(&(first.uuid(), second.uuid()));
            }
            let rows: Vec<_> = chunk
                .iter()
                .map(|([first, second], suspicion)| {
                    let reasons: Vec<&str> = suspicion.reasons.iter().map(|reason| reason.as_str()).collect();
                    (
                        duplicate_pairs::id.eq(Uuid::now_v7()),
                        duplicate_pairs::first_person_id.eq(first.uuid()),
                        duplicate_pairs::second_person_id.eq(second.uuid()),
                        duplicate_pairs::score.eq(suspicion.score),
                        duplicate_pairs::reasons.eq(reasons),
                        duplicate_pairs::found_at.eq(now),
                    )
                })
                .collect();
            let weighed = diesel::insert_into(duplicate_pairs::table)
                .values(rows)
                .on_conflict((duplicate_pairs::first_person_id, duplicate_pairs::second_person_id))
                .do_update()
                .set((
                    duplicate_pairs::score.eq(diesel::upsert::excluded(duplicate_pairs::score)),
                    duplicate_pairs::reasons.eq(diesel::upsert::excluded(duplicate_pairs::reasons)),
                ));
            added += weighed.execute(&mut self.conn).await?;
        }
        for (first, second) in open {
            let gone = duplicate_pairs::table
                .filter(duplicate_pairs::first_person_id.eq(first))
                .filter(duplicate_pairs::second_person_id.eq(second));
            diesel::delete(gone).execute(&mut self.conn).await?;
        }
        Ok(added)
    }

    /// A clerk says that two records are two persons'. `false` when somebody has decided already.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn duplicate_dismiss(
        &mut self,
        _permit: &Permit<RegistryAction>,
        id: DuplicateId,
        by: AccountId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let said = diesel::update(duplicate_pairs::table.find(id.uuid()))
            .filter(duplicate_pairs::state.eq("open"))
            .set((
                duplicate_pairs::state.eq("distinct"),
                duplicate_pairs::decided_at.eq(now),
                duplicate_pairs::decided_by.eq(by.uuid()),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(said == 1)
    }
}
