//! The registry: reading records, lists of members; loading reference data and rosters.

mod import_reference;
pub mod import_roster;
mod members;
mod reads;

pub use import_reference::{ImportReferenceError, import_reference, read_reference};
pub use members::{FoundMembers, MemberExport, MemberSearch, count_members, export_members, search_members};
pub use reads::{get_person, list_memberships, look_up_person};
