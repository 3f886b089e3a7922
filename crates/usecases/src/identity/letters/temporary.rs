//! Temporary log-ins as they stand on letters: short enough to type, long enough not to be guessed.

use mamis_kernel::text::fold_width;

use crate::{App, AppError};

/// Letters and digits that nobody takes for one another on paper.
const ALPHABET: &[u8; 30] = b"ABCDEFGHJKLMNPQRTUVWXYZ2346789";
/// 39 bits: an id is no secret, but a made-up one should not exist.
const LOGIN_ID: usize = 8;
/// 58 bits, behind the throttle of log-ins.
const PASSWORD: usize = 12;

/// A new temporary login id.
pub(crate) fn login_id() -> Result<String, AppError> {
    random(LOGIN_ID)
}

/// A new temporary password.
pub(crate) fn password() -> Result<String, AppError> {
    random(PASSWORD)
}

/// What is kept of a temporary password. It is random, so it needs no slow hash; a keyed one, so that a copy of the database
/// alone opens nothing.
pub(crate) fn hash_password(app: &App, login_id: &str, password: &str) -> [u8; 32] {
    app.tokens.keyed_hash("temporary password", &format!("{}:{}", plain(login_id), plain(password)))
}

/// As printed: people type blanks and hyphens between groups, small letters, and letters of full width.
pub(crate) fn plain(typed: &str) -> String {
    fold_width(typed).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

fn random(length: usize) -> Result<String, AppError> {
    // Values from 240 on are thrown again, so that every letter is as likely as the others.
    const FAIR: u8 = 240;
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|_| AppError::Internal("the random source failed"))?;
        let letters = bytes.iter().filter(|byte| **byte < FAIR).map(|byte| ALPHABET[usize::from(byte % 30)]);
        text.extend(letters.take(length - text.len()).map(char::from));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_log_ins_are_of_letters_that_nobody_mistakes() {
        let (id, password) = (login_id().unwrap(), password().unwrap());
        assert_eq!((id.len(), password.len()), (8, 12));
        assert!(format!("{id}{password}").bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_ne!(login_id().unwrap(), id);
        assert_eq!(plain("ab2c-de3f gh4j"), "AB2CDE3FGH4J");
        assert_eq!(plain("ＡＢ２Ｃ　ｄｅ3f"), "AB2CDE3F");
    }
}
