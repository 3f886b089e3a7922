//! Records of the registry as the wire has them.

use chrono::NaiveDate;
use mamis_contract::registry::{
    AddressCandidate, AffiliationView, AssociationRef, AssociationView, CategoryView, ContactPointView, FacilityView,
    MedicalRegistrationView, MedicalSchoolView, MembershipView, MunicipalityView, PersonRef, PersonView,
    PostalCodeView,
};
use mamis_domain::registry::{Association, Directory};
use mamis_kernel::text::name::display_name;
use mamis_kernel::{
    AffiliationId, ApplicationId, AssociationId, ContactPointId, FacilityId, FacilityKind, MedicalSchoolId,
    MembershipId, MembershipState, Period, PersonId, SensitiveField,
};
use mamis_persistence::registry::{
    AffiliationRecord, ContactRecord, FoundFacility, MembershipRecord, MunicipalityRecord, PersonBrief, PostalRecord,
    SchoolRecord,
};
use mamis_usecases::registry::FoundPerson;

/// A person in a word.
pub fn person_ref(brief: PersonBrief) -> PersonRef {
    PersonRef { id: brief.id, display_name: brief.display_name, name_kana: brief.name_kana }
}

/// An association in a word; `None` for one that has gone since.
pub fn association_ref(directory: &Directory, id: AssociationId) -> Option<AssociationRef> {
    directory.get(id).map(reference)
}

fn reference(association: &Association) -> AssociationRef {
    AssociationRef {
        id: association.id,
        code: association.code.clone(),
        name: association.name.clone(),
        tier: association.tier,
    }
}

/// An association.
pub fn association_view(directory: &Directory, association: &Association) -> AssociationView {
    AssociationView {
        id: association.id,
        code: association.code.clone(),
        name: association.name.clone(),
        tier: association.tier,
        kind: association.kind,
        prefecture_code: association.prefecture_code.clone(),
        parent: association.parent.and_then(|id| association_ref(directory, id)),
    }
}

/// A category in the association's own words; a code that it has forgotten stands for itself.
pub fn category_view(directory: &Directory, association: AssociationId, code: String) -> CategoryView {
    let label = directory.category_label(association, &code).unwrap_or(&code).to_owned();
    CategoryView { code, label }
}

/// A postal code's candidates; `areas` says who serves which municipality.
pub fn postal_code_view(
    postal_code: String,
    records: Vec<PostalRecord>,
    areas: &[(String, AssociationId)],
    directory: &Directory,
) -> PostalCodeView {
    let candidate = |record: PostalRecord| AddressCandidate {
        district_associations: serving(&record.municipality_code, areas, directory),
        municipality_code: record.municipality_code,
        prefecture: record.prefecture,
        municipality: record.municipality,
        town: record.town,
        town_kana: record.town_kana,
    };
    PostalCodeView { postal_code, addresses: records.into_iter().map(candidate).collect() }
}

fn serving(code: &str, areas: &[(String, AssociationId)], directory: &Directory) -> Vec<AssociationRef> {
    let here = areas.iter().filter(|(served, _)| served == code);
    here.filter_map(|(_, id)| association_ref(directory, *id)).collect()
}

/// A municipality.
pub fn municipality_view(record: MunicipalityRecord) -> MunicipalityView {
    MunicipalityView {
        code: record.code,
        prefecture_code: record.prefecture_code,
        prefecture: record.prefecture,
        name: record.name,
        name_kana: record.name_kana,
    }
}

/// A medical school.
pub fn school_view(record: SchoolRecord) -> MedicalSchoolView {
    MedicalSchoolView {
        id: MedicalSchoolId::from_uuid(record.id),
        prefecture_code: record.prefecture_code,
        name: record.name,
    }
}

/// A facility.
pub fn facility_view(found: FoundFacility, areas: &[(String, AssociationId)], directory: &Directory) -> FacilityView {
    FacilityView {
        id: FacilityId::from_uuid(found.id),
        name: found.name,
        kind: found.kind.parse().unwrap_or(FacilityKind::Other),
        postal_code: found.postal_code,
        district_associations: found
            .municipality_code
            .as_deref()
            .map(|code| serving(code, areas, directory))
            .unwrap_or_default(),
        municipality_code: found.municipality_code,
        address: found.address,
        phone: found.phone,
    }
}

