//! The joining form as it is typed, and what of it goes over the wire.

use std::str::FromStr;

use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::FacilityView;
use mamis_contract::workflow::{
    CategoryChoice, ChangeInput, ContactInput, JoinNewInput, ProposeCategories, SaveApplication, WorkplaceInput,
};
use mamis_kernel::text::{PhoneNumber, PostalCode};
use mamis_kernel::{AssociationId, FacilityId, Tier};

use super::sections::{Field, Section};
use crate::format;
use crate::forms::{DateParts, Fault, given, missing};

/// The choice that leads to the list of all associations of a prefecture.
pub(super) const OTHER: &str = "other";

/// Everything as typed or chosen; empty where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct JoinForm {
    pub(super) facility_id: Option<FacilityId>,
    pub(super) workplace_name: String,
    pub(super) facility_kind: String,
    pub(super) workplace_postal_code: String,
    pub(super) municipality_code: String,
    pub(super) workplace_address: String,
    pub(super) workplace_phone: String,
    pub(super) business_type: String,
    pub(super) is_administrator: Option<bool>,
    pub(super) employment: String,
    /// An association's id, or [`OTHER`].
    pub(super) district_choice: String,
    /// The id chosen from the list behind [`OTHER`].
    pub(super) district_other: String,
    pub(super) highest_tier: String,
    pub(super) is_clinical_resident: Option<bool>,
    pub(super) insurance_excluded: Option<bool>,
    pub(super) district_category: String,
    pub(super) prefectural_category: String,
    pub(super) national_category: String,
    pub(super) effective_date: DateParts,
    pub(super) contact_postal_code: String,
    pub(super) contact_address: String,
    pub(super) contact_phone: String,
    pub(super) contact_email: String,
    pub(super) note: String,
}

impl JoinForm {
    /// What was saved before.
    pub(super) fn from_input(input: &JoinNewInput) -> Self {
        let workplace = input.workplace.clone().unwrap_or_default();
        let contact = input.contact.clone().unwrap_or_default();
        let categories = input.categories.clone().unwrap_or_default();
        Self {
            facility_id: workplace.facility_id,
            workplace_name: workplace.name.unwrap_or_default(),
            facility_kind: code_of(workplace.kind),
            workplace_postal_code: workplace.postal_code.as_deref().map(format::postal_code).unwrap_or_default(),
            municipality_code: workplace.municipality_code.unwrap_or_default(),
            workplace_address: workplace.address.unwrap_or_default(),
            workplace_phone: workplace.phone.as_deref().map(format::phone).unwrap_or_default(),
            business_type: code_of(workplace.business_type),
            is_administrator: workplace.is_administrator,
            employment: code_of(workplace.employment),
            district_choice: code_of(input.district_association_id),
            district_other: String::new(),
            highest_tier: code_of(input.highest_tier),
            is_clinical_resident: input.is_clinical_resident,
            insurance_excluded: input.insurance_excluded,
            district_category: categories.district.unwrap_or_default(),
            prefectural_category: categories.prefectural.unwrap_or_default(),
            national_category: categories.national.unwrap_or_default(),
            effective_date: DateParts::from_wire(input.effective_date.as_deref()),
            contact_postal_code: contact.postal_code.as_deref().map(format::postal_code).unwrap_or_default(),
            contact_address: contact.address.unwrap_or_default(),
            contact_phone: contact.phone.as_deref().map(format::phone).unwrap_or_default(),
            contact_email: contact.email.unwrap_or_default(),
            note: input.note.clone().unwrap_or_default(),
        }
    }

    /// What is sent. A day that is none yet stays in the browser; what the chosen tiers do not ask for stays out.
    pub(super) fn to_input(&self) -> JoinNewInput {
        let workplace = WorkplaceInput {
            facility_id: self.facility_id,
            name: given(&self.workplace_name),
            kind: chosen(&self.facility_kind),
            postal_code: given(&self.workplace_postal_code),
            municipality_code: given(&self.municipality_code),
            address: given(&self.workplace_address),
            phone: given(&self.workplace_phone),
            business_type: chosen(&self.business_type),
            is_administrator: self.is_administrator,
            employment: chosen(&self.employment),
        };
        let contact = ContactInput {
            postal_code: given(&self.contact_postal_code),
            address: given(&self.contact_address),
            phone: given(&self.contact_phone),
            email: given(&self.contact_email),
        };
        let tier = self.tier();
        let category = |of: Tier, code: &str| given(code).filter(|_| tier.is_none_or(|highest| of <= highest));
        let categories = CategoryChoice {
            district: category(Tier::District, &self.district_category),
            prefectural: category(Tier::Prefectural, &self.prefectural_category),
            national: category(Tier::National, &self.national_category),
        };
        JoinNewInput {
            workplace: unless_empty(workplace),
            district_association_id: self.district(),
            highest_tier: tier,
            is_clinical_resident: self.is_clinical_resident,
            insurance_excluded: self.insurance_excluded.filter(|_| self.asks_for_insurance()),
            categories: unless_empty(categories),
            effective_date: self.effective_date.check().ok().and_then(|_| self.effective_date.to_wire()),
            contact: unless_empty(contact),
            note: given(&self.note),
        }
    }

