use mamis_kernel::{FieldErrorCode, SHORTEST_PASSWORD};
use zxcvbn::{Score, zxcvbn};

/// Own data this short is in many good passwords by chance.
const OWN_DATA_COUNTS_FROM: usize = 4;

/// How good a password is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordStrength {
    /// From 0 (guessed at once) to 4 (not guessed).
    pub score: u8,
    /// Why it is refused, if it is.
    pub fault: Option<FieldErrorCode>,
}

/// Judges a new password. `own_data` are login id, names and numbers of the one who chooses it.
///
/// Rule ID-5 (twelve characters or more, not one that is guessed easily, nothing of one's own data); source:
/// docs/rules/identity.md#id-5.
#[must_use]
pub fn judge_password(password: &str, own_data: &[&str]) -> PasswordStrength {
    let known = zxcvbn(password, own_data).score();
    let lowered = password.to_lowercase();
    let names_oneself = own_data
        .iter()
        .filter(|data| data.chars().count() >= OWN_DATA_COUNTS_FROM)
        .any(|data| lowered.contains(&data.to_lowercase()));
    let fault = if password.chars().count() < SHORTEST_PASSWORD {
        Some(FieldErrorCode::TooShort)
    } else if known < Score::Three || names_oneself {
        Some(FieldErrorCode::TooWeak)
    } else {
        None
    };
    PasswordStrength { score: u8::from(known), fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<FieldErrorCode> {
        judge_password(password, &["dr-takahashi", "タカハシ", "500001", "花子"]).fault
    }

    #[test]
    fn id_5_short_common_and_own_data_passwords_are_refused() {
        assert_eq!(fault("aB3$xQ9!m"), Some(FieldErrorCode::TooShort));
        assert_eq!(fault("password1234"), Some(FieldErrorCode::TooWeak));
        assert_eq!(fault("123456789012"), Some(FieldErrorCode::TooWeak));
        assert_eq!(fault("aaaaaaaaaaaaaaaa"), Some(FieldErrorCode::TooWeak));
        assert_eq!(fault("Dr-Takahashi-kibune-7"), Some(FieldErrorCode::TooWeak), "holds the login id");
        assert_eq!(fault("kibune 500001 suzume"), Some(FieldErrorCode::TooWeak), "holds the registration number");
    }

    #[test]
    fn id_5_long_sentences_are_welcome_in_any_letters() {
        assert_eq!(fault("correct horse battery staple"), None);
        assert_eq!(fault("琵琶湖の朝は静かで風がない"), None);
        assert_eq!(judge_password("correct horse battery staple", &[]).score, 4);
    }
}
