//! From an accepted record to rows, against what is known already (RO-17 to RO-20).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::registry::roster::{AcceptedRecord, ContactFacts, FacilityFacts, JournalDelivery, MailTo};
use mamis_kernel::text::{PostalCode, RegistrationNumber};
use mamis_kernel::{AssociationId, EndReason, FacilityId, MembershipId, PersonId, Tier};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::bulk::{
    FacilityKey, HeldAffiliation, HeldMembership, KnownAssociation, KnownPerson, KnownPostalArea, NewAffiliation,
    NewContactPoint, NewFacility, NewMembership, NewPerson, NewRegistration, NewRosterRecord, PersonOrigin,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::report::ImportWarning;

/// What is to be written for a chunk.
#[derive(Default)]
pub(super) struct ChunkRows {
    pub persons: Vec<NewPerson>,
    pub registrations: Vec<NewRegistration>,
    pub contacts: Vec<NewContactPoint>,
    pub facilities: Vec<NewFacility>,
    pub affiliations: Vec<NewAffiliation>,
    pub memberships: Vec<NewMembership>,
    pub roster_records: Vec<NewRosterRecord>,
    /// 日医会員ID of persons who had none.
    pub member_ids: Vec<(PersonId, String)>,
    pub audit: Vec<NewAuditEvent<'static>>,
}

impl ChunkRows {
    pub(super) fn is_empty(&self) -> bool {
        self.roster_records.is_empty()
    }
}

/// What becomes of an accepted record.
pub(super) enum Planned {
    /// Its rows are among the chunk's.
    Stored(Vec<ImportWarning>),
    /// Somebody with another birth date has got the registration number since the file was judged.
    AnotherBirthDate,
    /// A membership of another content holds in the same days (RO-18).
    MembershipOverlaps,
}

pub(super) struct Planner {
    associations: HashMap<String, AssociationId>,
    nation: Option<AssociationId>,
    postal_areas: HashMap<PostalCode, Vec<KnownPostalArea>>,
    persons: HashMap<RegistrationNumber, KnownPerson>,
    facilities: HashMap<FacilityKey, FacilityId>,
    member_ids: HashMap<String, PersonId>,
    now: DateTime<Utc>,
}

impl Planner {
    pub(super) fn new(associations: Vec<KnownAssociation>, areas: Vec<KnownPostalArea>, now: DateTime<Utc>) -> Self {
        let nation = associations.iter().find(|known| known.entry.tier == Tier::National).map(|known| known.id);
        let mut postal_areas: HashMap<PostalCode, Vec<KnownPostalArea>> = HashMap::new();
        for area in areas {
            postal_areas.entry(area.postal_code).or_default().push(area);
        }
        Self {
            associations: associations.into_iter().map(|known| (known.entry.code, known.id)).collect(),
            nation,
            postal_areas,
            persons: HashMap::new(),
            facilities: HashMap::new(),
            member_ids: HashMap::new(),
            now,
        }
    }

    pub(super) fn knows(&self, number: RegistrationNumber) -> bool {
        self.persons.contains_key(&number)
    }

    pub(super) fn learn_person(&mut self, person: KnownPerson) {
        self.persons.insert(person.number, person);
    }

    /// The facilities of these records that have not been looked up or planned.
    pub(super) fn unknown_facilities(&self, records: &[&AcceptedRecord]) -> Vec<FacilityKey> {
        let keys = records.iter().filter_map(|record| record.facility.as_ref()).map(facility_key);
        keys.filter(|key| !self.facilities.contains_key(key)).collect()
    }

    pub(super) fn learn_facilities(&mut self, found: HashMap<FacilityKey, FacilityId>) {
        self.facilities.extend(found);
    }

    pub(super) fn learn_member_ids(&mut self, found: HashMap<String, PersonId>) {
        self.member_ids.extend(found);
    }

    /// Forgets what was learned or planned for these records, whose chunk was not stored.
    pub(super) fn forget(&mut self, records: &[&AcceptedRecord]) {
        for record in records {
            self.persons.remove(&record.registration_number);
            if let Some(facility) = &record.facility {
                self.facilities.remove(&facility_key(facility));
            }
            if let Some(id) = &record.jma_member_id {
                self.member_ids.remove(id);
            }
        }
    }

    /// Plans one record, as if those before it were stored.
    pub(super) fn plan(&mut self, record: &AcceptedRecord, rows: &mut ChunkRows) -> Planned {
        let wanted = self.wanted_memberships(record);
        let known = self.persons.get(&record.registration_number);
        if known.is_some_and(|person| person.birth_date != record.birth_date) {
            return Planned::AnotherBirthDate;
        }
        let held = known.map_or(&[][..], |person| &person.memberships);
        let new: Vec<_> = wanted.into_iter().filter(|(membership, _)| !held.contains(membership)).collect();
        if new.iter().any(|(membership, _)| held.iter().any(|other| overlap(membership, other))) {
            return Planned::MembershipOverlaps;
        }

        let mut warnings = Vec::new();
        let mut person = match known {
            Some(known) => {
                warnings.push(ImportWarning::PersonAlreadyKnown);
                known.clone()
            }
            None => new_person(record, rows),
        };
        self.add_member_id(record, &mut person, &mut warnings, rows);
        add_contacts(record, &mut person, rows);
        self.add_affiliation(record, &mut person, rows);
        for (membership, end) in new {
            rows.memberships.push(NewMembership {
                id: MembershipId::from_uuid(Uuid::now_v7()),
                person: person.id,
                association: membership.association,
                category_code: membership.category_code.clone(),
                valid_from: membership.valid_from,
                end,
                known_from: self.now,
                application: None,
            });
            person.memberships.push(membership);
        }
        rows.roster_records.push(NewRosterRecord { fingerprint: *record.fingerprint.as_bytes(), person: person.id });
        rows.audit.push(NewAuditEvent {
            action: "registry.import_roster",
            outcome: AuditOutcome::Done,
            subject_kind: "person",
            subject_id: Some(person.id.uuid()),
            person: Some(person.id),
            at: self.now,
            payload: Some(json!({ "before": null, "after": payload(record) })),
        });
        self.persons.insert(record.registration_number, person);
        Planned::Stored(warnings)
    }

    /// The memberships a record speaks of, lowest tier first. The category is the national one's (RO-11).
    fn wanted_memberships(&self, record: &AcceptedRecord) -> Vec<(HeldMembership, Option<(NaiveDate, EndReason)>)> {
        // 退会日 is the last day in force. A withdrawal without a reason is the plainest one.
        let end =
            record.end.and_then(|end| Some((end.left_on.succ_opt()?, end.reason.unwrap_or(EndReason::Withdrawal))));
        let at = |tier| match tier {
            Tier::District => self.associations.get(&record.district_code).copied(),
            Tier::Prefectural => self.associations.get(&record.prefectural_code).copied(),
            Tier::National => self.nation,
        };
        let membership = |(tier, joined): (Tier, NaiveDate)| {
            let category = record.category.filter(|_| tier == Tier::National);
            let held = HeldMembership {
                association: at(tier)?,
                category_code: category.map(|category| category.as_str().to_owned()),
                valid_from: joined,
                valid_to: end.map(|(day, _)| day),
            };
            Some((held, end))
        };
        record.memberships().filter_map(membership).collect()
    }

    fn add_member_id(
        &mut self,
        record: &AcceptedRecord,
        person: &mut KnownPerson,
        warnings: &mut Vec<ImportWarning>,
        rows: &mut ChunkRows,
    ) {
        let Some(id) = record.jma_member_id.as_ref().filter(|_| person.jma_member_id.is_none()) else { return };
        if self.member_ids.get(id).is_some_and(|holder| *holder != person.id) {
            warnings.push(ImportWarning::MemberIdOfAnotherPerson);
            return;
        }
        self.member_ids.insert(id.clone(), person.id);
        person.jma_member_id = Some(id.clone());
        // A person of this chunk is not in the database yet.
        match rows.persons.iter_mut().rfind(|row| row.id == person.id) {
            Some(row) => row.jma_member_id = Some(id.clone()),
            None => rows.member_ids.push((person.id, id.clone())),
        }
    }

    fn add_affiliation(&mut self, record: &AcceptedRecord, person: &mut KnownPerson, rows: &mut ChunkRows) {
        let Some(facts) = &record.facility else { return };
        let facility = self.facility(facts, rows);
        let died = record.end.filter(|end| end.reason == Some(EndReason::Death));
        let affiliation = HeldAffiliation {
            facility,
            is_main: true,
            valid_from: record.joined.district,
            // Leaving an association is not leaving a workplace; dying is.
            valid_to: died.and_then(|end| end.left_on.succ_opt()),
        };
        let overlapping = |other: &&HeldAffiliation| {
            days_overlap((affiliation.valid_from, affiliation.valid_to), (other.valid_from, other.valid_to))
        };
        let beside: Vec<&HeldAffiliation> = person.affiliations.iter().filter(overlapping).collect();
        if beside.iter().any(|other| other.facility == facility) {
            return;
        }
        let affiliation = HeldAffiliation { is_main: !beside.iter().any(|other| other.is_main), ..affiliation };
        rows.affiliations.push(NewAffiliation {
            id: Uuid::now_v7(),
            person: person.id,
            facility,
            business_type: None,
            employment: None,
            is_main: affiliation.is_main,
            valid_from: affiliation.valid_from,
            valid_to: affiliation.valid_to,
        });
        person.affiliations.push(affiliation);
    }

    fn facility(&mut self, facts: &FacilityFacts, rows: &mut ChunkRows) -> FacilityId {
        let key = facility_key(facts);
        if let Some(known) = self.facilities.get(&key) {
            return *known;
        }
        let mut facility = NewFacility::new(FacilityId::from_uuid(Uuid::now_v7()), key.clone(), facts.kind);
        facility.municipality_code = self.municipality_of(&facts.contact);
        facility.phone.clone_from(&facts.contact.phone);
        let id = facility.id;
        rows.facilities.push(facility);
        self.facilities.insert(key, id);
        id
    }

    /// The municipality in which an address lies: one of its postal code's, and the address says so.
    fn municipality_of(&self, contact: &ContactFacts) -> Option<String> {
        let address = contact.address.as_deref()?;
        let areas = self.postal_areas.get(contact.postal_code.as_ref()?)?;
        let fitting = areas.iter().filter(|area| address.starts_with(&area.address_prefix));
        fitting.max_by_key(|area| area.address_prefix.len()).map(|area| area.municipality_code.clone())
    }
}

fn new_person(record: &AcceptedRecord, rows: &mut ChunkRows) -> KnownPerson {
    let id = PersonId::from_uuid(Uuid::now_v7());
    let name = [record.family_name.clone(), record.given_name.clone()];
    let kana = [record.family_name_kana.clone(), record.given_name_kana.clone()];
    let mut person = NewPerson::new(id, name, kana, record.birth_date, record.sex);
    person.alma_mater.clone_from(&record.alma_mater);
    person.graduated_in = record.graduation_month.and_then(mamis_kernel::wareki::YearMonth::first_day);
    person.specialties.clone_from(&record.specialties);
    rows.persons.push(person);
    rows.registrations.push(NewRegistration {
        id: Uuid::now_v7(),
        person: id,
        number: record.registration_number.to_string(),
        registered_on: record.registration_date,
    });
    KnownPerson {
        id,
        number: record.registration_number,
        birth_date: record.birth_date,
        jma_member_id: None,
        origin: PersonOrigin::Elsewhere,
        contacts: Vec::new(),
        memberships: Vec::new(),
        affiliations: Vec::new(),
    }
}

/// Adds the contact points of which the person has none of the kind.
fn add_contacts(record: &AcceptedRecord, person: &mut KnownPerson, rows: &mut ChunkRows) {
    let home = &record.home;
    let address = match (&home.address, home.postal_code) {
        (None, None) => None,
        (address, _) => Some(address.clone().unwrap_or_default()),
    };
    let candidates = [
        (("address", "home"), address, home.postal_code),
        (("phone", "home"), home.phone.clone(), None),
        (("email", "contact"), record.email.clone(), None),
    ];
    for (place, value, postal_code) in candidates {
        let Some(value) = value else { continue };
        if person.contacts.iter().any(|(kind, purpose)| (kind.as_str(), purpose.as_str()) == place) {
            continue;
        }
        rows.contacts.push(NewContactPoint::new(Uuid::now_v7(), person.id, place, value).at(postal_code));
        person.contacts.push((place.0.to_owned(), place.1.to_owned()));
    }
}

fn facility_key(facts: &FacilityFacts) -> FacilityKey {
    FacilityKey {
        name: facts.name.clone(),
        postal_code: facts.contact.postal_code.map(|code| code.to_string()).unwrap_or_default(),
        address: facts.contact.address.clone().unwrap_or_default(),
    }
}

fn overlap(one: &HeldMembership, other: &HeldMembership) -> bool {
    one.association == other.association
        && days_overlap((one.valid_from, one.valid_to), (other.valid_from, other.valid_to))
}

/// Half-open periods; `None` has no end.
fn days_overlap(one: (NaiveDate, Option<NaiveDate>), other: (NaiveDate, Option<NaiveDate>)) -> bool {
    one.1.is_none_or(|end| other.0 < end) && other.1.is_none_or(|end| one.0 < end)
}

/// Everything the record says, what has no table of its own yet included: where post goes, and whether the journal does.
fn payload(record: &AcceptedRecord) -> Value {
    let contact = |facts: &ContactFacts| {
        json!({
            "postal_code": facts.postal_code.map(|code| code.to_string()),
            "address": facts.address,
            "phone": facts.phone,
        })
    };
    let joined: BTreeMap<&str, String> =
        record.memberships().map(|(tier, day)| (tier.as_str(), day.to_string())).collect();
    json!({
        "line_of_record": record.line_of_record,
        "family_name": record.family_name,
        "given_name": record.given_name,
        "family_name_kana": record.family_name_kana,
        "given_name_kana": record.given_name_kana,
        "birth_date": record.birth_date,
        "sex": record.sex,
        "registration_number": record.registration_number.to_string(),
        "registered_on": record.registration_date,
        "alma_mater": record.alma_mater,
        "graduated_in": record.graduation_month.and_then(mamis_kernel::wareki::YearMonth::first_day),
        "jma_member_id": record.jma_member_id,
        "category": record.category.map(|category| category.as_str()),
        "district_association": record.district_code,
        "joined_on": joined,
        "left_on": record.end.map(|end| end.left_on),
        "end_reason": record.end.and_then(|end| end.reason),
        "facility": record.facility.as_ref().map(|facility| json!({
            "name": facility.name, "kind": facility.kind, "contact": contact(&facility.contact),
        })),
        "specialties": record.specialties,
        "home": contact(&record.home),
        "email": record.email,
        "mail_to": record.mail_to.map(|place| match place {
            MailTo::Home => "home",
            MailTo::Facility => "facility",
        }),
        "journal": record.journal.map(|delivery| match delivery {
            JournalDelivery::Posted => "posted",
            JournalDelivery::Stopped => "stopped",
        }),
    })
}
