//! What is told: the outbox of mail, notices by post, and the codes that show who reads an address.

mod commands;
mod rows;

pub use commands::{NewMail, NewPostalNotice};
pub use rows::{CodePurpose, ContactCode, WaitingMail};
