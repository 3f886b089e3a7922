//! Cases, their routes and work lists.

mod bulk;
mod commands;
mod queries;
mod rows;

pub use queries::{CaseListItem, WorkCounts, WorkFilter, WorkPosition, WorkRow, WorkSince};
