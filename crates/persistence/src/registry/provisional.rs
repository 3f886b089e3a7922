//! Persons who are known by their registration number before anybody has looked, and the accounts that come to speak for
//! them (W-25, W-26).

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::Permit;
use mamis_domain::registry::record::{RecordChange, person_changes};
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_domain::workflow::training_account::{Identity, NumberHolder, Standing};
use mamis_kernel::text::RegistrationNumber;
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::{AccountClass, AccountId, PersonId, Role};
use uuid::Uuid;

use crate::identity::AccountState;
use crate::schema::{accounts, capabilities, medical_registrations, memberships, persons};
use crate::{Datastore, StoreError, Tx};

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = persons)]
struct IdentityRow<'a> {
    family_name: &'a str,
    given_name: &'a str,
    family_name_kana: &'a str,
    given_name_kana: &'a str,
    search_name: String,
    search_kana: String,
    birth_date: NaiveDate,
    sex: &'static str,
    standing: &'static str,
}

impl<'a> IdentityRow<'a> {
    fn of(identity: &'a Identity, standing: Standing) -> Self {
        Self {
            family_name: &identity.family_name,
            given_name: &identity.given_name,
            family_name_kana: &identity.family_name_kana,
            given_name_kana: &identity.given_name_kana,
            search_name: search_name(identity),
            search_kana: kana_key(&format!("{}{}", identity.family_name_kana, identity.given_name_kana)),
            birth_date: identity.birth_date,
            sex: identity.sex.as_str(),
            standing: standing.as_str(),
        }
    }
}

fn search_name(identity: &Identity) -> String {
    name_key(&format!("{}{}", identity.family_name, identity.given_name))
}

async fn holder(
    conn: &mut AsyncPgConnection,
    number: RegistrationNumber,
    search_name: &str,
) -> Result<Option<NumberHolder>, StoreError> {
    type Row = (Uuid, String, String, NaiveDate, NaiveDate);
    let row: Option<Row> = persons::table
        .inner_join(medical_registrations::table)
        .filter(medical_registrations::number.eq(number.to_string()))
        .filter(medical_registrations::known_to.is_null())
        .select((
            persons::id,
            persons::standing,
            persons::search_name,
            persons::birth_date,
            medical_registrations::registered_on,
        ))
        .first(conn)
        .await
        .optional()?;
    let Some((id, standing, name, birth_date, registered_on)) = row else { return Ok(None) };
    let unreadable = |_| StoreError::Unreadable { table: "persons", id: id.to_string(), column: "standing" };
    let has_account = exists(accounts::table.filter(accounts::person_id.eq(id)));
    Ok(Some(NumberHolder {
        person: PersonId::from_uuid(id),
        standing: standing.parse().map_err(unreadable)?,
        has_account: diesel::select(has_account).get_result(conn).await?,
        birth_date,
        registered_on,
        same_name: name == search_name,
    }))
}

impl Datastore {
    /// Who has a registration number, and whether under this name; what of it is shown is the caller's to answer for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registration_number_holder(
        &self,
        number: RegistrationNumber,
        name: &str,
    ) -> Result<Option<NumberHolder>, StoreError> {
        holder(&mut *self.conn().await?, number, &name_key(name)).await
    }
}

