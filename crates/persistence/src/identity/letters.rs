//! Letters with temporary log-ins and the batches in which they are printed.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::{QueryableByName, sql_types};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::policy::IdentityAction;
use mamis_domain::identity::{LetterDates, Permit};
use mamis_kernel::{AccountId, AssociationId, LetterBatchId, LetterPurpose, PersonId};
use uuid::Uuid;

use crate::registry::PersonNames;
use crate::schema::{accounts, letter_batches, temporary_letters};
use crate::{Datastore, StoreError, Tx};

/// A member without an account in use.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct NotRegistered {
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
    /// What the person is called.
    #[diesel(embed)]
    pub names: PersonNames,
    #[diesel(sql_type = sql_types::Text)]
    search_kana: String,
    /// How many letters were issued so far.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Integer>)]
    pub issue_number: Option<i32>,
    /// When the latest was.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Timestamptz>)]
    pub issued_at: Option<DateTime<Utc>>,
    /// Until when the latest holds.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Timestamptz>)]
    pub expires_at: Option<DateTime<Utc>>,
}

impl NotRegistered {
    /// Who it is.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        PersonId::from_uuid(self.id)
    }

    /// Where the list goes on.
    #[must_use]
    pub fn position(&self) -> (String, PersonId) {
        (self.search_kana.clone(), self.person())
    }
}

/// Which of those who have not registered.
#[derive(Debug, Clone, Default)]
pub struct NotRegisteredFilter {
    /// Key of the reading's beginning.
    pub kana_prefix: Option<String>,
    /// Only those without a letter that still holds.
    pub without_open_letter: bool,
}

/// A letter to be issued.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// The letter.
    pub id: Uuid,
    /// To whom.
    pub person: PersonId,
    /// For the first log-in.
    pub login_id: String,
}

/// A batch to be begun.
#[derive(Debug, Clone, Copy)]
pub struct NewLetterBatch {
    /// The batch.
    pub id: LetterBatchId,
    /// Who writes.
    pub association: AssociationId,
    /// What for.
    pub purpose: LetterPurpose,
    /// Who asked for it.
    pub requested_by: AccountId,
}

/// A batch as clerks see it.
#[derive(Debug, Clone, Queryable)]
pub struct LetterBatch {
    /// The batch.
    pub id: Uuid,
    /// Who writes.
    pub association: Uuid,
    /// What for: `enrolment` or `recovery`.
    pub purpose: String,
    /// Where it stands: `waiting`, `ready`, `printed` or `expired`.
    pub state: String,
    /// How many letters.
    pub letters: i32,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// By whom: the name at the head of that account's pages.
    pub requested_by: String,
    /// Until when the file is kept.
    pub file_until: Option<DateTime<Utc>>,
    /// When the file was last fetched.
    pub fetched_at: Option<DateTime<Utc>>,
    /// When it was printed.
    pub printed_at: Option<DateTime<Utc>>,
}

/// What stands on a letter.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct LetterToPrint {
    /// The letter.
    #[diesel(sql_type = sql_types::Uuid)]
    pub id: Uuid,
    /// For the first log-in.
    #[diesel(sql_type = sql_types::Text)]
    pub login_id: String,
    /// 1 for the first.
    #[diesel(sql_type = sql_types::Integer)]
    pub issue_number: i32,
    /// When it was issued.
    #[diesel(sql_type = sql_types::Timestamptz)]
    pub issued_at: DateTime<Utc>,
    /// Until when it holds.
    #[diesel(sql_type = sql_types::Timestamptz)]
    pub expires_at: DateTime<Utc>,
    /// Family name.
    #[diesel(sql_type = sql_types::Text)]
    pub family_name: String,
    /// Given name.
    #[diesel(sql_type = sql_types::Text)]
    pub given_name: String,
    /// Of the home, else of the workplace.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub postal_code: Option<String>,
    /// The same place's address.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub address: Option<String>,
}

