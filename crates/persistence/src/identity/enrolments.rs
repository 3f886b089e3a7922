//! The way from a letter to a log-in, and what clerks decide about those whose proof of identity did not match.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::{QueryableByName, sql_types};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::policy::IdentityAction;
use mamis_domain::identity::{EnrolmentFacts, IdentityProof, Permit};
use mamis_kernel::text::name;
use mamis_kernel::{
    AccountClass, AccountId, AccountState, AssociationId, ConfirmationId, Language, LetterPurpose, MismatchId,
    PersonId, Role,
};
use uuid::Uuid;

use crate::schema::{accounts, capabilities, enrolments, identity_mismatches, temporary_letters};
use crate::{Datastore, StoreError, Tx};

/// An enrolment to be begun.
#[derive(Debug, Clone)]
pub struct NewEnrolment {
    /// The enrolment.
    pub id: Uuid,
    /// Of the token that the browser keeps.
    pub token_hash: [u8; 32],
    /// By which letter.
    pub letter: Uuid,
    /// The language its owner reads.
    pub language: Language,
    /// Until when it waits.
    pub expires_at: DateTime<Utc>,
}

/// An enrolment that is under way.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The enrolment.
    pub id: Uuid,
    /// By which letter.
    pub letter: Uuid,
    /// Whose letter it is.
    pub person: PersonId,
    /// Family name, U+3000, given name.
    pub display_name: String,
    /// Who wrote it.
    pub association: AssociationId,
    /// What for.
    pub purpose: LetterPurpose,
    /// As it stands on the letter.
    pub letter_login_id: String,
    /// Proofs of identity that failed with this letter.
    pub identity_failures: i32,
    /// Whether who it is was shown.
    pub proved: bool,
    /// The code that is on its way, and to where.
    pub pending: Option<(ConfirmationId, String)>,
    /// Confirmed now.
    pub email: Option<String>,
    /// Said that there is none.
    pub without_email: bool,
    /// Chosen now.
    pub login_id: Option<String>,
    /// PHC string (argon2id) of the password chosen now.
    pub password_hash: Option<String>,
    /// The language its owner reads.
    pub language: Language,
    /// Until when it waits.
    pub expires_at: DateTime<Utc>,
    /// The person's account, when there is one.
    pub account: Option<AccountId>,
    /// Where its mail goes.
    pub account_email: Option<String>,
}

impl Enrolment {
    /// What was done so far.
    #[must_use]
    pub fn facts(&self) -> EnrolmentFacts {
        EnrolmentFacts {
            proved: self.proved,
            contact_settled: self.email.is_some() || self.without_email || self.account_email.is_some(),
            password_chosen: self.password_hash.is_some(),
        }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    letter_id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    person_id: Uuid,
    #[diesel(sql_type = sql_types::Text)]
    family_name: String,
    #[diesel(sql_type = sql_types::Text)]
    given_name: String,
    #[diesel(sql_type = sql_types::Uuid)]
    association_id: Uuid,
    #[diesel(sql_type = sql_types::Text)]
    purpose: String,
    #[diesel(sql_type = sql_types::Text)]
    letter_login_id: String,
    #[diesel(sql_type = sql_types::Integer)]
    identity_failures: i32,
    #[diesel(sql_type = sql_types::Bool)]
    proved: bool,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    confirmation_id: Option<Uuid>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pending_email: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    email: Option<String>,
    #[diesel(sql_type = sql_types::Bool)]
    without_email: bool,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    login_id: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    password_hash: Option<String>,
    #[diesel(sql_type = sql_types::Text)]
    language: String,
    #[diesel(sql_type = sql_types::Timestamptz)]
    expires_at: DateTime<Utc>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    account_id: Option<Uuid>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    account_email: Option<String>,
}

impl TryFrom<Row> for Enrolment {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = |table, column| StoreError::Unreadable { table, id: row.id.to_string(), column };
        Ok(Self {
            id: row.id,
            letter: row.letter_id,
            person: PersonId::from_uuid(row.person_id),
            display_name: name::display_name(&row.family_name, &row.given_name),
            association: AssociationId::from_uuid(row.association_id),
            purpose: row.purpose.parse().map_err(|_| unreadable("letter_batches", "purpose"))?,
            letter_login_id: row.letter_login_id,
            identity_failures: row.identity_failures,
            proved: row.proved,
            pending: row.confirmation_id.map(ConfirmationId::from_uuid).zip(row.pending_email),
            email: row.email,
            without_email: row.without_email,
            login_id: row.login_id,
            password_hash: row.password_hash,
            language: row.language.parse().map_err(|_| unreadable("enrolments", "language"))?,
            expires_at: row.expires_at,
            account: row.account_id.map(AccountId::from_uuid),
            account_email: row.account_email,
        })
    }
}

