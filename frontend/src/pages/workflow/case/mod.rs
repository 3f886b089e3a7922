//! The parts of a case's page, for physicians and clerks alike.

mod history;
mod progress;
mod receipt;
mod retract;
mod returned;

pub(super) use history::History;
pub(super) use progress::{Turn, case_steps, day_to_propose, turn};
pub(super) use receipt::Receipt;
pub(super) use retract::Retract;
pub(super) use returned::Returned;