    pub(super) fn to_command(&self) -> SaveApplication {
        SaveApplication { changes: vec![ChangeInput::JoinNew(self.to_input())] }
    }

    pub(super) fn district(&self) -> Option<AssociationId> {
        if self.district_choice == OTHER { chosen(&self.district_other) } else { chosen(&self.district_choice) }
    }

    pub(super) fn tier(&self) -> Option<Tier> {
        chosen(&self.highest_tier)
    }

    /// The insurance belongs to the national membership; it is asked about once that tier may be meant.
    pub(super) fn asks_for_insurance(&self) -> bool {
        self.tier().is_none_or(|tier| tier == Tier::National)
    }

    /// The facts from which categories follow, once all are known.
    pub(super) fn facts(&self) -> Option<ProposeCategories> {
        let highest_tier = self.tier()?;
        let insurance_excluded = match highest_tier {
            Tier::National => self.insurance_excluded?,
            Tier::District | Tier::Prefectural => false,
        };
        Some(ProposeCategories {
            district_association_id: self.district()?,
            highest_tier,
            business_type: chosen(&self.business_type)?,
            is_administrator: self.is_administrator?,
            is_clinical_resident: self.is_clinical_resident?,
            insurance_excluded,
        })
    }

    pub(super) fn category(&self, tier: Tier) -> &str {
        match tier {
            Tier::District => &self.district_category,
            Tier::Prefectural => &self.prefectural_category,
            Tier::National => &self.national_category,
        }
    }

    /// Takes a facility of the register as the workplace.
    pub(super) fn choose_facility(&mut self, facility: &FacilityView) {
        self.facility_id = Some(facility.id);
        self.workplace_name = facility.name.clone();
        self.facility_kind = facility.kind.to_string();
        self.workplace_postal_code = facility.postal_code.as_deref().map(format::postal_code).unwrap_or_default();
        self.municipality_code = facility.municipality_code.clone().unwrap_or_default();
        self.workplace_address = facility.address.clone();
        self.workplace_phone = facility.phone.as_deref().map(format::phone).unwrap_or_default();
    }

    /// Whether something of the workplace's place is still to be typed.
    pub(super) fn lacks_place(&self) -> bool {
        [&self.workplace_postal_code, &self.municipality_code, &self.workplace_address]
            .into_iter()
            .any(|text| missing(text))
    }

    /// Whether anything of the workplace was typed by hand.
    pub(super) fn has_place(&self) -> bool {
        [&self.workplace_postal_code, &self.municipality_code, &self.workplace_address, &self.facility_kind]
            .into_iter()
            .any(|text| !missing(text))
    }

    /// What is missing or malformed in a section, in the order of its fields. The server is the judge; this only saves
    /// a journey.
    pub(super) fn faults(&self, section: Section) -> Vec<Fault> {
        let fields = Field::ALL.into_iter().filter(|field| field.section() == section);
        fields.filter_map(|field| self.fault(field).map(|code| Fault::new(self.place(field), code))).collect()
    }

    /// The same for the whole form.
    pub(super) fn all_faults(&self) -> Vec<Fault> {
        Section::ALL.into_iter().flat_map(|section| self.faults(section)).collect()
    }

    /// What cannot even be kept as a draft.
    pub(super) fn malformed(&self, section: Section) -> Vec<Fault> {
        self.faults(section).into_iter().filter(|fault| fault.code != FieldErrorCode::Required).collect()
    }

    fn place(&self, field: Field) -> String {
        match field {
            Field::District if self.district_choice == OTHER => format!("{}/{OTHER}", field.pointer()),
            _ => field.pointer(),
        }
    }

