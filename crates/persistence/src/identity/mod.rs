//! Accounts, their capabilities, sessions and throttles.

mod challenges;
mod commands;
mod factors;
mod queries;
mod rows;

pub use challenges::{Challenge, ChallengeKind};
pub use commands::{NewAccount, NewCapability, NewRegistration, NewSession};
pub use factors::{Factors, TotpFactor};
pub use rows::{Account, AccountState, RefreshToken, Session};
