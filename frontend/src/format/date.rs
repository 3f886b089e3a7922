//! Days: 和暦 first with 西暦 beside it in Japanese, 西暦 with 和暦 beside it in English.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use mamis_kernel::wareki::{Era, wareki};

use crate::dom;
use crate::i18n::Locale;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `令和8年4月1日（2026年）`, `1 Apr 2026 (Reiwa 8)`.
#[must_use]
pub fn date(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::ja => match Era::of(day) {
            Some(_) => format!("{}（{}年）", wareki(day), day.year()),
            None => wareki(day),
        },
        Locale::en => match Era::of(day) {
            Some(era) => format!("{} ({} {})", date_short(locale, day), romaji(era), era.year_of(day.year())),
            None => date_short(locale, day),
        },
    }
}

/// For columns and running text: `2026年4月1日`, `1 Apr 2026`.
#[must_use]
pub fn date_short(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::ja => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Locale::en => format!("{} {} {}", day.day(), month_name(day), day.year()),
    }
}

/// `昭和62年3月（1987年）`, `Mar 1987 (Showa 62)`.
#[must_use]
pub fn month(locale: Locale, day: NaiveDate) -> String {
    let (year, era) = (day.year(), Era::of(day));
    match (locale, era) {
        (Locale::ja, Some(era)) => {
            let of_era = match era.year_of(year) {
                1 => "元".to_owned(),
                number => number.to_string(),
            };
            format!("{}{of_era}年{}月（{year}年）", era.name, day.month())
        }
        (Locale::ja, None) => format!("{year}年{}月", day.month()),
        (Locale::en, Some(era)) => format!("{} {year} ({} {})", month_name(day), romaji(era), era.year_of(year)),
        (Locale::en, None) => format!("{} {year}", month_name(day)),
    }
}

/// An instant in Tokyo: `2026年4月1日 9時05分`, `1 Apr 2026, 09:05`.
#[must_use]
pub fn date_and_time(locale: Locale, instant: DateTime<Utc>) -> String {
    let local = dom::in_tokyo(instant);
    let day = date_short(locale, local.date_naive());
    match locale {
        Locale::ja => format!("{day} {}時{:02}分", local.hour(), local.minute()),
        Locale::en => format!("{day}, {:02}:{:02}", local.hour(), local.minute()),
    }
}

/// First and last day: `2020年4月1日 〜 2026年3月31日`; an open end stays open.
#[must_use]
pub fn period(locale: Locale, first: NaiveDate, last: Option<NaiveDate>) -> String {
    let first = date_short(locale, first);
    let last = last.map(|day| date_short(locale, day)).unwrap_or_default();
    match locale {
        Locale::ja => format!("{first} 〜 {last}").trim_end().to_owned(),
        Locale::en => format!("{first} – {last}").trim_end().to_owned(),
    }
}

fn month_name(day: NaiveDate) -> &'static str {
    MONTHS.get(day.month0() as usize).copied().unwrap_or_default()
}

/// The era in Latin letters; a new era that has none yet shows its letter's owner as written.
fn romaji(era: &Era) -> &'static str {
    match era.letter {
        'M' => "Meiji",
        'T' => "Taisho",
        'S' => "Showa",
        'H' => "Heisei",
        'R' => "Reiwa",
        _ => era.name,
    }
}

#[cfg(test)]
mod tests {
    use mamis_kernel::wareki::ERAS;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn both_calendars_stand_side_by_side() {
        assert_eq!(date(Locale::ja, day("2026-04-01")), "令和8年4月1日（2026年）");
        assert_eq!(date(Locale::ja, day("2019-05-01")), "令和元年5月1日（2019年）");
        assert_eq!(date(Locale::en, day("1964-04-01")), "1 Apr 1964 (Showa 39)");
        assert_eq!(month(Locale::ja, day("1989-03-01")), "平成元年3月（1989年）");
        assert_eq!(month(Locale::en, day("1987-03-01")), "Mar 1987 (Showa 62)");
    }

    #[test]
    fn every_era_has_its_latin_name() {
        for era in ERAS {
            assert!(romaji(era).is_ascii(), "{}", era.name);
        }
    }

    #[test]
    fn an_instant_is_shown_on_tokyos_clocks() {
        let instant: DateTime<Utc> = "2026-03-31T15:05:00Z".parse().unwrap();
        assert_eq!(date_and_time(Locale::ja, instant), "2026年4月1日 0時05分");
        assert_eq!(date_and_time(Locale::en, instant), "1 Apr 2026, 00:05");
    }

    #[test]
    fn an_open_period_has_no_end() {
        assert_eq!(period(Locale::ja, day("2020-04-01"), None), "2020年4月1日 〜");
        assert_eq!(period(Locale::en, day("2020-04-01"), Some(day("2026-03-31"))), "1 Apr 2020 – 31 Mar 2026");
    }
}
