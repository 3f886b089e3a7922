//! The members of an association: a page of them, how many they are, and all of them as lines of a file.
//!
//! Memberships carry the search keys of their persons, so that one index holds each association's list in its order. The
//! statements are put together from what is asked and are planned anew each time, with the very association before the planner.
//! What a line shows beyond that is joined after the page was cut.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::{QueryableByName, sql_query, sql_types as t};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::{StreamExt, TryStreamExt};
use mamis_domain::identity::Permit;
use mamis_domain::registry::SearchText;
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{AssociationId, FacilityKind, MembershipState, PersonId, Tier};
use uuid::Uuid;

use super::rows::PersonNames;
use crate::{Datastore, StoreError};

/// Which members of which association.
#[derive(Debug, Clone)]
pub struct MemberQuestion {
    /// Whose members.
    pub association: AssociationId,
    /// Its tier: from a prefecture upward, lines name the district.
    pub tier: Tier,
    /// The day asked about.
    pub day: NaiveDate,
    /// Who; `None`: everybody.
    pub text: Option<SearchText>,
    /// Where the latest membership stands on that day; `None`: anywhere.
    pub state: Option<MembershipState>,
    /// One of these; empty: any.
    pub category_codes: Vec<String>,
    /// Also a member of this one on the day.
    pub also_of: Option<AssociationId>,
    /// Born on this day or before.
    pub born_until: Option<NaiveDate>,
    /// Born after this day.
    pub born_after: Option<NaiveDate>,
    /// With this 診療科名.
    pub specialty: Option<String>,
    /// With a main workplace of one of these kinds on the day; empty: any.
    pub facility_kinds: Vec<FacilityKind>,
}

/// In which order, and behind which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberOrder {
    /// By reading.
    Kana(Option<(String, PersonId)>),
    /// By first day, latest first.
    JoinedLatest(Option<(NaiveDate, PersonId)>),
}

/// A line of the list.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub struct MemberRow {
    #[diesel(sql_type = t::Uuid)]
    id: Uuid,
    /// What the person is called.
    #[diesel(embed)]
    pub names: PersonNames,
    #[diesel(sql_type = t::Text)]
    search_kana: String,
    /// For the age.
    #[diesel(sql_type = t::Date)]
    pub birth_date: NaiveDate,
    /// 医籍登録番号
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub number: Option<String>,
    /// In the association's own codes.
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub category_code: Option<String>,
    /// First day in force.
    #[diesel(sql_type = t::Date)]
    pub valid_from: NaiveDate,
    /// The day after the last one.
    #[diesel(sql_type = t::Nullable<t::Date>)]
    pub valid_to: Option<NaiveDate>,
    /// Why it ended.
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub end_reason: Option<String>,
    #[diesel(sql_type = t::Array<t::Uuid>)]
    associations: Vec<Uuid>,
    /// The main workplace.
    #[diesel(sql_type = t::Nullable<t::Uuid>)]
    pub facility_id: Option<Uuid>,
    /// Its name.
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub facility_name: Option<String>,
    /// Its kind.
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub facility_kind: Option<String>,
}

impl MemberRow {
    /// Who it is.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        PersonId::from_uuid(self.id)
    }

    /// Where the person was a member on the day, of whatever branch: what is shown of it is for whoever asks to choose.
    pub fn associations(&self) -> impl Iterator<Item = AssociationId> {
        self.associations.iter().copied().map(AssociationId::from_uuid)
    }

    /// The order whose next line follows this one.
    #[must_use]
    pub fn position(&self, order: &MemberOrder) -> MemberOrder {
        match order {
            MemberOrder::Kana(_) => MemberOrder::Kana(Some((self.search_kana.clone(), self.person()))),
            MemberOrder::JoinedLatest(_) => MemberOrder::JoinedLatest(Some((self.valid_from, self.person()))),
        }
    }
}

/// A line of the file: what the list shows, and how to reach the person.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(Pg))]
#[expect(missing_docs, reason = "the columns of the file, in its order")]
pub struct MemberLine {
    /// Who it is.
    #[diesel(sql_type = t::Uuid)]
    pub person_id: Uuid,
    /// What the person is called.
    #[diesel(embed)]
    pub names: PersonNames,
    #[diesel(sql_type = t::Text)]
    pub sex: String,
    #[diesel(sql_type = t::Date)]
    pub birth_date: NaiveDate,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub number: Option<String>,
    #[diesel(sql_type = t::Nullable<t::Date>)]
    pub registered_on: Option<NaiveDate>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub jma_member_id: Option<String>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub category_code: Option<String>,
    #[diesel(sql_type = t::Date)]
    pub valid_from: NaiveDate,
    #[diesel(sql_type = t::Nullable<t::Date>)]
    pub valid_to: Option<NaiveDate>,
    #[diesel(sql_type = t::Nullable<t::Uuid>)]
    pub district_id: Option<Uuid>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub facility_name: Option<String>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub facility_address: Option<String>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub home_postal_code: Option<String>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub home_address: Option<String>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub phone: Option<String>,
    #[diesel(sql_type = t::Nullable<t::Text>)]
    pub email: Option<String>,
    #[diesel(sql_type = t::Text)]
    pub specialties: String,
}