/// A letter whose id was typed at the door.
#[derive(Debug, Clone)]
pub struct ShownLetter {
    /// The letter.
    pub id: Uuid,
    /// Keyed hash of the password; none until it was printed.
    pub password_hash: Option<Vec<u8>>,
    /// Where it stands.
    pub dates: LetterDates,
}

const NOT_REGISTERED: &str = "
    select p.id, p.family_name, p.given_name, p.family_name_kana, p.given_name_kana, p.search_kana,
        l.issue_number, l.issued_at, l.expires_at
    from persons p
    left join lateral (
        select issue_number, issued_at, expires_at, used_at, voided_at from temporary_letters
        where person_id = p.id order by issue_number desc limit 1) l on true
    where exists (select from memberships m where m.person_id = p.id and m.association_id = $1 and m.known_to is null
            and m.valid_from <= $2 and (m.valid_to is null or m.valid_to > $2))
        and p.standing = 'confirmed'
        and not exists (select from accounts a where a.person_id = p.id)
        and ($3 is null or p.search_kana ~>=~ $3 and p.search_kana ~<~ $4)
        and (not $5 or l.expires_at is null or l.expires_at <= $6)
        and ($7 is null or (p.search_kana, p.id) > ($7, $8))
    order by p.search_kana, p.id limit $9";

