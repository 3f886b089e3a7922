//! Field rules that `validator` does not bring.

use std::borrow::Cow;

use validator::ValidationError;

/// What somebody is to read says something.
pub(crate) fn not_blank(text: &str) -> Result<(), ValidationError> {
    if !text.is_empty() && text.trim().is_empty() {
        return Err(ValidationError::new("required").with_message(Cow::Borrowed("blank")));
    }
    Ok(())
}

/// A new login id: four letters or more that every keyboard has.
pub(crate) fn login_id(text: &str) -> Result<(), ValidationError> {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    if plain && text.len() >= 4 { Ok(()) } else { Err(ValidationError::new("invalid_format")) }
}
