//! Persons, facilities, associations, memberships and reference data.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{
    AffiliationId, ApplicationId, AssociationId, AssociationKind, BusinessType, ContactPointId, Employment, EndReason,
    FacilityId, FacilityKind, MedicalSchoolId, MembershipId, MembershipState, PersonId, RecordAction, SensitiveField,
    Sex, Tier,
};
use serde::{Deserialize, Serialize};
use validator::Validate;

mod exports;
mod member_imports;
mod members;
mod merges;
mod record;
mod saved_lists;

pub use mamis_kernel::{ContactKind, ContactPurpose};
pub use members::{CountMembers, MemberCount, MemberFilter, MemberSort, MemberView, SearchMembers, WorkplaceRef};
pub use merges::{
    DismissDuplicate, DoneMergeView, DuplicateSideView, DuplicateView, MergePersons, MergeView, MovedView,
};

pub use exports::{CreateExport, ExportKind, ExportView, UnwritableCellView};
pub use member_imports::{
    CheckMemberImport, ImportChangeView, ImportRefusalView, ImportRowView, ImportRowsQuery, MemberImportView,
    MemberImportsQuery, OutcomeCount,
};
pub use record::{
    AddAffiliation, AddContactPoint, ChangeAffiliation, ChangePerson, HistoryCase, HistoryChangeView, HistoryEntryView,
    RevealPerson, RevealedView,
};
pub use saved_lists::{ChangeList, SaveList, SavedListView, SavedListsQuery};

/// A person in a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRef {
    /// The person.
    pub id: PersonId,
    /// Family name, U+3000, given name; glyphs as registered.
    #[cfg_attr(feature = "openapi", schema(example = "髙橋　花子"))]
    pub display_name: String,
    /// Full-width katakana with a space between.
    #[cfg_attr(feature = "openapi", schema(example = "タカハシ ハナコ"))]
    pub name_kana: String,
}

/// An association in a word.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssociationRef {
    /// The association.
    pub id: AssociationId,
    /// Five digits; the first two are the prefecture's.
    #[cfg_attr(feature = "openapi", schema(example = "25001"))]
    pub code: String,
    /// Names repeat across prefectures.
    #[cfg_attr(feature = "openapi", schema(example = "大津市医師会"))]
    pub name: String,
    /// Its tier.
    pub tier: Tier,
}

/// An association.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssociationView {
    /// The association.
    pub id: AssociationId,
    /// Five digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its tier.
    pub tier: Tier,
    /// Its kind.
    pub kind: AssociationKind,
    /// JIS X 0401; absent for the national one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefecture_code: Option<String>,
    /// The one above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<AssociationRef>,
}

/// Filters of the association list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AssociationQuery {
    /// Only this tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub tier: Option<Tier>,
    /// Only this prefecture (JIS X 0401, two digits).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(pattern = "^[0-9]{2}$"))]
    pub prefecture_code: Option<String>,
    /// Only those that serve this municipality (JIS X 0402, five digits).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(pattern = "^[0-9]{5}$"))]
    pub municipality_code: Option<String>,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    pub limit: Option<u32>,
}

/// A kind of member as an association calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// The association's own code, `A1` or `B` for example.
    pub code: String,
    /// As people read it.
    #[cfg_attr(feature = "openapi", schema(example = "A①会員"))]
    pub label: String,
}

/// What a postal code may stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostalCodeView {
    /// Seven digits.
    #[cfg_attr(feature = "openapi", schema(example = "5200044"))]
    pub postal_code: String,
    /// Candidates: a postal code never determines an address.
    pub addresses: Vec<AddressCandidate>,
}

/// One area a postal code serves, with the district associations of its municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddressCandidate {
    /// JIS X 0402, five digits.
    pub municipality_code: String,
    /// Its prefecture.
    pub prefecture: String,
    /// Its municipality.
    pub municipality: String,
    /// Its town area; may be empty.
    pub town: String,
    /// In katakana; may be empty.
    pub town_kana: String,
    /// District associations that serve the municipality; more than one means a choice.
    pub district_associations: Vec<AssociationRef>,
}

/// A municipality or ward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MunicipalityView {
    /// JIS X 0402, five digits.
    pub code: String,
    /// JIS X 0401, two digits.
    pub prefecture_code: String,
    /// Its prefecture.
    pub prefecture: String,
    /// Its name.
    pub name: String,
    /// In katakana.
    pub name_kana: String,
}

/// Filter of the municipality list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct MunicipalityQuery {
    /// JIS X 0401, two digits.
    #[cfg_attr(feature = "openapi", param(pattern = "^[0-9]{2}$", example = "25"))]
    pub prefecture_code: String,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    pub limit: Option<u32>,
}

