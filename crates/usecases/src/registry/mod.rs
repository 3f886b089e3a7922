//! The registry: reading records; loading reference data and rosters.

mod reads;

pub use reads::{get_person, list_memberships, look_up_person};
