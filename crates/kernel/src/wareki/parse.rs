//! Reading days in every spelling people use.

use std::fmt;
use std::str::Chars;

use chrono::{Datelike, NaiveDate};

use super::era::{ERAS, Era};
use super::format::wareki;
use crate::text::width::{fold_char, is_dash, is_space};

/// Why a text is not a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateError {
    /// Nothing there.
    Empty,
    /// `39.4.1`: a short year could belong to several eras, so somebody has to say which.
    NoEra,
    /// The era had ended, or had not begun, on that day.
    OutOfEra {
        /// The era that was written.
        era: &'static str,
        /// The same day in the era it belongs to: `平成元年1月8日` for 昭和64年1月8日.
        suggestion: Option<String>,
    },
    /// The calendar has no such day (`S39.13.4`, 30 February), or it lies before the Meiji era.
    Impossible,
    /// Not a date in any known spelling.
    Unreadable,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty date"),
            Self::NoEra => f.write_str("year without its era"),
            Self::OutOfEra { era, .. } => write!(f, "day outside the era {era}"),
            Self::Impossible => f.write_str("no such day"),
            Self::Unreadable => f.write_str("not a date"),
        }
    }
}

impl std::error::Error for DateError {}

/// A month of a year, as in 卒業年月.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    /// Gregorian year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl YearMonth {
    /// The first day of the month, as it is stored.
    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, 1)
    }
}

/// Reads a day: `S39.4.1`, `H元.05.07`, `昭和39年4月1日`, `S390401`, `19640401`, `1964/04/01`, `1964-04-01`, `西暦1964年4月1日`,
/// with letters, digits, punctuation and spaces of either width (DATE-3).
///
/// A day outside its era is refused with the day that was probably meant (DATE-4); nothing is guessed.
///
/// # Errors
/// See [`DateError`].
pub fn parse_japanese_date(text: &str) -> Result<NaiveDate, DateError> {
    let mut cursor = Cursor::new(text);
    if cursor.at_end() {
        return Err(DateError::Empty);
    }
    let calendar = cursor.calendar();
    let year = cursor.year()?;
    let (year, month, day) = match (&calendar, year) {
        (Calendar::Unsaid | Calendar::Gregorian, Year::Number { value, digits: 8 }) => {
            (Year::Number { value: value / 10_000, digits: 4 }, value / 100 % 100, value % 100)
        }
        (Calendar::Era(_), Year::Number { value, digits: 6 }) => {
            (Year::Number { value: value / 10_000, digits: 2 }, value / 100 % 100, value % 100)
        }
        (_, year) => {
            let separator = cursor.separator()?;
            let month = cursor.number(2)?;
            cursor.second_separator(separator)?;
            let day = cursor.number(2)?;
            if separator == Separator::Kanji {
                cursor.skip('日');
            }
            (year, month, day)
        }
    };
    if !cursor.at_end() {
        return Err(DateError::Unreadable);
    }
    let gregorian_year = calendar.gregorian_year(year)?;
    let date = NaiveDate::from_ymd_opt(gregorian_year, month, day).ok_or(DateError::Impossible)?;
    match calendar {
        Calendar::Era(era) if !era.accepts(date) => {
            Err(DateError::OutOfEra { era: era.name, suggestion: Era::of(date).map(|_| wareki(date)) })
        }
        Calendar::Era(_) => Ok(date),
        Calendar::Gregorian | Calendar::Unsaid if Era::of(date).is_some() => Ok(date),
        Calendar::Gregorian | Calendar::Unsaid => Err(DateError::Impossible),
    }
}

/// Reads a month: `1962/3`, `1962-03`, `196203`, `S37.3`, `昭和37年3月`. A month that the era shares with its neighbour is of both.
///
/// # Errors
/// See [`DateError`].
pub fn parse_japanese_month(text: &str) -> Result<YearMonth, DateError> {
    let mut cursor = Cursor::new(text);
    if cursor.at_end() {
        return Err(DateError::Empty);
    }
    let calendar = cursor.calendar();
    let (year, month) = match (&calendar, cursor.year()?) {
        (Calendar::Unsaid | Calendar::Gregorian, Year::Number { value, digits: 6 }) => {
            (Year::Number { value: value / 100, digits: 4 }, value % 100)
        }
        (_, year) => {
            let separator = cursor.separator()?;
            let month = cursor.number(2)?;
            if separator == Separator::Kanji {
                cursor.skip('月');
            }
            (year, month)
        }
    };
    if !cursor.at_end() {
        return Err(DateError::Unreadable);
    }
    let year = calendar.gregorian_year(year)?;
    let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or(DateError::Impossible)?;
    let last = (28..=31).rev().find_map(|day| first.with_day(day)).unwrap_or(first);
    match calendar {
        Calendar::Era(era) if era.accepts(first) || era.accepts(last) => Ok(YearMonth { year, month }),
        Calendar::Era(era) => Err(DateError::OutOfEra { era: era.name, suggestion: None }),
        Calendar::Gregorian | Calendar::Unsaid if Era::of(last).is_some() => Ok(YearMonth { year, month }),
        Calendar::Gregorian | Calendar::Unsaid => Err(DateError::Impossible),
    }
}

