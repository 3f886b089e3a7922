//! Lists of members that are kept to be looked at again.

use chrono::{DateTime, Utc};
use mamis_kernel::{AssociationId, ListColumn, SavedListId};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{MemberFilter, MemberSort};

/// A list to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "association_id": "ast_01900000000070008000000000000001",
    "name": "開業医（65歳以上）",
    "shared": true,
    "filter": { "state": "current", "min_age": 65, "facility_kinds": ["clinic"] },
    "sort": "kana",
    "columns": ["category", "age", "workplace"]
})))]
#[serde(deny_unknown_fields)]
pub struct SaveList {
    /// Whose members.
    pub association_id: AssociationId,
    /// What it is called.
    #[validate(length(min = 1, max = 60, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    pub name: String,
    /// Whether every clerk of the association sees it. What was typed into the search box stays in private lists (LIST-1).
    pub shared: bool,
    /// Which members.
    #[serde(default)]
    #[validate(nested)]
    pub filter: MemberFilter,
    /// In which order.
    pub sort: MemberSort,
    /// Which columns the screen shows.
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub columns: Vec<ListColumn>,
}

/// What a kept list is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "name": "開業医（65歳以上）", "shared": false, "filter": { "state": "current", "min_age": 65 },
    "sort": "kana", "columns": ["category", "age"]
})))]
#[serde(deny_unknown_fields)]
pub struct ChangeList {
    /// What it is called.
    #[validate(length(min = 1, max = 60, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    pub name: String,
    /// Whether every clerk of the association sees it.
    pub shared: bool,
    /// Which members.
    #[serde(default)]
    #[validate(nested)]
    pub filter: MemberFilter,
    /// In which order.
    pub sort: MemberSort,
    /// Which columns the screen shows.
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub columns: Vec<ListColumn>,
}

/// Whose lists, and which page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct SavedListsQuery {
    /// Of which association's members.
    pub association_id: AssociationId,
    /// Where to go on: the `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A list that is kept. Its version is the `ETag`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedListView {
    /// The list.
    pub id: SavedListId,
    /// Whose members.
    pub association_id: AssociationId,
    /// What it is called.
    pub name: String,
    /// Whether every clerk of the association sees it.
    pub shared: bool,
    /// Who keeps it.
    pub owner_name: String,
    /// Whether one may change it.
    pub may_change: bool,
    /// Whether one may throw it away.
    pub may_remove: bool,
    /// Which members.
    pub filter: MemberFilter,
    /// In which order.
    pub sort: MemberSort,
    /// Which columns the screen shows.
    pub columns: Vec<ListColumn>,
    /// When it was kept like this.
    pub saved_at: DateTime<Utc>,
}
