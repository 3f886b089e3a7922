use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::record::{
    AffiliationFacts, ContactFacts, RecordChange, affiliation_changes, contact_changes, make_main,
};
use mamis_domain::workflow::Effect;
use mamis_domain::workflow::join_new::{Contact, Workplace};
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_kernel::text::search_key::name_key;
use mamis_kernel::{ApplicationId, ContactKind, ContactPurpose, FacilityId, Period, PersonId, RecordField};
use uuid::Uuid;

use crate::schema::{facilities, memberships, persons};
use crate::{StoreError, Tx};

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

    /// Writes what a concluded case does. Says what changed in the record, for the case's own audit event.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a membership would overlap another.
    pub async fn effects_apply(
        &mut self,
        permit: &Permit<WorkflowAction>,
        case: ApplicationId,
        effects: &[Effect],
        now: DateTime<Utc>,
    ) -> Result<Vec<RecordChange>, StoreError> {
        let mut changes = Vec::new();
        let persons = effects.iter().map(Effect::person);
        // A clerk who corrects the record at the same time is one after the other, and told.
        let mut persons: Vec<PersonId> = persons.collect();
        persons.sort_unstable();
        persons.dedup();
        for person in persons {
            self.person_touch(permit, person).await?;
        }
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
                    let begun = |field, after| RecordChange::membership(*association, field, after);
                    changes.push(begun(RecordField::MembershipCategory, category.clone()));
                    changes.push(begun(RecordField::MembershipFrom, valid_from.to_string()));
                }
                Effect::SetMainWorkplace { person, workplace, valid_from } => {
                    changes.extend(self.main_workplace_set(permit, *person, workplace, *valid_from, now).await?);
                }
                Effect::ConfirmPerson { person, identity } => {
                    changes.extend(self.person_confirm(permit, *person, identity, now).await?);
                }
                Effect::OpenTrainingAccount { account, person, display_name, since } => {
                    self.training_account_open(permit, (*account, *person), display_name, *since).await?;
                }
                Effect::SetContact { person, contact } => {
                    changes.extend(self.contact_set(permit, *person, contact, now).await?);
                }
            }
        }
        Ok(changes)
    }

    async fn main_workplace_set(
        &mut self,
        permit: &Permit<WorkflowAction>,
        person: PersonId,
        workplace: &Workplace,
        valid_from: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Vec<RecordChange>, StoreError> {
        let facility = match workplace.facility {
            Some(known) => known,
            None => self.facility_find_or_insert(workplace).await?,
        };
        let facility_name: String =
            facilities::table.find(facility.uuid()).select(facilities::name).first(&mut self.conn).await?;
        let wanted = AffiliationFacts {
            facility,
            facility_name,
            role: None,
            business_type: workplace.business_type,
            employment: workplace.employment,
            is_main: true,
            period: Period::open(valid_from),
        };
        let held = self.affiliation_list(person).await?;
        let Some(succession) = make_main(&held, &wanted) else { return Ok(Vec::new()) };
        let mut changes = Vec::new();
        for (before, _) in &succession.closed {
            self.affiliation_supersede(permit, before.id, now).await?;
        }
        for (before, after) in &succession.closed {
            changes.extend(affiliation_changes(Some(&before.facts), after.as_ref()));
            if let Some(after) = after {
                self.affiliation_insert(permit, person, Uuid::now_v7(), after, now).await?;
            }
        }
        self.affiliation_insert(permit, person, Uuid::now_v7(), &succession.opened, now).await?;
        changes.extend(affiliation_changes(None, Some(&succession.opened)));
        Ok(changes)
    }

    /// What was known before stays in the record's past.
    async fn contact_set(
        &mut self,
        permit: &Permit<WorkflowAction>,
        person: PersonId,
        contact: &Contact,
        now: DateTime<Utc>,
    ) -> Result<Vec<RecordChange>, StoreError> {
        let facts = |kind, postal_code: Option<&str>, value: &str| ContactFacts {
            kind,
            purpose: ContactPurpose::Contact,
            postal_code: postal_code.map(str::to_owned),
            value: value.to_owned(),
        };
        let email = contact.email.as_deref().map(|email| facts(ContactKind::Email, None, email));
        let given = [
            facts(ContactKind::Address, Some(&contact.postal_code), &contact.address),
            facts(ContactKind::Phone, None, &contact.phone),
        ];
        let known = self.contact_list(person).await?;
        let mut changes = Vec::new();
        for after in given.into_iter().chain(email) {
            let same_kind =
                |(_, held): &&(Uuid, ContactFacts)| held.purpose == after.purpose && held.kind == after.kind;
            let before: Vec<&(Uuid, ContactFacts)> = known.iter().filter(same_kind).collect();
            if before.iter().any(|(_, held)| *held == after) {
                continue;
            }
            for (id, _) in &before {
                self.contact_supersede(permit, *id, now).await?;
            }
            self.contact_insert(permit, person, Uuid::now_v7(), &after, now).await?;
            changes.extend(contact_changes(before.as_slice().first().map(|(_, held)| held), Some(&after)));
        }
        Ok(changes)
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
