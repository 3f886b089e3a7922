//! Cases, their routes and work lists.

mod attachments;
mod bulk;
mod commands;
mod queries;
mod rows;

pub use attachments::{NewAttachment, Received, StoredAttachment};
pub use queries::{CaseListItem, WorkCounts, WorkFilter, WorkPosition, WorkRow, WorkSince};
