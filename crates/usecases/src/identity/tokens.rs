use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use mamis_domain::identity::read_recovery_code;
use mamis_kernel::{AccountId, SessionId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::secrets::{Secrets, random};
use crate::AppError;

/// The keys of access tokens and of what is kept sealed: all from one secret of this installation.
#[derive(Clone)]
pub struct TokenKeys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    root: [u8; 32],
    pub(super) secrets: Secrets,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: AccountId,
    sid: SessionId,
    iat: i64,
    exp: i64,
    iss: String,
}

const ISSUER: &str = "mamis";

impl TokenKeys {
    /// From the installation's secret; 32 random bytes or more.
    #[must_use]
    pub fn from_secret(secret: &[u8]) -> Self {
        let (encoding, decoding) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Self { encoding, decoding, root: mac(secret, "mamis root key v1"), secrets: Secrets::from_secret(secret) }
    }

    /// A key of its own for each purpose: what one of them signs means nothing to another.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        mac(&self.root, purpose)
    }

    /// Seals a secret of an account, as the database keeps it.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the random source fails.
    pub fn seal(&self, owner: AccountId, secret: &[u8]) -> Result<Vec<u8>, AppError> {
        self.secrets.seal(owner, secret)
    }

    pub(crate) fn seal_part(&self, owner: Uuid, place: (u64, bool), part: &[u8]) -> Result<Vec<u8>, AppError> {
        self.secrets.seal_part(owner, place, part)
    }

    pub(crate) fn unseal_part(&self, owner: Uuid, place: (u64, bool), sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        self.secrets.unseal_part(owner, place, sealed)
    }

    /// What the database keeps of a recovery code; `None` when it is none.
    #[must_use]
    pub fn hash_recovery_code(&self, owner: AccountId, typed: &str) -> Option<[u8; 32]> {
        Some(self.secrets.hash_code(owner, &read_recovery_code(typed)?))
    }

    /// What is kept of a secret that is short enough to be tried out by who reads the database, but not this installation's
    /// secret.
    pub(crate) fn keyed_hash(&self, purpose: &str, secret: &str) -> [u8; 32] {
        mac(&self.derive(purpose), secret)
    }

    /// An access token.
    pub(super) fn issue(
        &self,
        account: AccountId,
        session: SessionId,
        now: DateTime<Utc>,
        seconds: u32,
    ) -> Result<String, AppError> {
        let iat = now.timestamp();
        let claims = Claims { sub: account, sid: session, iat, exp: iat + i64::from(seconds), iss: ISSUER.to_owned() };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|_| AppError::Internal("an access token could not be signed"))
    }

    /// Whose token this is, if it is ours and holds at `now`.
    pub(super) fn read(&self, token: &str, now: DateTime<Utc>) -> Option<(AccountId, SessionId)> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.validate_exp = false; // by our clock, below
        validation.set_required_spec_claims(&["exp", "sub", "iss"]);
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation).ok()?.claims;
        (now.timestamp() < claims.exp).then_some((claims.sub, claims.sid))
    }
}

/// HMAC-SHA-256 under the digest of `key`, which has one length whatever the key's is.
fn mac(key: &[u8], text: &str) -> [u8; 32] {
    let mut block = [0_u8; 64];
    block[..32].copy_from_slice(&Sha256::digest(key));
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// A secret for one use — a refresh token, a challenge: 256 random bits, and the hash under which it is kept.
pub(super) fn new_token() -> Result<(String, [u8; 32]), AppError> {
    let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
    let hash = hash(&token);
    Ok((token, hash))
}

/// What is kept of a secret that is random already.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn ids() -> (AccountId, SessionId) {
        (AccountId::from_uuid(Uuid::from_u128(1)), SessionId::from_uuid(Uuid::from_u128(2)))
    }

    #[test]
    fn a_token_holds_until_its_end_and_not_a_second_longer() {
        let keys = TokenKeys::from_secret(&[7; 32]);
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (account, session) = ids();
        let token = keys.issue(account, session, now, 900).unwrap();
        let at = |seconds| keys.read(&token, now + chrono::TimeDelta::seconds(seconds));
        assert_eq!(at(0), Some(ids()));
        assert_eq!(at(899), Some(ids()));
        assert_eq!(at(900), None);
    }

    #[test]
    fn a_token_of_another_installation_or_without_signature_is_not_ours() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (account, session) = ids();
        let ours = TokenKeys::from_secret(&[7; 32]);
        let token = TokenKeys::from_secret(&[8; 32]).issue(account, session, now, 900).unwrap();
        assert_eq!(ours.read(&token, now), None);
        let good = ours.issue(account, session, now, 900).unwrap();
        let claims = good.split('.').nth(1).unwrap();
        let unsigned = format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#));
        assert_eq!(ours.read(&unsigned, now), None);
        assert_eq!(ours.read("", now), None);
    }
}