/// What a membership `alias` is on the day.
fn in_force(alias: &str) -> String {
    format!("{alias}.valid_from <= $2 and ({alias}.valid_to is null or {alias}.valid_to > $2)")
}

/// The memberships asked about, without an order. Every parameter has its place in [`bound`], asked for or not.
fn members(question: &MemberQuestion) -> String {
    const LATEST: &str = "not exists (select from memberships l where l.person_id = m.person_id
        and l.association_id = m.association_id and l.known_to is null and l.valid_from > m.valid_from)";
    // `offset 0`: those of a name are gathered and then sorted, however short the planner believes a walk along the list to be.
    const OF_A_NAME: &str = "from (
            select id, person_id, association_id, category_code, search_kana, valid_from, valid_to from memberships
            where association_id = $1 and known_to is null and search_name >= $3 and search_name < $4 offset 0) m
         where true";
    let mut sql = String::from(match question.text {
        Some(SearchText::Name(_)) => OF_A_NAME,
        _ => "from memberships m where m.association_id = $1 and m.known_to is null",
    });
    let mut and = |clause: &str| {
        sql.push_str("\n and ");
        sql.push_str(clause);
    };
    match question.state {
        None => and(LATEST),
        Some(MembershipState::Current) => and(&in_force("m")),
        Some(MembershipState::Ended) => {
            and("m.valid_to <= $2");
            and(LATEST);
        }
        Some(MembershipState::Future) => {
            and("m.valid_from > $2");
            and(LATEST);
        }
    }
    match &question.text {
        None | Some(SearchText::Name(_)) => {}
        Some(SearchText::Kana(_)) => and("m.search_kana >= $3 and m.search_kana < $4"),
        Some(SearchText::BirthDate(_)) => and("m.person_id in (select b.id from persons b where b.birth_date = $5)"),
        Some(SearchText::Email(_)) => and("m.person_id in (select c.person_id from contact_points c
            where c.kind = 'email' and c.known_to is null and lower(c.value) = $3)"),
        Some(SearchText::Number { .. }) => and("m.person_id in (
            select n.person_id from medical_registrations n where n.number = $6 and n.known_to is null
            union all select j.id from persons j where j.jma_member_id = $7
            union all select c.person_id from contact_points c
                where c.kind = 'phone' and c.known_to is null and c.value = $8
            union all select b.id from persons b where b.birth_date = $5)"),
        Some(SearchText::Nobody) => and("false"),
    }
    if !question.category_codes.is_empty() {
        and("m.category_code = any($9)");
    }
    if question.also_of.is_some() {
        and(&format!(
            "exists (select from memberships o where o.person_id = m.person_id and o.association_id = $10
                and o.known_to is null and {})",
            in_force("o")
        ));
    }
    let mut person = Vec::new();
    if question.born_until.is_some() {
        person.push("p.birth_date <= $11");
    }
    if question.born_after.is_some() {
        person.push("p.birth_date > $12");
    }
    if question.specialty.is_some() {
        person.push("p.specialties @> array[$13]");
    }
    if !person.is_empty() {
        and(&format!("exists (select from persons p where p.id = m.person_id and {})", person.join(" and ")));
    }
    if !question.facility_kinds.is_empty() {
        and(&format!(
            "exists (select from affiliations a join facilities f on f.id = a.facility_id
                where a.person_id = m.person_id and a.is_main and a.known_to is null and {} and f.kind = any($14))",
            in_force("a")
        ));
    }
    sql
}

type Bound = BoxedSqlQuery<'static, Pg, SqlQuery>;

