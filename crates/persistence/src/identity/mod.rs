//! Accounts, their capabilities, sessions and throttles.

mod account_states;
mod acting;
mod challenges;
mod clerk_invitations;
mod clerk_recoveries;
mod clerks;
mod commands;
mod delegations;
mod enrolments;
mod factors;
mod letters;
mod organisations;
mod passkeys;
mod queries;
mod recoveries;
mod rows;
mod terms;

pub use account_states::{AccountDiagnosis, NewSuspension, OwnerOfAccount, Suspension, TrackedAccount};
pub use acting::{OnBehalfRow, ProxyEffect};
pub use challenges::{Challenge, ChallengeKind};
pub use clerk_invitations::{Invitation, InvitedAccount, NewInvitation};
pub use clerk_recoveries::ClerkRecovery;
pub use clerks::{ClerkRole, ClerkRoleItem};
pub use commands::{NewAccount, NewCapability, NewRegistration, NewSession};
pub use delegations::{HeldDelegation, NewDelegation};
pub use enrolments::{Enrolment, Mismatch, NewEnrolment};
pub use factors::{Factors, TotpFactor};
pub use letters::{
    LetterBatch, LetterToPrint, NewLetter, NewLetterBatch, NotRegistered, NotRegisteredFilter, ShownLetter,
};
pub use mamis_kernel::AccountState;
pub use organisations::Organisation;
pub use passkeys::Passkey;
pub use recoveries::NewRecovery;
pub use rows::{Account, RefreshToken, Session};
