//! Log-in, the session behind it, and who one is.

mod account_states;
mod acting;
mod change_email;
mod change_password;
mod clerks;
pub(crate) mod codes;
mod cross_site;
mod delegations;
mod enrolment;
mod factors;
mod hashing;
pub mod letters;
mod log_in;
mod on_behalf;
mod organisations;
mod passkeys;
mod passwords;
mod record_accesses;
mod recovery;
mod refresh;
mod register;
mod second_step;
mod secrets;
mod sessions;
mod terms;
mod tokens;
mod told;
mod who;

pub use account_states::{
    AccountStopped, DiagnosedAccount, apply_membership_event, follow_memberships, forget_sessions, lift_suspension,
    read_account, suspend_account,
};
pub use acting::{act_for, refuse_while_acting};
pub use change_email::{SentCode, change_email, request_email_change};
pub use change_password::{change_password, check_password};
pub use clerks::{
    AcceptInvitation, ChangeRole, ClerkLetIn, FirstAdministrator, InviteClerk, Invited, LookedUpInvitation,
    accept_invitation, change_clerk_role, claim_invitation, create_first_administrator, end_clerk_role, invite_clerk,
    list_clerk_roles, list_invitations, list_vacant_associations, look_up_invitation, recover_clerk,
    withdraw_invitation,
};
pub use cross_site::record_cross_site;
pub use delegations::{
    AssistantInvitation, InvitedAssistant, NewAssistant, accept_assistant_invitation, invite_assistant,
    list_delegations, list_held_delegations, look_up_assistant_invitation, register_assistant, revoke_delegation,
};
pub use enrolment::{
    BegunEnrolment, begin_enrolment, check_enrolment_password, choose_password, complete_enrolment, confirm_email,
    decide_mismatch, decline_email, get_enrolment, list_mismatches, prove_identity, send_email_code,
};
pub use factors::{
    Proof, Qr, TotpSetup, begin_totp, confirm_totp, list_factors, prove, remove_totp, renew_recovery_codes,
    require_recent_proof,
};
pub use hashing::Hashing;
pub use log_in::{LogIn, OpenedSession, Origin, SecondStep, log_in};
pub use on_behalf::{begin_on_behalf, end_on_behalf, list_on_behalf, tell_of_on_behalf};
pub use organisations::{get_organisation, list_organisations};
pub use passkeys::{
    PasskeyChallenge, begin_passkey, begin_passkey_log_in, list_passkeys, log_in_by_passkey, register_passkey,
    remove_passkey, rename_passkey,
};
pub use passwords::hash_password;
pub use record_accesses::{list_record_accesses, list_record_audience};
pub use recovery::{answer_recoveries, complete_recovery, forget_ways_in, request_recovery};
pub use refresh::refresh;
pub use register::{Registering, register, request_registration};
pub use second_step::take_second_step;
pub use sessions::{end_other_sessions, end_session, list_sessions, log_out};
pub(crate) use terms::TermsDesk;
pub use terms::{accept_terms, get_terms, list_terms, require_terms};
pub use tokens::TokenKeys;
pub use who::{AccountFacts, account_facts, authenticate};

use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{AccountId, SessionId};
use mamis_persistence::audit::NewAuditEvent;

fn session_event(
    action: &str,
    outcome: AuditOutcome,
    session: Option<SessionId>,
    at: DateTime<Utc>,
) -> NewAuditEvent<'_> {
    let subject_id = session.map(SessionId::uuid);
    NewAuditEvent { action, outcome, subject_kind: "session", subject_id, person: None, at, payload: None }
}

fn account_event(action: &str, outcome: AuditOutcome, account: AccountId, at: DateTime<Utc>) -> NewAuditEvent<'_> {
    let subject_id = Some(account.uuid());
    NewAuditEvent { action, outcome, subject_kind: "account", subject_id, person: None, at, payload: None }
}
