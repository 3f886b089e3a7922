//! Who may do what through the API, as data. Printed as docs/authz-matrix.md; tests/matrix.rs asks every operation as
//! everybody and demands these answers.

mod acting;

use mamis_domain::identity::policy::{GRANTS as IDENTITY_GRANTS, IdentityAction, IdentityRelation};
use mamis_domain::workflow::policy::{GRANTS, Relation, WorkflowAction};

use crate::openapi_document;

pub use acting::{ACTING_ACTORS, ACTING_ANSWERS, ALLOWED_WHILE_ACTING, WhileActing, while_acting};
pub(crate) use acting::{is_public, operation_at};

/// What an operation asks of the one who calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing, for this reason. Written by hand, never by a tool.
    Public(&'static str),
    /// Nothing, for this reason; it changes nothing either.
    PublicRead(&'static str),
    /// To be signed in: what it shows is the caller's own, or no secret.
    SignedIn,
    /// To be signed in; what lies outside the caller's scope is not there.
    Scoped,
    /// To be signed in; it changes the caller's own account.
    Own,
    /// To be signed in and to be what this says; it changes something beside the own account.
    Judged(&'static str),
    /// What the grants say about this action.
    Workflow(WorkflowAction),
    /// What the grants on clerks and accounts say about this action.
    Identity(IdentityAction),
}

const OF_THE_PERSON: &str = "an operator, or higher, of an association the person is a member of";
const TERMS: &str = "who is to accept terms may read them before";

/// Operations about one's own account: they work before the terms of use in force are accepted (ID-40). All others wait.
pub const BEFORE_TERMS: &[&str] =
    &["accept_terms", "delete_session", "get_account", "list_sessions", "end_session", "end_other_sessions"];

/// Writes that go on while nothing else can be changed (ID-43): without them nobody could come in to read.
const SIGNING_IN: &[&str] = &[
    "create_session",
    "take_second_step",
    "begin_passkey_log_in",
    "log_in_by_passkey",
    "refresh_session",
    "delete_session",
];

/// Whether an operation that is no GET waits while the service is read-only (ID-43).
#[must_use]
pub fn waits_while_read_only(operation: &str) -> bool {
    let asked = OPERATIONS.iter().find(|(known, _)| *known == operation);
    let changes = asked.is_some_and(|(_, access)| match access {
        Access::PublicRead(_) | Access::SignedIn | Access::Scoped | Access::Workflow(WorkflowAction::Read) => false,
        Access::Public(_) | Access::Own | Access::Judged(_) | Access::Identity(_) | Access::Workflow(_) => true,
    });
    changes && !SIGNING_IN.contains(&operation)
}

/// Every operation with what it asks. An operation without a row fails the tests.
pub const OPERATIONS: &[(&str, Access)] = &[
    ("create_session", Access::Public("signing in is what one does without being signed in")),
    ("create_registration", Access::Public("who is no member registers without being signed in")),
    ("confirm_registration", Access::Public("the code that was sent by mail is the proof")),
    ("take_second_step", Access::Public("the password was right; the challenge it led to is the proof")),
    ("begin_passkey_log_in", Access::Public("it names nobody: the device finds its passkey")),
    ("log_in_by_passkey", Access::Public("the passkey's signature is the proof")),
    ("refresh_session", Access::Public("the access token has run out by then; the cookie is the proof")),
    ("list_terms", Access::PublicRead(TERMS)),
    ("get_current_terms", Access::PublicRead(TERMS)),
    ("get_terms", Access::PublicRead(TERMS)),
    ("get_joint_use", Access::PublicRead("the law wants everybody to be able to know it")),
    ("get_service_status", Access::PublicRead("who cannot sign in during a stop wants to know until when")),
    ("accept_terms", Access::Own),
    ("delete_session", Access::Own),
    ("get_account", Access::SignedIn),
    ("list_sessions", Access::SignedIn),
    ("end_session", Access::Own),
    ("end_other_sessions", Access::Own),
    ("change_password", Access::Own),
    ("create_email_change", Access::Own),
    ("confirm_email_change", Access::Own),
    ("check_password", Access::SignedIn),
    ("get_factors", Access::SignedIn),
    ("prove_identity", Access::Own),
    ("begin_totp", Access::Own),
    ("confirm_totp", Access::Own),
    ("remove_totp", Access::Own),
    ("renew_recovery_codes", Access::Own),
    ("begin_passkey", Access::Own),
    ("register_passkey", Access::Own),
    ("rename_passkey", Access::Own),
    ("remove_passkey", Access::Own),
    ("list_record_accesses", Access::SignedIn),
    ("list_clerks", Access::Identity(IdentityAction::ListClerks)),
    ("list_clerk_invitations", Access::Identity(IdentityAction::InviteClerk)),
    ("list_vacant_associations", Access::Scoped),
    ("create_clerk_invitation", Access::Identity(IdentityAction::InviteClerk)),
    ("look_up_clerk_invitation", Access::PublicRead("the invited has no account yet; the code is the proof")),
    ("accept_clerk_invitation", Access::Public("the invited has no account yet; the code is the proof")),
    ("claim_clerk_invitation", Access::Own),
    ("withdraw_clerk_invitation", Access::Identity(IdentityAction::InviteClerk)),
    ("change_clerk_role", Access::Identity(IdentityAction::ChangeClerk)),
    ("end_clerk_role", Access::Identity(IdentityAction::EndClerk)),
    ("recover_clerk", Access::Identity(IdentityAction::ChangeClerk)),
    ("list_organisations", Access::Scoped),
    ("get_organisation", Access::Identity(IdentityAction::ReadOrganisation)),
    ("list_organisers", Access::Identity(IdentityAction::ListClerks)),
    ("list_organiser_invitations", Access::Identity(IdentityAction::InviteClerk)),
    ("get_person_account", Access::Identity(IdentityAction::ReadAccount)),
    ("suspend_account", Access::Identity(IdentityAction::SuspendLeftOrExpelled)),
    ("lift_suspension", Access::Identity(IdentityAction::SuspendLeftOrExpelled)),
    ("list_record_audience", Access::SignedIn),
    ("begin_on_behalf", Access::Judged("an operator of an association that can see the person")),
    ("list_on_behalf", Access::SignedIn),
    ("end_on_behalf", Access::Own),
    ("invite_assistant", Access::Judged("a physician, for the own person")),
    ("list_delegations", Access::SignedIn),
    ("list_held_delegations", Access::SignedIn),
    ("revoke_delegation", Access::Own),
    ("look_up_assistant_invitation", Access::PublicRead("the invitation's code is the proof")),
    ("accept_assistant_invitation", Access::Own),
    ("register_assistant", Access::Public("the invitation's code is the proof; there is no account yet")),
    ("create_enrolment", Access::Public("who has a letter has no account yet; the password on it is the proof")),
    ("get_enrolment", Access::PublicRead("the cookie is the proof")),
    ("prove_enrolment_identity", Access::Public("the cookie is the proof")),
    ("send_enrolment_code", Access::Public("the cookie is the proof")),
    ("confirm_enrolment_email", Access::Public("the cookie and the code are the proof")),
    ("decline_enrolment_email", Access::Public("the cookie is the proof")),
    ("check_enrolment_password", Access::PublicRead("the cookie is the proof")),
    ("choose_enrolment_password", Access::Public("the cookie is the proof")),
    ("complete_enrolment", Access::Public("the cookie is the proof")),
    ("create_recovery", Access::Public("who lost the way in is not signed in")),
    ("complete_recovery", Access::Public("the link that was sent by mail is the proof")),
    ("search_not_registered", Access::Scoped),
    ("create_letter_batch", Access::Identity(IdentityAction::IssueLetters)),
    ("list_letter_batches", Access::Identity(IdentityAction::ReadLetters)),
    ("get_letter_batch", Access::Identity(IdentityAction::ReadLetters)),
    ("fetch_letter_batch", Access::Identity(IdentityAction::IssueLetters)),
    ("finish_letter_batch", Access::Identity(IdentityAction::IssueLetters)),
    ("list_identity_mismatches", Access::Identity(IdentityAction::ReadLetters)),
    ("accept_identity", Access::Identity(IdentityAction::DecideMismatch)),
    ("dismiss_identity_mismatch", Access::Identity(IdentityAction::DecideMismatch)),
    ("get_postal_code", Access::SignedIn),
    ("list_municipalities", Access::SignedIn),
    ("list_associations", Access::SignedIn),
    ("get_association", Access::SignedIn),
    ("list_medical_schools", Access::SignedIn),
    ("search_facilities", Access::SignedIn),
    ("look_up_person", Access::Scoped),
    ("search_members", Access::Scoped),
    ("count_members", Access::Scoped),
    ("list_duplicates", Access::Scoped),
    ("dismiss_duplicate", Access::Judged("an operator, or higher, of the association")),
    ("preview_merge", Access::Scoped),
    ("merge_persons", Access::Judged("an approver, or higher, of the association")),
    ("list_merges", Access::Scoped),
    ("undo_merge", Access::Judged("an approver, or higher, of the association")),
    ("create_export", Access::Judged("an operator, or higher, of the association")),
    ("list_exports", Access::SignedIn),
    ("get_export", Access::Scoped),
    ("cancel_export", Access::Judged("who asked for it, and an operator there still")),
    ("fetch_export", Access::Judged("who asked for it, and an operator there still")),
    ("list_unwritable_cells", Access::Scoped),
    ("list_saved_lists", Access::Scoped),
    ("save_list", Access::Judged("a clerk of the association; an operator where it is shared")),
    ("get_saved_list", Access::Scoped),
    ("change_list", Access::Judged("who keeps it")),
    ("remove_list", Access::Judged("who keeps it, or an administrator where it is shared")),
    ("check_member_import", Access::Judged("an operator, or higher, of the association")),
    ("get_member_import_template", Access::SignedIn),
    ("list_member_imports", Access::Scoped),
    ("get_member_import", Access::Scoped),
    ("list_import_rows", Access::Scoped),
    ("apply_member_import", Access::Judged("an operator, or higher, of the association")),
    ("undo_member_import", Access::Judged("an operator, or higher, of the association")),
    ("get_person", Access::Scoped),
    ("get_person_history", Access::Scoped),
    ("change_person", Access::Judged(OF_THE_PERSON)),
    ("add_affiliation", Access::Judged(OF_THE_PERSON)),
    ("change_affiliation", Access::Judged(OF_THE_PERSON)),
    ("add_contact_point", Access::Judged(OF_THE_PERSON)),
    ("end_contact_point", Access::Judged(OF_THE_PERSON)),
    ("reveal_person", Access::Judged("a clerk of an association that can see the person")),
    ("list_memberships", Access::Scoped),
    ("propose_categories", Access::SignedIn),
    ("create_application", Access::Workflow(WorkflowAction::Create)),
    ("list_applications", Access::Scoped),
    ("get_application", Access::Workflow(WorkflowAction::Read)),
    ("save_application", Access::Workflow(WorkflowAction::Save)),
    ("submit_application", Access::Workflow(WorkflowAction::Submit)),
    ("approve_application", Access::Workflow(WorkflowAction::Approve)),
    ("return_application", Access::Workflow(WorkflowAction::Return)),
    ("reject_application", Access::Workflow(WorkflowAction::Reject)),
    ("retract_application", Access::Workflow(WorkflowAction::Retract)),
    ("add_attachment", Access::Workflow(WorkflowAction::Save)),
    ("get_attachment", Access::Workflow(WorkflowAction::Read)),
    ("remove_attachment", Access::Workflow(WorkflowAction::Save)),
    ("search_work_items", Access::Scoped),
    ("get_work_summary", Access::Scoped),
];

/// Who asks, in the order of [`ANSWERS`]. The person is a member of a district, its prefecture and the nation and has a
/// case on its way through them, open at the district. Clerks without a role in their name are approvers; the organiser is one
/// of a society.
pub const ACTORS: [&str; 13] = [
    "nobody",
    "the physician",
    "another physician",
    "district viewer",
    "district operator",
    "district approver",
    "district administrator",
    "another district",
    "the prefecture",
    "another prefecture",
    "the nation",
    "the nation's administrator",
    "an organiser",
];

/// What each gets. Saving, submitting and files that come and go are asked of a case that the district has returned.
pub const ANSWERS: &[(&str, [u16; 13])] = &[
    ("create_session", [401, 201, 201, 201, 201, 200, 200, 200, 200, 200, 200, 200, 201]),
    ("create_registration", [201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("confirm_registration", [201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("take_second_step", [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("begin_passkey_log_in", [201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("log_in_by_passkey", [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("refresh_session", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_terms", [200; 13]),
    ("get_current_terms", [200; 13]),
    ("get_terms", [200; 13]),
    ("get_joint_use", [200; 13]),
    ("get_service_status", [200; 13]),
    ("accept_terms", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("delete_session", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("get_account", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_sessions", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("end_session", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("end_other_sessions", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("change_password", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("create_email_change", [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("confirm_email_change", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("check_password", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("get_factors", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("prove_identity", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("begin_totp", [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("confirm_totp", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("remove_totp", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("renew_recovery_codes", [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("begin_passkey", [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("register_passkey", [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("rename_passkey", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("remove_passkey", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("list_record_accesses", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_record_audience", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("begin_on_behalf", [401, 403, 404, 403, 201, 201, 201, 404, 201, 404, 201, 201, 404]),
    ("list_on_behalf", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("end_on_behalf", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("invite_assistant", [401, 201, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("list_delegations", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_held_delegations", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("revoke_delegation", [401, 204, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("look_up_assistant_invitation", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("accept_assistant_invitation", [401, 404, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("register_assistant", [201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("list_clerks", [401, 404, 404, 403, 403, 403, 200, 404, 404, 404, 404, 404, 404]),
    ("list_clerk_invitations", [401, 404, 404, 403, 403, 403, 200, 404, 404, 404, 404, 404, 404]),
    ("list_vacant_associations", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("create_clerk_invitation", [401, 404, 404, 403, 403, 403, 201, 404, 404, 404, 404, 404, 404]),
    ("look_up_clerk_invitation", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("accept_clerk_invitation", [204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("claim_clerk_invitation", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("withdraw_clerk_invitation", [401, 404, 404, 403, 403, 403, 204, 404, 404, 404, 404, 404, 404]),
    ("change_clerk_role", [401, 404, 404, 403, 403, 403, 200, 404, 404, 404, 404, 404, 404]),
    ("end_clerk_role", [401, 404, 404, 403, 403, 403, 204, 404, 404, 404, 404, 404, 404]),
    ("recover_clerk", [401, 404, 404, 403, 403, 403, 200, 404, 404, 404, 404, 404, 404]),
    ("list_organisations", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("get_organisation", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 200, 200]),
    ("list_organisers", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 200, 403]),
    ("list_organiser_invitations", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 200, 403]),
    ("get_person_account", [401, 403, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("suspend_account", [401, 403, 404, 403, 403, 403, 204, 404, 403, 404, 403, 204, 404]),
    ("lift_suspension", [401, 403, 404, 403, 403, 403, 204, 404, 403, 404, 403, 204, 404]),
    ("create_enrolment", [201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("get_enrolment", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("prove_enrolment_identity", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("send_enrolment_code", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("confirm_enrolment_email", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("decline_enrolment_email", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("check_enrolment_password", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("choose_enrolment_password", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("complete_enrolment", [201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("create_recovery", [202, 202, 202, 202, 202, 202, 202, 202, 202, 202, 202, 202, 202]),
    ("complete_recovery", [204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("search_not_registered", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("create_letter_batch", [401, 404, 404, 403, 201, 201, 201, 404, 404, 404, 404, 404, 404]),
    ("list_letter_batches", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("get_letter_batch", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("fetch_letter_batch", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("finish_letter_batch", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("list_identity_mismatches", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("accept_identity", [401, 404, 404, 403, 204, 204, 204, 404, 404, 404, 404, 404, 404]),
    ("dismiss_identity_mismatch", [401, 404, 404, 403, 204, 204, 204, 404, 404, 404, 404, 404, 404]),
    ("get_postal_code", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_municipalities", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_associations", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("get_association", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_medical_schools", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("search_facilities", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403]),
    ("look_up_person", [401, 200, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("search_members", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("count_members", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("list_duplicates", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("dismiss_duplicate", [401, 404, 404, 403, 204, 204, 204, 404, 404, 404, 404, 404, 404]),
    ("preview_merge", [401, 404, 404, 403, 403, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("merge_persons", [401, 404, 404, 403, 403, 201, 201, 404, 404, 404, 404, 404, 404]),
    ("list_merges", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("undo_merge", [401, 404, 404, 403, 403, 204, 204, 404, 404, 404, 404, 404, 404]),
    ("create_export", [401, 404, 404, 403, 202, 202, 202, 404, 404, 404, 404, 404, 404]),
    ("list_exports", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("get_export", [401, 404, 404, 404, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("cancel_export", [401, 404, 404, 404, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("fetch_export", [401, 404, 404, 404, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("list_unwritable_cells", [401, 404, 404, 404, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("list_saved_lists", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("save_list", [401, 404, 404, 403, 201, 201, 201, 404, 404, 404, 404, 404, 404]),
    ("get_saved_list", [401, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("change_list", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("check_member_import", [401, 404, 404, 403, 201, 201, 201, 404, 404, 404, 404, 404, 404]),
    ("get_member_import_template", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("list_member_imports", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("get_member_import", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("list_import_rows", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("apply_member_import", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("undo_member_import", [401, 404, 404, 403, 200, 200, 200, 404, 404, 404, 404, 404, 404]),
    ("remove_list", [401, 404, 404, 403, 204, 204, 204, 404, 404, 404, 404, 404, 404]),
    ("get_person", [401, 200, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("get_person_history", [401, 200, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("change_person", [401, 403, 404, 403, 204, 204, 204, 404, 204, 404, 204, 204, 404]),
    ("add_affiliation", [401, 403, 404, 403, 201, 201, 201, 404, 201, 404, 201, 201, 404]),
    ("change_affiliation", [401, 403, 404, 403, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("add_contact_point", [401, 403, 404, 403, 201, 201, 201, 404, 201, 404, 201, 201, 404]),
    ("end_contact_point", [401, 403, 404, 403, 204, 204, 204, 404, 204, 404, 204, 204, 404]),
    ("reveal_person", [401, 403, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("list_memberships", [401, 200, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("propose_categories", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("create_application", [401, 201, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("list_applications", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("get_application", [401, 200, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("save_application", [401, 200, 404, 403, 403, 403, 403, 404, 403, 404, 403, 403, 404]),
    ("submit_application", [401, 200, 404, 403, 403, 403, 403, 404, 403, 404, 403, 403, 404]),
    ("approve_application", [401, 403, 404, 403, 403, 200, 200, 404, 403, 404, 403, 403, 404]),
    ("return_application", [401, 403, 404, 403, 403, 200, 200, 404, 403, 404, 403, 403, 404]),
    ("reject_application", [401, 403, 404, 403, 403, 200, 200, 404, 403, 404, 403, 403, 404]),
    ("retract_application", [401, 200, 404, 403, 403, 403, 403, 404, 403, 404, 403, 403, 404]),
    ("add_attachment", [401, 201, 404, 403, 403, 403, 403, 404, 403, 404, 403, 403, 404]),
    ("get_attachment", [401, 200, 404, 200, 200, 200, 200, 404, 200, 404, 200, 200, 404]),
    ("remove_attachment", [401, 204, 404, 403, 403, 403, 403, 404, 403, 404, 403, 403, 404]),
    ("search_work_items", [401, 403, 403, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403]),
    ("get_work_summary", [401, 403, 403, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403]),
];

/// The matrix as people read it: docs/authz-matrix.md.
#[must_use]
pub fn authz_matrix_markdown() -> String {
    let mut text = String::from(
        "# Who may do what\n\n\
         Generated by `mamis authz-matrix` from the grants [on cases](../crates/domain/src/workflow/policy.rs) and\n\
         [on clerks and accounts](../crates/domain/src/identity/policy.rs), and from\n\
         [the operations](../crates/api/src/access.rs); [a test](../tests/matrix.rs) compares this page and asks every\n\
         operation as everybody. Do not edit.\n\n\
         A clerk is always clerk *of an association*; the roles viewer, operator, approver and administrator include those\n\
         before them. Who has nothing to do with a thing is told that it is not there (404); who may know of it but not do it\n\
         is refused (403), and the refusal is audited.\n\n## Grants on cases\n\n",
    );
    table_head(&mut text, std::iter::once("action").chain(Relation::ALL.iter().map(|relation| relation.as_str())));
    for (action, granted) in GRANTS {
        let marks = Relation::ALL.iter().map(|relation| if granted.contains(relation) { "yes" } else { "" });
        table_row(&mut text, std::iter::once(action.as_str()).chain(marks));
    }
    text.push_str(
        "\n## Grants on clerks and accounts\n\n\
         Beside these, nobody gives more than one holds (ID-61), removes the last administrator (ID-62) or raises oneself\n\
         (ID-63). Suspending and lifting ask the grant of the reason.\n\n",
    );
    let relations = IdentityRelation::ALL;
    table_head(&mut text, std::iter::once("action").chain(relations.iter().map(|relation| relation.as_str())));
    for (action, granted) in IDENTITY_GRANTS {
        let marks = relations.iter().map(|relation| if granted.contains(relation) { "yes" } else { "" });
        table_row(&mut text, std::iter::once(action.as_str()).chain(marks));
    }
    text.push_str("\n## Operations\n\n");
    table_head(&mut text, ["operation", "method and path", "asks"]);
    let routes = routes();
    for (id, access) in OPERATIONS {
        let route = routes.iter().find(|(known, _)| known == id).map_or("", |(_, route)| route.as_str());
        table_row(&mut text, [*id, route, &asks(*access)]);
    }
    text.push_str(
        "\nBeside the API, without signing in: `/healthz`, `/readyz` and `/metrics` (for those who run it; they hold no\n\
         personal data, and a proxy keeps them inside), `/api/v1/openapi.json` and `/api/docs/` (the description),\n\
         `/downloads/…` (poster and banner of joint use), and the pages of the front end.\n\n## Who gets which answer\n\n\
         The person is a member of a district, its prefecture and the nation, with a case open at the district (returned by it\n\
         for `save_application`, `submit_application`, `add_attachment` and `remove_attachment`). Clerks without a role in\n\
         their name are approvers; the organiser is one of a society.\n\n",
    );
    table_head(&mut text, std::iter::once("operation").chain(ACTORS));
    for (id, answers) in ANSWERS {
        let answers: Vec<String> = answers.iter().map(u16::to_string).collect();
        table_row(&mut text, std::iter::once(*id).chain(answers.iter().map(String::as_str)));
    }
    acting::write_markdown(&mut text);
    text
}

fn asks(access: Access) -> String {
    match access {
        Access::Public(reason) | Access::PublicRead(reason) => format!("nothing: {reason}"),
        Access::SignedIn => "to be signed in".to_owned(),
        Access::Own => "to be signed in; changes the caller's own account".to_owned(),
        Access::Scoped => "to be signed in; shows the caller's scope".to_owned(),
        Access::Judged(what) => format!("to be {what}"),
        Access::Workflow(action) => format!("the grant `{action}`"),
        Access::Identity(action) => format!("the grant `{action}`"),
    }
}

/// The id of each operation with its method and path.
fn routes() -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for (path, item) in &openapi_document().paths.paths {
        let methods = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
        ];
        for (method, operation) in methods {
            if let Some(id) = operation.as_ref().and_then(|operation| operation.operation_id.clone()) {
                routes.push((id, format!("`{method} {path}`")));
            }
        }
    }
    routes
}

fn table_head<'a>(text: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    let cells: Vec<&str> = cells.into_iter().collect();
    table_row(text, cells.iter().copied());
    table_row(text, cells.iter().map(|_| "---"));
}

fn table_row<'a>(text: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    text.push('|');
    for cell in cells {
        text.push(' ');
        text.push_str(cell);
        text.push_str(if cell.is_empty() { "|" } else { " |" });
    }
    text.push('\n');
}
