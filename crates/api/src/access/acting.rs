//! What works while acting for somebody, and what each gets who does. A second table beside the first: operations that are
//! not listed here are refused to everybody who acts for another, so a new one is nobody else's until somebody decides.

use std::collections::HashMap;
use std::sync::OnceLock;

use actix_web::http::Method;
use mamis_kernel::DelegationScope;

use super::{Access, OPERATIONS};

/// Whether an operation works with `X-Acting-For`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhileActing {
    /// Never: it is the person's own account, a clerk's own work, or nobody has decided yet.
    Refused,
    /// Always: it is no secret, or the grants on cases decide.
    Allowed,
    /// For clerks on behalf, and for assistants with this scope.
    Needs(DelegationScope),
}

/// Every operation that works while acting for somebody. What changes the own account is never among them (ID-32).
pub const ALLOWED_WHILE_ACTING: &[(&str, WhileActing)] = &[
    ("get_account", WhileActing::Allowed),
    ("get_postal_code", WhileActing::Allowed),
    ("list_municipalities", WhileActing::Allowed),
    ("list_associations", WhileActing::Allowed),
    ("get_association", WhileActing::Allowed),
    ("list_medical_schools", WhileActing::Allowed),
    ("search_facilities", WhileActing::Allowed),
    ("propose_categories", WhileActing::Allowed),
    ("look_up_person", WhileActing::Needs(DelegationScope::View)),
    ("get_person", WhileActing::Needs(DelegationScope::View)),
    ("get_person_history", WhileActing::Needs(DelegationScope::View)),
    ("list_memberships", WhileActing::Needs(DelegationScope::View)),
    ("list_applications", WhileActing::Needs(DelegationScope::View)),
    ("create_application", WhileActing::Allowed),
    ("get_application", WhileActing::Allowed),
    ("save_application", WhileActing::Allowed),
    ("submit_application", WhileActing::Allowed),
    ("retract_application", WhileActing::Allowed),
    ("add_attachment", WhileActing::Allowed),
    ("get_attachment", WhileActing::Allowed),
    ("remove_attachment", WhileActing::Allowed),
];

/// Who asks, in the order of [`ACTING_ANSWERS`]. All act for the person the operation is about; the last one's association
/// has nothing to do with that person.
pub const ACTING_ACTORS: [&str; 8] = [
    "assistant: view",
    "assistant: training",
    "assistant: draft",
    "assistant: submit",
    "delegation over",
    "delegation taken back",
    "clerk on behalf",
    "clerk of another association",
];

/// Nobody does it for somebody else.
const NOBODY: [u16; 8] = [403; 8];
/// Whoever may act at all.
const WHOEVER_ACTS: [u16; 8] = [200, 200, 200, 200, 403, 403, 200, 403];
/// What reading takes.
const READERS: [u16; 8] = [200, 403, 200, 200, 403, 403, 200, 403];
/// What filing takes.
const FILERS: [u16; 8] = [403, 403, 403, 200, 403, 403, 200, 403];

