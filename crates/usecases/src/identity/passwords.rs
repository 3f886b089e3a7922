use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::Hashing;
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

/// Compares in memory that is used again: the allocator would take and give back 19 MiB each time.
fn verify(password: &str, hash: &str, memory: &mut Vec<Block>) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let (Ok(algorithm), Ok(params)) = (Algorithm::try_from(hash.algorithm.as_str()), Params::try_from(&hash)) else {
        return false;
    };
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return false };
    memory.resize(params.block_count(), Block::default());
    let mut bytes = [0; Output::MAX_LENGTH];
    let Some(bytes) = bytes.get_mut(..expected.len()) else { return false };
    let argon2 = Argon2::new(algorithm, Version::V0x13, params);
    let computed = argon2.hash_password_into_with_memory(password.as_bytes(), salt, bytes, &mut *memory);
    // `Output` compares in constant time.
    computed.is_ok() && Output::new(bytes).is_ok_and(|output| output == *expected)
}

impl Hashing {
    /// Compares a password with a hash; with nobody's when there is none, which takes as long and never matches.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already.
    pub async fn matches(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        let compare = move |memory: &mut Vec<Block>| {
            let matches = verify(&password, hash.as_deref().unwrap_or(NOBODYS_HASH), memory);
            matches && hash.is_some()
        };
        self.compute(compare).await
    }
}

impl App {
    /// Compares a password with a hash, when its turn has come.
    pub(super) async fn password_matches(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        self.hashing.matches(password, hash).await
    }

    /// Hashes a new password, when its turn has come.
    pub(super) async fn new_password_hash(&self, password: String) -> Result<String, AppError> {
        self.hashing.compute(move |_| hash_password(&password)).await?
    }

    /// How many passwords were hashed or compared so far: the work by which an attacker could tell one answer from another.
    #[must_use]
    pub fn password_hashes_computed(&self) -> u64 {
        self.hashing.computed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_and_no_other() {
        let hash = hash_password("正しい馬 電池").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let mut memory = Vec::new();
        assert!(verify("正しい馬 電池", &hash, &mut memory));
        assert!(!verify("正しい馬電池", &hash, &mut memory), "in memory that was used before");
        assert!(verify("正しい馬 電池", &hash, &mut memory));
        assert!(!verify("正しい馬 電池", "no hash", &mut memory));
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