/// A letter that was used, or that another one replaced, ends what was begun with it.
const UNDER_WAY: &str = "
    select e.id, e.letter_id, l.person_id, p.family_name, p.given_name, b.association_id, b.purpose,
        l.login_id as letter_login_id, l.identity_failures,
        (e.proved_at is not null or l.identity_accepted_at is not null) as proved,
        e.confirmation_id, e.pending_email, e.email, e.without_email, e.login_id, e.password_hash, e.language,
        e.expires_at, a.id as account_id, a.email as account_email
    from enrolments e
    join temporary_letters l on l.id = e.letter_id
    join letter_batches b on b.id = l.batch_id
    join persons p on p.id = l.person_id
    left join accounts a on a.person_id = l.person_id
    where e.token_hash = $1 and e.finished_at is null and e.expires_at > $2
        and l.used_at is null and l.voided_at is null";

async fn under_way(
    conn: &mut AsyncPgConnection,
    question: &str,
    token_hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<Enrolment>, StoreError> {
    let row: Option<Row> = diesel::sql_query(question)
        .bind::<sql_types::Binary, _>(token_hash.as_slice())
        .bind::<sql_types::Timestamptz, _>(now)
        .get_result(conn)
        .await
        .optional()?;
    row.map(Enrolment::try_from).transpose()
}

/// Somebody whose proof of identity did not match the record, as a clerk sees it.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Mismatch {
    /// The entry.
    #[diesel(sql_type = sql_types::Uuid)]
    pub id: Uuid,
    /// Whose letter it is.
    #[diesel(sql_type = sql_types::Uuid)]
    pub person_id: Uuid,
    /// Family name.
    #[diesel(sql_type = sql_types::Text)]
    pub family_name: String,
    /// Given name.
    #[diesel(sql_type = sql_types::Text)]
    pub given_name: String,
    /// Who wrote the letter.
    #[diesel(sql_type = sql_types::Uuid)]
    pub association_id: Uuid,
    /// What was typed last.
    #[diesel(sql_type = sql_types::Text)]
    pub medical_registration_number: String,
    /// The same.
    #[diesel(sql_type = sql_types::Date)]
    pub registered_on: NaiveDate,
    /// The same.
    #[diesel(sql_type = sql_types::Date)]
    pub birth_date: NaiveDate,
    /// What the record says.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub record_number: Option<String>,
    /// The same.
    #[diesel(sql_type = sql_types::Nullable<sql_types::Date>)]
    pub record_registered_on: Option<NaiveDate>,
    /// The same.
    #[diesel(sql_type = sql_types::Date)]
    pub record_birth_date: NaiveDate,
    /// How often.
    #[diesel(sql_type = sql_types::Integer)]
    pub attempts: i32,
    /// When it was last tried.
    #[diesel(sql_type = sql_types::Timestamptz)]
    pub last_at: DateTime<Utc>,
}

const MISMATCHES: &str = "
    select m.id, m.person_id, p.family_name, p.given_name, m.association_id, m.medical_registration_number,
        m.registered_on, m.birth_date, r.number as record_number, r.registered_on as record_registered_on,
        p.birth_date as record_birth_date, m.attempts, m.last_at
    from identity_mismatches m
    join persons p on p.id = m.person_id
    left join medical_registrations r on r.person_id = m.person_id and r.known_to is null
    where m.decided_at is null";

/// What identifies a person in the record.
async fn identity(conn: &mut AsyncPgConnection, person: PersonId) -> Result<Option<IdentityProof>, StoreError> {
    #[derive(QueryableByName)]
    struct Record {
        #[diesel(sql_type = sql_types::Text)]
        number: String,
        #[diesel(sql_type = sql_types::Date)]
        registered_on: NaiveDate,
        #[diesel(sql_type = sql_types::Date)]
        birth_date: NaiveDate,
    }
    let row: Option<Record> = diesel::sql_query(
        "select r.number, r.registered_on, p.birth_date from persons p
         join medical_registrations r on r.person_id = p.id and r.known_to is null where p.id = $1
         order by r.known_from desc limit 1",
    )
    .bind::<sql_types::Uuid, _>(person.uuid())
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|row| IdentityProof {
        medical_registration_number: row.number,
        registered_on: row.registered_on,
        birth_date: row.birth_date,
    }))
}

