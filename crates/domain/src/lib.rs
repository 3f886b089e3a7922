//! The rules: pure functions and types. No async, no SQL, no HTTP, no clock, no randomness.
//!
//! One module a slice, each with `model`, `rules`, `policy`, `events` and `error` as far as it has something to say there.

pub mod audit;
pub mod identity;
pub mod notices;
pub mod registry;
pub mod workflow;

#[cfg(test)]
mod testing;
