//! How a person's record is changed: what may stand in it, and what its history says of each change.

mod affiliation;
mod contact;
mod identity;

pub use affiliation::{Affiliation, AffiliationFacts, Succession, affiliation_changes, check_affiliation, make_main};
pub use contact::{ContactFacts, contact_changes};
pub use identity::{Correction, PersonFacts, person_changes};

use mamis_kernel::{AssociationId, RecordField};
use serde::{Deserialize, Serialize};

/// One field of a record, before and after. Values are as the wire has them: codes, days, digits.
///
/// Rule HIS-1 (every change says what was believed before and after); source: docs/rules/registry.md#his-1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordChange {
    /// Which.
    pub field: RecordField,
    /// Of which of several: a workplace by its name, a contact point by its purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What stands there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The membership's association: only its branch is shown the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association_id: Option<AssociationId>,
}

impl RecordChange {
    /// A change of what there is one of.
    #[must_use]
    pub const fn new(field: RecordField, before: Option<String>, after: Option<String>) -> Self {
        Self { field, of: None, before, after, association_id: None }
    }

    /// A membership that has begun.
    #[must_use]
    pub fn membership(association: AssociationId, field: RecordField, after: String) -> Self {
        Self { association_id: Some(association), ..Self::new(field, None, Some(after)) }
    }
}

/// The fields in which two differ.
fn differing(
    of: Option<&str>,
    pairs: impl IntoIterator<Item = (RecordField, Option<String>, Option<String>)>,
) -> Vec<RecordChange> {
    let changed = pairs.into_iter().filter(|(_, before, after)| before != after);
    changed
        .map(|(field, before, after)| RecordChange {
            of: of.map(str::to_owned),
            ..RecordChange::new(field, before, after)
        })
        .collect()
}