    fn fault(&self, field: Field) -> Option<FieldErrorCode> {
        let text = |typed: &str| missing(typed).then_some(FieldErrorCode::Required);
        let answer = |answer: Option<bool>| answer.is_none().then_some(FieldErrorCode::Required);
        let category = |tier: Tier| {
            let joined = self.tier().is_some_and(|highest| tier <= highest);
            (joined && missing(self.category(tier))).then_some(FieldErrorCode::Required)
        };
        match field {
            Field::WorkplaceName => text(&self.workplace_name),
            Field::FacilityKind => text(&self.facility_kind),
            Field::WorkplacePostalCode => postal_code_fault(&self.workplace_postal_code),
            Field::Municipality => text(&self.municipality_code),
            Field::WorkplaceAddress => text(&self.workplace_address),
            Field::WorkplacePhone => phone_fault(&self.workplace_phone),
            Field::BusinessType => text(&self.business_type),
            Field::IsAdministrator => answer(self.is_administrator),
            Field::Employment => text(&self.employment),
            Field::District => self.district().is_none().then_some(FieldErrorCode::Required),
            Field::HighestTier => text(&self.highest_tier),
            Field::IsClinicalResident => answer(self.is_clinical_resident),
            Field::InsuranceExcluded if self.tier() == Some(Tier::National) => answer(self.insurance_excluded),
            Field::InsuranceExcluded => None,
            Field::DistrictCategory => category(Tier::District),
            Field::PrefecturalCategory => category(Tier::Prefectural),
            Field::NationalCategory => category(Tier::National),
            Field::EffectiveDate => match self.effective_date.check() {
                Ok(Some(_)) => None,
                Ok(None) => Some(FieldErrorCode::Required),
                Err(code) => Some(code),
            },
            Field::ContactPostalCode => postal_code_fault(&self.contact_postal_code),
            Field::ContactAddress => text(&self.contact_address),
            Field::ContactPhone => text(&self.contact_phone).or_else(|| phone_fault(&self.contact_phone)),
            Field::ContactEmail => email_fault(&self.contact_email),
            Field::Note => None,
            // Asked by another kind of change.
            Field::FamilyName
            | Field::GivenName
            | Field::FamilyNameKana
            | Field::GivenNameKana
            | Field::BirthDate
            | Field::Sex
            | Field::RegistrationNumber
            | Field::RegisteredOn
            | Field::MedicalLicense => None,
        }
    }
}

fn code_of(code: Option<impl ToString>) -> String {
    code.map(|code| code.to_string()).unwrap_or_default()
}

fn chosen<T: FromStr>(code: &str) -> Option<T> {
    code.parse().ok()
}

fn unless_empty<T: Default + PartialEq>(value: T) -> Option<T> {
    (value != T::default()).then_some(value)
}

fn postal_code_fault(typed: &str) -> Option<FieldErrorCode> {
    if missing(typed) {
        return Some(FieldErrorCode::Required);
    }
    PostalCode::parse(typed).err().map(|_| FieldErrorCode::InvalidFormat)
}

fn phone_fault(typed: &str) -> Option<FieldErrorCode> {
    given(typed).and_then(|typed| PhoneNumber::parse(&typed).err()).map(|_| FieldErrorCode::InvalidFormat)
}

fn email_fault(typed: &str) -> Option<FieldErrorCode> {
    let typed = given(typed)?;
    let sound = typed.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    (!sound || typed.contains(char::is_whitespace)).then_some(FieldErrorCode::InvalidFormat)
}