impl Datastore {
    /// The enrolment of a token, while it is under way.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_get(
        &self,
        token_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<Enrolment>, StoreError> {
        under_way(&mut *self.conn().await?, UNDER_WAY, token_hash, now).await
    }

    /// Forgets enrolments that have run out; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolments_forget(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let over = enrolments::table.filter(enrolments::expires_at.lt(now));
        Ok(diesel::delete(over).execute(&mut self.conn().await?).await?)
    }

    /// Whose proof of identity did not match and nobody has decided about, latest first, in an association's letters.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mismatch_list(
        &self,
        _permit: &Permit<IdentityAction>,
        association: AssociationId,
        after: Option<MismatchId>,
        limit: i64,
    ) -> Result<Vec<Mismatch>, StoreError> {
        let question =
            format!("{MISMATCHES} and m.association_id = $1 and ($2 is null or m.id < $2) order by m.id desc limit $3");
        let rows = diesel::sql_query(question)
            .bind::<sql_types::Uuid, _>(association.uuid())
            .bind::<sql_types::Nullable<sql_types::Uuid>, _>(after.map(MismatchId::uuid))
            .bind::<sql_types::BigInt, _>(limit);
        Ok(rows.load(&mut self.conn().await?).await?)
    }
}

impl Tx {
    /// An open entry's association and person, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mismatch_for_update(
        &mut self,
        id: MismatchId,
    ) -> Result<Option<(AssociationId, PersonId, bool)>, StoreError> {
        let row: Option<(Uuid, Uuid, Option<bool>)> = identity_mismatches::table
            .find(id.uuid())
            .select((
                identity_mismatches::association_id,
                identity_mismatches::person_id,
                identity_mismatches::accepted,
            ))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(|(association, person, accepted)| {
            (AssociationId::from_uuid(association), PersonId::from_uuid(person), accepted.is_none())
        }))
    }

    /// Closes an entry. Accepted, the person's open letter needs no other proof; else it may be tried anew. Whether there was an
    /// open letter.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mismatch_decided(
        &mut self,
        _permit: &Permit<IdentityAction>,
        (id, person): (MismatchId, PersonId),
        (by, accepted): (AccountId, bool),
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        diesel::update(identity_mismatches::table.find(id.uuid()))
            .set((
                identity_mismatches::decided_at.eq(now),
                identity_mismatches::decided_by.eq(by.uuid()),
                identity_mismatches::accepted.eq(accepted),
            ))
            .execute(&mut self.conn)
            .await?;
        let open = temporary_letters::table
            .filter(temporary_letters::person_id.eq(person.uuid()))
            .filter(temporary_letters::used_at.is_null())
            .filter(temporary_letters::voided_at.is_null());
        let set = (
            temporary_letters::identity_failures.eq(0),
            temporary_letters::identity_accepted_at.eq(accepted.then_some(now)),
        );
        Ok(diesel::update(open).set(set).execute(&mut self.conn).await? > 0)
    }

    /// Begins an enrolment; what was begun with the same letter before is forgotten.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_insert(
        &mut self,
        _permit: &Permit<()>,
        new: &NewEnrolment,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let before = enrolments::table.filter(enrolments::letter_id.eq(new.letter));
        diesel::delete(before).execute(&mut self.conn).await?;
        diesel::insert_into(enrolments::table)
            .values((
                enrolments::id.eq(new.id),
                enrolments::token_hash.eq(new.token_hash.as_slice()),
                enrolments::letter_id.eq(new.letter),
                enrolments::language.eq(new.language.as_str()),
                enrolments::begun_at.eq(now),
                enrolments::expires_at.eq(new.expires_at),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// The enrolment of a token, while it is under way; it and its letter are locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_for_update(
        &mut self,
        token_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<Enrolment>, StoreError> {
        under_way(&mut self.conn, &format!("{UNDER_WAY} for update of e, l"), token_hash, now).await
    }

    /// What identifies a person in the record; `None` without a registration.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_identity(&mut self, person: PersonId) -> Result<Option<IdentityProof>, StoreError> {
        identity(&mut self.conn, person).await
    }

    /// Notes that its owner showed who it is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_proved(&mut self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let proved = enrolments::proved_at.eq(now);
        diesel::update(enrolments::table.find(id)).set(proved).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Counts a proof that did not match, and puts it on the clerk's list: once a person, with what was typed last.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_mismatched(
        &mut self,
        enrolment: &Enrolment,
        (id, shown): (MismatchId, &IdentityProof),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let failures = temporary_letters::identity_failures.eq(temporary_letters::identity_failures + 1);
        diesel::update(temporary_letters::table.find(enrolment.letter)).set(failures).execute(&mut self.conn).await?;
        diesel::sql_query(
            "insert into identity_mismatches (id, letter_id, person_id, association_id, medical_registration_number,
                 registered_on, birth_date, first_at, last_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
             on conflict (person_id) where decided_at is null do update set letter_id = $2, association_id = $4,
                 medical_registration_number = $5, registered_on = $6, birth_date = $7, last_at = $8,
                 attempts = identity_mismatches.attempts + 1",
        )
        .bind::<sql_types::Uuid, _>(id.uuid())
        .bind::<sql_types::Uuid, _>(enrolment.letter)
        .bind::<sql_types::Uuid, _>(enrolment.person.uuid())
        .bind::<sql_types::Uuid, _>(enrolment.association.uuid())
        .bind::<sql_types::Text, _>(&shown.medical_registration_number)
        .bind::<sql_types::Date, _>(shown.registered_on)
        .bind::<sql_types::Date, _>(shown.birth_date)
        .bind::<sql_types::Timestamptz, _>(now)
        .execute(&mut self.conn)
        .await?;
        Ok(())
    }

    /// Takes a person off the clerk's list who did prove who it is after all.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mismatch_settled(&mut self, person: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let open = identity_mismatches::table
            .filter(identity_mismatches::person_id.eq(person.uuid()))
            .filter(identity_mismatches::decided_at.is_null());
        let settled = (identity_mismatches::decided_at.eq(now), identity_mismatches::accepted.eq(true));
        diesel::update(open).set(settled).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Notes the code that is on its way, and to where.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_code_sent(
        &mut self,
        id: Uuid,
        confirmation: ConfirmationId,
        address: &str,
    ) -> Result<(), StoreError> {
        let sent = (enrolments::confirmation_id.eq(confirmation.uuid()), enrolments::pending_email.eq(address));
        diesel::update(enrolments::table.find(id)).set(sent).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Notes where mail goes: a confirmed address, or nowhere.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_email(
        &mut self,
        id: Uuid,
        email: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let set = (
            enrolments::email.eq(email),
            enrolments::email_confirmed_at.eq(email.map(|_| now)),
            enrolments::without_email.eq(email.is_none()),
            enrolments::confirmation_id.eq(None::<Uuid>),
            enrolments::pending_email.eq(None::<&str>),
        );
        diesel::update(enrolments::table.find(id)).set(set).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Notes the password and the login id that were chosen.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_password(
        &mut self,
        id: Uuid,
        login_id: Option<&str>,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let set = (enrolments::login_id.eq(login_id), enrolments::password_hash.eq(password_hash));
        diesel::update(enrolments::table.find(id)).set(set).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Ends an enrolment that has reached its aim. Its letter works no longer.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enrolment_finished(
        &mut self,
        _permit: &Permit<()>,
        enrolment: &Enrolment,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let finished = (enrolments::finished_at.eq(now), enrolments::password_hash.eq(None::<&str>));
        diesel::update(enrolments::table.find(enrolment.id)).set(finished).execute(&mut self.conn).await?;
        let used = temporary_letters::used_at.eq(now);
        diesel::update(temporary_letters::table.find(enrolment.letter)).set(used).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Makes the account of a member, active from now on, for the enrolment's person.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the login id is taken.
    pub async fn member_account_insert(
        &mut self,
        _permit: &Permit<()>,
        enrolment: &Enrolment,
        (account, capability): (AccountId, Uuid),
        (login_id, password_hash): (&str, &str),
        (now, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<(), StoreError> {
        diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(account.uuid()),
                accounts::login_id.eq(login_id),
                accounts::display_name.eq(&enrolment.display_name),
                accounts::password_hash.eq(password_hash),
                accounts::state.eq(AccountState::Active.as_str()),
                accounts::person_id.eq(enrolment.person.uuid()),
                accounts::class.eq(AccountClass::Member.as_str()),
                accounts::email.eq(enrolment.email.as_deref()),
                accounts::email_confirmed_at.eq(enrolment.email.as_ref().map(|_| now)),
                accounts::language.eq(enrolment.language.as_str()),
            ))
            .execute(&mut self.conn)
            .await?;
        diesel::insert_into(capabilities::table)
            .values((
                capabilities::id.eq(capability),
                capabilities::account_id.eq(account.uuid()),
                capabilities::role.eq(Role::Physician.as_str()),
                capabilities::valid_from.eq(today),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}
