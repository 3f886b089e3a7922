//! The only crate that knows HTTP.
//!
//! Handlers translate: they read the request, call one use case and write its answer. [`problem`] is the only file that
//! knows status codes; a route and its document come from one registration.

pub mod access;
mod cursor;
mod extract;
mod identity;
mod middleware;
mod notices;
mod openapi;
mod problem;
mod registry;
mod respond;
mod server;
mod spa;
mod workflow;

pub use access::authz_matrix_markdown;
pub use server::{HttpConfig, openapi_document, openapi_json, start};
pub use spa::Spa;
