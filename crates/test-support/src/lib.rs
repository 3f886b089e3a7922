//! TestDatabase, TestApp and the given_… builders; used by tests only.

#![expect(clippy::expect_used, reason = "a test that cannot get what it needs ends there, saying what was missing")]

mod database;

pub use database::TestDatabase;
