//! Days in force.

use chrono::{Days, NaiveDate};

/// Days in force in Asia/Tokyo: `valid_from` is the first, `valid_to` the first no longer in force (`None` = open).
///
/// Invariant: `valid_from < valid_to`. Screens show [`Period::last_day`] (終了日). All date arithmetic lives here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// The end does not lie after the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmptyPeriod;

impl std::fmt::Display for EmptyPeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a period must end after it begins")
    }
}

impl std::error::Error for EmptyPeriod {}

impl Period {
    /// A period that has begun on `valid_from` and has no end yet.
    #[must_use]
    pub const fn open(valid_from: NaiveDate) -> Self {
        Self { valid_from, valid_to: None }
    }

    /// A period from its first day to the day after its last.
    ///
    /// # Errors
    /// [`EmptyPeriod`] when `valid_to` is not after `valid_from`.
    pub fn new(valid_from: NaiveDate, valid_to: Option<NaiveDate>) -> Result<Self, EmptyPeriod> {
        if valid_to.is_some_and(|end| end <= valid_from) {
            return Err(EmptyPeriod);
        }
        Ok(Self { valid_from, valid_to })
    }

    /// A period given by its last day in force, as 退会日 is: it ends the day after.
    ///
    /// # Errors
    /// [`EmptyPeriod`] when the last day lies before the first, or at the end of the calendar.
    pub fn through(valid_from: NaiveDate, last_day: NaiveDate) -> Result<Self, EmptyPeriod> {
        let end = last_day.checked_add_days(Days::new(1)).ok_or(EmptyPeriod)?;
        Self::new(valid_from, Some(end))
    }

    /// The first day in force.
    #[must_use]
    pub const fn valid_from(&self) -> NaiveDate {
        self.valid_from
    }

    /// The first day no longer in force; `None` while no end is known.
    #[must_use]
    pub const fn valid_to(&self) -> Option<NaiveDate> {
        self.valid_to
    }

    /// The last day in force, as people say it.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.valid_to.and_then(|end| end.pred_opt())
    }

    /// Whether the period is in force on `day`.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        other.valid_to.is_none_or(|end| self.valid_from < end) && self.valid_to.is_none_or(|end| other.valid_from < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_is_in_force_and_the_next_is_not() {
        let period = Period::through(day("2020-04-01"), day("2026-03-31")).unwrap();
        assert_eq!(period.valid_to(), Some(day("2026-04-01")));
        assert_eq!(period.last_day(), Some(day("2026-03-31")));
        assert!(period.contains(day("2026-03-31")));
        assert!(!period.contains(day("2026-04-01")));
        assert!(!period.contains(day("2020-03-31")));
    }

    #[test]
    fn a_period_that_ends_before_it_begins_cannot_be_made() {
        assert_eq!(Period::new(day("2026-04-01"), Some(day("2026-04-01"))), Err(EmptyPeriod));
        assert_eq!(Period::through(day("2026-04-01"), day("2026-03-31")), Err(EmptyPeriod));
        assert!(Period::through(day("2026-04-01"), day("2026-04-01")).is_ok());
    }

    #[test]
    fn neighbours_touch_without_overlapping() {
        let old = Period::new(day("2020-04-01"), Some(day("2026-04-01"))).unwrap();
        let new = Period::open(day("2026-04-01"));
        assert!(!old.overlaps(&new));
        assert!(!new.overlaps(&old));
        assert!(Period::open(day("2026-03-31")).overlaps(&old));
        assert!(new.overlaps(&Period::open(day("2030-01-01"))));
    }
}
