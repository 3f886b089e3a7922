//! What somebody means who types into the one box of the members' list.

use chrono::NaiveDate;
use mamis_kernel::text::looks_like_email;
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::text::width::{ascii_digits, fold_width, is_dash, is_space};
use mamis_kernel::wareki::parse_japanese_date;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchText {
    /// A reading that begins so, as a key.
    Kana(String),
    /// A name that begins so, as a key.
    Name(String),
    /// Digits: whatever of these they may be.
    Number {
        /// 医籍登録番号 without leading zeros.
        registration: Option<String>,
        /// 日医会員ID
        jma_member_id: Option<String>,
        /// A telephone number, digits only.
        phone: Option<String>,
        /// Eight digits that are a day.
        birth_date: Option<NaiveDate>,
    },
    /// A mail address in small letters.
    Email(String),
    /// A birth date.
    BirthDate(NaiveDate),
    /// Nothing that anybody could be found by.
    Nobody,
}

/// Reads the text of the search box; `None` when nothing was typed. Whoever may not see telephone numbers, mail addresses and
/// birth dates cannot ask for them either (`sees_sensitive`): a search that answers would be a way to guess them.
///
/// Rule SEARCH-1; source: docs/rules/registry.md#search-1.
#[must_use]
pub fn read_search_text(text: &str, sees_sensitive: bool) -> Option<SearchText> {
    let text = fold_width(text.trim_matches(is_space)).into_owned();
    if text.is_empty() {
        return None;
    }
    let sensitive = |found: SearchText| if sees_sensitive { found } else { SearchText::Nobody };
    if looks_like_email(&text) {
        return Some(sensitive(SearchText::Email(text.to_lowercase())));
    }
    let plain: String = ascii_digits(&text).chars().filter(|c| !is_space(*c) && !is_dash(*c)).collect();
    let birth_date = || parse_japanese_date(&text).ok();
    if plain.bytes().all(|b| b.is_ascii_digit()) && !plain.is_empty() {
        return Some(number(&plain, birth_date().or_else(|| eight_digits(&plain)), sees_sensitive));
    }
    if let Some(day) = birth_date() {
        return Some(sensitive(SearchText::BirthDate(day)));
    }
    let kana = kana_key(&text);
    let is_reading = text.chars().all(|c| is_space(c) || is_dash(c) || is_kana(c));
    if is_reading && !kana.is_empty() {
        return Some(SearchText::Kana(kana));
    }
    let name = name_key(&text);
    Some(if name.is_empty() { SearchText::Nobody } else { SearchText::Name(name) })
}

fn number(digits: &str, birth_date: Option<NaiveDate>, sees_sensitive: bool) -> SearchText {
    let registration = digits.trim_start_matches('0');
    SearchText::Number {
        registration: (1..=7).contains(&registration.len()).then(|| registration.to_owned()),
        jma_member_id: (digits.len() == 10).then(|| digits.to_owned()),
        phone: (sees_sensitive && digits.starts_with('0') && (10..=11).contains(&digits.len()))
            .then(|| digits.to_owned()),
        birth_date: birth_date.filter(|_| sees_sensitive),
    }
}

fn eight_digits(digits: &str) -> Option<NaiveDate> {
    (digits.len() == 8).then(|| NaiveDate::parse_from_str(digits, "%Y%m%d").ok()).flatten()
}

/// Hiragana, katakana, half-width katakana with their marks, and the long-vowel sign.
fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309F}' | '\u{30A0}'..='\u{30FF}' | '\u{FF65}'..='\u{FF9F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SearchText {
        read_search_text(text, true).unwrap()
    }

    #[test]
    fn search_1_a_reading_is_found_however_it_is_typed() {
        let key = SearchText::Kana(kana_key("タカハシ"));
        for text in ["たかはし", "タカハシ", "ﾀｶﾊｼ", "　たか はし　"] {
            assert_eq!(read(text), key, "{text}");
        }
        assert_eq!(read("ﾀﾞｲｺﾞ"), SearchText::Kana(kana_key("ダイゴ")));
    }

    #[test]
    fn search_1_old_forms_of_a_name_are_one() {
        assert_eq!(read("髙橋"), read("高橋"));
        assert_eq!(read("山﨑 花子"), read("山崎花子"));
        assert!(matches!(read("高橋"), SearchText::Name(_)));
    }

    #[test]
    fn search_1_digits_are_whatever_they_may_be() {
        let SearchText::Number { registration, jma_member_id, phone, birth_date } = read("０５０６７６２")
        else {
            panic!("digits")
        };
        assert_eq!((registration.as_deref(), jma_member_id, phone, birth_date), (Some("506762"), None, None, None));
        let SearchText::Number { registration, jma_member_id, phone, .. } = read("077-500-0000") else {
            panic!("digits")
        };
        assert_eq!(registration, None);
        assert_eq!((jma_member_id.as_deref(), phone.as_deref()), (Some("0775000000"), Some("0775000000")));
        let SearchText::Number { birth_date, .. } = read("19800705") else { panic!("digits") };
        assert_eq!(birth_date, NaiveDate::from_ymd_opt(1980, 7, 5));
    }

    #[test]
    fn search_1_a_birth_date_is_read_in_either_calendar() {
        let day = NaiveDate::from_ymd_opt(1980, 7, 5).unwrap();
        assert_eq!(read("昭和55年7月5日"), SearchText::BirthDate(day));
        assert_eq!(read("1980年7月5日"), SearchText::BirthDate(day));
        assert!(
            matches!(read("1980-07-05"), SearchText::Number { birth_date, .. } if birth_date == Some(day)),
            "hyphens are no letters"
        );
    }

    #[test]
    fn search_1_who_may_not_see_a_birth_date_cannot_ask_for_one() {
        assert_eq!(read_search_text("昭和55年7月5日", false), Some(SearchText::Nobody));
        assert_eq!(read_search_text("hanako@example.jp", false), Some(SearchText::Nobody));
        let Some(SearchText::Number { phone, birth_date, registration, .. }) = read_search_text("0775000000", false)
        else {
            panic!("digits")
        };
        assert_eq!((phone, birth_date, registration), (None, None, None));
        let Some(SearchText::Number { birth_date, .. }) = read_search_text("1980-07-05", false) else {
            panic!("digits")
        };
        assert_eq!(birth_date, None);
    }

    #[test]
    fn search_1_nothing_typed_asks_for_nothing() {
        assert_eq!(read_search_text(" 　", true), None);
        assert_eq!(read("・"), SearchText::Nobody);
        assert_eq!(read("HANAKO@Example.JP"), SearchText::Email("hanako@example.jp".to_owned()));
    }
}
