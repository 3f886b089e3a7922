//! Registry: who a physician is, where they work, and in which associations they stand.
//!
//! - [`category`]: labels of the national member categories as papers write them.
//! - [`roster`]: the judgement of an old system's member roster, record by record (RO-1 …).
//! - [`duplicates`], [`merge`]: second records of somebody, and one record made of two.
//! - `member_search`: what somebody means who types into the one box of the members' list.
//! - [`record`]: how a person's record is changed, and what its history says of it (REC-1 …).
//! - `exports`, `saved_lists`: what leaves the system as a file, and what is kept to be looked at again.
//! - [`policy`]: who may see and change what of a person.
//! - [`mod@reference`]: postal codes, municipalities, associations and medical schools, as files publish them.
//!
//! Rules and their sources: docs/rules/registry.md.

pub mod category;
mod directory;
pub mod duplicates;
mod exports;
pub mod member_import;
mod member_search;
pub mod merge;
pub mod policy;
pub mod record;
pub mod reference;
pub mod roster;
mod saved_lists;

pub use directory::{Association, CategoryRow, Directory};
pub use exports::{EXPORT_HOLDS, chosen_columns, export_file_name};
pub use member_search::{SearchText, read_search_text};
pub use saved_lists::{SavedListFacts, check_saved_list};
