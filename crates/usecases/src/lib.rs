//! One function per thing a user or a job can do, called by HTTP, the command line and jobs alike.
//!
//! A use case sequences: it opens the transaction, reads, asks the policy for a permit, lets the rules of `domain` decide
//! and has `persistence` write. It knows no HTTP and no SQL.

mod app;
mod attachment_store;
mod clock;
pub mod demo;
mod error;
mod idempotency;
pub mod identity;
pub mod notices;
mod read_audit;
pub mod registry;
pub mod workflow;

pub use app::{App, AppConfig, Caller};
pub use attachment_store::AttachmentStore;
pub use clock::{Clock, FrozenClock, SystemClock, from_tokyo, tokyo, tokyo_day, tokyo_day_end};
pub use error::AppError;
pub use idempotency::{Answer, Idempotency, Rendered};
pub use read_audit::ReadAudit;
