//! Changing a person's record, and its history.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{
    ApplicationId, AuditEventId, BusinessType, ContactKind, ContactPointId, ContactPurpose, Employment, FacilityId,
    HistoryActor, RecordField, SensitiveField, Sex,
};
use serde::{Deserialize, Deserializer, Serialize};
use validator::Validate;

use super::{AssociationRef, ContactPointView};

/// A field that may be left as it is (absent) or emptied (`null`).
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A further workplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "facility_id": "fac_01900000000070008000000000000001", "role": "非常勤医師", "employment": "part_time",
    "is_main": false, "valid_from": "2026-12-01"
})))]
#[serde(deny_unknown_fields)]
pub struct AddAffiliation {
    /// Where.
    pub facility_id: FacilityId,
    /// 役職, in the facility's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub role: Option<String>,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_type: Option<BusinessType>,
    /// Full or part time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employment: Option<Employment>,
    /// 主たる勤務先; one at a time.
    pub is_main: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
}

/// What changes about a workplace; what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "role": "院長", "last_day": "2027-03-31" })))]
#[serde(deny_unknown_fields)]
pub struct ChangeAffiliation {
    /// 役職
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[validate(length(max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 50))]
    pub role: Option<Option<String>>,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<BusinessType>))]
    pub business_type: Option<Option<BusinessType>>,
    /// Full or part time.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Employment>))]
    pub employment: Option<Option<Employment>>,
    /// 主たる勤務先
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_main: Option<bool>,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<NaiveDate>,
    /// Last day; `null` when the work goes on.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<NaiveDate>))]
    pub last_day: Option<Option<NaiveDate>>,
}

/// What is to be corrected of who a person is; what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "family_name": "山田", "family_name_kana": "ヤマダ" })))]
#[serde(deny_unknown_fields)]
pub struct ChangePerson {
    /// 姓; glyphs are stored as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub family_name: Option<String>,
    /// 名
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub given_name: Option<String>,
    /// セイ; any kana is understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub family_name_kana: Option<String>,
    /// メイ
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub given_name_kana: Option<String>,
    /// Family name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[validate(length(max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 100))]
    pub family_name_romaji: Option<Option<String>>,
    /// Given name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[validate(length(max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 100))]
    pub given_name_romaji: Option<Option<String>>,
    /// 生年月日
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// 性別
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// 出身校
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[validate(length(max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 100))]
    pub alma_mater: Option<Option<String>>,
    /// 卒業年月: any day of the month.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<NaiveDate>))]
    pub graduated_in: Option<Option<NaiveDate>>,
    /// 診療科名
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"), custom(function = "short_names"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub specialties: Option<Vec<String>>,
    /// 医籍登録番号; full-width digits and leading zeros are understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20))]
    pub registration_number: Option<String>,
    /// 医籍登録年月日
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_on: Option<NaiveDate>,
}

fn short_names(names: &[String]) -> Result<(), validator::ValidationError> {
    if names.iter().any(|name| name.chars().count() > 50) {
        return Err(validator::ValidationError::new("too_long"));
    }
    Ok(())
}

/// A further way to reach a person, or another one in the place of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "kind": "address", "purpose": "home", "postal_code": "5200044", "value": "滋賀県大津市京町三丁目1-1"
})))]
#[serde(deny_unknown_fields)]
pub struct AddContactPoint {
    /// How.
    pub kind: ContactKind,
    /// Where.
    pub purpose: ContactPurpose,
    /// With addresses; any usual spelling is understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub postal_code: Option<String>,
    /// The address, number or mail address.
    #[validate(length(min = 1, max = 254, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254))]
    pub value: String,
    /// The one that is no longer right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ContactPointId>,
}

/// A wish to see what is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "fields": ["phone"], "reason": "来局されたご本人への折り返し" })))]
#[serde(deny_unknown_fields)]
pub struct RevealPerson {
    /// What of it.
    #[validate(length(min = 1, max = 4, code = "required"))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 4))]
    pub fields: Vec<SensitiveField>,
    /// What for; kept in the audit, which the physician can read.
    #[validate(length(min = 1, max = 200, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// What was masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevealedView {
    /// 生年月日, when it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// Contact points of the kinds that were asked for.
    pub contact_points: Vec<ContactPointView>,
}

/// One change of a record, as far as the reader may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryEntryView {
    /// The change.
    pub id: AuditEventId,
    /// When.
    pub at: DateTime<Utc>,
    /// The operation, for questions to the help desk.
    #[cfg_attr(feature = "openapi", schema(example = "registry.change_affiliation"))]
    pub action: String,
    /// What kind of hand it was.
    pub actor: HistoryActor,
    /// Whose, when the reader may know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// As clerk of which association.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// The case that concluded in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<HistoryCase>,
    /// What changed.
    pub changes: Vec<HistoryChangeView>,
}

/// A case in a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryCase {
    /// The case.
    pub id: ApplicationId,
    /// Its receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "2026-JN-00000012"))]
    pub number: Option<String>,
}

/// One field, before and after. Values are as elsewhere on the wire: codes, days, digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryChangeView {
    /// Which.
    pub field: RecordField,
    /// Of which of several: a workplace or an association by its name, a contact point by its purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What stood there; absent when nothing did, or when it is masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What stands there since; absent when nothing does, or when it is masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whether the values are masked for the reader.
    pub masked: bool,
}
