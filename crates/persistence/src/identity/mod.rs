//! Accounts, their capabilities, sessions and throttles.

mod account_states;
mod acting;
mod challenges;
mod clerks;
mod commands;
mod delegations;
mod factors;
mod organisations;
mod passkeys;
mod queries;
mod rows;
mod terms;

pub use account_states::{AccountDiagnosis, NewSuspension, OwnerOfAccount, Suspension, TrackedAccount};
pub use acting::{OnBehalfRow, ProxyEffect};
pub use challenges::{Challenge, ChallengeKind};
pub use clerks::{ClerkRole, ClerkRoleItem, Invitation, InvitedClerk, NewInvitation};
pub use commands::{NewAccount, NewCapability, NewRegistration, NewSession};
pub use delegations::{HeldDelegation, NewDelegation};
pub use factors::{Factors, TotpFactor};
pub use mamis_kernel::AccountState;
pub use organisations::Organisation;
pub use passkeys::Passkey;
pub use rows::{Account, RefreshToken, Session};
