//! The registry: reading and changing records, lists of members, their files and what is kept of them; loading reference data and
//! rosters.

mod duplicates;
pub mod exports;
mod import_reference;
pub mod import_roster;
mod member_cells;
pub mod member_imports;
mod members;
mod merges;
mod reads;
mod record;
pub mod saved_lists;

pub use duplicates::{dismiss_duplicate, find_duplicates, list_duplicates};
pub use import_reference::{ImportReferenceError, import_reference, read_reference};
pub use members::{FoundMembers, MemberSearch, count_members, search_members};
pub use merges::{MergePersons, Merged, list_merges, merge_persons, preview_merge, undo_merge};
pub use reads::{FoundPerson, get_person, list_memberships, look_up_person};
pub use record::{
    AffiliationCommand, History, HistoryEntry, NewAffiliation, NewContactPoint, REVEALED, Revealed, add_affiliation,
    add_contact_point, change_affiliation, change_person, end_contact_point, get_person_history, reveal_person,
};
