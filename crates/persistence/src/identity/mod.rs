//! Accounts, their capabilities, sessions and throttles.

mod commands;
mod queries;
mod rows;

pub use commands::{NewAccount, NewCapability, NewRegistration, NewSession};
pub use rows::{Account, AccountState, RefreshToken, Session};
