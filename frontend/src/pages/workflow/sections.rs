//! The parts of the joining form, one small topic each, and which field belongs to which.

use mamis_contract::workflow::ApplicationView;

use crate::i18n::{Locale, Text, in_language};
use crate::say;

/// Where the joining change stands in the case; every pointer of the form begins with it.
pub(super) const BASE: &str = "/changes/0/payload";

/// The pointer of a field of the form: `field("/contact/phone")`.
pub(super) fn field(path: &str) -> String {
    format!("{BASE}{path}")
}

/// A part of the form, in the order in which one fills it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Section {
    Workplace,
    Role,
    Association,
    Category,
    Date,
    Contact,
    Note,
}

impl Section {
    pub(super) const ALL: [Self; 7] =
        [Self::Workplace, Self::Role, Self::Association, Self::Category, Self::Date, Self::Contact, Self::Note];

    /// In the address.
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Workplace => "workplace",
            Self::Role => "role",
            Self::Association => "association",
            Self::Category => "category",
            Self::Date => "date",
            Self::Contact => "contact",
            Self::Note => "note",
        }
    }

    pub(super) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.slug() == slug)
    }

    /// 1 for the first.
    pub(super) fn number(self) -> usize {
        Self::ALL.iter().position(|section| *section == self).map_or(1, |index| index + 1)
    }

    pub(super) fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }

    pub(super) fn previous(self) -> Option<Self> {
        Self::ALL.get(self.number().checked_sub(2)?).copied()
    }

    /// As the page's heading and the name of the step.
    pub(super) fn title(self, locale: Locale) -> String {
        match self {
            Self::Workplace => say!(locale, workflow.section.workplace),
            Self::Role => say!(locale, workflow.section.role),
            Self::Association => say!(locale, workflow.section.association),
            Self::Category => say!(locale, workflow.section.category),
            Self::Date => say!(locale, workflow.section.date),
            Self::Contact => say!(locale, workflow.section.contact),
            Self::Note => say!(locale, workflow.section.note),
        }
    }

    pub(super) fn text(self) -> Text {
        in_language(move |locale| self.title(locale))
    }
}

/// A field that can be commented on: its place in the form and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    WorkplaceName,
    FacilityKind,
    WorkplacePostalCode,
    Municipality,
    WorkplaceAddress,
    WorkplacePhone,
    BusinessType,
    IsAdministrator,
    Employment,
    District,
    HighestTier,
    IsClinicalResident,
    InsuranceExcluded,
    DistrictCategory,
    PrefecturalCategory,
    NationalCategory,
    EffectiveDate,
    ContactPostalCode,
    ContactAddress,
    ContactPhone,
    ContactEmail,
    Note,
    FamilyName,
    GivenName,
    FamilyNameKana,
    GivenNameKana,
    BirthDate,
    Sex,
    RegistrationNumber,
    RegisteredOn,
    MedicalLicense,
}

impl Field {
    /// In the order of the form.
    pub(super) const ALL: [Self; 31] = [
        Self::WorkplaceName,
        Self::FacilityKind,
        Self::WorkplacePostalCode,
        Self::Municipality,
        Self::WorkplaceAddress,
        Self::WorkplacePhone,
        Self::BusinessType,
        Self::IsAdministrator,
        Self::Employment,
        Self::District,
        Self::HighestTier,
        Self::IsClinicalResident,
        Self::InsuranceExcluded,
        Self::DistrictCategory,
        Self::PrefecturalCategory,
        Self::NationalCategory,
        Self::EffectiveDate,
        Self::ContactPostalCode,
        Self::ContactAddress,
        Self::ContactPhone,
        Self::ContactEmail,
        Self::Note,
        Self::FamilyName,
        Self::GivenName,
        Self::FamilyNameKana,
        Self::GivenNameKana,
        Self::BirthDate,
        Self::Sex,
        Self::RegistrationNumber,
        Self::RegisteredOn,
        Self::MedicalLicense,
    ];

    /// What joining asks for, in the order of its form.
    pub(super) const JOINING: [Self; 22] = {
        let mut fields = [Self::Note; 22];
        let mut at = 0;
        while at < fields.len() {
            fields[at] = Self::ALL[at];
            at += 1;
        }
        fields
    };