async fn not_registered(
    conn: &mut AsyncPgConnection,
    association: AssociationId,
    filter: &NotRegisteredFilter,
    (after, limit): (Option<&(String, PersonId)>, i64),
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<Vec<NotRegistered>, StoreError> {
    let beyond = filter.kana_prefix.as_ref().map(|prefix| format!("{prefix}\u{10FFFF}"));
    let rows = diesel::sql_query(NOT_REGISTERED)
        .bind::<sql_types::Uuid, _>(association.uuid())
        .bind::<sql_types::Date, _>(today)
        .bind::<sql_types::Nullable<sql_types::Text>, _>(filter.kana_prefix.as_deref())
        .bind::<sql_types::Nullable<sql_types::Text>, _>(beyond)
        .bind::<sql_types::Bool, _>(filter.without_open_letter)
        .bind::<sql_types::Timestamptz, _>(now)
        .bind::<sql_types::Nullable<sql_types::Text>, _>(after.map(|(kana, _)| kana.as_str()))
        .bind::<sql_types::Nullable<sql_types::Uuid>, _>(after.map(|(_, person)| person.uuid()))
        .bind::<sql_types::BigInt, _>(limit);
    Ok(rows.load(conn).await?)
}

impl Datastore {
    /// Members of an association today who have no account, by their reading.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn not_registered_list(
        &self,
        _permit: &Permit<IdentityAction>,
        association: AssociationId,
        filter: &NotRegisteredFilter,
        page: (Option<&(String, PersonId)>, i64),
        moment: (DateTime<Utc>, NaiveDate),
    ) -> Result<Vec<NotRegistered>, StoreError> {
        not_registered(&mut *self.conn().await?, association, filter, page, moment).await
    }

    /// An association's batches, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_batch_list(
        &self,
        _permit: &Permit<IdentityAction>,
        association: AssociationId,
        after: Option<LetterBatchId>,
        limit: i64,
    ) -> Result<Vec<LetterBatch>, StoreError> {
        let mut query = batches().filter(letter_batches::association_id.eq(association.uuid())).into_boxed();
        if let Some(after) = after {
            query = query.filter(letter_batches::id.lt(after.uuid()));
        }
        Ok(query.order(letter_batches::id.desc()).limit(limit).load(&mut self.conn().await?).await?)
    }

    /// A batch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_batch_get(&self, id: LetterBatchId) -> Result<Option<LetterBatch>, StoreError> {
        Ok(batches().filter(letter_batches::id.eq(id.uuid())).first(&mut self.conn().await?).await.optional()?)
    }

    /// A batch's sealed file, while it is kept.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_file(&self, id: LetterBatchId, now: DateTime<Utc>) -> Result<Option<Vec<u8>>, StoreError> {
        let file: Option<Option<Vec<u8>>> = letter_batches::table
            .find(id.uuid())
            .filter(letter_batches::file_until.gt(now))
            .select(letter_batches::sealed_file)
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        Ok(file.flatten())
    }

    /// Takes a batch that waits to be printed, for as long as `held`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_batch_claim(
        &self,
        held: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Option<(LetterBatchId, AssociationId)>, StoreError> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = sql_types::Uuid)]
            id: Uuid,
            #[diesel(sql_type = sql_types::Uuid)]
            association_id: Uuid,
        }
        let claimed: Option<Row> = diesel::sql_query(
            "update letter_batches set next_attempt_at = $2
             where id = (select id from letter_batches where state = 'waiting' and next_attempt_at <= $1
                         order by next_attempt_at, id limit 1 for update skip locked)
             returning id, association_id",
        )
        .bind::<sql_types::Timestamptz, _>(now)
        .bind::<sql_types::Timestamptz, _>(now + held)
        .get_result(&mut self.conn().await?)
        .await
        .optional()?;
        Ok(claimed.map(|row| (LetterBatchId::from_uuid(row.id), AssociationId::from_uuid(row.association_id))))
    }

    /// What stands on a batch's letters, in the order of readings: as people sort them into envelopes.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letters_to_print(&self, batch: LetterBatchId) -> Result<Vec<LetterToPrint>, StoreError> {
        let rows = diesel::sql_query(
            "select l.id, l.login_id, l.issue_number, l.issued_at, l.expires_at, p.family_name, p.given_name,
                 coalesce(home.postal_code, work.postal_code) as postal_code, coalesce(home.value, work.address) as address
             from temporary_letters l
             join persons p on p.id = l.person_id
             left join lateral (select postal_code, value from contact_points
                 where person_id = p.id and kind = 'address' and known_to is null order by purpose, id limit 1) home on true
             left join lateral (select f.postal_code, f.address from affiliations a join facilities f on f.id = a.facility_id
                 where a.person_id = p.id and a.is_main and a.known_to is null order by a.valid_from desc limit 1) work on true
             where l.batch_id = $1 and l.voided_at is null
             order by p.search_kana, p.id",
        );
        Ok(rows.bind::<sql_types::Uuid, _>(batch.uuid()).load(&mut self.conn().await?).await?)
    }

    /// Gives up a batch whose letters have all become void before they were printed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_batch_void(&self, id: LetterBatchId) -> Result<(), StoreError> {
        let row = letter_batches::table.find(id.uuid());
        diesel::update(row).set(letter_batches::state.eq("expired")).execute(&mut self.conn().await?).await?;
        Ok(())
    }

    /// Ends batches whose file nobody fetched in time, and forgets the file.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_files_forget(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let old =
            letter_batches::table.filter(letter_batches::state.eq("ready")).filter(letter_batches::file_until.le(now));
        let forgotten = (letter_batches::state.eq("expired"), letter_batches::sealed_file.eq(None::<Vec<u8>>));
        Ok(diesel::update(old).set(forgotten).execute(&mut self.conn().await?).await?)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn batches() -> _ {
    letter_batches::table.inner_join(accounts::table.on(accounts::id.eq(letter_batches::requested_by))).select((
        letter_batches::id,
        letter_batches::association_id,
        letter_batches::purpose,
        letter_batches::state,
        letter_batches::letters,
        letter_batches::requested_at,
        accounts::display_name,
        letter_batches::file_until,
        letter_batches::fetched_at,
        letter_batches::printed_at,
    ))
}

