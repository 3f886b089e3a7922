//! A person's record as it is changed, and its history.

/// The end of what is believed of a row. A row that was written by a clock that stands ahead was never believed for any time.
macro_rules! believed_until {
    ($now:expr) => {{
        use diesel::sql_types::{Nullable, Timestamptz};
        diesel::dsl::sql::<Nullable<Timestamptz>>("greatest(known_from, ").bind::<Timestamptz, _>($now).sql(")")
    }};
}

mod affiliations;
mod contacts;
mod history;
mod people;

pub use history::HistoryRow;
pub use people::OpenPerson;
