//! A day in three number fields, with the era or the Western year.

use chrono::{Datelike, NaiveDate};
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::text::ascii_digits;
use mamis_kernel::wareki::{DateError, ERAS, Era, parse_japanese_date};

/// How the year is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// 西暦
    Western,
    /// 元号
    Era(&'static Era),
}

impl Calendar {
    /// What can be chosen, newest era first, 西暦 last.
    pub fn all() -> impl Iterator<Item = Self> {
        ERAS.iter().rev().map(Self::Era).chain([Self::Western])
    }

    /// For the value of an option.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Western => "western".to_owned(),
            Self::Era(era) => era.letter.to_string(),
        }
    }

    /// From the value of an option.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|calendar| calendar.code() == code)
    }
}

/// A day as typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateParts {
    /// How the year is counted.
    pub calendar: Calendar,
    /// As typed, in either width; `元` is understood.
    pub year: String,
    /// As typed.
    pub month: String,
    /// As typed.
    pub day: String,
}

impl Default for DateParts {
    /// Nothing typed, in the era of today.
    fn default() -> Self {
        let calendar = ERAS.last().map_or(Calendar::Western, Calendar::Era);
        Self { calendar, year: String::new(), month: String::new(), day: String::new() }
    }
}

impl DateParts {
    /// A known day, in its era.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        let (calendar, year) = match Era::of(date) {
            Some(era) => (Calendar::Era(era), era.year_of(date.year())),
            None => (Calendar::Western, date.year()),
        };
        Self { calendar, year: year.to_string(), month: date.month().to_string(), day: date.day().to_string() }
    }

    /// What was saved before, in any spelling; what cannot be read begins empty.
    #[must_use]
    pub fn from_wire(text: Option<&str>) -> Self {
        text.and_then(|text| parse_japanese_date(text).ok()).map(Self::of).unwrap_or_default()
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.year, &self.month, &self.day].into_iter().all(|part| part.trim().is_empty())
    }

    /// What is sent: as typed, for the server to read. Nothing when nothing was typed.
    ///
    /// A year of four digits is a Western one, whatever the list says: no era lasts that long.
    #[must_use]
    pub fn to_wire(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let year = ascii_digits(self.year.trim());
        let calendar = match self.calendar {
            Calendar::Era(_) if year.chars().count() >= 4 => "西暦",
            Calendar::Era(era) => era.name,
            Calendar::Western => "西暦",
        };
        Some(format!("{calendar}{year}年{}月{}日", self.month.trim(), self.day.trim()))
    }

    /// The day, when the parts are one.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        self.check().ok().flatten()
    }

    /// The day, or nothing when nothing was typed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<Option<NaiveDate>, FieldErrorCode> {
        let Some(text) = self.to_wire() else { return Ok(None) };
        match parse_japanese_date(&text) {
            Ok(date) => Ok(Some(date)),
            Err(DateError::Empty) => Ok(None),
            Err(DateError::NoEra) => Err(FieldErrorCode::DateNoEra),
            Err(DateError::OutOfEra { .. }) => Err(FieldErrorCode::DateOutOfEra),
            Err(DateError::Impossible) => Err(FieldErrorCode::DateImpossible),
            Err(DateError::Unreadable) => Err(FieldErrorCode::InvalidFormat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(calendar: &str, year: &str, month: &str, day: &str) -> DateParts {
        DateParts {
            calendar: Calendar::from_code(calendar).unwrap(),
            year: year.to_owned(),
            month: month.to_owned(),
            day: day.to_owned(),
        }
    }

    #[test]
    fn both_calendars_and_both_widths_make_the_same_day() {
        let day: NaiveDate = "2026-04-01".parse().unwrap();
        for typed in [
            parts("R", "8", "4", "1"),
            parts("R", "８", "４", "０１"),
            parts("western", "2026", "4", "1"),
            parts("R", "2026", "04", "01"),
            parts("S", "２０２６", "4", "1"),
        ] {
            assert_eq!(typed.check(), Ok(Some(day)), "{typed:?}");
        }
        assert_eq!(parts("R", "元", "5", "1").date(), "2019-05-01".parse().ok());
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(parts("R", "", "", " ").check(), Ok(None));
        assert_eq!(parts("S", "70", "4", "1").check(), Err(FieldErrorCode::DateOutOfEra));
        assert_eq!(parts("R", "8", "2", "30").check(), Err(FieldErrorCode::DateImpossible));
        assert_eq!(parts("R", "8", "", "1").check(), Err(FieldErrorCode::InvalidFormat));
        assert!(parts("R", "八", "4", "1").check().is_err());
    }

    #[test]
    fn a_saved_day_comes_back_in_its_era() {
        for text in ["1989-01-07", "昭和64年1月7日", "S64.1.7"] {
            assert_eq!(DateParts::from_wire(Some(text)), parts("S", "64", "1", "7"));
        }
        assert!(DateParts::from_wire(Some("soon")).is_empty());
        assert!(DateParts::from_wire(None).is_empty());
    }
}
