//! The registry: reading records, lists of members; loading reference data and rosters.

mod export_members;
mod import_reference;
pub mod import_roster;
mod members;
mod reads;

pub use export_members::{MemberExport, export_members};
pub use import_reference::{ImportReferenceError, import_reference, read_reference};
pub use members::{FoundMembers, MemberSearch, count_members, search_members};
pub use reads::{get_person, list_memberships, look_up_person};
