use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use mamis_kernel::AccountId;
use sha2::Sha256;
use uuid::Uuid;

use crate::AppError;

/// Bytes of a nonce, which stands before what is sealed.
const NONCE: usize = 12;

/// What the installation's secret is for beside access tokens: each use has a key of its own.
#[derive(Clone)]
pub(super) struct Secrets {
    sealing: Aes256Gcm,
    hashing: [u8; 32],
}

impl Secrets {
    pub(super) fn from_secret(secret: &[u8]) -> Self {
        Self {
            sealing: Aes256Gcm::new(&mac(secret, &[b"mamis: sealed secrets"]).into()),
            hashing: mac(secret, &[b"mamis: hashed codes"]),
        }
    }

    /// Seals a secret of an account: authenticator apps need it back, and a copy of the database must not be enough. It opens
    /// for that account alone.
    pub(super) fn seal(&self, owner: AccountId, secret: &[u8]) -> Result<Vec<u8>, AppError> {
        self.seal_for(owner.uuid(), secret)
    }

    /// The same for anything else that has an id.
    pub(super) fn seal_for(&self, owner: Uuid, secret: &[u8]) -> Result<Vec<u8>, AppError> {
        let nonce: [u8; NONCE] = random()?;
        let payload = Payload { msg: secret, aad: owner.as_bytes() };
        let sealed = self.sealing.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| AppError::Internal("a secret could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn unseal(&self, owner: AccountId, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        self.unseal_for(owner.uuid(), sealed)
    }

    pub(super) fn unseal_for(&self, owner: Uuid, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        const FAILED: AppError =
            AppError::Internal("a secret could not be unsealed: is the installation's secret another?");
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(FAILED)?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        self.sealing.decrypt(&Nonce::from(*nonce), payload).map_err(|_| FAILED)
    }

    /// Seals a part of something long. Its place, and whether it is the last, are sealed with it: parts cannot be moved, left out
    /// or cut off unnoticed.
    pub(super) fn seal_part(&self, owner: Uuid, place: (u64, bool), part: &[u8]) -> Result<Vec<u8>, AppError> {
        let nonce: [u8; NONCE] = random()?;
        let sealed = self.sealing.encrypt(&Nonce::from(nonce), Payload { msg: part, aad: &place_of(owner, place) });
        let sealed = sealed.map_err(|_| AppError::Internal("a part could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn unseal_part(&self, owner: Uuid, place: (u64, bool), sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        const FAILED: AppError = AppError::Internal("a part of a sealed file could not be unsealed");
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(FAILED)?;
        let payload = Payload { msg: sealed, aad: &place_of(owner, place) };
        self.sealing.decrypt(&Nonce::from(*nonce), payload).map_err(|_| FAILED)
    }

    /// What is kept of a code that people type: too short to be safe under a hash that anybody can compute.
    pub(super) fn hash_code(&self, owner: AccountId, code: &str) -> [u8; 32] {
        mac(&self.hashing, &[owner.uuid().as_bytes(), code.as_bytes()])
    }
}

fn place_of(owner: Uuid, (number, is_last): (u64, bool)) -> Vec<u8> {
    [owner.as_bytes().as_slice(), &number.to_be_bytes(), &[u8::from(is_last)]].concat()
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so that there is always one.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// Random bytes of the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], AppError> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|_| AppError::Internal("the random source failed"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_account_and_installation_alone() {
        let (ours, others) = (Secrets::from_secret(&[7; 32]), Secrets::from_secret(&[8; 32]));
        let [one, other] = [1, 2].map(|n| AccountId::from_uuid(Uuid::from_u128(n)));
        let sealed = ours.seal(one, b"secret").unwrap();
        assert_eq!(ours.unseal(one, &sealed).unwrap(), b"secret");
        assert!(ours.unseal(other, &sealed).is_err());
        assert!(others.unseal(one, &sealed).is_err());
        assert!(ours.unseal(one, &sealed[..8]).is_err());
        assert_ne!(ours.seal(one, b"secret").unwrap(), sealed, "twice the same does not look the same");
    }

    #[test]
    fn a_sealed_part_opens_in_its_own_place_alone() {
        let ours = Secrets::from_secret(&[7; 32]);
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let sealed = ours.seal_part(one, (3, false), b"part").unwrap();
        assert_eq!(ours.unseal_part(one, (3, false), &sealed).unwrap(), b"part");
        assert!(ours.unseal_part(one, (4, false), &sealed).is_err());
        assert!(ours.unseal_part(one, (3, true), &sealed).is_err());
        assert!(ours.unseal_part(other, (3, false), &sealed).is_err());
    }

    #[test]
    fn a_codes_hash_is_of_its_account_and_installation_alone() {
        let (ours, others) = (Secrets::from_secret(&[7; 32]), Secrets::from_secret(&[8; 32]));
        let [one, other] = [1, 2].map(|n| AccountId::from_uuid(Uuid::from_u128(n)));
        assert_eq!(ours.hash_code(one, "A"), ours.hash_code(one, "A"));
        assert_ne!(ours.hash_code(one, "A"), ours.hash_code(other, "A"));
        assert_ne!(ours.hash_code(one, "A"), others.hash_code(one, "A"));
    }
}
