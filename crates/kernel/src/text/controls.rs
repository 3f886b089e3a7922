//! Characters that may not be stored.
//!
//! N-1: a value is stored exactly as entered; only control characters are refused, and private-use code points
//! of one machine's own font (外字), which mean nothing anywhere else. Unpaired surrogates cannot exist in a `str`.

use std::fmt;

/// Whether a value may run over several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineBreaks {
    /// Line feeds and carriage returns are refused like any other control character.
    Forbidden,
    /// Line feeds and carriage returns are kept, as in addresses and comments.
    Allowed,
}

/// Why a text may not be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    /// A control, bidirectional override or other invisible character.
    Control(char),
    /// A line break where the value is a single line.
    LineBreak,
    /// U+FFFD: some earlier program could not read what stood here.
    Replacement,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control(c) => write!(f, "control character U+{:04X}", u32::from(*c)),
            Self::LineBreak => f.write_str("line break in a single-line value"),
            Self::Replacement => f.write_str("replacement character U+FFFD, the original was lost"),
        }
    }
}

impl std::error::Error for TextError {}

/// Refuses control characters (N-1).
///
/// Besides the controls proper this covers characters that no reader can see but that change what others see:
/// bidirectional overrides and isolates, zero-width space, byte order mark, noncharacters. Variation selectors and
/// joiners stay: they are part of how a name is written.
///
/// # Errors
/// The first offending character.
pub fn reject_controls(text: &str, line_breaks: LineBreaks) -> Result<(), TextError> {
    if is_plain(text) {
        return Ok(());
    }
    text.chars().try_for_each(|c| match c {
        '\n' | '\r' => match line_breaks {
            LineBreaks::Allowed => Ok(()),
            LineBreaks::Forbidden => Err(TextError::LineBreak),
        },
        '\u{2028}' | '\u{2029}' => Err(TextError::Control(c)),
        '\u{0000}'..='\u{001F}' | '\u{007F}'..='\u{009F}' => Err(TextError::Control(c)),
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => {
            Err(TextError::Control(c))
        }
        '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' => Err(TextError::Control(c)),
        '\u{E0000}'..='\u{E007F}' => Err(TextError::Control(c)),
        '\u{FFFD}' => Err(TextError::Replacement),
        _ => Ok(()),
    })
}

/// The first private-use code point of `text`, if any: U+E000–F8FF, where Windows keeps the glyphs people drew
/// themselves, and the two supplementary private planes.
pub fn first_private_use(text: &str) -> Option<char> {
    if is_plain(text) {
        return None;
    }
    text.chars()
        .find(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}'))
}

/// Whether `text` is printable ASCII, U+3000–DFFF and full-width forms only, as nearly every Japanese text is: nothing
/// this module looks for is among them, and seeing so takes one pass over the bytes. False means "look closer".
fn is_plain(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let plain = match byte {
            0x20..=0x7E | 0x80..=0xBF | 0xE3..=0xED => true,
            // U+FF00–FFBF follow as BC, BD and BE.
            0xEF => matches!(bytes.next(), Some(0xBC..=0xBE)),
            _ => false,
        };
        if !plain {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_passes_without_a_closer_look_holds_nothing_looked_for() {
        for c in '\u{0}'..=char::MAX {
            let text = c.to_string();
            if is_plain(&text) {
                assert!((' '..='~').contains(&c) || c >= '\u{3000}', "{c:?}");
                assert!(!('\u{E000}'..='\u{FEFF}').contains(&c) && c < '\u{FFC0}', "{c:?}");
            }
        }
        assert!(is_plain("滋賀県大津市京町1－1（２階）ｶﾞ"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = (reject_controls(&text, LineBreaks::Allowed), first_private_use(&text));
        }
    }

    #[test]
    fn n_1_control_characters_are_refused() {
        for bad in ["a\0", "\u{7}", "\u{7f}", "\u{85}", "\u{202e}", "\u{feff}", "\t"] {
            assert!(matches!(reject_controls(bad, LineBreaks::Allowed), Err(TextError::Control(_))), "{bad:?}");
        }
        assert_eq!(reject_controls("山\u{FFFD}", LineBreaks::Allowed), Err(TextError::Replacement));
    }

    #[test]
    fn n_1_rare_glyphs_and_variation_selectors_are_kept() {
        for good in ["髙﨑德", "𠮷", "葛\u{E0100}", "神\u{FE00}", "\u{FA19}", "A1 ~"] {
            assert_eq!(reject_controls(good, LineBreaks::Forbidden), Ok(()), "{good:?}");
        }
    }

    #[test]
    fn a_line_break_is_the_callers_choice() {
        assert_eq!(reject_controls("大津市\r\n京町", LineBreaks::Allowed), Ok(()));
        assert_eq!(reject_controls("大津市\r\n京町", LineBreaks::Forbidden), Err(TextError::LineBreak));
    }

    #[test]
    fn private_use_code_points_are_found_in_all_three_areas() {
        assert_eq!(first_private_use("\u{E000}下"), Some('\u{E000}'));
        assert_eq!(first_private_use("山\u{F8FF}"), Some('\u{F8FF}'));
        assert_eq!(first_private_use("\u{F0001}"), Some('\u{F0001}'));
        assert_eq!(first_private_use("\u{10FFFD}"), Some('\u{10FFFD}'));
        assert_eq!(first_private_use("髙﨑𠮷葛\u{E0100}\u{FA19}"), None);
    }
}
