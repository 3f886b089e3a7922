//! Readings (フリガナ): stored as full-width katakana; half-width katakana and hiragana are accepted and converted.

use std::fmt;

use super::width::is_space;

/// Why a text is not a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KanaError {
    /// No kana at all.
    Empty,
    /// A voiced or semi-voiced mark that belongs to no kana before it (`ﾞ` alone, `ナﾞ`).
    LoneMark,
    /// Kanji, a digit, a letter or anything else that is not kana.
    NotKana(char),
    /// More than one space: family and given name are separated by one, and parts within a name by `・`.
    TooManySpaces,
}

impl fmt::Display for KanaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty reading"),
            Self::LoneMark => f.write_str("voiced mark without its kana"),
            Self::NotKana(c) => write!(f, "U+{:04X} is not kana", u32::from(*c)),
            Self::TooManySpaces => f.write_str("more than one space"),
        }
    }
}

impl std::error::Error for KanaError {}

/// A reading as it is stored: full-width katakana with `ー`, `ヴ`, small kana, `・`, and at most one ASCII space.
///
/// Surrounding spaces are dropped, a run of spaces counts as one. Rule KANA-1, docs/rules/registry.md.
///
/// # Errors
/// See [`KanaError`].
pub fn parse_kana(text: &str) -> Result<String, KanaError> {
    let text = text.trim_matches(is_space);
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    // The kana before, while a mark may still join it.
    let mut last: Option<char> = None;
    let (mut letters, mut spaces) = (0_usize, 0_usize);
    for c in text.chars() {
        if let Some(mark) = Mark::of(c) {
            let base = last.take().ok_or(KanaError::LoneMark)?;
            let joined = mark.join(base).ok_or(KanaError::LoneMark)?;
            out.pop();
            out.push(joined);
            continue;
        }
        if is_space(c) {
            last = None;
            if !out.ends_with(' ') {
                spaces += 1;
                out.push(' ');
            }
            continue;
        }
        let kana = to_katakana(c);
        match kana {
            'ァ'..='ヺ' => letters += 1,
            '・' | 'ー' => {}
            _ => return Err(KanaError::NotKana(c)),
        }
        out.push(kana);
        last = Some(kana);
    }
    match (letters, spaces) {
        (0, _) => Err(KanaError::Empty),
        (_, 0 | 1) => Ok(out),
        _ => Err(KanaError::TooManySpaces),
    }
}

/// Text with half-width katakana in full width (voiced marks composed, `ｶﾞ` → `ガ`); everything else untouched.
///
/// # Errors
/// [`KanaError::LoneMark`] for a half-width mark that belongs to no kana before it.
pub fn widen_half_width(text: &str) -> Result<String, KanaError> {
    let mut out = String::with_capacity(text.len());
    let mut last: Option<char> = None;
    for c in text.chars() {
        match c {
            '\u{FF9E}' | '\u{FF9F}' => {
                let joined = last.take().and_then(|base| Mark::of(c)?.join(base)).ok_or(KanaError::LoneMark)?;
                out.pop();
                out.push(joined);
            }
            '\u{FF61}'..='\u{FF9D}' => {
                let wide = widen(c);
                out.push(wide);
                last = Some(wide);
            }
            _ => {
                out.push(c);
                last = None;
            }
        }
    }
    Ok(out)
}

/// `text` with hiragana as katakana; everything else untouched.
pub fn katakana_from_hiragana(text: &str) -> String {
    text.chars().map(|c| if is_hiragana(c) { to_katakana(c) } else { c }).collect()
}

/// One kana of any form as full-width katakana; any other character as it is.
pub(super) fn to_katakana(c: char) -> char {
    match c {
        _ if is_hiragana(c) => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        '\u{FF61}'..='\u{FF9D}' => widen(c),
        other => other,
    }
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c)
}

/// U+FF61–FF9D in code point order.
const HALF_WIDTH: [char; 61] = [
    '。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ',
    'エ', 'オ', 'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ',
    'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル',
    'レ', 'ロ', 'ワ', 'ン',
];

fn widen(c: char) -> char {
    u32::from(c).checked_sub(0xFF61).and_then(|i| HALF_WIDTH.get(i as usize)).copied().unwrap_or(c)
}

/// 濁点 and 半濁点, in their half-width, combining and spacing forms.
#[derive(Clone, Copy)]
enum Mark {
    Voiced,
    SemiVoiced,
}

