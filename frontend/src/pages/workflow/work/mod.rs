//! The parts of the clerks' pages.

mod applicant;
mod approve;
mod counts;
mod decision;
mod filters;
mod list_state;
mod reject;
mod send_back;
mod table;

pub(super) use applicant::Applicant;
pub(super) use approve::Approve;
pub(super) use counts::Counts;
pub(super) use decision::{Decide, Kind, Typed};
pub(super) use filters::Filters;
pub(super) use list_state::ListQuery;
pub(super) use reject::Reject;
pub(super) use send_back::SendBack;
pub(super) use table::WorkTable;
