//! One key for each thing a person wants to happen, however often the request has to be sent.

use leptos::prelude::{GetValue, SetValue, StoredValue};

use super::Failure;
use crate::dom;

/// The `Idempotency-Key` of one intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// A new random key.
    #[must_use]
    pub fn new() -> Self {
        Self(dom::random_hex())
    }

    /// As the header says it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for IdempotencyKey {
    fn default() -> Self {
        Self::new()
    }
}

/// Keeps the key of what the person is about to do: pressing the button again after a broken connection repeats the
/// same intent, pressing it after an answer is a new one.
#[derive(Clone, Copy)]
pub struct Intent(StoredValue<Option<IdempotencyKey>>);

impl Intent {
    /// Nothing intended yet.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// The key to send with.
    #[must_use]
    pub fn key(self) -> IdempotencyKey {
        if let Some(key) = self.0.get_value() {
            return key;
        }
        let key = IdempotencyKey::new();
        self.0.set_value(Some(key.clone()));
        key
    }

    /// Forgets the key once the server has answered for certain. Call it with every result.
    pub fn settle<T>(self, result: &Result<T, Failure>) {
        if result.as_ref().err().is_none_or(Failure::is_refusal) {
            self.0.set_value(None);
        }
    }

    /// Forgets the key because the person now wants something else, such as the form with another content.
    pub fn change_of_mind(self) {
        self.0.set_value(None);
    }
}

impl Default for Intent {
    fn default() -> Self {
        Self::new()
    }
}
