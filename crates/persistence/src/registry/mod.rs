//! Persons, facilities, associations, memberships and reference data.

pub mod bulk;
mod commands;
mod members;
mod provisional;
mod queries;
mod rows;

pub use members::{MemberLine, MemberOrder, MemberQuestion, MemberRow};
pub(crate) use queries::like_literal;
pub use queries::{AssociationFilter, FoundFacility, MembershipTime, PersonBrief};
pub use rows::{
    AffiliationRecord, ContactRecord, MembershipRecord, MunicipalityRecord, PersonNames, PersonRecord, PostalRecord,
    SchoolRecord,
};
