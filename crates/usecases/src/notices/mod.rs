//! Telling people: queueing mail and notices by post in the transaction of their fact, and sending what waits.

mod deliver;
mod queue;

pub use deliver::{Delivery, NotSent, deliver_waiting};
pub use queue::{Channel, MailTo, queue_mail, queue_notice};