/// What each gets. Saving and submitting are asked of a case that the district has returned. Operations that need no
/// session do not read the header.
pub const ACTING_ANSWERS: &[(&str, [u16; 8])] = &[
    ("create_session", [201, 201, 201, 201, 201, 201, 201, 200]),
    ("refresh_session", [200; 8]),
    ("begin_passkey_log_in", [201; 8]),
    ("log_in_by_passkey", [201; 8]),
    ("delete_session", NOBODY),
    ("begin_passkey", NOBODY),
    ("register_passkey", NOBODY),
    ("rename_passkey", NOBODY),
    ("remove_passkey", NOBODY),
    ("get_account", WHOEVER_ACTS),
    ("list_sessions", NOBODY),
    ("end_session", NOBODY),
    ("end_other_sessions", NOBODY),
    ("change_password", NOBODY),
    ("create_email_change", NOBODY),
    ("confirm_email_change", NOBODY),
    ("check_password", NOBODY),
    ("list_record_accesses", NOBODY),
    ("list_record_audience", NOBODY),
    ("begin_on_behalf", NOBODY),
    ("list_on_behalf", NOBODY),
    ("end_on_behalf", NOBODY),
    ("invite_assistant", NOBODY),
    ("list_delegations", NOBODY),
    ("list_held_delegations", NOBODY),
    ("revoke_delegation", NOBODY),
    ("look_up_assistant_invitation", [200; 8]),
    ("accept_assistant_invitation", NOBODY),
    ("register_assistant", [201; 8]),
    ("create_registration", [201; 8]),
    ("confirm_registration", [201; 8]),
    ("take_second_step", [201; 8]),
    ("list_terms", [200; 8]),
    ("get_current_terms", [200; 8]),
    ("get_terms", [200; 8]),
    ("get_joint_use", [200; 8]),
    ("get_service_status", [200; 8]),
    ("accept_terms", NOBODY),
    ("get_factors", NOBODY),
    ("prove_identity", NOBODY),
    ("begin_totp", NOBODY),
    ("confirm_totp", NOBODY),
    ("remove_totp", NOBODY),
    ("renew_recovery_codes", NOBODY),
    ("list_clerks", NOBODY),
    ("list_clerk_invitations", NOBODY),
    ("list_vacant_associations", NOBODY),
    ("create_clerk_invitation", NOBODY),
    ("look_up_clerk_invitation", [200; 8]),
    ("accept_clerk_invitation", [204; 8]),
    ("claim_clerk_invitation", NOBODY),
    ("withdraw_clerk_invitation", NOBODY),
    ("change_clerk_role", NOBODY),
    ("end_clerk_role", NOBODY),
    ("recover_clerk", NOBODY),
    ("list_organisations", NOBODY),
    ("get_organisation", NOBODY),
    ("list_organisers", NOBODY),
    ("list_organiser_invitations", NOBODY),
    ("get_person_account", NOBODY),
    ("suspend_account", NOBODY),
    ("lift_suspension", NOBODY),
    ("create_enrolment", [201; 8]),
    ("get_enrolment", [200; 8]),
    ("prove_enrolment_identity", [200; 8]),
    ("send_enrolment_code", [200; 8]),
    ("confirm_enrolment_email", [200; 8]),
    ("decline_enrolment_email", [200; 8]),
    ("check_enrolment_password", [200; 8]),
    ("choose_enrolment_password", [200; 8]),
    ("complete_enrolment", [201; 8]),
    ("create_recovery", [202; 8]),
    ("complete_recovery", [204; 8]),
    ("search_not_registered", NOBODY),
    ("create_letter_batch", NOBODY),
    ("list_letter_batches", NOBODY),
    ("get_letter_batch", NOBODY),
    ("fetch_letter_batch", NOBODY),
    ("finish_letter_batch", NOBODY),
    ("list_identity_mismatches", NOBODY),
    ("accept_identity", NOBODY),
    ("dismiss_identity_mismatch", NOBODY),
    ("get_postal_code", WHOEVER_ACTS),
    ("list_municipalities", WHOEVER_ACTS),
    ("list_associations", WHOEVER_ACTS),
    ("get_association", WHOEVER_ACTS),
    ("list_medical_schools", WHOEVER_ACTS),
    ("search_facilities", WHOEVER_ACTS),
    ("look_up_person", READERS),
    ("search_members", NOBODY),
    ("count_members", NOBODY),
    ("list_duplicates", NOBODY),
    ("dismiss_duplicate", NOBODY),
    ("preview_merge", NOBODY),
    ("merge_persons", NOBODY),
    ("list_merges", NOBODY),
    ("undo_merge", NOBODY),
    ("create_export", NOBODY),
    ("list_exports", NOBODY),
    ("get_export", NOBODY),
    ("cancel_export", NOBODY),
    ("fetch_export", NOBODY),
    ("list_unwritable_cells", NOBODY),
    ("list_saved_lists", NOBODY),
    ("save_list", NOBODY),
    ("get_saved_list", NOBODY),
    ("change_list", NOBODY),
    ("remove_list", NOBODY),
    ("check_member_import", NOBODY),
    ("get_member_import_template", NOBODY),
    ("list_member_imports", NOBODY),
    ("get_member_import", NOBODY),
    ("list_import_rows", NOBODY),
    ("apply_member_import", NOBODY),
    ("undo_member_import", NOBODY),
    ("get_person", READERS),
    ("get_person_history", READERS),
    ("change_person", NOBODY),
    ("add_affiliation", NOBODY),
    ("change_affiliation", NOBODY),
    ("add_contact_point", NOBODY),
    ("end_contact_point", NOBODY),
    ("reveal_person", NOBODY),
    ("list_memberships", READERS),
    ("propose_categories", WHOEVER_ACTS),
    ("create_application", [403, 403, 201, 403, 403, 403, 201, 403]),
    ("list_applications", READERS),
    ("get_application", READERS),
    ("save_application", [403, 403, 200, 403, 403, 403, 200, 403]),
    ("submit_application", FILERS),
    ("approve_application", NOBODY),
    ("return_application", NOBODY),
    ("reject_application", NOBODY),
    ("retract_application", FILERS),
    ("add_attachment", [403, 403, 201, 403, 403, 403, 201, 403]),
    ("get_attachment", READERS),
    ("remove_attachment", [403, 403, 204, 403, 403, 403, 204, 403]),
    ("search_work_items", NOBODY),
    ("get_work_summary", NOBODY),
];