impl Tx {
    /// Keeps a registration number until the end of the transaction, whether anybody has it or not.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registration_number_lock(&mut self, number: RegistrationNumber) -> Result<(), StoreError> {
        let lock = sql::<diesel::sql_types::Text>("pg_advisory_xact_lock(hashtextextended(")
            .bind::<diesel::sql_types::Text, _>(format!("registration-number/{number}"))
            .sql(", 0))::text");
        diesel::select(lock).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Who has the identity's registration number, whatever the scope: for rules that decide, not for people to read.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registration_number_holder(
        &mut self,
        identity: &Identity,
    ) -> Result<Option<NumberHolder>, StoreError> {
        holder(&mut self.conn, identity.registration_number, &search_name(identity)).await
    }

    /// Makes a provisional person, or corrects the one there is; the registration number is this person's unless it is
    /// somebody's already. The number has been locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_provisional_save(
        &mut self,
        _permit: &Permit<WorkflowAction>,
        person: PersonId,
        identity: &Identity,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = IdentityRow::of(identity, Standing::Provisional);
        let corrected = diesel::update(persons::table.find(person.uuid()))
            .filter(persons::standing.eq(Standing::Provisional.as_str()))
            .set((row, persons::version.eq(persons::version + 1)))
            .execute(&mut self.conn)
            .await?;
        if corrected == 0 {
            let row = IdentityRow::of(identity, Standing::Provisional);
            diesel::insert_into(persons::table)
                .values((persons::id.eq(person.uuid()), row))
                .execute(&mut self.conn)
                .await?;
        }
        self.registration_set(person, identity, now).await
    }

    /// A provisional person becomes a record with this identity; says what that changes.
    pub(super) async fn person_confirm(
        &mut self,
        _permit: &Permit<WorkflowAction>,
        person: PersonId,
        identity: &Identity,
        now: DateTime<Utc>,
    ) -> Result<Vec<RecordChange>, StoreError> {
        diesel::update(persons::table.find(person.uuid()))
            .set(IdentityRow::of(identity, Standing::Confirmed))
            .execute(&mut self.conn)
            .await?;
        self.registration_set(person, identity, now).await?;
        let confirmed = self.person_facts(person).await?;
        Ok(person_changes(None, &confirmed))
    }

    /// A provisional person turned out to be somebody's second record: it stays, and says whose.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_merge(
        &mut self,
        _permit: &Permit<WorkflowAction>,
        second: PersonId,
        into: PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(persons::table.find(second.uuid()))
            .filter(persons::standing.eq(Standing::Provisional.as_str()))
            .set((persons::standing.eq(Standing::Merged.as_str()), persons::merged_into.eq(into.uuid())))
            .execute(&mut self.conn)
            .await?;
        self.registrations_end(second, now).await
    }

    async fn registrations_end(&mut self, person: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::update(medical_registrations::table)
            .filter(medical_registrations::person_id.eq(person.uuid()))
            .filter(medical_registrations::known_to.is_null())
            .set(medical_registrations::known_to.eq(now))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// What was believed before stays in the record's past. A number that somebody else has stays there.
    async fn registration_set(
        &mut self,
        person: PersonId,
        identity: &Identity,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let number = identity.registration_number.to_string();
        let current = medical_registrations::table.filter(medical_registrations::known_to.is_null());
        let same = current
            .filter(medical_registrations::person_id.eq(person.uuid()))
            .filter(medical_registrations::number.eq(&number))
            .filter(medical_registrations::registered_on.eq(identity.registered_on));
        if diesel::select(exists(same)).get_result(&mut self.conn).await? {
            return Ok(());
        }
        self.registrations_end(person, now).await?;
        let taken = current.filter(medical_registrations::number.eq(&number));
        if diesel::select(exists(taken)).get_result(&mut self.conn).await? {
            return Ok(());
        }
        diesel::insert_into(medical_registrations::table)
            .values((
                medical_registrations::id.eq(Uuid::now_v7()),
                medical_registrations::person_id.eq(person.uuid()),
                medical_registrations::number.eq(&number),
                medical_registrations::registered_on.eq(identity.registered_on),
                medical_registrations::known_from.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// A provisional account becomes active and speaks for the person; a member's account is one, whoever asked for it.
    ///
    /// # Errors
    /// [`StoreError::StaleVersion`] when the account is not provisional any more.
    pub(super) async fn training_account_open(
        &mut self,
        _permit: &Permit<WorkflowAction>,
        (account, person): (AccountId, PersonId),
        display_name: &str,
        since: NaiveDate,
    ) -> Result<(), StoreError> {
        let member = memberships::table
            .filter(memberships::person_id.eq(person.uuid()))
            .filter(memberships::known_to.is_null())
            .filter(memberships::valid_to.is_null().or(memberships::valid_to.gt(since)));
        let is_member: bool = diesel::select(exists(member)).get_result(&mut self.conn).await?;
        let class = if is_member { AccountClass::Member } else { AccountClass::TrainingOnly };
        let opened = diesel::update(accounts::table.find(account.uuid()))
            .filter(accounts::state.eq(AccountState::Provisional.as_str()))
            .set((
                accounts::state.eq(AccountState::Active.as_str()),
                accounts::person_id.eq(person.uuid()),
                accounts::display_name.eq(display_name),
                accounts::class.eq(class.as_str()),
            ))
            .execute(&mut self.conn)
            .await?;
        if opened != 1 {
            return Err(StoreError::StaleVersion);
        }
        diesel::insert_into(capabilities::table)
            .values((
                capabilities::id.eq(Uuid::now_v7()),
                capabilities::account_id.eq(account.uuid()),
                capabilities::role.eq(Role::Physician.as_str()),
                capabilities::valid_from.eq(since),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}
