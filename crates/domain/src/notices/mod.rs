//! What people are told, by mail or by post: the texts, and when a mail is tried again.

mod mail;
mod retry;

pub use mail::{Mail, Message};
pub use retry::{NextTry, next_try};