/// A statement with what is asked in its places.
fn bound(sql: String, question: &MemberQuestion) -> Bound {
    let beyond = |key: &String| format!("{key}\u{10FFFF}");
    let (mut key, mut until, mut birth_date) = (None, None, None);
    let (mut number, mut member_id, mut tel) = (None, None, None);
    match &question.text {
        None | Some(SearchText::Nobody) => {}
        Some(SearchText::Kana(text) | SearchText::Name(text)) => {
            (key, until) = (Some(text.clone()), Some(beyond(text)));
        }
        Some(SearchText::Email(text)) => key = Some(text.clone()),
        Some(SearchText::BirthDate(day)) => birth_date = Some(*day),
        Some(SearchText::Number { registration, jma_member_id, phone, birth_date: day }) => {
            (number, member_id, tel, birth_date) = (registration.clone(), jma_member_id.clone(), phone.clone(), *day);
        }
    }
    let kinds: Vec<String> = question.facility_kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    sql_query(sql)
        .into_boxed()
        .bind::<t::Uuid, _>(question.association.uuid())
        .bind::<t::Date, _>(question.day)
        .bind::<t::Nullable<t::Text>, _>(key)
        .bind::<t::Nullable<t::Text>, _>(until)
        .bind::<t::Nullable<t::Date>, _>(birth_date)
        .bind::<t::Nullable<t::Text>, _>(number)
        .bind::<t::Nullable<t::Text>, _>(member_id)
        .bind::<t::Nullable<t::Text>, _>(tel)
        .bind::<t::Array<t::Text>, _>(question.category_codes.clone())
        .bind::<t::Nullable<t::Uuid>, _>(question.also_of.map(AssociationId::uuid))
        .bind::<t::Nullable<t::Date>, _>(question.born_until)
        .bind::<t::Nullable<t::Date>, _>(question.born_after)
        .bind::<t::Nullable<t::Text>, _>(question.specialty.clone())
        .bind::<t::Array<t::Text>, _>(kinds)
}

/// A page: `$15` and, by the order, `$16` or `$17` say behind which line, `$18` how many.
fn page(question: &MemberQuestion, order: &MemberOrder) -> String {
    let (behind, by, is_further) = match order {
        MemberOrder::Kana(after) => {
            ("(m.search_kana, m.person_id) > ($16, $15)", "m.search_kana, m.person_id", after.is_some())
        }
        MemberOrder::JoinedLatest(after) => (
            "m.valid_from <= $17 and (m.valid_from < $17 or m.person_id > $15)",
            "m.valid_from desc, m.person_id",
            after.is_some(),
        ),
    };
    let members = members(question);
    let behind = if is_further { format!("and {behind}") } else { String::new() };
    format!(
        "with page as materialized (select m.id {members} {behind} order by {by} limit $18)
         select p.id, p.family_name, p.given_name, p.family_name_kana, p.given_name_kana, m.search_kana, p.birth_date,
            r.number, m.category_code, m.valid_from, m.valid_to, m.end_reason,
            array(select o.association_id from memberships o where o.person_id = m.person_id and o.known_to is null and {standing}
                order by o.valid_from, o.association_id) as associations,
            f.id as facility_id, f.name as facility_name, f.kind as facility_kind
         from page join memberships m on m.id = page.id join persons p on p.id = m.person_id
         left join medical_registrations r on r.person_id = p.id and r.known_to is null
         left join affiliations w on w.person_id = p.id and w.is_main and w.known_to is null and {workplace}
         left join facilities f on f.id = w.facility_id
         order by {by}",
        standing = in_force("o"),
        workplace = in_force("w"),
    )
}

/// All of them, with what leads to them; `$15` holds registration numbers where only their owners are asked for.
fn lines(question: &MemberQuestion, by_number: bool) -> String {
    let of_numbers = |alias: &str| match by_number {
        true => format!(
            "and {alias}.person_id in (select person_id from medical_registrations where number = any($15) and known_to is null)"
        ),
        false => String::new(),
    };
    let contacts = format!(
        "left join (
            select c.person_id,
                min(c.value) filter (where c.kind = 'address' and c.purpose = 'home') as home_address,
                min(c.postal_code) filter (where c.kind = 'address' and c.purpose = 'home') as home_postal_code,
                min(c.value) filter (where c.kind = 'phone') as phone,
                min(c.value) filter (where c.kind = 'email') as email
            from contact_points c
            where c.known_to is null and c.person_id in (select person_id from memberships where association_id = $1)
                {}
            group by c.person_id) c on c.person_id = m.person_id",
        of_numbers("c")
    );
    let districts = match question.tier {
        Tier::District => "left join (select null::uuid as association_id) d on true".to_owned(),
        Tier::Prefectural | Tier::National => format!(
            "left join (
                select distinct on (o.person_id) o.person_id, o.association_id
                from memberships o join associations a on a.id = o.association_id
                where o.known_to is null and a.tier = 'district' {of_branch} and {in_force} {among}
                order by o.person_id, o.valid_from, o.association_id) d on d.person_id = m.person_id",
            of_branch = if question.tier == Tier::Prefectural { "and a.parent_id = $1" } else { "" },
            in_force = in_force("o"),
            among = of_numbers("o"),
        ),
    };
    let among = of_numbers("m");
    let members = members(question);
    format!(
        "with chosen as materialized (
            select m.person_id, m.search_kana, m.category_code, m.valid_from, m.valid_to {members} {among})
         select p.id as person_id, p.family_name, p.given_name, p.family_name_kana, p.given_name_kana, p.sex, p.birth_date, r.number,
            r.registered_on, p.jma_member_id, m.category_code, m.valid_from, m.valid_to, d.association_id as district_id,
            f.name as facility_name, f.address as facility_address, c.home_postal_code, c.home_address, c.phone, c.email,
            array_to_string(p.specialties, '、') as specialties
         from chosen m join persons p on p.id = m.person_id
         left join medical_registrations r on r.person_id = m.person_id and r.known_to is null
         {districts}
         left join affiliations w on w.person_id = m.person_id and w.is_main and w.known_to is null and {workplace}
         left join facilities f on f.id = w.facility_id
         {contacts}
         order by m.search_kana, m.person_id",
        workplace = in_force("w"),
    )
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = t::BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = t::Text, column_name = "QUERY PLAN")]
    plan: String,
}

