//! What the clerks' screens share: whose clerk one is, lists that keep their place, their filters, their keys.
//!
//! A list's address holds codes only; what was typed stands in the browser's history ([`ListMemory`]).

mod address;
mod back;
mod filters;
mod list;
mod memory;
mod own_association;
mod shortcuts;

pub(in crate::pages) use address::{LIMITS, address, limit_of, pairs};
pub(in crate::pages) use back::{BackToList, ListPlace};
pub(in crate::pages) use filters::{CheckGroup, FilterSelect, RowsSelect, SearchBox};
pub(in crate::pages) use list::{ListState, Listed, follow_address, listing, row_id};
pub(in crate::pages) use memory::ListMemory;
pub(in crate::pages) use own_association::{choices_of, for_association, own_associations};
pub(in crate::pages) use shortcuts::{KeyboardHelp, is_plain_enter, on_command};
