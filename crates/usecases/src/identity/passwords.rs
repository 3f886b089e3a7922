use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::{App, AppError};

/// OWASP's first recommendation for argon2id with little memory: 19 MiB, two passes, one lane.
fn argon2id() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A hash of a password nobody has, computed with the same cost: a log-in to an account that does not exist takes as long
/// as one to an account that does.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ryUNl7oQRUFpqmGN81PeUuCxyGIHHSwVBvDbJEZeBCE";

/// Hashes a password (argon2id); takes tens of milliseconds, so not on a request's own thread.
///
/// # Errors
/// [`AppError::Internal`] when the random source fails.
pub fn hash_password(password: &str) -> Result<String, AppError> {
    let hash = argon2id().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| AppError::Internal("a password could not be hashed"))
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon2id().verify_password(password.as_bytes(), &hash).is_ok())
}

impl App {
    /// Compares a password with a hash, on a blocking thread, a few at a time.
    pub(super) async fn password_matches(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        let _permit = self.hashing.acquire().await.map_err(|_| AppError::Busy)?;
        let span = tracing::Span::current();
        let compared = tokio::task::spawn_blocking(move || {
            span.in_scope(|| match hash {
                Some(hash) => verify(&password, &hash),
                None => {
                    verify(&password, NOBODYS_HASH);
                    false
                }
            })
        });
        compared.await.map_err(|_| AppError::Internal("a password comparison died"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_and_no_other() {
        let hash = hash_password("正しい馬 電池").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("正しい馬 電池", &hash));
        assert!(!verify("正しい馬電池", &hash));
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let nobody = PasswordHash::new(NOBODYS_HASH).unwrap();
        let real = hash_password("x").unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!(nobody.params, real.params);
        assert_eq!(nobody.hash.map(|h| h.len()), real.hash.map(|h| h.len()));
    }
}