/// A person's record; what is masked keeps its place and loses its value (VIS-3).
pub fn person_view(found: FoundPerson, today: NaiveDate) -> PersonView {
    let FoundPerson { record, directory, is_masked, allowed } = found;
    let contact_point = |record| {
        let point = contact_point_view(record);
        if is_masked { ContactPointView { postal_code: None, value: None, ..point } } else { point }
    };
    PersonView {
        id: PersonId::from_uuid(record.id),
        display_name: display_name(&record.family_name, &record.given_name),
        family_name: record.family_name,
        given_name: record.given_name,
        family_name_kana: record.family_name_kana,
        given_name_kana: record.given_name_kana,
        family_name_romaji: record.family_name_romaji,
        given_name_romaji: record.given_name_romaji,
        birth_date: (!is_masked).then_some(record.birth_date),
        sex: record.sex,
        jma_member_id: record.jma_member_id,
        medical_registration: record
            .registration
            .map(|(number, registered_on)| MedicalRegistrationView { number, registered_on }),
        alma_mater: record.alma_mater,
        graduated_in: record.graduated_in,
        specialties: record.specialties,
        contact_points: record.contact_points.into_iter().map(contact_point).collect(),
        affiliations: record.affiliations.into_iter().map(affiliation_view).collect(),
        memberships: membership_views(record.memberships, &directory, today),
        masked: if is_masked { SensitiveField::ALL.to_vec() } else { Vec::new() },
        allowed_actions: allowed,
    }
}

/// A way to reach a person.
pub fn contact_point_view(record: ContactRecord) -> ContactPointView {
    ContactPointView {
        id: ContactPointId::from_uuid(record.id),
        kind: record.kind,
        purpose: record.purpose,
        postal_code: record.postal_code,
        value: Some(record.value),
    }
}

/// A stretch of work.
pub fn affiliation_view(record: AffiliationRecord) -> AffiliationView {
    AffiliationView {
        id: AffiliationId::from_uuid(record.id),
        facility_id: FacilityId::from_uuid(record.facility_id),
        facility_name: record.facility_name,
        facility_kind: record.facility_kind,
        address: record.address,
        role: record.role,
        business_type: record.business_type,
        employment: record.employment,
        is_main: record.is_main,
        valid_from: record.valid_from,
        last_day: record.valid_to.and_then(|end| end.pred_opt()),
    }
}

/// Memberships by tier, latest first, as they stand on `day`.
pub fn membership_views(records: Vec<MembershipRecord>, directory: &Directory, day: NaiveDate) -> Vec<MembershipView> {
    let mut views: Vec<_> = records.into_iter().filter_map(|record| membership_view(record, directory, day)).collect();
    views.sort_by(|a, b| a.association.tier.cmp(&b.association.tier).then(b.valid_from.cmp(&a.valid_from)));
    views
}

fn membership_view(record: MembershipRecord, directory: &Directory, day: NaiveDate) -> Option<MembershipView> {
    let association = AssociationId::from_uuid(record.association_id);
    let period = Period::new(record.valid_from, record.valid_to).ok()?;
    let category = record.category_code.map(|code| category_view(directory, association, code));
    Some(MembershipView {
        id: MembershipId::from_uuid(record.id),
        association: association_ref(directory, association)?,
        category,
        valid_from: record.valid_from,
        last_day: period.last_day(),
        state: state_on(day, record.valid_from, record.valid_to),
        end_reason: record.end_reason,
        known_from: record.known_from,
        application_id: record.application_id.map(ApplicationId::from_uuid),
    })
}

/// Where a membership stands on a day; `valid_to` is the day after its last.
pub fn state_on(day: NaiveDate, valid_from: NaiveDate, valid_to: Option<NaiveDate>) -> MembershipState {
    if day < valid_from {
        MembershipState::Future
    } else if valid_to.is_none_or(|end| day < end) {
        MembershipState::Current
    } else {
        MembershipState::Ended
    }
}
