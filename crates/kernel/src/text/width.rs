//! Full-width forms and their ASCII counterparts.

use std::borrow::Cow;

/// The ASCII counterpart of a full-width form (U+FF01–FF5E) or of the ideographic space; any other character as it is.
pub fn fold_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// `text` with full-width letters, digits, punctuation and spaces in ASCII. Borrows when there is nothing to fold.
///
/// For values that are codes or numbers; never for a name or an address, which keep their width (N-1).
pub fn fold_width(text: &str) -> Cow<'_, str> {
    map_chars(text, fold_char)
}

/// `text` with full-width digits as ASCII digits and everything else untouched (N-5).
pub fn ascii_digits(text: &str) -> Cow<'_, str> {
    map_chars(text, |c| if ('０'..='９').contains(&c) { fold_char(c) } else { c })
}

/// Any character people type where a hyphen is meant, in numbers: hyphens and dashes of all kinds, the minus
/// sign, and the long-vowel marks of either width. In a reading `ー` is a letter, so only numbers ask this.
pub fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{30FC}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
                | '\u{FF70}'
    )
}

/// A space of either width, or a tab.
pub fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\t' | '\u{00A0}')
}

fn map_chars(text: &str, map: impl Fn(char) -> char) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| map(c) == c) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(map).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_letters_digits_and_spaces_become_ascii() {
        assert_eq!(fold_width("Ａ②（Ｂ）　１２３"), "A②(B) 123");
    }

    #[test]
    fn n_5_only_digits_change_where_only_digits_are_asked_for() {
        assert_eq!(ascii_digits("〒５２０－００４３　大津市"), "〒520－0043　大津市");
    }

    #[test]
    fn nothing_to_fold_borrows() {
        assert!(matches!(fold_width("髙橋"), Cow::Borrowed(_)));
        assert!(matches!(ascii_digits("123"), Cow::Borrowed(_)));
    }

    #[test]
    fn every_kind_of_dash_counts_as_a_dash() {
        for dash in ['-', '‐', '‑', '–', '—', '―', '−', 'ー', '－', 'ｰ'] {
            assert!(is_dash(dash), "{dash:?}");
        }
        assert!(!is_dash('一'), "the numeral one is not a dash");
    }
}
