//! TestDatabase, TestApp and the given_… builders; used by tests only.
