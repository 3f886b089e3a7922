//! Names of persons: split, shown, never changed.

use std::fmt;

use super::controls::{LineBreaks, TextError, first_private_use, reject_controls};
use super::width::is_space;

/// A name in its two parts, borrowed from what was typed. N-1: no glyph of it is normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitName<'a> {
    /// 姓, without surrounding spaces.
    pub family: &'a str,
    /// 名, without surrounding spaces; spaces inside (middle names) stay.
    pub given: &'a str,
}

impl SplitName<'_> {
    /// The name as a certificate shows it: family name, ideographic space, given name.
    pub fn display(&self) -> String {
        display_name(self.family, self.given)
    }
}

/// Family name, ideographic space, given name.
pub fn display_name(family: &str, given: &str) -> String {
    let mut shown = String::with_capacity(family.len() + given.len() + 3);
    shown.push_str(family);
    shown.push('\u{3000}');
    shown.push_str(given);
    shown
}

/// Why a name cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but spaces.
    Empty,
    /// No space between family and given name, so where one ends is a guess.
    NotSplit,
    /// A glyph drawn on one machine (外字), unreadable on any other.
    PrivateUse(char),
    /// A character that may not be stored.
    Text(TextError),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty name"),
            Self::NotSplit => f.write_str("no space between family and given name"),
            Self::PrivateUse(c) => write!(f, "private-use character U+{:04X}", u32::from(*c)),
            Self::Text(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NameError {}

/// Splits a name at its first space of either width; glyphs are untouched (N-1).
///
/// # Errors
/// See [`NameError`].
pub fn split_name(name: &str) -> Result<SplitName<'_>, NameError> {
    let name = name.trim_matches(is_space);
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if let Some(glyph) = first_private_use(name) {
        return Err(NameError::PrivateUse(glyph));
    }
    reject_controls(name, LineBreaks::Forbidden).map_err(NameError::Text)?;
    let (family, given) = name.split_once(is_space).ok_or(NameError::NotSplit)?;
    Ok(SplitName { family, given: given.trim_start_matches(is_space) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_splits_at_its_first_space_of_either_width() {
        for (typed, family, given) in [
            ("柴田 亮", "柴田", "亮"),
            ("斎藤　浩二", "斎藤", "浩二"),
            ("スミス ジョン　ポール", "スミス", "ジョン　ポール"),
            ("　柴田　　亮 ", "柴田", "亮"),
        ] {
            let name = split_name(typed).unwrap();
            assert_eq!((name.family, name.given), (family, given));
        }
        assert_eq!(split_name("柴田 亮").unwrap().display(), "柴田　亮");
    }

    #[test]
    fn n_1_glyphs_survive_the_split() {
        for typed in ["髙橋　﨑子", "德永 \u{FA19}子", "𠮷田　葛\u{E0100}"] {
            let shown = split_name(typed).unwrap().display();
            assert_eq!(shown.replace('　', " "), typed.replace('　', " "));
        }
    }

    #[test]
    fn a_gaiji_stops_the_name() {
        assert_eq!(split_name("\u{E000}下 一郎"), Err(NameError::PrivateUse('\u{E000}')));
    }

    #[test]
    fn a_name_without_a_space_or_with_a_control_is_refused() {
        assert_eq!(split_name("柴田亮"), Err(NameError::NotSplit));
        assert_eq!(split_name(" 　"), Err(NameError::Empty));
        assert_eq!(split_name("柴田\n亮"), Err(NameError::Text(TextError::LineBreak)));
        assert_eq!(split_name("柴\u{0}田 亮"), Err(NameError::Text(TextError::Control('\u{0}'))));
    }
}
