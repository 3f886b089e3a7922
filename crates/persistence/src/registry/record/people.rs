use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, Scope};
use mamis_domain::registry::policy::RegistryAction;
use mamis_domain::registry::record::{PersonFacts, RecordChange};
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::{AssociationId, Period, PersonId};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{CHANGES, NewAuditEvent};
use crate::registry::queries::{in_scope, memberships_of, steps_of_filed_cases_of};
use crate::schema::{application_steps, applications, medical_registrations, memberships, persons};
use crate::{StoreError, Tx};

/// A person's record that is about to be changed.
#[derive(Debug, Clone)]
pub struct OpenPerson {
    /// The version it is at.
    pub version: i64,
    /// Memberships believed now.
    pub memberships: Vec<(AssociationId, Period)>,
}

impl Tx {
    /// A person of the scope, kept until the end of the transaction: records are changed one after the other.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_open(&mut self, scope: &Scope, id: PersonId) -> Result<Option<OpenPerson>, StoreError> {
        let version: Option<i64> = persons::table
            .find(id.uuid())
            .filter(in_scope!(scope, persons::id))
            .select(persons::version)
            .for_no_key_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        let Some(version) = version else { return Ok(None) };
        type Row = (Uuid, Uuid, NaiveDate, Option<NaiveDate>);
        let rows: Vec<Row> = memberships_of!(id.uuid())
            .order((memberships::valid_from.desc(), memberships::id))
            .select((memberships::id, memberships::association_id, memberships::valid_from, memberships::valid_to))
            .load(&mut self.conn)
            .await?;
        let read = |(id, association, from, to): Row| {
            let unreadable =
                |_| StoreError::Unreadable { table: "memberships", id: id.to_string(), column: "valid_to" };
            Ok((AssociationId::from_uuid(association), Period::new(from, to).map_err(unreadable)?))
        };
        let memberships = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Some(OpenPerson { version, memberships }))
    }

    /// Gives a record its next version, and keeps its row until the end of the transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_touch<A: Copy>(&mut self, _permit: &Permit<A>, id: PersonId) -> Result<i64, StoreError> {
        Ok(diesel::update(persons::table.find(id.uuid()))
            .set(persons::version.eq(persons::version + 1))
            .returning(persons::version)
            .get_result(&mut self.conn)
            .await?)
    }

    /// Leaves the one audit event of a change: what was believed before and after, field by field.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn record_audit(
        &mut self,
        permit: &Permit<RegistryAction>,
        action: &str,
        person: PersonId,
        changes: &[RecordChange],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let event = NewAuditEvent {
            action,
            outcome: AuditOutcome::Done,
            subject_kind: "person",
            subject_id: Some(person.uuid()),
            person: Some(person),
            at: now,
            payload: Some(json!({ CHANGES: changes })),
        };
        self.audit_append(permit, event).await
    }

    /// Who somebody is, as is believed now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_facts(&mut self, id: PersonId) -> Result<PersonFacts, StoreError> {
        type Names = (String, String, String, String, Option<String>, Option<String>);
        type Row = (Names, NaiveDate, String, Option<String>, Option<NaiveDate>, Vec<String>);
        let row: Row = persons::table
            .find(id.uuid())
            .select((
                (
                    persons::family_name,
                    persons::given_name,
                    persons::family_name_kana,
                    persons::given_name_kana,
                    persons::family_name_romaji,
                    persons::given_name_romaji,
                ),
                persons::birth_date,
                persons::sex,
                persons::alma_mater,
                persons::graduated_in,
                persons::specialties,
            ))
            .first(&mut self.conn)
            .await?;
        let registration: Option<(String, NaiveDate)> = medical_registrations::table
            .filter(medical_registrations::person_id.eq(id.uuid()))
            .filter(medical_registrations::known_to.is_null())
            .select((medical_registrations::number, medical_registrations::registered_on))
            .first(&mut self.conn)
            .await
            .optional()?;
        let (names, birth_date, sex, alma_mater, graduated_in, specialties) = row;
        let (family_name, given_name, family_name_kana, given_name_kana, family_name_romaji, given_name_romaji) = names;
        let unreadable = |_| StoreError::Unreadable { table: "persons", id: id.to_string(), column: "sex" };
        Ok(PersonFacts {
            family_name,
            given_name,
            family_name_kana,
            given_name_kana,
            family_name_romaji,
            given_name_romaji,
            birth_date,
            sex: sex.parse().map_err(unreadable)?,
            alma_mater,
            graduated_in,
            specialties,
            registration,
        })
    }

    /// Writes who somebody is. A registration that is another one succeeds the one before, which stays in the past.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the registration number is somebody else's.
    pub async fn person_correct(
        &mut self,
        _permit: &Permit<RegistryAction>,
        id: PersonId,
        (before, after): (&PersonFacts, &PersonFacts),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(persons::table.find(id.uuid()))
            .set((
                persons::family_name.eq(&after.family_name),
                persons::given_name.eq(&after.given_name),
                persons::family_name_kana.eq(&after.family_name_kana),
                persons::given_name_kana.eq(&after.given_name_kana),
                persons::family_name_romaji.eq(&after.family_name_romaji),
                persons::given_name_romaji.eq(&after.given_name_romaji),
                persons::search_name.eq(name_key(&format!("{}{}", after.family_name, after.given_name))),
                persons::search_kana.eq(kana_key(&format!("{}{}", after.family_name_kana, after.given_name_kana))),
                persons::birth_date.eq(after.birth_date),
                persons::sex.eq(after.sex.as_str()),
                persons::alma_mater.eq(&after.alma_mater),
                persons::graduated_in.eq(after.graduated_in),
                persons::specialties.eq(&after.specialties),
            ))
            .execute(&mut self.conn)
            .await?;
        if before.registration == after.registration {
            return Ok(());
        }
        let held = medical_registrations::table
            .filter(medical_registrations::person_id.eq(id.uuid()))
            .filter(medical_registrations::known_to.is_null());
        diesel::update(held)
            .set(medical_registrations::known_to.eq(believed_until!(now)))
            .execute(&mut self.conn)
            .await?;
        if let Some((number, registered_on)) = &after.registration {
            diesel::insert_into(medical_registrations::table)
                .values((
                    medical_registrations::id.eq(Uuid::now_v7()),
                    medical_registrations::person_id.eq(id.uuid()),
                    medical_registrations::number.eq(number),
                    medical_registrations::registered_on.eq(registered_on),
                    medical_registrations::known_from.eq(now),
                ))
                .execute(&mut self.conn)
                .await?;
        }
        Ok(())
    }
}
