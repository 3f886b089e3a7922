//! Second factors of test accounts: what the server keeps of them, computed here as there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use mamis_domain::identity::recovery_code;
use mamis_kernel::AccountId;
use mamis_usecases::identity::TokenKeys;

/// The installation's secret in tests.
pub(crate) const SECRET: [u8; 32] = [0; 32];

/// How many recovery codes each account of one test has used up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codes(Arc<Mutex<HashMap<String, u8>>>);

impl Codes {
    /// Log-ins with a second step that an account has in one test.
    pub(crate) const GIVEN: u8 = 24;

    /// The `n`-th code of every account.
    pub(crate) fn code(n: u8) -> String {
        let mut letters = [0; 12];
        letters[0] = n;
        recovery_code(letters)
    }

    pub(crate) fn give(&self, login_id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(login_id.to_lowercase(), 0);
    }

    /// The next code of an account that was not used.
    pub(crate) fn next(&self, login_id: &str) -> String {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = used.get_mut(&login_id.to_lowercase()).expect("an account of `given_second_factor`");
        assert!(*next < Self::GIVEN, "{login_id} has signed in {next} times: give more codes");
        let code = Self::code(*next);
        *next += 1;
        code
    }
}

/// What the server keeps of a recovery code.
pub(crate) fn hash_code(owner: AccountId, code: &str) -> Vec<u8> {
    TokenKeys::from_secret(&SECRET).hash_recovery_code(owner, code).expect("a recovery code").to_vec()
}

/// What the server keeps of an authenticator app's secret.
pub(crate) fn seal(owner: AccountId, secret: &[u8]) -> Vec<u8> {
    TokenKeys::from_secret(&SECRET).seal(owner, secret).expect("sealing")
}

/// The secret that an authenticator app was told in Base32.
#[must_use]
pub fn totp_secret(base32: &str) -> Vec<u8> {
    totp_rs::Secret::try_from_base32(base32).expect("Base32").as_bytes().to_vec()
}

/// What an authenticator app shows at `now`.
#[must_use]
pub(crate) fn totp_code(secret: &[u8], now: DateTime<Utc>) -> String {
    let secret = totp_rs::Secret::new(secret.into());
    let totp = totp_rs::Builder::new().with_secret(secret).build().expect("an authenticator app");
    totp.generate(u64::try_from(now.timestamp()).expect("after 1970")).to_string()
}