    /// What a training account asks for, in the order of its form.
    pub(super) const TRAINING: [Self; 19] = [
        Self::FamilyName,
        Self::GivenName,
        Self::FamilyNameKana,
        Self::GivenNameKana,
        Self::BirthDate,
        Self::Sex,
        Self::RegistrationNumber,
        Self::RegisteredOn,
        Self::MedicalLicense,
        Self::WorkplaceName,
        Self::FacilityKind,
        Self::WorkplacePostalCode,
        Self::WorkplaceAddress,
        Self::WorkplacePhone,
        Self::ContactPostalCode,
        Self::ContactAddress,
        Self::ContactPhone,
        Self::ContactEmail,
        Self::Note,
    ];

    /// Behind [`BASE`].
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::WorkplaceName => "/workplace/name",
            Self::FacilityKind => "/workplace/kind",
            Self::WorkplacePostalCode => "/workplace/postal_code",
            Self::Municipality => "/workplace/municipality_code",
            Self::WorkplaceAddress => "/workplace/address",
            Self::WorkplacePhone => "/workplace/phone",
            Self::BusinessType => "/workplace/business_type",
            Self::IsAdministrator => "/workplace/is_administrator",
            Self::Employment => "/workplace/employment",
            Self::District => "/district_association_id",
            Self::HighestTier => "/highest_tier",
            Self::IsClinicalResident => "/is_clinical_resident",
            Self::InsuranceExcluded => "/insurance_excluded",
            Self::DistrictCategory => "/categories/district",
            Self::PrefecturalCategory => "/categories/prefectural",
            Self::NationalCategory => "/categories/national",
            Self::EffectiveDate => "/effective_date",
            Self::ContactPostalCode => "/contact/postal_code",
            Self::ContactAddress => "/contact/address",
            Self::ContactPhone => "/contact/phone",
            Self::ContactEmail => "/contact/email",
            Self::Note => "/note",
            Self::FamilyName => "/family_name",
            Self::GivenName => "/given_name",
            Self::FamilyNameKana => "/family_name_kana",
            Self::GivenNameKana => "/given_name_kana",
            Self::BirthDate => "/birth_date",
            Self::Sex => "/sex",
            Self::RegistrationNumber => "/registration_number",
            Self::RegisteredOn => "/registered_on",
            Self::MedicalLicense => "/medical_license",
        }
    }

    pub(super) fn pointer(self) -> String {
        field(self.path())
    }

    pub(super) const fn section(self) -> Section {
        match self {
            Self::WorkplaceName
            | Self::FacilityKind
            | Self::WorkplacePostalCode
            | Self::Municipality
            | Self::WorkplaceAddress
            | Self::WorkplacePhone => Section::Workplace,
            Self::BusinessType | Self::IsAdministrator | Self::Employment => Section::Role,
            Self::District | Self::HighestTier => Section::Association,
            Self::IsClinicalResident
            | Self::InsuranceExcluded
            | Self::DistrictCategory
            | Self::PrefecturalCategory
            | Self::NationalCategory => Section::Category,
            Self::EffectiveDate => Section::Date,
            Self::ContactPostalCode | Self::ContactAddress | Self::ContactPhone | Self::ContactEmail => {
                Section::Contact
            }
            Self::Note
            | Self::FamilyName
            | Self::GivenName
            | Self::FamilyNameKana
            | Self::GivenNameKana
            | Self::BirthDate
            | Self::Sex
            | Self::RegistrationNumber
            | Self::RegisteredOn
            | Self::MedicalLicense => Section::Note,
        }
    }

    /// The words beside the field, in errors and in comments about it.
    pub(super) fn name(self, locale: Locale) -> String {
        match self {
            Self::WorkplaceName => say!(locale, workflow.field.workplace_name),
            Self::FacilityKind => say!(locale, workflow.field.facility_kind),
            Self::WorkplacePostalCode => say!(locale, workflow.field.workplace_postal_code),
            Self::Municipality => say!(locale, workflow.field.municipality),
            Self::WorkplaceAddress => say!(locale, workflow.field.workplace_address),
            Self::WorkplacePhone => say!(locale, workflow.field.workplace_phone),
            Self::BusinessType => say!(locale, workflow.field.business_type),
            Self::IsAdministrator => say!(locale, workflow.field.is_administrator),
            Self::Employment => say!(locale, workflow.field.employment),
            Self::District => say!(locale, workflow.field.district),
            Self::HighestTier => say!(locale, workflow.field.highest_tier),
            Self::IsClinicalResident => say!(locale, workflow.field.is_clinical_resident),
            Self::InsuranceExcluded => say!(locale, workflow.field.insurance_excluded),
            Self::DistrictCategory => say!(locale, workflow.field.district_category),
            Self::PrefecturalCategory => say!(locale, workflow.field.prefectural_category),
            Self::NationalCategory => say!(locale, workflow.field.national_category),
            Self::EffectiveDate => say!(locale, workflow.field.effective_date),
            Self::ContactPostalCode => say!(locale, workflow.field.contact_postal_code),
            Self::ContactAddress => say!(locale, workflow.field.contact_address),
            Self::ContactPhone => say!(locale, workflow.field.contact_phone),
            Self::ContactEmail => say!(locale, workflow.field.contact_email),
            Self::Note => say!(locale, workflow.field.note),
            Self::FamilyName => say!(locale, workflow.field.family_name),
            Self::GivenName => say!(locale, workflow.field.given_name),
            Self::FamilyNameKana => say!(locale, workflow.field.family_name_kana),
            Self::GivenNameKana => say!(locale, workflow.field.given_name_kana),
            Self::BirthDate => say!(locale, workflow.field.birth_date),
            Self::Sex => say!(locale, workflow.field.sex),
            Self::RegistrationNumber => say!(locale, workflow.field.registration_number),
            Self::RegisteredOn => say!(locale, workflow.field.registered_on),
            Self::MedicalLicense => say!(locale, workflow.field.medical_license),
        }
    }

    pub(super) fn text(self) -> Text {
        in_language(move |locale| self.name(locale))
    }

    /// The field a pointer of the server is about; a group means its first field.
    pub(super) fn at(pointer: &str) -> Option<Self> {
        let path = pointer.strip_prefix(BASE).unwrap_or(pointer);
        let inside = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
        if path == "/workplace/facility_id" {
            return Some(Self::WorkplaceName);
        }
        Self::ALL
            .into_iter()
            .find(|field| field.path() == path)
            .or_else(|| Self::ALL.into_iter().find(|field| !path.is_empty() && inside(path, field.path())))
            .or_else(|| Self::ALL.into_iter().find(|field| inside(field.path(), path)))
    }
}

