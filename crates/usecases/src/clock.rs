use std::sync::Mutex;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Tokyo;

/// Where now and today come from.
pub trait Clock: Send + Sync {
    /// The instant, to the microsecond, as the database keeps it.
    fn now(&self) -> DateTime<Utc>;

    /// The day in Tokyo.
    fn today(&self) -> NaiveDate {
        tokyo_day(self.now())
    }
}

/// The day in Tokyo of an instant.
#[must_use]
pub fn tokyo_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Tokyo).date_naive()
}

/// An instant as clocks in Japan show it.
#[must_use]
pub fn tokyo(at: DateTime<Utc>) -> DateTime<chrono_tz::Tz> {
    at.with_timezone(&Tokyo)
}

/// The instant at which clocks in Japan show this.
#[must_use]
pub fn from_tokyo(shown: NaiveDateTime) -> DateTime<Utc> {
    Tokyo.from_local_datetime(&shown).single().map_or_else(|| shown.and_utc(), |at| at.with_timezone(&Utc))
}

/// The first instant after a day in Tokyo, which knows no daylight saving.
#[must_use]
pub fn tokyo_day_end(day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    let midnight = next.and_time(NaiveTime::MIN);
    Tokyo.from_local_datetime(&midnight).single().map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the time of day enters")]
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

/// A clock that stands until it is moved; for tests.
#[derive(Debug)]
pub struct FrozenClock(Mutex<DateTime<Utc>>);

impl FrozenClock {
    /// Stands at `at`.
    #[must_use]
    pub const fn at(at: DateTime<Utc>) -> Self {
        Self(Mutex::new(at))
    }

    /// Moves on.
    pub fn advance(&self, by: TimeDelta) {
        let mut at = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *at += by;
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_tokyo_begins_nine_hours_before_utc() {
        assert_eq!(tokyo_day("2026-03-31T14:59:59Z".parse().unwrap()).to_string(), "2026-03-31");
        assert_eq!(tokyo_day("2026-03-31T15:00:00Z".parse().unwrap()).to_string(), "2026-04-01");
        let end: DateTime<Utc> = "2026-03-31T15:00:00Z".parse().unwrap();
        assert_eq!(tokyo_day_end("2026-03-31".parse().unwrap()), end);
    }
}
