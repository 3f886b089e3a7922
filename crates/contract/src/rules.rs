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
