//! Letters with temporary log-ins: who gets one, printing them, and fetching the file.

mod batches;
mod issue;
mod print;
pub(super) mod temporary;

pub use batches::{fetch_letter_file, finish_letter_batch, forget_letter_files, get_letter_batch, list_letter_batches};
pub use issue::{IssueLetters, Recipients, issue_letters, list_not_registered};
pub use print::{print_letters, print_letters_by};

use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{LetterBatchId, PersonId};
use mamis_persistence::audit::NewAuditEvent;

fn batch_event(
    action: &'static str,
    id: LetterBatchId,
    person: Option<PersonId>,
    at: DateTime<Utc>,
) -> NewAuditEvent<'static> {
    NewAuditEvent {
        action,
        outcome: AuditOutcome::Done,
        subject_kind: "letter_batch",
        subject_id: Some(id.uuid()),
        person,
        at,
        payload: None,
    }
}
