//! Lists that are written to files in the background.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{AssociationId, ExportFormat, ExportId, ExportState, MemberColumn, wire_codes};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{AssociationRef, MemberFilter};

wire_codes! {
    /// What a file lists.
    ExportKind {
        /// Members of an association.
        Members => "members",
    }
}

/// A list to be taken out of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "kind": "members",
    "association_id": "ast_01900000000070008000000000000001",
    "filter": { "state": "current" },
    "purpose": "会報の発送",
    "format": "xlsx",
    "columns": ["family_name", "given_name", "home_postal_code", "home_address"]
})))]
#[serde(deny_unknown_fields)]
pub struct CreateExport {
    /// Of what.
    pub kind: ExportKind,
    /// Whose members.
    pub association_id: AssociationId,
    /// Which of them; all when absent.
    #[serde(default)]
    #[validate(nested)]
    pub filter: MemberFilter,
    /// What for; kept in the audit.
    #[validate(length(min = 1, max = 200, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub purpose: String,
    /// What kind of file.
    pub format: ExportFormat,
    /// Which columns, in their order, each once; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub columns: Option<Vec<MemberColumn>>,
}

/// A file that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportView {
    /// The file.
    pub id: ExportId,
    /// Of what.
    pub kind: ExportKind,
    /// Whose members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// The day on which members are looked at.
    pub day: NaiveDate,
    /// What for.
    pub purpose: String,
    /// What kind of file.
    pub format: ExportFormat,
    /// Its columns.
    pub columns: Vec<MemberColumn>,
    /// Where it stands.
    pub state: ExportState,
    /// How many rows it will have, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_total: Option<u64>,
    /// How many rows are written.
    pub rows_done: u64,
    /// Cells that the file's encoding could not hold as they are.
    pub unwritable: u64,
    /// What it is called.
    pub file_name: String,
    /// Bytes, once it is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<DateTime<Utc>>,
    /// Until when it can be fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A cell that a file's encoding could not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnwritableCellView {
    /// The row in the file; the headings are 1.
    pub row: u64,
    /// The column.
    pub column: MemberColumn,
    /// What the record says.
    pub value: String,
    /// What was written instead.
    pub written: String,
}