/// Whether an operation works while acting for somebody.
#[must_use]
pub fn while_acting(operation: &str) -> WhileActing {
    let listed = ALLOWED_WHILE_ACTING.iter().find(|(id, _)| *id == operation);
    listed.map_or(WhileActing::Refused, |(_, allowed)| *allowed)
}

/// The operation of a method and a path's pattern.
pub(crate) fn operation_at(method: &Method, pattern: &str) -> Option<&'static str> {
    static KNOWN: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let listed = |id: &str| OPERATIONS.iter().map(|(listed, _)| *listed).find(|listed| *listed == id);
        super::routes().into_iter().filter_map(|(id, route)| Some((route, listed(&id)?))).collect()
    });
    known.get(&format!("`{method} {pattern}`")).copied()
}

/// Whether an operation asks for nobody's session.
pub(crate) fn is_public(operation: &str) -> bool {
    OPERATIONS
        .iter()
        .any(|(id, access)| *id == operation && matches!(access, Access::Public(_) | Access::PublicRead(_)))
}

/// The second half of docs/authz-matrix.md.
pub(super) fn write_markdown(text: &mut String) {
    text.push_str(
        "\n## Who gets which answer while acting for somebody\n\n\
         With `X-Acting-For`: an assistant under a delegation of the person's, with one scope each, after its last day and\n\
         after it was taken back; a clerk on behalf of the person, of an association of the person's and of another. The\n\
         clerk's own roles count for nothing then. Whatever changes the own account is refused.\n\n",
    );
    super::table_head(text, std::iter::once("operation").chain(ACTING_ACTORS));
    for (id, answers) in ACTING_ANSWERS {
        let answers: Vec<String> = answers.iter().map(u16::to_string).collect();
        super::table_row(text, std::iter::once(*id).chain(answers.iter().map(String::as_str)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_32_what_changes_the_own_account_never_works_while_acting() {
        for (operation, access) in OPERATIONS {
            if *access == Access::Own {
                assert_eq!(while_acting(operation), WhileActing::Refused, "{operation}");
            }
        }
        for (operation, _) in ALLOWED_WHILE_ACTING {
            assert!(OPERATIONS.iter().any(|(known, _)| known == operation), "{operation} is no operation");
        }
    }
}