/// What to put into an address field when a candidate is chosen: the candidate where nothing or only an earlier candidate
/// stands, keeping what was typed behind that one; `None` when something else was typed, which stays.
pub(super) fn filled_address(typed: &str, earlier: &str, candidate: &str) -> Option<String> {
    if missing(typed) {
        return Some(candidate.to_owned());
    }
    let rest = typed.strip_prefix(earlier).filter(|_| !earlier.is_empty())?;
    Some(format!("{candidate}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> JoinNewInput {
        serde_json::from_value(serde_json::json!({
            "workplace": {
                "name": "湖南内科医院", "kind": "clinic", "postal_code": "5200044", "municipality_code": "25201",
                "address": "滋賀県大津市京町三丁目1-1", "phone": "0775220000", "business_type": "clinic_employee",
                "is_administrator": false, "employment": "full_time"
            },
            "district_association_id": "ast_01900000000070008000000000000001",
            "highest_tier": "national", "is_clinical_resident": false, "insurance_excluded": false,
            "categories": { "district": "B", "prefectural": "B", "national": "A2B" },
            "effective_date": "2027-04-01",
            "contact": { "postal_code": "5200044", "address": "滋賀県大津市", "phone": "09000000000" }
        }))
        .unwrap()
    }

    fn codes(faults: Vec<Fault>) -> Vec<(String, FieldErrorCode)> {
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn what_was_saved_comes_back_and_goes_out_again() {
        let form = JoinForm::from_input(&complete());
        assert_eq!(form.workplace_postal_code, "520-0044");
        assert_eq!(form.contact_phone, "090-0000-0000");
        assert_eq!(form.all_faults(), []);
        let again = JoinForm::from_input(&form.to_input());
        assert_eq!(again, form);
    }

    #[test]
    fn an_empty_form_sends_nothing_and_lacks_all_that_is_required() {
        let form = JoinForm::default();
        assert_eq!(form.to_input(), JoinNewInput::default());
        let faults = form.all_faults();
        assert!(faults.iter().all(|fault| fault.code == FieldErrorCode::Required), "{faults:?}");
        let first = faults.first().map(|fault| fault.pointer.as_str());
        assert_eq!(first, Some("/changes/0/payload/workplace/name"));
        assert_eq!(form.malformed(Section::Contact), []);
    }

    #[test]
    fn a_day_that_is_none_stays_in_the_browser() {
        let mut form = JoinForm::from_input(&complete());
        form.effective_date.day = "32".to_owned();
        assert_eq!(form.to_input().effective_date, None);
        assert_eq!(
            codes(form.malformed(Section::Date)),
            [("/changes/0/payload/effective_date".to_owned(), FieldErrorCode::DateImpossible)]
        );
    }

    #[test]
    fn tiers_that_are_not_joined_ask_for_nothing() {
        let mut form = JoinForm::from_input(&complete());
        form.highest_tier = "district".to_owned();
        form.insurance_excluded = None;
        form.prefectural_category.clear();
        assert_eq!(form.all_faults(), []);
        let input = form.to_input();
        assert_eq!(
            input.categories.unwrap(),
            CategoryChoice { district: Some("B".to_owned()), ..CategoryChoice::default() }
        );
        assert_eq!(form.facts().map(|facts| facts.insurance_excluded), Some(false));
        form.highest_tier = "national".to_owned();
        assert_eq!(form.facts(), None, "the insurance has not been answered");
    }

    #[test]
    fn another_association_is_chosen_from_the_list() {
        let mut form = JoinForm::from_input(&complete());
        form.district_choice = OTHER.to_owned();
        assert_eq!(
            codes(form.faults(Section::Association)),
            [("/changes/0/payload/district_association_id/other".to_owned(), FieldErrorCode::Required)]
        );
        form.district_other = "ast_01900000000070008000000000000002".to_owned();
        assert_eq!(form.to_input().district_association_id, form.district_other.parse().ok());
    }

    #[test]
    fn full_width_and_pasted_numbers_are_taken_and_nonsense_is_not() {
        let mut form = JoinForm::from_input(&complete());
        form.contact_postal_code = "〒５２０ー００４４".to_owned();
        form.contact_phone = "０９０（１２３４）５６７８".to_owned();
        form.workplace_phone.clear();
        assert_eq!(form.all_faults(), []);
        form.contact_postal_code = "520".to_owned();
        form.contact_phone = "なし".to_owned();
        form.contact_email = "taro@".to_owned();
        let wrong: Vec<FieldErrorCode> = form.malformed(Section::Contact).into_iter().map(|fault| fault.code).collect();
        assert_eq!(wrong, [FieldErrorCode::InvalidFormat; 3]);
    }

    #[test]
    fn a_candidate_never_overwrites_what_was_typed() {
        assert_eq!(filled_address("　", "", "滋賀県大津市京町"), Some("滋賀県大津市京町".to_owned()));
        assert_eq!(
            filled_address("滋賀県大津市京町1-1", "滋賀県大津市京町", "滋賀県大津市中央"),
            Some("滋賀県大津市中央1-1".to_owned())
        );
        assert_eq!(filled_address("京都市", "滋賀県大津市京町", "滋賀県大津市中央"), None);
        assert_eq!(filled_address("京都市", "", "滋賀県大津市中央"), None);
    }
}
