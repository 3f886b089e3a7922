//! Who acts, and the proofs that acting is allowed.
//!
//! Words: an **actor** is a signed-in account with the **capabilities** (roles in places) in force today; a **permit** is
//! the proof that a policy said yes to one write; a **scope** is the part of the world a list may show. A clerk is always
//! clerk *of an association*. **Acting** is speaking for another person, on behalf or by delegation, with what that allows
//! and nothing else.

mod account_states;
mod acting;
mod clerks;
mod device;
mod enrolment;
mod model;
mod password;
mod permit;
pub mod policy;
mod second_factor;
mod terms;
mod throttle;

pub use account_states::{AccountStanding, IllegalTransition, MembershipEvent, account_after, may_lift, transition};
pub use acting::{
    Acting, ActingAction, ActingId, Basis, Delegation, ON_BEHALF_MINUTES, OnBehalfGrant, authorize_delegation,
    authorize_on_behalf, invitation_expires_at, last_day_allowed,
};
pub use clerks::{DatedRole, INVITATION_DAYS, ImpossibleTerm, change_role, end_role, loses_last_administrator};
pub use device::Device;
pub use enrolment::{
    ENROLMENT_HOLDS, EnrolmentFacts, IDENTITY_TRIES, IdentityProof, LETTER_DAYS, LETTER_FILE_HOLDS, LetterDates,
    RECOVERY_HOLDS, proves_identity,
};
pub use model::{Actor, Capability, Place, Standing};
pub use password::{PasswordStrength, judge_password};
pub use permit::{By, Denied, Permit, Scope, SystemActor};
pub use second_factor::{
    CHALLENGE_HOLDS, CHALLENGE_TRIES, RECOVERY_CODES, SETUP_HOLDS, TOTP_SKEW, is_recent, read_recovery_code,
    read_totp_code, recovery_code, takes_step,
};
pub use terms::{PublishedTerms, TermsStanding, TermsVersion, published_terms};
pub use throttle::{ThrottleRule, blocked_until};
