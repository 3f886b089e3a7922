//! The only crate that knows SQL.
//!
//! [`Datastore`] holds the connections; [`Datastore::transaction`] commits on `Ok` and on nothing else, and what writes is
//! a method of [`Tx`], which exists only inside one. Writes take a [`Permit`](mamis_domain::identity::Permit) and leave
//! their audit event; lists take a [`Scope`](mamis_domain::identity::Scope). Methods put the noun first.

pub mod audit;
pub mod delivery;
mod error;
pub mod identity;
pub mod migrate;
pub mod notices;
pub mod registry;
mod schema;
mod store;
pub mod workflow;

pub use error::{Conflict, StoreError};
pub use store::{Datastore, PoolOptions, Stored, Tx};
