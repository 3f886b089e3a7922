//! Registry: who a physician is, where they work, and in which associations they stand.
//!
//! - [`category`]: labels of the national member categories as papers write them.
//! - [`roster`]: the judgement of an old system's member roster, record by record (RO-1 …).
//! - `member_search`: what somebody means who types into the one box of the members' list.
//! - [`policy`]: who may see and change what of a person.
//! - [`mod@reference`]: postal codes, municipalities, associations and medical schools, as files publish them.
//!
//! Rules and their sources: docs/rules/registry.md.

pub mod category;
mod directory;
mod member_search;
pub mod policy;
pub mod reference;
pub mod roster;

pub use directory::{Association, CategoryRow, Directory};
pub use member_search::{SearchText, read_search_text};
