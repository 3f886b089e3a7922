//! What is told: the outbox of mail, notices by post, the codes that show who reads an address, and planned stops.

mod commands;
mod maintenance;
mod rows;

pub use commands::{NewMail, NewPostalNotice};
pub use rows::{CodePurpose, ContactCode, WaitingMail};
