//! Audit rows: written with the fact, sealed into a chain, verified.

mod commands;
mod queries;
mod seal;

pub(crate) use commands::actor_name;
pub use commands::{CHANGES, NewAuditEvent, ReadEvent};
pub use queries::RecordAccess;
pub use seal::{ChainReport, verify_chain};
