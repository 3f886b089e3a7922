//! Letters with temporary log-ins.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{AssociationId, LetterBatchId, LetterBatchState, LetterPurpose, MismatchId, PersonId};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Which of the members who have no account in use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotRegisteredQuery {
    /// How the reading begins; hiragana and half-width katakana are understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "タカ"))]
    pub kana_prefix: Option<String>,
    /// Only those without a letter that still holds.
    #[serde(default)]
    pub without_open_letter: bool,
}

/// A search among an association's members who have no account in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "association_id": "ast_0190a6f2c1e07a3b9d4e5f60718293a4", "without_open_letter": true })))]
#[serde(deny_unknown_fields)]
pub struct SearchNotRegistered {
    /// Of which association.
    pub association_id: AssociationId,
    /// How the reading begins; hiragana and half-width katakana are understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "タカ"))]
    pub kana_prefix: Option<String>,
    /// Only those without a letter that still holds.
    #[serde(default)]
    pub without_open_letter: bool,
    /// Where the last page ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows of a page, 50 if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 200))]
    pub limit: Option<u32>,
}

/// A member who has no account in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotRegisteredView {
    /// The person.
    pub person_id: PersonId,
    /// Family name, U+3000, given name.
    pub display_name: String,
    /// Katakana with a space between.
    pub name_kana: String,
    /// Number of the latest letter; absent when none was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_number: Option<u32>,
    /// When it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<DateTime<Utc>>,
    /// Until when its password holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// Letters to be issued: to persons named, or to all who have not registered and match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "association_id": "ast_0190a6f2c1e07a3b9d4e5f60718293a4", "not_registered": { "without_open_letter": true } })))]
#[serde(deny_unknown_fields)]
pub struct IssueLetters {
    /// Who writes.
    pub association_id: AssociationId,
    /// What for; `enrolment` if not said. For `recovery`, only to persons named, who have an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<LetterPurpose>,
    /// To these. A letter of theirs that still holds is void from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 500, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub person_ids: Option<Vec<PersonId>>,
    /// To all who match; 5,000 at most, the next batch goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub not_registered: Option<NotRegisteredQuery>,
}

/// A batch of letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LetterBatchView {
    /// The batch.
    pub id: LetterBatchId,
    /// Who writes.
    pub association_id: AssociationId,
    /// What for.
    pub purpose: LetterPurpose,
    /// Where it stands.
    pub state: LetterBatchState,
    /// How many letters.
    pub letters: u32,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// By whom.
    #[cfg_attr(feature = "openapi", schema(example = "大津　事務"))]
    pub requested_by: String,
    /// Until when the file is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_until: Option<DateTime<Utc>>,
    /// When its file was last fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<DateTime<Utc>>,
    /// When it was printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_at: Option<DateTime<Utc>>,
}

/// What a physician is identified by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityView {
    /// 医籍登録番号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medical_registration_number: Option<String>,
    /// 医籍登録年月日
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_on: Option<NaiveDate>,
    /// 生年月日
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
}

/// Somebody with a letter whose words about themselves are not those of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityMismatchView {
    /// The entry.
    pub id: MismatchId,
    /// Whose letter it is.
    pub person_id: PersonId,
    /// Family name, U+3000, given name.
    pub display_name: String,
    /// What was typed last.
    pub shown: IdentityView,
    /// What the record says.
    pub record: IdentityView,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    pub last_at: DateTime<Utc>,
}