impl Mark {
    fn of(c: char) -> Option<Self> {
        match c {
            '\u{FF9E}' | '\u{3099}' | '\u{309B}' => Some(Self::Voiced),
            '\u{FF9F}' | '\u{309A}' | '\u{309C}' => Some(Self::SemiVoiced),
            _ => None,
        }
    }

    fn join(self, base: char) -> Option<char> {
        let offset = match (self, base) {
            (Self::Voiced, 'ウ') => return Some('ヴ'),
            (Self::Voiced, 'ワ' | 'ヰ' | 'ヱ' | 'ヲ') => 8,
            (Self::Voiced, 'カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ') => 1,
            (Self::Voiced, 'タ' | 'チ' | 'ツ' | 'テ' | 'ト' | 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ') => 1,
            (Self::SemiVoiced, 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ') => 2,
            (Self::Voiced | Self::SemiVoiced, _) => return None,
        };
        char::from_u32(u32::from(base) + offset)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_width_and_hiragana_become_full_width_katakana() {
        for (typed, stored) in [
            ("ﾌｸｼﾏ ｼﾞｮﾝ", "フクシマ ジョン"),
            ("やまだ　たろう", "ヤマダ タロウ"),
            ("マツイ ヒロシ", "マツイ ヒロシ"),
            ("ｳﾞｨﾝｾﾝﾄ･ｳﾞｧﾝ ﾎﾟｰﾙ", "ヴィンセント・ヴァン ポール"),
            ("ﾊﾟﾊﾞ", "パバ"),
            ("か\u{3099}", "ガ"),
            ("ハ゜", "パ"),
            ("ﾜﾞ", "ヷ"),
            (" ヰヱ　", "ヰヱ"),
        ] {
            assert_eq!(parse_kana(typed).as_deref(), Ok(stored), "{typed}");
        }
    }

    #[test]
    fn a_lone_voiced_mark_is_refused() {
        for typed in ["ﾞ", "ﾞｶ", "ナﾞ", "カ ﾞ", "ｶﾞﾞ", "カ゜"] {
            assert_eq!(parse_kana(typed), Err(KanaError::LoneMark), "{typed}");
        }
        assert_eq!(widen_half_width("亜ﾞ"), Err(KanaError::LoneMark));
    }

    #[test]
    fn kanji_digits_and_letters_are_not_kana() {
        assert_eq!(parse_kana("岩崎 彩"), Err(KanaError::NotKana('岩')));
        assert_eq!(parse_kana("ヤマダ2"), Err(KanaError::NotKana('2')));
        assert_eq!(parse_kana("ヤマダ Ａ"), Err(KanaError::NotKana('Ａ')));
        assert_eq!(parse_kana("ヤマダ、タロウ"), Err(KanaError::NotKana('、')));
        assert_eq!(parse_kana("ミスヾ"), Err(KanaError::NotKana('ヾ')));
    }

    #[test]
    fn an_empty_reading_is_refused() {
        for typed in ["", " 　", "ー", "・"] {
            assert_eq!(parse_kana(typed), Err(KanaError::Empty), "{typed:?}");
        }
    }

    #[test]
    fn one_space_at_most() {
        assert_eq!(parse_kana("ヤマダ　 タロウ").as_deref(), Ok("ヤマダ タロウ"));
        assert_eq!(parse_kana("ア イ ウ"), Err(KanaError::TooManySpaces));
    }

    #[test]
    fn the_half_width_table_covers_its_block() {
        let wide: String = ('\u{FF71}'..='\u{FF9D}').map(widen).collect();
        assert_eq!(wide, "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン");
        assert_eq!(widen('ｰ'), 'ー');
        assert_eq!(widen('･'), '・');
    }

    #[test]
    fn other_text_stays_when_only_the_width_of_kana_changes() {
        assert_eq!(widen_half_width("大津ｸﾘﾆｯｸ 1-2").as_deref(), Ok("大津クリニック 1-2"));
        assert_eq!(katakana_from_hiragana("さくら病院"), "サクラ病院");
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_what_it_accepts_it_accepts_again(text in any::<String>()) {
            if let Ok(kana) = parse_kana(&text) {
                prop_assert_eq!(parse_kana(&kana), Ok(kana));
            }
            let _ = widen_half_width(&text);
        }

        #[test]
        fn kana_of_any_form_never_panics(text in "[ｦ-ﾟぁ-ゖァ-ヺ゛゜ー・ 　]{0,20}") {
            if let Ok(kana) = parse_kana(&text) {
                prop_assert_eq!(parse_kana(&kana), Ok(kana));
            }
        }
    }
}
