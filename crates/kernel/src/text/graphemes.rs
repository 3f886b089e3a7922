//! Lengths as a reader counts them (feature `graphemes`).

use unicode_segmentation::UnicodeSegmentation;

/// Whether `text` has at most `limit` characters as a reader sees them (N-4): grapheme clusters, so that 葛 with a
/// variation selector is one.
pub fn fits(text: &str, limit: usize) -> bool {
    // A cluster takes at least one byte, so a short text needs no segmentation.
    text.len() <= limit || text.graphemes(true).nth(limit).is_none()
}

/// The number of characters as a reader sees them (N-4).
pub fn count(text: &str) -> usize {
    text.graphemes(true).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_4_a_glyph_with_its_variation_selector_is_one_character() {
        assert_eq!(count("葛\u{E0100}城"), 2);
        assert!(fits("葛\u{E0100}城", 2));
        assert!(!fits("葛\u{E0100}城", 1));
        assert!(fits("", 0));
    }
}
