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
    use proptest::prelude::*;

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

    /// Each character of some names in the forms that registers keep of it.
    const NAMES: [&[&[&str]]; 8] = [
        &[&["高", "髙"], &["橋"]],
        &[&["山"], &["崎", "﨑", "碕", "嵜"]],
        &[&["渡"], &["辺", "邊", "邉"]],
        &[&["斉", "斎", "齊", "齋"], &["藤"]],
        &[&["吉", "𠮷"], &["沢", "澤"]],
        &[&["葛", "葛\u{E0100}"], &["城"]],
        &[&["神", "\u{FA19}"], &["谷"]],
        &[&["浜", "濵", "濱"], &["田"]],
    ];
    const READINGS: [&str; 5] =
        ["サイトウマコト", "オッタジュン", "ヴァンダイコー", "ワタナベヂエ", "ガブリエルピョートル"];
    const SPACES: [&str; 3] = ["", " ", "　"];

    /// A name in one of its forms, by the numbers given.
    fn spelt(name: &[&[&str]], choices: &[usize]) -> Vec<String> {
        name.iter().zip(choices).map(|(forms, choice)| forms[choice % forms.len()].to_owned()).collect()
    }

    fn half_width(kana: char) -> String {
        const WIDE: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー";
        const NARROW: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ";
        const MARKED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ";
        const UNMARKED: &str = "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ";
        let at = |of: &str, to: &str| of.chars().position(|it| it == kana).and_then(|at| to.chars().nth(at));
        match (at(WIDE, NARROW), at(MARKED, UNMARKED), at("パピプペポ", "ﾊﾋﾌﾍﾎ")) {
            (Some(narrow), _, _) => narrow.to_string(),
            (_, Some(base), _) => format!("{base}ﾞ"),
            (_, _, Some(base)) => format!("{base}ﾟ"),
            _ => kana.to_string(),
        }
    }

    /// A kana in hiragana, as it is, in half width, or large where it is small.
    fn typed(kana: char, way: usize) -> String {
        match way % 4 {
            0 => char::from_u32(u32::from(kana) - 0x60)
                .filter(|_| ('ァ'..='ヴ').contains(&kana))
                .unwrap_or(kana)
                .to_string(),
            1 => kana.to_string(),
            2 => half_width(kana),
            _ => {
                let small = "ァィゥェォッャュョ".chars().position(|it| it == kana);
                small.and_then(|at| "アイウエオツヤユヨ".chars().nth(at)).unwrap_or(kana).to_string()
            }
        }
    }

    proptest! {
        #[test]
        fn search_1_a_name_is_found_by_the_beginning_of_every_spelling(
            name in prop::sample::select(NAMES.to_vec()),
            stored in prop::collection::vec(0_usize..12, 2),
            asked in prop::collection::vec(0_usize..12, 2),
            length in 1_usize..=2,
            space in prop::sample::select(SPACES.to_vec()),
        ) {
            let key = name_key(&format!("{}　花子", spelt(name, &stored).concat()));
            let text = spelt(name, &asked)[..length].join(space);
            let found = read_search_text(&text, true);
            let Some(SearchText::Name(beginning)) = found else { panic!("{text} is read as {found:?}") };
            prop_assert!(key.starts_with(&beginning), "{key} is not found by {text}");
        }

        #[test]
        fn search_1_a_reading_is_found_by_the_beginning_of_every_way_to_type_it(
            reading in prop::sample::select(READINGS.to_vec()),
            ways in prop::collection::vec(0_usize..4, 12),
            length in 1_usize..=10,
            space in prop::sample::select(SPACES.to_vec()),
        ) {
            let text: Vec<String> = reading.chars().zip(&ways).take(length).map(|(kana, way)| typed(kana, *way)).collect();
            let text = text.join(space);
            let found = read_search_text(&text, true);
            let Some(SearchText::Kana(beginning)) = found else { panic!("{text} is read as {found:?}") };
            prop_assert!(kana_key(reading).starts_with(&beginning), "{reading} is not found by {text}");
        }
    }
}
