//! Accounts, their capabilities, sessions and throttles.

mod account_states;
mod challenges;
mod clerks;
mod commands;
mod factors;
mod organisations;
mod queries;
mod rows;

pub use account_states::{AccountDiagnosis, NewSuspension, OwnerOfAccount, Suspension, TrackedAccount};
pub use challenges::{Challenge, ChallengeKind};
pub use clerks::{ClerkRole, ClerkRoleItem, Invitation, InvitedClerk, NewInvitation};
pub use commands::{NewAccount, NewCapability, NewRegistration, NewSession};
pub use factors::{Factors, TotpFactor};
pub use mamis_kernel::AccountState;
pub use organisations::Organisation;
pub use rows::{Account, RefreshToken, Session};
