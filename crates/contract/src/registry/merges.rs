//! Second records of somebody, and one record made of two.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{AssociationId, DuplicateId, DuplicateReason, MergeField, MergeId, PersonId, RecordPart};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{PersonRef, PersonView};

/// Two records that may be one person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateView {
    /// The pair.
    pub id: DuplicateId,
    /// Points by the weights of rule DUP-1; more is likelier.
    pub score: i32,
    /// What speaks for it, and against.
    pub reasons: Vec<DuplicateReason>,
    /// The record that is older.
    pub first: DuplicateSideView,
    /// The record that is younger.
    pub second: DuplicateSideView,
    /// When the two were noticed.
    pub found_at: DateTime<Utc>,
}

/// One of two records, as far as it takes to tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateSideView {
    /// Who.
    pub person: PersonRef,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 医籍登録番号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medical_registration_number: Option<String>,
}

/// Two records are two persons'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "association_id": "ast_01900000000070008000000000000001" })))]
#[serde(deny_unknown_fields)]
pub struct DismissDuplicate {
    /// As clerk of what.
    pub association_id: AssociationId,
}

/// Two records that are to become one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "association_id": "ast_01900000000070008000000000000001",
    "kept_id": "per_01900000000070008000000000000001",
    "given_up_id": "per_01900000000070008000000000000002",
    "take": ["kana"]
})))]
#[serde(deny_unknown_fields)]
pub struct MergePersons {
    /// As clerk of what: both are or were members there.
    pub association_id: AssociationId,
    /// The record that stays.
    pub kept_id: PersonId,
    /// The record that is given up. Its id leads to the other one from then on.
    pub given_up_id: PersonId,
    /// What the kept record takes over. All else stays as it is there; what is blank there is filled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub take: Vec<MergeField>,
}

/// What a merge makes, or would make, of two records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergeView {
    /// The merge, once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MergeId>,
    /// The record that stays, as it was.
    pub kept: PersonView,
    /// The record that is given up, as it was.
    pub given_up: PersonView,
    /// The record that there is then.
    pub after: PersonView,
    /// What of the record that is given up belongs to the other one then.
    pub moved: Vec<MovedView>,
    /// Both have an account: that of the record that is given up is closed.
    pub closes_account: bool,
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MovedView {
    /// Of what.
    pub part: RecordPart,
    /// How many.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub count: i64,
}

/// A merge that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoneMergeView {
    /// The merge.
    pub id: MergeId,
    /// The record that stayed.
    pub kept: PersonRef,
    /// The record that was given up.
    pub given_up: PersonRef,
    /// Who did it.
    pub merged_by: String,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<DateTime<Utc>>,
}
