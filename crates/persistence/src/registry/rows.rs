use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use mamis_kernel::text::name;
use mamis_kernel::{BusinessType, ContactKind, ContactPurpose, Employment, EndReason, FacilityKind, PersonId, Sex};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::StoreError;
use crate::schema::person_records;

/// A person in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonBrief {
    /// The person.
    pub id: PersonId,
    /// Family name, U+3000, given name.
    pub display_name: String,
    /// Katakana with a space between.
    pub name_kana: String,
}

impl PersonBrief {
    /// From a statement that gives the four parts of the name as one array.
    pub(super) fn of_parts(id: Uuid, parts: Vec<String>) -> Self {
        let mut parts = parts.into_iter();
        let mut next = || parts.next().unwrap_or_default();
        Self::new((id, next(), next(), next(), next()))
    }

    pub(crate) fn new((id, family, given, family_kana, given_kana): BriefRow) -> Self {
        Self {
            id: PersonId::from_uuid(id),
            display_name: name::display_name(&family, &given),
            name_kana: format!("{family_kana} {given_kana}").trim().to_owned(),
        }
    }
}

pub(crate) type BriefRow = (Uuid, String, String, String, String);

/// What a person is called, in rows that are read by the names of their columns.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct PersonNames {
    /// 姓
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub family_name: String,
    /// 名
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub given_name: String,
    /// セイ
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub family_name_kana: String,
    /// メイ
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub given_name_kana: String,
}

impl PersonNames {
    /// Family name, U+3000, given name.
    #[must_use]
    pub fn display_name(&self) -> String {
        name::display_name(&self.family_name, &self.given_name)
    }

    /// Katakana with a space between.
    #[must_use]
    pub fn name_kana(&self) -> String {
        format!("{} {}", self.family_name_kana, self.given_name_kana).trim().to_owned()
    }
}

/// A person's record as the system believes it now.
#[derive(Debug, Clone)]
pub struct PersonRecord {
    /// The person.
    pub id: Uuid,
    /// 姓
    pub family_name: String,
    /// 名
    pub given_name: String,
    /// セイ
    pub family_name_kana: String,
    /// メイ
    pub given_name_kana: String,
    /// In Latin letters.
    pub family_name_romaji: Option<String>,
    /// In Latin letters.
    pub given_name_romaji: Option<String>,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 性別
    pub sex: Sex,
    /// 日医会員ID
    pub jma_member_id: Option<String>,
    /// 出身校
    pub alma_mater: Option<String>,
    /// 卒業年月, the first of the month
    pub graduated_in: Option<NaiveDate>,
    /// 診療科名
    pub specialties: Vec<String>,
    /// 医籍登録番号 and 年月日
    pub registration: Option<(String, NaiveDate)>,
    /// How to reach the person.
    pub contact_points: Vec<ContactRecord>,
    /// Where the person works and worked.
    pub affiliations: Vec<AffiliationRecord>,
    /// All memberships believed now; the reader's branch decides which are shown.
    pub memberships: Vec<MembershipRecord>,
    /// Grows with each change of the record.
    pub version: i64,
}

/// A way to reach a person.
#[derive(Debug, Clone, Deserialize)]
pub struct ContactRecord {
    /// Its row.
    pub id: Uuid,
    /// How.
    pub kind: ContactKind,
    /// Which of the person's places.
    pub purpose: ContactPurpose,
    /// With addresses.
    pub postal_code: Option<String>,
    /// The address, number or mail address.
    pub value: String,
}

/// A stretch of work.
#[derive(Debug, Clone, Deserialize)]
pub struct AffiliationRecord {
    /// Its row.
    pub id: Uuid,
    /// Where.
    pub facility_id: Uuid,
    /// Its name.
    pub facility_name: String,
    /// Its kind.
    pub facility_kind: FacilityKind,
    /// Its address.
    pub address: String,
    /// 役職
    pub role: Option<String>,
    /// As what.
    pub business_type: Option<BusinessType>,
    /// Full or part time.
    pub employment: Option<Employment>,
    /// 主たる勤務先
    pub is_main: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day no longer in force.
    pub valid_to: Option<NaiveDate>,
}

/// A stretch of membership.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MembershipRecord {
    /// The membership.
    pub id: Uuid,
    /// Where.
    pub association_id: Uuid,
    /// As what.
    pub category_code: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day no longer in force.
    pub valid_to: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// Since when the system has known it.
    pub known_from: DateTime<Utc>,
    /// The case that brought it about.
    pub application_id: Option<Uuid>,
}

/// A postal code's area.
#[derive(Debug, Clone, Queryable)]
pub struct PostalRecord {
    /// JIS X 0402
    pub municipality_code: String,
    /// Its prefecture.
    pub prefecture: String,
    /// Its municipality.
    pub municipality: String,
    /// Its town area.
    pub town: String,
    /// In katakana.
    pub town_kana: String,
}

/// A municipality.
#[derive(Debug, Clone, Queryable)]
pub struct MunicipalityRecord {
    /// JIS X 0402
    pub code: String,
    /// JIS X 0401
    pub prefecture_code: String,
    /// Its prefecture.
    pub prefecture: String,
    /// Its name.
    pub name: String,
    /// In katakana.
    pub name_kana: String,
}

/// A medical school.
#[derive(Debug, Clone, Queryable)]
pub struct SchoolRecord {
    /// The school.
    pub id: Uuid,
    /// JIS X 0401
    pub prefecture_code: String,
    /// Its name.
    pub name: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = person_records)]
pub(super) struct PersonRecordRow {
    id: Uuid,
    family_name: String,
    given_name: String,
    family_name_kana: String,
    given_name_kana: String,
    birth_date: NaiveDate,
    sex: String,
    jma_member_id: Option<String>,
    alma_mater: Option<String>,
    graduated_in: Option<NaiveDate>,
    specialties: Vec<String>,
    version: i64,
    family_name_romaji: Option<String>,
    given_name_romaji: Option<String>,
    registration_number: Option<String>,
    registered_on: Option<NaiveDate>,
    contact_points: Value,
    affiliations: Value,
    memberships: Value,
}

impl TryFrom<PersonRecordRow> for PersonRecord {
    type Error = StoreError;

    fn try_from(row: PersonRecordRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { table: "person_records", id: row.id.to_string(), column };
        Ok(Self {
            sex: row.sex.parse().map_err(|_| unreadable("sex"))?,
            contact_points: serde_json::from_value(row.contact_points).map_err(|_| unreadable("contact_points"))?,
            affiliations: serde_json::from_value(row.affiliations).map_err(|_| unreadable("affiliations"))?,
            memberships: serde_json::from_value(row.memberships).map_err(|_| unreadable("memberships"))?,
            registration: row.registration_number.zip(row.registered_on),
            id: row.id,
            family_name: row.family_name,
            given_name: row.given_name,
            family_name_kana: row.family_name_kana,
            given_name_kana: row.given_name_kana,
            birth_date: row.birth_date,
            jma_member_id: row.jma_member_id,
            alma_mater: row.alma_mater,
            graduated_in: row.graduated_in,
            specialties: row.specialties,
            family_name_romaji: row.family_name_romaji,
            given_name_romaji: row.given_name_romaji,
            version: row.version,
        })
    }
}