enum Calendar {
    Era(&'static Era),
    /// 西暦 was written.
    Gregorian,
    Unsaid,
}

impl Calendar {
    fn gregorian_year(&self, year: Year) -> Result<i32, DateError> {
        match (self, year) {
            (Self::Era(era), Year::First) => Ok(era.first_year),
            (Self::Era(_), Year::Number { value: 0, .. }) => Err(DateError::Impossible),
            (Self::Era(era), Year::Number { value, digits: 1..=3 }) => {
                i32::try_from(value).map(|year| era.gregorian_year(year)).map_err(|_| DateError::Unreadable)
            }
            (Self::Unsaid | Self::Gregorian, Year::Number { value, digits: 4 }) => {
                i32::try_from(value).map_err(|_| DateError::Unreadable)
            }
            (Self::Unsaid, Year::First | Year::Number { digits: 1..=3, .. }) => Err(DateError::NoEra),
            (_, Year::First | Year::Number { .. }) => Err(DateError::Unreadable),
        }
    }
}

#[derive(Clone, Copy)]
enum Year {
    /// 元年
    First,
    Number {
        value: u32,
        digits: u32,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Dot,
    Slash,
    Dash,
    /// 年, 月 and 日.
    Kanji,
}

/// Walks over the text, seeing every character in its ASCII form and no spaces.
struct Cursor<'a> {
    rest: Chars<'a>,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.chars() }
    }

    fn peek(&mut self) -> Option<char> {
        let mut ahead = self.rest.clone();
        loop {
            let c = ahead.next()?;
            if !is_space(c) {
                return Some(fold_char(c));
            }
            self.rest = ahead.clone();
        }
    }

