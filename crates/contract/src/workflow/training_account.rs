use mamis_kernel::{FacilityId, FacilityKind, Sex};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::ContactInput;

/// 研修用アカウント as typed so far, by a physician who is no member. Everything may be missing in a draft; submitting wants
/// all that is marked required, and a file with the purpose `medical_license`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TrainingAccountInput {
    /// Required: 姓, as on the licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 50, example = "渡邉"))]
    pub family_name: Option<String>,
    /// Required: 名
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 50, example = "桜"))]
    pub given_name: Option<String>,
    /// Required: セイ; hiragana and half-width kana are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 50, example = "ワタナベ"))]
    pub family_name_kana: Option<String>,
    /// Required: メイ
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 50, example = "サクラ"))]
    pub given_name_kana: Option<String>,
    /// Required: 生年月日, in any way of writing a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "昭和60年3月3日"))]
    pub birth_date: Option<String>,
    /// Required: 性別
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Required: 医籍登録番号, digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20, example = "654321"))]
    pub registration_number: Option<String>,
    /// Required: 医籍登録年月日
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "平成22年4月20日"))]
    pub registered_on: Option<String>,
    /// Required: the main workplace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub workplace: Option<TrainingWorkplaceInput>,
    /// Required: where letters go.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub contact: Option<ContactInput>,
    /// Anything the association should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 1000, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub note: Option<String>,
}

/// A workplace: one already known, or a new one described.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TrainingWorkplaceInput {
    /// A facility found by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<FacilityId>,
    /// Required: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 100, example = "湖南内科医院"))]
    pub name: Option<String>,
    /// Required: its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<FacilityKind>,
    /// Required: seven digits; full-width digits and hyphens are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20, example = "520-0044"))]
    pub postal_code: Option<String>,
    /// Required: JIS X 0402, five digits: the association of its prefecture decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 10, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 10, example = "25201"))]
    pub municipality_code: Option<String>,
    /// Required: the whole address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200, example = "滋賀県大津市京町三丁目1-1"))]
    pub address: Option<String>,
    /// Digits; full-width digits and hyphens are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 30, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 30, example = "077-522-0000"))]
    pub phone: Option<String>,
}

/// What the registry knows of a registration number that a case gives, besides the case itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownNumberView {
    /// Whether an account speaks already for the person who has the number; then the case cannot be approved.
    pub has_account: bool,
    /// Whether the record has the case's name.
    pub same_name: bool,
    /// Whether the record has the case's birth date; approving needs it.
    pub same_birth_date: bool,
    /// Whether the record has the case's day of registration.
    pub same_registered_on: bool,
}
