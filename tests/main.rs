//! One test binary for everything that spans crates. Do not add a second one: each costs a link of the whole system.
//!
//! `api/<slice>/` has a file for each use case, as a user lives it; `matrix` asks every operation as everybody; `openapi`,
//! `conventions` and `docs` keep descriptions and reality together; `arrows` proves who may know whom.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where by panicking")]

mod api;
mod arrows;
mod conventions;
mod docs;
mod journeys;
mod matrix;
mod openapi;
