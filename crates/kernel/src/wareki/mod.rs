//! Japanese dates (和暦): read in every spelling people use, shown in theirs, stored as days of the Gregorian calendar.
//!
//! - [`era`]: the eras as data. The next era is one more row, not a change of code.
//! - [`parse`]: `S39.4.1`, `H元.05.07`, `昭和39年4月1日`, `19640401`, `1964/04/01`, in full width too.
//! - [`mod@format`]: `昭和39年4月1日`, `S39.4.1`, `1964-04-01`.
//!
//! Here too live the two reckonings that follow from a day alone: the fiscal year and the legal age.
//! Rules DATE-1 to DATE-6, docs/rules/registry.md.

pub mod era;
pub mod format;
pub mod parse;

use chrono::{Datelike, NaiveDate};

pub use era::{ERAS, Era};
pub use format::{iso, wareki, wareki_short};
pub use parse::{DateError, YearMonth, parse_japanese_date, parse_japanese_month};

/// The fiscal year (年度) a day belongs to: 1 April to 31 March, named after the year in which it begins (DATE-5).
pub fn fiscal_year(day: NaiveDate) -> i32 {
    if day.month() >= 4 { day.year() } else { day.year() - 1 }
}

/// Full years of age on a day, as the law counts them: age advances at the end of the day before the birthday, so
/// that somebody born on 1 April turns twenty on 31 March (年齢計算ニ関スル法律; DATE-6). Negative before birth.
///
/// Only for rules that name the law; a registration date is compared with the birthday itself.
pub fn legal_age(birth_date: NaiveDate, on: NaiveDate) -> i32 {
    // The end of `on` is the beginning of the next day, and there everyday counting applies.
    let next = on.succ_opt().unwrap_or(on);
    let had_birthday = (next.month(), next.day()) >= (birth_date.month(), birth_date.day());
    next.year() - birth_date.year() - i32::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn date_5_the_fiscal_year_begins_in_april() {
        assert_eq!(fiscal_year(day(2025, 4, 1)), 2025);
        assert_eq!(fiscal_year(day(2026, 3, 31)), 2025);
        assert_eq!(fiscal_year(day(2026, 1, 1)), 2025);
    }

    #[test]
    fn date_6_age_advances_on_the_eve_of_the_birthday() {
        assert_eq!(legal_age(day(2000, 4, 1), day(2020, 3, 30)), 19);
        assert_eq!(legal_age(day(2000, 4, 1), day(2020, 3, 31)), 20);
        assert_eq!(legal_age(day(2000, 1, 1), day(2019, 12, 31)), 20);
    }

    #[test]
    fn date_6_somebody_born_on_a_leap_day_ages_every_year() {
        assert_eq!(legal_age(day(2004, 2, 29), day(2023, 2, 27)), 18);
        assert_eq!(legal_age(day(2004, 2, 29), day(2023, 2, 28)), 19);
        assert_eq!(legal_age(day(2004, 2, 29), day(2024, 2, 28)), 20);
    }

    #[test]
    fn extreme_days_do_not_panic() {
        assert!(legal_age(NaiveDate::MIN, NaiveDate::MAX) > 0);
        assert!(legal_age(NaiveDate::MAX, NaiveDate::MIN) < 0);
        let _ =
            (fiscal_year(NaiveDate::MIN), wareki(NaiveDate::MIN), wareki_short(NaiveDate::MAX), iso(NaiveDate::MAX));
    }
}
