//! Changes of members that come in by a file.

use chrono::{DateTime, Utc};
use mamis_kernel::{
    AssociationId, FileEncoding, ImportOutcome, ImportRefusal, MemberColumn, MemberImportId, MemberImportState,
    PersonId,
};
use serde::{Deserialize, Serialize};

/// A file with changes of members, as `multipart/form-data`: first the part `association_id`, then the part `file`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "association_id": "ast_01900000000070008000000000000001", "file": "(bytes)"
})))]
#[serde(deny_unknown_fields)]
pub struct CheckMemberImport {
    /// Whose members.
    pub association_id: AssociationId,
    /// CSV or XLSX with the headings of an export; 10,000 rows and 10 MiB at most.
    #[cfg_attr(feature = "openapi", schema(format = Binary))]
    pub file: String,
}

/// Which association's files, and which page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct MemberImportsQuery {
    /// Whose members.
    pub association_id: AssociationId,
    /// Where to go on: the `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ImportRowsQuery {
    /// That came out so; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ImportOutcome>,
    /// Where to go on: the `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// How many rows came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutcomeCount {
    /// How.
    pub outcome: ImportOutcome,
    /// How many.
    pub rows: u64,
}

/// A file with changes of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberImportView {
    /// The file.
    pub id: MemberImportId,
    /// Whose members.
    pub association_id: AssociationId,
    /// What it is called.
    pub file_name: String,
    /// How its text was read.
    pub encoding: FileEncoding,
    /// Headings that mean nothing here; their columns were not looked at.
    pub ignored_headings: Vec<String>,
    /// Where it stands.
    pub state: MemberImportState,
    /// Its rows.
    pub rows: u64,
    /// How many of them came out how; nothing once they are forgotten.
    pub outcomes: Vec<OutcomeCount>,
    /// Who brought it.
    pub requested_by: String,
    /// When it was looked through.
    pub checked_at: DateTime<Utc>,
    /// When its changes were written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<DateTime<Utc>>,
    /// When they were taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<DateTime<Utc>>,
    /// Until when they can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<DateTime<Utc>>,
}

/// A row of a file with changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRowView {
    /// Its number in the file; the headings are 1.
    pub row: u32,
    /// Whom it is about, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// Family name, U+3000, given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What becomes, or became, of it.
    pub outcome: ImportOutcome,
    /// What it changes.
    pub changes: Vec<ImportChangeView>,
    /// Everything that is wrong with it.
    pub refusals: Vec<ImportRefusalView>,
}

/// One field, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportChangeView {
    /// Which.
    pub field: MemberColumn,
    /// What the record says; empty where it says nothing.
    pub before: String,
    /// What it is to say.
    pub after: String,
}

/// Why a row is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRefusalView {
    /// The cell, if it is one cell's fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<MemberColumn>,
    /// Why.
    pub reason: ImportRefusal,
}