/// A medical school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MedicalSchoolView {
    /// The school.
    pub id: MedicalSchoolId,
    /// JIS X 0401.
    pub prefecture_code: String,
    /// Its name today.
    pub name: String,
}

/// A search for facilities by name. A POST, because names do not belong into addresses.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "name": "大津内科", "prefecture_code": "25" })))]
#[serde(deny_unknown_fields)]
pub struct SearchFacilities {
    /// Part of the name, two characters or more.
    #[validate(length(min = 2, max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 2, max_length = 100, example = "大津内科"))]
    pub name: String,
    /// Only this prefecture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9]{2}$"))]
    pub prefecture_code: Option<String>,
}

/// The first facilities that a name finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacilityMatches {
    /// 20 at most; ask more precisely for others.
    pub items: Vec<FacilityView>,
}

/// A facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacilityView {
    /// The facility.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: FacilityKind,
    /// Seven digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// JIS X 0402.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality_code: Option<String>,
    /// The whole address.
    pub address: String,
    /// Digits only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// District associations that serve it.
    pub district_associations: Vec<AssociationRef>,
}

/// A look-up of one person by a number that people know. A POST, because numbers do not belong into addresses.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "medical_registration_number": "506762" })))]
#[serde(deny_unknown_fields)]
pub struct LookUpPerson {
    /// 医籍登録番号; full-width digits and leading zeros are understood.
    #[validate(length(min = 1, max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20, example = "506762"))]
    pub medical_registration_number: String,
}

/// A physician's record as far as the reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonView {
    /// The person.
    pub id: PersonId,
    /// Family name, U+3000, given name; glyphs as registered.
    pub display_name: String,
    /// 姓
    pub family_name: String,
    /// 名
    pub given_name: String,
    /// セイ
    pub family_name_kana: String,
    /// メイ
    pub given_name_kana: String,
    /// Family name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name_romaji: Option<String>,
    /// Given name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name_romaji: Option<String>,
    /// 生年月日; absent when masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// 性別
    pub sex: Sex,
    /// 日医会員ID, ten digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jma_member_id: Option<String>,
    /// 医籍登録
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medical_registration: Option<MedicalRegistrationView>,
    /// 出身校, as it was called at graduation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alma_mater: Option<String>,
    /// 卒業年月, the first of the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graduated_in: Option<NaiveDate>,
    /// 診療科名
    pub specialties: Vec<String>,
    /// Addresses, phones, e-mail addresses.
    pub contact_points: Vec<ContactPointView>,
    /// Where the person works and worked, latest first.
    pub affiliations: Vec<AffiliationView>,
    /// Memberships the reader may see, by tier, latest first.
    pub memberships: Vec<MembershipView>,
    /// What of this record the reader is not shown; `POST /persons/{id}/reveal` shows it, for a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<SensitiveField>,
    /// What the reader may do with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_actions: Vec<RecordAction>,
}

/// The entry in the medical register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MedicalRegistrationView {
    /// Digits without leading zeros.
    #[cfg_attr(feature = "openapi", schema(example = "506762"))]
    pub number: String,
    /// 医籍登録年月日
    pub registered_on: NaiveDate,
}

/// One way to reach a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactPointView {
    /// The contact point.
    pub id: ContactPointId,
    /// How.
    pub kind: ContactKind,
    /// Where.
    pub purpose: ContactPurpose,
    /// Seven digits, with addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// The address, number or mail address; absent when masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A stretch of work at a facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AffiliationView {
    /// The stretch; a change gives it a successor with another id.
    pub id: AffiliationId,
    /// Where.
    pub facility_id: FacilityId,
    /// Its name.
    pub facility_name: String,
    /// Its kind.
    pub facility_kind: FacilityKind,
    /// Its address.
    pub address: String,
    /// 役職, in the facility's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "院長"))]
    pub role: Option<String>,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_type: Option<BusinessType>,
    /// Full or part time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employment: Option<Employment>,
    /// 主たる勤務先
    pub is_main: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day in force, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
}

/// A stretch of membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MembershipView {
    /// The membership.
    pub id: MembershipId,
    /// Where.
    pub association: AssociationRef,
    /// As what, in that association's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryView>,
    /// First day in force.
    pub valid_from: NaiveDate,
    /// 退会日: last day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
    /// On the day asked about.
    pub state: MembershipState,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
    /// Since when the system has known this.
    pub known_from: DateTime<Utc>,
    /// The case that brought it about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
}

/// Which memberships, and as seen when.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct MembershipQuery {
    /// Only those in force on this day; without it, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// As the system believed at the end of this day in Tokyo; without it, as it believes now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_known_on: Option<NaiveDate>,
}

/// A person's memberships.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MembershipList {
    /// By tier, latest first.
    pub items: Vec<MembershipView>,
}