impl Tx {
    /// Locks persons to whom letters go: who writes to the same ones at this moment waits.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_persons_lock(&mut self, persons: &[PersonId]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = persons.iter().map(|person| person.uuid()).collect();
        diesel::sql_query("select id from persons where id = any($1) order by id for no key update")
            .bind::<sql_types::Array<sql_types::Uuid>, _>(&ids)
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Members of an association today who have no account, by their reading.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn not_registered_list(
        &mut self,
        association: AssociationId,
        filter: &NotRegisteredFilter,
        limit: i64,
        moment: (DateTime<Utc>, NaiveDate),
    ) -> Result<Vec<NotRegistered>, StoreError> {
        not_registered(&mut self.conn, association, filter, (None, limit), moment).await
    }

    /// Those of these persons to whom the association may write for this purpose: members today, for an enrolment without an
    /// account, for a recovery with an active one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_recipients_among(
        &mut self,
        association: AssociationId,
        persons: &[PersonId],
        purpose: LetterPurpose,
        today: NaiveDate,
    ) -> Result<Vec<PersonId>, StoreError> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = sql_types::Uuid)]
            id: Uuid,
        }
        let ids: Vec<Uuid> = persons.iter().map(|person| person.uuid()).collect();
        let rows: Vec<Row> = diesel::sql_query(
            "select p.id from persons p
             where p.id = any($1) and p.standing = 'confirmed'
                 and exists (select from memberships m where m.person_id = p.id and m.association_id = $2
                     and m.known_to is null and m.valid_from <= $3 and (m.valid_to is null or m.valid_to > $3))
                 and case $4 when 'recovery'
                     then exists (select from accounts a where a.person_id = p.id and a.state = 'active')
                     else not exists (select from accounts a where a.person_id = p.id) end
             order by p.search_kana, p.id",
        )
        .bind::<sql_types::Array<sql_types::Uuid>, _>(&ids)
        .bind::<sql_types::Uuid, _>(association.uuid())
        .bind::<sql_types::Date, _>(today)
        .bind::<sql_types::Text, _>(purpose.as_str())
        .load(&mut self.conn)
        .await?;
        Ok(rows.into_iter().map(|row| PersonId::from_uuid(row.id)).collect())
    }

    /// A batch, as this transaction sees it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_batch_get(&mut self, id: LetterBatchId) -> Result<Option<LetterBatch>, StoreError> {
        Ok(batches().filter(letter_batches::id.eq(id.uuid())).first(&mut self.conn).await.optional()?)
    }

    /// Begins a batch and issues its letters: earlier ones of the same people are void from now on.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letters_issue(
        &mut self,
        _permit: &Permit<IdentityAction>,
        batch: &NewLetterBatch,
        letters: &[NewLetter],
        (now, dates): (DateTime<Utc>, LetterDates),
    ) -> Result<(), StoreError> {
        let count = i32::try_from(letters.len()).unwrap_or(i32::MAX);
        diesel::insert_into(letter_batches::table)
            .values((
                letter_batches::id.eq(batch.id.uuid()),
                letter_batches::association_id.eq(batch.association.uuid()),
                letter_batches::requested_by.eq(batch.requested_by.uuid()),
                letter_batches::purpose.eq(batch.purpose.as_str()),
                letter_batches::state.eq("waiting"),
                letter_batches::letters.eq(count),
                letter_batches::requested_at.eq(now),
                letter_batches::next_attempt_at.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        let persons: Vec<Uuid> = letters.iter().map(|letter| letter.person.uuid()).collect();
        diesel::update(temporary_letters::table)
            .filter(temporary_letters::person_id.eq_any(&persons))
            .filter(temporary_letters::used_at.is_null())
            .filter(temporary_letters::voided_at.is_null())
            .set(temporary_letters::voided_at.eq(now))
            .execute(&mut self.conn)
            .await?;
        let ids: Vec<Uuid> = letters.iter().map(|letter| letter.id).collect();
        let login_ids: Vec<&str> = letters.iter().map(|letter| letter.login_id.as_str()).collect();
        diesel::sql_query(
            "insert into temporary_letters (id, batch_id, person_id, issue_number, login_id, issued_at, expires_at)
             select n.id, $1, n.person_id,
                 coalesce((select max(issue_number) from temporary_letters old where old.person_id = n.person_id), 0) + 1,
                 n.login_id, $2, $3
             from unnest($4, $5, $6) as n (id, person_id, login_id)",
        )
        .bind::<sql_types::Uuid, _>(batch.id.uuid())
        .bind::<sql_types::Timestamptz, _>(now)
        .bind::<sql_types::Timestamptz, _>(dates.expires_at)
        .bind::<sql_types::Array<sql_types::Uuid>, _>(&ids)
        .bind::<sql_types::Array<sql_types::Uuid>, _>(&persons)
        .bind::<sql_types::Array<sql_types::Text>, _>(&login_ids)
        .execute(&mut self.conn)
        .await?;
        Ok(())
    }

    /// Keeps the hashes of a batch's passwords together with its sealed file: there is no letter without its hash.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letters_printed(
        &mut self,
        batch: LetterBatchId,
        hashes: &[(Uuid, [u8; 32])],
        sealed_file: &[u8],
        (now, file_until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), StoreError> {
        let waiting = letter_batches::table.find(batch.uuid()).filter(letter_batches::state.eq("waiting"));
        let ready = diesel::update(waiting)
            .set((
                letter_batches::state.eq("ready"),
                letter_batches::ready_at.eq(now),
                letter_batches::file_until.eq(file_until),
                letter_batches::sealed_file.eq(sealed_file),
            ))
            .execute(&mut self.conn)
            .await?;
        if ready == 0 {
            return Ok(());
        }
        let ids: Vec<Uuid> = hashes.iter().map(|(id, _)| *id).collect();
        let kept: Vec<&[u8]> = hashes.iter().map(|(_, hash)| hash.as_slice()).collect();
        diesel::sql_query(
            "update temporary_letters l set password_hash = n.hash
             from unnest($1, $2) as n (id, hash) where l.id = n.id",
        )
        .bind::<sql_types::Array<sql_types::Uuid>, _>(&ids)
        .bind::<sql_types::Array<sql_types::Binary>, _>(&kept)
        .execute(&mut self.conn)
        .await?;
        Ok(())
    }

    /// Notes that a batch's file was fetched.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_batch_fetched(
        &mut self,
        _permit: &Permit<IdentityAction>,
        batch: LetterBatchId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = letter_batches::table.find(batch.uuid());
        diesel::update(row).set(letter_batches::fetched_at.eq(now)).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Notes that a batch was printed, and forgets its file; whether it was there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_batch_done(
        &mut self,
        _permit: &Permit<IdentityAction>,
        batch: LetterBatchId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let ready = letter_batches::table.find(batch.uuid()).filter(letter_batches::state.eq("ready"));
        let done = (
            letter_batches::state.eq("printed"),
            letter_batches::printed_at.eq(now),
            letter_batches::sealed_file.eq(None::<Vec<u8>>),
        );
        Ok(diesel::update(ready).set(done).execute(&mut self.conn).await? > 0)
    }

    /// The letter of a temporary login id as it is printed, locked until the end of the transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn letter_for_update(&mut self, login_id: &str) -> Result<Option<ShownLetter>, StoreError> {
        type Row = (Uuid, Option<Vec<u8>>, DateTime<Utc>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
        let row: Option<Row> = temporary_letters::table
            .filter(temporary_letters::login_id.eq(login_id))
            .select((
                temporary_letters::id,
                temporary_letters::password_hash,
                temporary_letters::expires_at,
                temporary_letters::used_at,
                temporary_letters::voided_at,
            ))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(|(id, password_hash, expires_at, used_at, voided_at)| ShownLetter {
            id,
            password_hash,
            dates: LetterDates { expires_at, used_at, voided_at },
        }))
    }
}
