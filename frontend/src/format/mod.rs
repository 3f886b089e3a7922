//! How dates, numbers and names are shown.

mod date;
mod number;

pub use date::{date, date_and_time, date_short, month, period};
pub use number::{count, phone, postal_code};
