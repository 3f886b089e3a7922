//! The registry: reading records; loading reference data and rosters.

mod import_reference;
pub mod import_roster;
mod reads;

pub use import_reference::{ImportReferenceError, import_reference, read_reference};
pub use reads::{get_person, list_memberships, look_up_person};
