//! Days as people read them.

use chrono::{Datelike, NaiveDate};

use super::era::Era;

/// `昭和39年4月1日`, with 元年 for the first year (DATE-2). Days before the Meiji era are shown by the Gregorian year.
pub fn wareki(day: NaiveDate) -> String {
    let (month, date) = (day.month(), day.day());
    match Era::of(day) {
        Some(era) => match era.year_of(day.year()) {
            1 => format!("{}元年{month}月{date}日", era.name),
            year => format!("{}{year}年{month}月{date}日", era.name),
        },
        None => format!("{}年{month}月{date}日", day.year()),
    }
}

/// `S39.4.1`, with `S元.12.25` for the first year: for columns of tables.
pub fn wareki_short(day: NaiveDate) -> String {
    let (month, date) = (day.month(), day.day());
    match Era::of(day) {
        Some(era) => match era.year_of(day.year()) {
            1 => format!("{}元.{month}.{date}", era.letter),
            year => format!("{}{year}.{month}.{date}", era.letter),
        },
        None => iso(day),
    }
}

/// `1964-04-01`, as stored and exchanged.
pub fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_2_the_first_year_is_gannen_and_the_new_era_shows_the_shared_day() {
        for (y, m, d, long, short) in [
            (1964, 4, 1, "昭和39年4月1日", "S39.4.1"),
            (2019, 5, 1, "令和元年5月1日", "R元.5.1"),
            (2019, 4, 30, "平成31年4月30日", "H31.4.30"),
            (1989, 1, 7, "昭和64年1月7日", "S64.1.7"),
            (1912, 7, 30, "大正元年7月30日", "T元.7.30"),
            (1912, 7, 29, "明治45年7月29日", "M45.7.29"),
            (1926, 12, 25, "昭和元年12月25日", "S元.12.25"),
            (1868, 1, 24, "1868年1月24日", "1868-01-24"),
        ] {
            let day = NaiveDate::from_ymd_opt(y, m, d).unwrap();
            assert_eq!((wareki(day).as_str(), wareki_short(day).as_str()), (long, short));
        }
        assert_eq!(iso(NaiveDate::from_ymd_opt(1964, 4, 1).unwrap()), "1964-04-01");
    }
}
