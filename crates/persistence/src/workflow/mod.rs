//! Cases, their routes and work lists.

mod commands;
mod queries;
mod rows;

pub use queries::{CaseListItem, WorkCounts, WorkFilter, WorkPosition, WorkRow};
