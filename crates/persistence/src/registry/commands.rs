use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::workflow::Effect;
use mamis_domain::workflow::join_new::{Contact, Workplace};
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_kernel::text::search_key::name_key;
use mamis_kernel::{ApplicationId, FacilityId, PersonId};
use uuid::Uuid;

use crate::schema::{affiliations, contact_points, facilities, memberships, persons};
use crate::{StoreError, Tx};

const PURPOSE_CONTACT: &str = "contact";

impl Tx {
    /// Keeps a person's row until the end of the transaction, so that two cases about one person are filed one after the
    /// other.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_lock(&mut self, person: PersonId) -> Result<(), StoreError> {
        persons::table.find(person.uuid()).select(persons::id).for_update().first::<Uuid>(&mut self.conn).await?;
        Ok(())
    }

    /// Whether the person stays a member of any of these associations on or after a day.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn membership_exists_from(
        &mut self,
        person: PersonId,
        associations: &[Uuid],
        day: NaiveDate,
    ) -> Result<bool, StoreError> {
        let later = memberships::table
            .filter(memberships::person_id.eq(person.uuid()))
            .filter(memberships::association_id.eq_any(associations))
            .filter(memberships::known_to.is_null())
            .filter(memberships::valid_to.is_null().or(memberships::valid_to.gt(day)));
        Ok(diesel::select(exists(later)).get_result(&mut self.conn).await?)
    }

    /// Writes what a concluded case does.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a membership would overlap another.
    pub async fn effects_apply(
        &mut self,
        permit: &Permit<WorkflowAction>,
        case: ApplicationId,
        effects: &[Effect],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for effect in effects {
            match effect {
                Effect::BeginMembership { person, association, tier: _, category, valid_from } => {
                    diesel::insert_into(memberships::table)
                        .values((
                            memberships::id.eq(Uuid::now_v7()),
                            memberships::person_id.eq(person.uuid()),
                            memberships::association_id.eq(association.uuid()),
                            memberships::category_code.eq(category),
                            memberships::valid_from.eq(valid_from),
                            memberships::known_from.eq(now),
                            memberships::application_id.eq(case.uuid()),
                        ))
                        .execute(&mut self.conn)
                        .await?;
                }
                Effect::SetMainWorkplace { person, workplace, valid_from } => {
                    self.main_workplace_set(permit, *person, workplace, *valid_from).await?;
                }
                Effect::ConfirmPerson { person, identity } => {
                    self.person_confirm(permit, *person, identity, now).await?;
                }
                Effect::OpenTrainingAccount { account, person, display_name, since } => {
                    self.training_account_open(permit, (*account, *person), display_name, *since).await?;
                }
                Effect::SetContact { person, contact } => self.contact_set(permit, *person, contact, now).await?,
            }
        }
        Ok(())
    }

    async fn main_workplace_set(
        &mut self,
        _permit: &Permit<WorkflowAction>,
        person: PersonId,
        workplace: &Workplace,
        valid_from: NaiveDate,
    ) -> Result<(), StoreError> {
        let facility = match workplace.facility {
            Some(known) => known,
            None => self.facility_find_or_insert(workplace).await?,
        };
        let main = affiliations::table
            .filter(affiliations::person_id.eq(person.uuid()))
            .filter(affiliations::is_main)
            .filter(affiliations::valid_to.is_null().or(affiliations::valid_to.gt(valid_from)));
        let current: Vec<(Uuid, Uuid, NaiveDate)> = main
            .select((affiliations::id, affiliations::facility_id, affiliations::valid_from))
            .order(affiliations::valid_from)
            .for_update()
            .load(&mut self.conn)
            .await?;
        if current.iter().any(|(_, at, since)| *at == facility.uuid() && *since <= valid_from) {
            return Ok(());
        }
        for (id, _, _) in current.iter().filter(|(_, _, since)| *since < valid_from) {
            diesel::update(affiliations::table.find(id))
                .set(affiliations::valid_to.eq(valid_from))
                .execute(&mut self.conn)
                .await?;
        }
        // A main workplace that begins later is known already: this one holds until then.
        let until = current.iter().map(|(_, _, since)| *since).find(|since| *since >= valid_from);
        if until == Some(valid_from) {
            return Ok(());
        }
        diesel::insert_into(affiliations::table)
            .values((
                affiliations::id.eq(Uuid::now_v7()),
                affiliations::person_id.eq(person.uuid()),
                affiliations::facility_id.eq(facility.uuid()),
                affiliations::business_type.eq(workplace.business_type.map(mamis_kernel::BusinessType::as_str)),
                affiliations::employment.eq(workplace.employment.map(mamis_kernel::Employment::as_str)),
                affiliations::is_main.eq(true),
                affiliations::valid_from.eq(valid_from),
                affiliations::valid_to.eq(until),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// What was known before stays in the record's past.
    async fn contact_set(
        &mut self,
        _permit: &Permit<WorkflowAction>,
        person: PersonId,
        contact: &Contact,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let email = contact.email.as_deref().map(|email| ("email", None, email));
        let given = [
            ("address", Some(contact.postal_code.as_str()), contact.address.as_str()),
            ("phone", None, contact.phone.as_str()),
        ];
        for (kind, postal_code, value) in given.into_iter().chain(email) {
            let known = contact_points::table
                .filter(contact_points::person_id.eq(person.uuid()))
                .filter(contact_points::purpose.eq(PURPOSE_CONTACT))
                .filter(contact_points::kind.eq(kind))
                .filter(contact_points::known_to.is_null());
            let same = known
                .filter(contact_points::value.eq(value))
                .filter(contact_points::postal_code.is_not_distinct_from(postal_code));
            if diesel::select(exists(same)).get_result(&mut self.conn).await? {
                continue;
            }
            diesel::update(known).set(contact_points::known_to.eq(now)).execute(&mut self.conn).await?;
            diesel::insert_into(contact_points::table)
                .values((
                    contact_points::id.eq(Uuid::now_v7()),
                    contact_points::person_id.eq(person.uuid()),
                    contact_points::kind.eq(kind),
                    contact_points::purpose.eq(PURPOSE_CONTACT),
                    contact_points::postal_code.eq(postal_code),
                    contact_points::value.eq(value),
                    contact_points::known_from.eq(now),
                ))
                .execute(&mut self.conn)
                .await?;
        }
        Ok(())
    }

    async fn facility_find_or_insert(&mut self, workplace: &Workplace) -> Result<FacilityId, StoreError> {
        diesel::insert_into(facilities::table)
            .values((
                facilities::id.eq(Uuid::now_v7()),
                facilities::name.eq(&workplace.name),
                facilities::search_name.eq(name_key(&workplace.name)),
                facilities::kind.eq(workplace.kind.as_str()),
                facilities::postal_code.eq(&workplace.postal_code),
                facilities::municipality_code.eq(&workplace.municipality_code),
                facilities::address.eq(&workplace.address),
                facilities::phone.eq(&workplace.phone),
            ))
            .on_conflict_do_nothing()
            .execute(&mut self.conn)
            .await?;
        let id: Uuid = facilities::table
            .filter(facilities::name.eq(&workplace.name))
            .filter(facilities::postal_code.eq(&workplace.postal_code))
            .filter(facilities::address.eq(&workplace.address))
            .select(facilities::id)
            .first(&mut self.conn)
            .await?;
        Ok(FacilityId::from_uuid(id))
    }
}