    fn at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    fn skip(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.rest.next();
        }
        found
    }

    /// Skips `word` when it stands here as a whole.
    fn skip_word(&mut self, word: &str) -> bool {
        let before = self.rest.clone();
        let found = word.chars().all(|c| self.skip(c));
        if !found {
            self.rest = before;
        }
        found
    }

    fn calendar(&mut self) -> Calendar {
        let letter = self.peek().map(|c| c.to_ascii_uppercase());
        if letter.is_some_and(|c| c.is_ascii_digit()) {
            return Calendar::Unsaid;
        }
        for era in ERAS {
            let short = letter == Some(era.letter) || letter == Some(era.ligature);
            if short {
                self.rest.next();
            }
            if short || self.skip_word(era.name) {
                return Calendar::Era(era);
            }
        }
        if self.skip_word("西暦") { Calendar::Gregorian } else { Calendar::Unsaid }
    }

    fn year(&mut self) -> Result<Year, DateError> {
        if self.skip('元') {
            return Ok(Year::First);
        }
        let (value, digits) = self.digits(8)?;
        Ok(Year::Number { value, digits })
    }

    fn number(&mut self, most: u32) -> Result<u32, DateError> {
        self.digits(most).map(|(value, _)| value)
    }

    /// A run of 1 to `most` digits.
    fn digits(&mut self, most: u32) -> Result<(u32, u32), DateError> {
        let (mut value, mut count) = (0_u32, 0_u32);
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.rest.next();
            count += 1;
            if count > most {
                return Err(DateError::Unreadable);
            }
            value = value * 10 + digit;
        }
        if count == 0 { Err(DateError::Unreadable) } else { Ok((value, count)) }
    }

    fn separator(&mut self) -> Result<Separator, DateError> {
        let separator = match self.peek() {
            Some('.' | '・' | '･') => Separator::Dot,
            Some('/') => Separator::Slash,
            Some('年') => Separator::Kanji,
            Some(c) if is_dash(c) => Separator::Dash,
            _ => return Err(DateError::Unreadable),
        };
        self.rest.next();
        Ok(separator)
    }

    /// The separator between month and day has to match the one before: dates of mixed spelling are not dates.
    fn second_separator(&mut self, first: Separator) -> Result<(), DateError> {
        let matches = match first {
            Separator::Kanji => self.skip('月'),
            Separator::Dot | Separator::Slash | Separator::Dash => self.separator()? == first,
        };
        if matches { Ok(()) } else { Err(DateError::Unreadable) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{iso, wareki, wareki_short};
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn date_3_every_spelling_is_read() {
        for text in [
            "S39.4.1",
            "s39.04.01",
            "Ｓ３９．４．１",
            "S39/4/1",
            "S39-4-1",
            "S39・4・1",
            "S390401",
            "昭和39年4月1日",
            "昭和３９年４月１日",
            "昭和 39年 4月 1日",
            "㍼39年4月1日",
            "19640401",
            "１９６４０４０１",
            "1964/04/01",
            "1964/4/1",
            "1964-04-01",
            "1964－04－01",
            "1964.4.1",
            "1964年4月1日",
            "西暦1964年4月1日",
            "　1964/04/01 ",
        ] {
            assert_eq!(parse_japanese_date(text), Ok(day(1964, 4, 1)), "{text}");
        }
        assert_eq!(parse_japanese_date("H元.05.07"), Ok(day(1989, 5, 7)));
        assert_eq!(parse_japanese_date("令和元年5月1日"), Ok(day(2019, 5, 1)));
        assert_eq!(parse_japanese_date("R1.5.1"), Ok(day(2019, 5, 1)));
        assert_eq!(parse_japanese_date("R7/4/1"), Ok(day(2025, 4, 1)));
    }

    #[test]
    fn date_1_the_shared_days_are_read_in_both_eras() {
        for text in ["M45.7.30", "T1.7.30", "大正元年7月30日"] {
            assert_eq!(parse_japanese_date(text), Ok(day(1912, 7, 30)), "{text}");
        }
        for text in ["T15.12.25", "S1.12.25"] {
            assert_eq!(parse_japanese_date(text), Ok(day(1926, 12, 25)), "{text}");
        }
    }

    #[test]
    fn date_4_a_day_outside_its_era_names_the_day_that_was_meant() {
        for (text, era, meant) in [
            ("昭和64年1月8日", "昭和", "平成元年1月8日"),
            ("S64.1.8", "昭和", "平成元年1月8日"),
            ("H31.5.1", "平成", "令和元年5月1日"),
            ("T15.12.31", "大正", "昭和元年12月31日"),
            ("M50.1.1", "明治", "大正6年1月1日"),
            ("昭和元年4月1日", "昭和", "大正15年4月1日"),
        ] {
            let expected = Err(DateError::OutOfEra { era, suggestion: Some(meant.to_owned()) });
            assert_eq!(parse_japanese_date(text), expected, "{text}");
        }
        assert_eq!(parse_japanese_date("M1.1.1"), Err(DateError::OutOfEra { era: "明治", suggestion: None }));
    }

    #[test]
    fn a_short_year_without_an_era_is_asked_about() {
        for text in ["39.4.1", "39/4/1", "元年5月1日", "３９．４．１"] {
            assert_eq!(parse_japanese_date(text), Err(DateError::NoEra), "{text}");
        }
    }

    #[test]
    fn what_no_calendar_has_is_impossible() {
        for text in ["S39.13.4", "1964/02/30", "20230229", "S0.1.1", "1867/12/31", "0000-00-00", "S39.0.1"] {
            assert_eq!(parse_japanese_date(text), Err(DateError::Impossible), "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(parse_japanese_date(" 　"), Err(DateError::Empty));
        for text in [
            "不明",
            "S",
            "S39",
            "S39.4",
            "S39.4/1",
            "S39年4.1",
            "640401",
            "昭和1964年4月1日",
            "1964-04-01T00:00:00",
            "S39.4.1.",
            "S39.4.100",
            "99999999999",
            "3390401",
            "X39.4.1",
            "１９６４年４月",
            "S一.1.1",
        ] {
            assert_eq!(parse_japanese_date(text), Err(DateError::Unreadable), "{text}");
        }
    }

    #[test]
    fn months_are_read_like_days() {
        for text in ["1962/3", "1962-03", "196203", "S37.3", "昭和37年3月", "１９６２／３", "1962年3月"] {
            assert_eq!(parse_japanese_month(text), Ok(YearMonth { year: 1962, month: 3 }), "{text}");
        }
        for text in ["S64.1", "H1.1"] {
            assert_eq!(parse_japanese_month(text), Ok(YearMonth { year: 1989, month: 1 }), "{text}");
        }
        assert_eq!(parse_japanese_month("H31.5"), Err(DateError::OutOfEra { era: "平成", suggestion: None }));
        assert_eq!(parse_japanese_month("1962/13"), Err(DateError::Impossible));
        assert_eq!(parse_japanese_month("37.3"), Err(DateError::NoEra));
        assert_eq!(parse_japanese_month("1962/3/1"), Err(DateError::Unreadable));
        assert_eq!(parse_japanese_month(""), Err(DateError::Empty));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = (parse_japanese_date(&text), parse_japanese_month(&text));
        }

        #[test]
        fn no_text_that_looks_like_a_date_makes_it_panic(text in "[MTSHRｓ昭和平成令元]{0,2}[0-9０-９元 ]{0,9}[年./・ー-]?[0-9]{0,3}[月./-]?[0-9]{0,3}日?") {
            let _ = (parse_japanese_date(&text), parse_japanese_month(&text));
        }

        #[test]
        fn every_day_reads_back_from_every_form(days in 0_i64..90_000) {
            let date = day(1868, 1, 25) + chrono::Duration::days(days);
            prop_assert_eq!(parse_japanese_date(&wareki(date)), Ok(date));
            prop_assert_eq!(parse_japanese_date(&wareki_short(date)), Ok(date));
            prop_assert_eq!(parse_japanese_date(&iso(date)), Ok(date));
        }
    }
}