impl Datastore {
    /// A page of an association's members.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_list(
        &self,
        _permit: &Permit<RegistryAction>,
        question: &MemberQuestion,
        order: &MemberOrder,
        limit: i64,
    ) -> Result<Vec<MemberRow>, StoreError> {
        let query = positioned(bound(page(question, order), question), order).bind::<t::BigInt, _>(limit);
        Ok(query.load(&mut self.conn().await?).await?)
    }

    /// How the database would find a page: for a look at whether it uses an index.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_list_plan(
        &self,
        question: &MemberQuestion,
        order: &MemberOrder,
        limit: i64,
    ) -> Result<String, StoreError> {
        let sql = format!("explain {}", page(question, order));
        let query = positioned(bound(sql, question), order).bind::<t::BigInt, _>(limit);
        let lines: Vec<PlanLine> = query.load(&mut self.conn().await?).await?;
        Ok(lines.into_iter().map(|line| line.plan).collect::<Vec<_>>().join("\n"))
    }

    /// How many members.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_count(
        &self,
        _permit: &Permit<RegistryAction>,
        question: &MemberQuestion,
    ) -> Result<u64, StoreError> {
        let sql = format!("select count(*) as count {}", members(question));
        let found: Count = bound(sql, question).get_result(&mut self.conn().await?).await?;
        Ok(u64::try_from(found.count).unwrap_or_default())
    }

    /// Those of them who have one of these registration numbers.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn member_lines_by_number(
        &self,
        _permit: &Permit<RegistryAction>,
        question: &MemberQuestion,
        numbers: &[String],
    ) -> Result<Vec<MemberLine>, StoreError> {
        let query = bound(lines(question, true), question).bind::<t::Array<t::Text>, _>(numbers.to_vec());
        Ok(query.load(&mut self.conn().await?).await?)
    }

    /// Reads all of them by their reading, from one moment's state, and hands them on in blocks. The next block is read when
    /// the one before was taken, so that whoever reads slowly costs no memory. Says how many there were.
    ///
    /// # Errors
    /// What `take` says, and the store's own errors.
    pub async fn member_lines<E: From<StoreError>>(
        &self,
        _permit: &Permit<RegistryAction>,
        question: &MemberQuestion,
        block: usize,
        mut take: impl AsyncFnMut(Vec<MemberLine>) -> Result<(), E>,
    ) -> Result<u64, E> {
        let done = self.transaction(None, async |tx| {
            // A whole association is joined at once: by hashing in memory, not on disk.
            let settings = "set local work_mem = '64MB'; set local statement_timeout = '10min'; set local jit = off";
            tx.conn.batch_execute(settings).await.map_err(StoreError::from)?;
            let stream = bound(lines(question, false), question).load_stream::<MemberLine>(&mut tx.conn).await;
            let mut blocks = stream.map_err(StoreError::from)?.try_chunks(block).boxed();
            let mut count = 0_u64;
            while let Some(lines) = blocks.next().await {
                let lines = lines.map_err(|broken| StoreError::from(broken.1))?;
                count = count.saturating_add(u64::try_from(lines.len()).unwrap_or_default());
                take(lines).await?;
            }
            Ok(count)
        });
        done.await
    }
}

fn positioned(query: Bound, order: &MemberOrder) -> Bound {
    let (mut person, mut kana, mut joined) = (None, None, None);
    match order {
        MemberOrder::Kana(Some((key, at))) => (kana, person) = (Some(key.clone()), Some(at.uuid())),
        MemberOrder::JoinedLatest(Some((day, at))) => (joined, person) = (Some(*day), Some(at.uuid())),
        MemberOrder::Kana(None) | MemberOrder::JoinedLatest(None) => {}
    }
    query
        .bind::<t::Nullable<t::Uuid>, _>(person)
        .bind::<t::Nullable<t::Text>, _>(kana)
        .bind::<t::Nullable<t::Date>, _>(joined)
}
