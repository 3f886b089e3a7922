//! The members of an association, as its clerks look for them.

use chrono::NaiveDate;
use mamis_kernel::{AssociationId, EndReason, FacilityId, FacilityKind, MembershipState, PersonId, wire_codes};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{AssociationRef, CategoryView};

/// Which members. Everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "text": "たかはし", "state": "current", "category_codes": ["B"] })))]
#[serde(deny_unknown_fields)]
pub struct MemberFilter {
    /// The beginning of the name (kanji, old forms fold) or of its reading (hiragana, katakana, half-width), or a whole
    /// 医籍登録番号, 日医会員ID, telephone number, e-mail address or birth date. The last three find nothing for viewers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub text: Option<String>,
    /// The day on which `state`, category, age and workplace are looked at; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Where the latest membership stands on that day; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<MembershipState>,
    /// One of these categories, in the association's own codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub category_codes: Vec<String>,
    /// Also a member, on that day, of this association of the same branch: a district's members for its prefecture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_of: Option<AssociationId>,
    /// At least so many years old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 150, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 150))]
    pub min_age: Option<u32>,
    /// At most so many years old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 150, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 150))]
    pub max_age: Option<u32>,
    /// With this 診療科名.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 50, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub specialty: Option<String>,
    /// Whose main workplace is of one of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub facility_kinds: Vec<FacilityKind>,
}

wire_codes! {
    /// In which order members stand.
    MemberSort {
        /// By the reading of the name.
        Kana => "kana",
        /// Who joined last stands first.
        JoinedLatest => "joined_latest",
    }
}

/// A search for members of an association whose clerk one is. A POST, because names do not belong into addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "association_id": "ast_01900000000070008000000000000001",
    "filter": { "text": "たかはし", "state": "current" },
    "sort": "kana",
    "limit": 100
})))]
#[serde(deny_unknown_fields)]
pub struct SearchMembers {
    /// Whose members.
    pub association_id: AssociationId,
    /// Which of them; all when absent.
    #[serde(default)]
    #[validate(nested)]
    pub filter: MemberFilter,
    /// In which order; `kana` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<MemberSort>,
    /// Where to go on. It belongs to this filter and order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 600, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 600))]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 200, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 200))]
    pub limit: Option<u32>,
}

/// A question how many they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "association_id": "ast_01900000000070008000000000000001", "filter": { "state": "current" }
})))]
#[serde(deny_unknown_fields)]
pub struct CountMembers {
    /// Whose members.
    pub association_id: AssociationId,
    /// Which of them; all when absent.
    #[serde(default)]
    #[validate(nested)]
    pub filter: MemberFilter,
}

/// How many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberCount {
    /// Persons.
    pub count: u64,
}

/// A member, in a line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberView {
    /// The person.
    pub person_id: PersonId,
    /// Family name, U+3000, given name; glyphs as registered.
    #[cfg_attr(feature = "openapi", schema(example = "髙橋　花子"))]
    pub display_name: String,
    /// Full-width katakana with a space between.
    #[cfg_attr(feature = "openapi", schema(example = "タカハシ ハナコ"))]
    pub name_kana: String,
    /// 医籍登録番号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medical_registration_number: Option<String>,
    /// Years, on the day asked about.
    pub age: u32,
    /// As what, in the association's own words.
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
    /// The district association on that day, in lists of associations above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<AssociationRef>,
    /// The main workplace on that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workplace: Option<WorkplaceRef>,
}

/// A workplace in a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkplaceRef {
    /// The facility.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: FacilityKind,
}
