//! Log-in, the session behind it, and who one is.

mod account_states;
mod change_email;
mod change_password;
mod clerks;
pub(crate) mod codes;
mod factors;
mod log_in;
mod organisations;
mod passwords;
mod record_accesses;
mod refresh;
mod register;
mod second_step;
mod secrets;
mod sessions;
mod tokens;
mod who;

pub use account_states::{
    AccountStopped, DiagnosedAccount, apply_membership_event, follow_memberships, forget_sessions, lift_suspension,
    read_account, suspend_account,
};
pub use change_email::{SentCode, change_email, request_email_change};
pub use change_password::{change_password, check_password};
pub use clerks::{
    AcceptInvitation, ChangeRole, InviteClerk, Invited, LookedUpInvitation, accept_invitation, change_clerk_role,
    claim_invitation, end_clerk_role, invite_clerk, list_clerk_roles, list_invitations, list_vacant_associations,
    look_up_invitation, withdraw_invitation,
};
pub use factors::{
    Proof, Qr, TotpSetup, begin_totp, confirm_totp, list_factors, prove, remove_totp, renew_recovery_codes,
    require_recent_proof,
};
pub use log_in::{LogIn, OpenedSession, Origin, SecondStep, log_in};
pub use organisations::{get_organisation, list_organisations};
pub(crate) use passwords::Hashing;
pub use passwords::hash_password;
pub use record_accesses::list_record_accesses;
pub use refresh::refresh;
pub use register::{Registering, register, request_registration};
pub use second_step::take_second_step;
pub use sessions::{end_other_sessions, end_session, list_sessions, log_out};
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
