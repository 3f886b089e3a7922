//! TestDatabase, TestApp and the given_… builders; used by tests only.
//!
//! A test starts a [`TestApp`]: a database of its own, a server on a free port, a clock that stands. What is `given_…` may
//! touch the database; everything else goes over HTTP through a [`Client`], and every answer is compared with the API's own
//! description on its way.

#![expect(clippy::expect_used, reason = "a test that cannot get what it needs ends there, saying what was missing")]

mod acting;
mod answer;
mod app;
mod authenticator;
mod client;
mod codes;
mod database;
mod description;
mod forms;
mod given;
mod letters;
mod server;

pub use answer::Answer;
pub use app::{NOW, TestApp, WaitingMail};
pub use authenticator::Authenticator;
pub use client::{Call, Client, SignedIn, file_form, form_of};
pub use codes::totp_secret;
pub use database::TestDatabase;
pub use description::{Operation, operations};
pub use forms::{changes, join_form, set, training_changes, training_form};
pub use given::{Case, GivenApplication, PASSWORD};
pub use letters::Enrolling;
