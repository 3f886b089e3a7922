//! Persons, facilities, associations, memberships and reference data.

pub mod bulk;
mod commands;
mod duplicates;
mod exports;
mod member_imports;
mod members;
mod merges;
mod provisional;
mod queries;
mod record;
mod rows;
mod saved_lists;

pub use duplicates::{CommonTraits, DuplicatePair, DuplicateSide};
pub use exports::{ClaimedExport, Export, LostCellRow, NewExport};
pub use member_imports::{ImportCounts, ImportFacts, ImportRow, MemberImport, NewImportRow, NewMemberImport};
pub use members::{MemberLine, MemberOrder, MemberQuestion, MemberRow};
pub use merges::{DoneMerge, Merge, MergedAccounts, POINTING, Pointing};
pub(crate) use queries::like_literal;
pub use queries::{AssociationFilter, FoundFacility, MembershipTime};
pub use record::{HistoryRow, OpenPerson};
pub use rows::{
    AffiliationRecord, ContactRecord, MembershipRecord, MunicipalityRecord, PersonBrief, PersonNames, PersonRecord,
    PostalRecord, SchoolRecord,
};
pub use saved_lists::{ListContent, SavedList};