/// What a comment or fault is about, in words; the pointer itself for what this form does not have.
pub(super) fn name_at(locale: Locale, pointer: &str) -> String {
    Field::at(pointer).map_or_else(|| pointer.to_owned(), |field| field.name(locale))
}

/// Comments on fields of a section, for a case that came back.
pub(super) fn comments_in(case: &ApplicationView, section: Section) -> Vec<(Field, String)> {
    case.field_comments
        .iter()
        .filter_map(|comment| Some((Field::at(&comment.pointer)?, comment.comment.clone())))
        .filter(|(field, _)| field.section() == section)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_follow_one_another() {
        assert_eq!(Section::Workplace.previous(), None);
        assert_eq!(Section::Workplace.next(), Some(Section::Role));
        assert_eq!(Section::Note.next(), None);
        assert_eq!(Section::Note.previous(), Some(Section::Contact));
        for section in Section::ALL {
            assert_eq!(Section::from_slug(section.slug()), Some(section));
        }
        assert_eq!(Section::from_slug("check"), None);
    }

    #[test]
    fn a_pointer_of_the_server_finds_its_field_and_section() {
        for (pointer, field, section) in [
            ("/changes/0/payload/effective_date", Field::EffectiveDate, Section::Date),
            ("/changes/0/payload/workplace", Field::WorkplaceName, Section::Workplace),
            ("/changes/0/payload/workplace/facility_id", Field::WorkplaceName, Section::Workplace),
            ("/changes/0/payload/workplace/employment", Field::Employment, Section::Role),
            ("/changes/0/payload/categories", Field::DistrictCategory, Section::Category),
            ("/changes/0/payload/district_association_id/other", Field::District, Section::Association),
            ("/contact/phone", Field::ContactPhone, Section::Contact),
        ] {
            let found = Field::at(pointer);
            assert_eq!(found, Some(field), "{pointer}");
            assert_eq!(found.map(Field::section), Some(section), "{pointer}");
        }
        for pointer in ["", "/", "/changes/0/payload", "/changes/0/payload/work", "/changes"] {
            assert_eq!(Field::at(pointer), None, "{pointer}");
        }
    }

    #[test]
    fn every_field_is_found_by_its_own_pointer() {
        for field in Field::ALL {
            assert_eq!(Field::at(&field.pointer()), Some(field));
        }
    }
}
