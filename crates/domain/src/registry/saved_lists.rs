//! Lists of members that are kept to be looked at again.

use mamis_kernel::{AccountId, AssociationId, FieldErrorCode};

use crate::workflow::FieldFault;

/// Whose a kept list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedListFacts {
    /// Of which association's members.
    pub association: AssociationId,
    /// Who keeps it.
    pub owner: AccountId,
    /// Whether all clerks of the association see it.
    pub shared: bool,
}

/// Looks at what is to be kept: a name, and nobody's name in a list that others see.
///
/// Rule LIST-1 (what was typed into the search box stays in private lists); source: docs/rules/registry.md#list-1.
///
/// # Errors
/// Faults at `/name` and `/filter/text`.
pub fn check_saved_list(name: &str, shared: bool, text: Option<&str>) -> Result<(), Vec<FieldFault>> {
    let mut faults = Vec::new();
    if name.trim().is_empty() {
        faults.push(FieldFault::new("/name", FieldErrorCode::Required));
    }
    if shared && text.is_some_and(|text| !text.trim().is_empty()) {
        faults.push(FieldFault::new("/filter/text", FieldErrorCode::Conflicting));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_1_what_was_typed_into_the_box_is_kept_in_private_lists_alone() {
        assert_eq!(check_saved_list("開業医", true, None), Ok(()));
        assert_eq!(check_saved_list("開業医", true, Some("　")), Ok(()));
        assert_eq!(check_saved_list("髙橋先生", false, Some("髙橋")), Ok(()));
        let faults = check_saved_list(" ", true, Some("髙橋")).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/name", "/filter/text"]);
    }
}
