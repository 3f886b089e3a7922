//! Cases: one application, climbing from association to association, concluding in effects.
//!
//! Words: a **case** holds one to many **changes**; a **route** is data and becomes the case's **steps**, each of one
//! association; exactly one step is **open** while a case is in review (W-1). Deciding is pure: a function takes the case
//! and gives the case that follows, with the **events** for its timeline; concluding gives **effects**, which the
//! transaction writes as dated rows.
//!
//! Rules: docs/rules/workflow.md.

mod attachment;
mod categories;
mod error;
mod events;
mod faults;
pub mod join_new;
mod model;
pub mod policy;
mod route;
pub mod rules;
pub mod training_account;

pub use attachment::{ATTACHMENTS_A_CASE, Attachment, kept_file_name};
pub use categories::{CategoryFacts, CategoryOption, Proposal, propose};
pub use error::{FieldFault, WorkflowError};
pub use events::{CaseEvent, CaseEventKind, FieldComment};
pub use join_new::{JoinNew, JoinNewDraft};
pub use model::{Applicant, Application, ApplicationState, Change, ChangeKind, Decision, Effect, Sound, Step};
pub use route::{Place, Places, RouteStep, plan};
pub use training_account::{TrainingAccount, TrainingAccountDraft};
