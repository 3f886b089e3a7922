//! The eras, as data (DATE-1).

use chrono::{Datelike, NaiveDate};

/// One era. Days are Gregorian and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Era {
    /// 元号 as written: `昭和`.
    pub name: &'static str,
    /// The one-character form some systems print: `㍼`.
    pub ligature: char,
    /// The abbreviation: `S`.
    pub letter: char,
    /// The year of which 元年 is a part.
    pub first_year: i32,
    /// First day of the era: year, month, day.
    first: (i32, u32, u32),
    /// Last day accepted; `None` while the era lasts.
    last: Option<(i32, u32, u32)>,
}

/// All eras a living person can have a date in, oldest first.
///
/// 1912-07-30 and 1926-12-25 belong to both eras by law: here the old era accepts the day, the new one shows it.
/// Japan counted by the Gregorian calendar only from 1873 (明治6年) on; earlier days are taken as Gregorian ones,
/// which no date of a physician in this system needs to be.
pub const ERAS: &[Era] = &[
    Era {
        name: "明治",
        ligature: '㍾',
        letter: 'M',
        first_year: 1868,
        first: (1868, 1, 25),
        last: Some((1912, 7, 30)),
    },
    Era {
        name: "大正",
        ligature: '㍽',
        letter: 'T',
        first_year: 1912,
        first: (1912, 7, 30),
        last: Some((1926, 12, 25)),
    },
    Era {
        name: "昭和",
        ligature: '㍼',
        letter: 'S',
        first_year: 1926,
        first: (1926, 12, 25),
        last: Some((1989, 1, 7)),
    },
    Era {
        name: "平成", ligature: '㍻', letter: 'H', first_year: 1989, first: (1989, 1, 8), last: Some((2019, 4, 30))
    },
    Era { name: "令和", ligature: '㋿', letter: 'R', first_year: 2019, first: (2019, 5, 1), last: None },
];

impl Era {
    /// The era that shows `day`: the newest one that has begun. `None` before 1868-01-25.
    pub fn of(day: NaiveDate) -> Option<&'static Self> {
        let ymd = (day.year(), day.month(), day.day());
        ERAS.iter().rev().find(|era| era.first <= ymd)
    }

    /// Whether `day` may be written in this era.
    pub fn accepts(&self, day: NaiveDate) -> bool {
        let ymd = (day.year(), day.month(), day.day());
        self.first <= ymd && self.last.is_none_or(|last| ymd <= last)
    }

    /// The year of the era a Gregorian year is: 1 for 元年.
    pub fn year_of(&self, gregorian_year: i32) -> i32 {
        gregorian_year - self.first_year + 1
    }

    /// The Gregorian year of a year of the era.
    pub fn gregorian_year(&self, year: i32) -> i32 {
        self.first_year + year - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_1_eras_follow_one_another_without_a_gap() {
        for pair in ERAS.windows(2) {
            let (last, first) = (pair[0].last.unwrap(), pair[1].first);
            let last = NaiveDate::from_ymd_opt(last.0, last.1, last.2).unwrap();
            let first = NaiveDate::from_ymd_opt(first.0, first.1, first.2).unwrap();
            assert!(last == first || last.succ_opt() == Some(first), "{} {}", pair[0].name, pair[1].name);
            assert_eq!(pair[1].first_year, pair[1].first.0);
        }
    }
}
