//! The wire: what goes over HTTP, shared by the server and the browser.
//!
//! Requests refuse unknown fields and carry their field rules as `validator` attributes, so that both sides refuse the
//! same input. Codes, not labels; days as `YYYY-MM-DD`, instants as RFC 3339. The `openapi` feature adds schemas.

pub mod acting;
pub mod identity;
pub mod notices;
pub mod page;
pub mod problem;
pub mod registry;
mod rules;
pub mod workflow;

pub use page::Page;
pub use problem::{FieldError, FieldErrorCode, Problem, ProblemCode};
