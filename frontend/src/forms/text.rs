//! From what was typed to what is sent.

/// What was typed, without blanks around it; nothing when only blanks were typed. Nothing else is changed: width, digits
/// and dashes are the server's to read.
#[must_use]
pub fn given(typed: &str) -> Option<String> {
    let text = typed.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether nothing but blanks was typed.
#[must_use]
pub fn missing(typed: &str) -> bool {
    typed.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_of_either_width_are_nothing() {
        assert_eq!(given(" \u{3000}"), None);
        assert!(missing("\u{3000}"));
        assert_eq!(given("　５２０−００４３ "), Some("５２０−００４３".to_owned()));
    }
}
