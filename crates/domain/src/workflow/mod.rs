//! Cases: one application, climbing from association to association, concluding in effects.
//!
//! Words: a **case** holds one to many **changes**; a **route** is data and becomes the case's **steps**, each of one
//! association; exactly one step is **open** while a case is in review (W-1). Deciding is pure: a function takes the case
//! and gives the case that follows, with the **events** for its timeline; concluding gives **effects**, which the
//! transaction writes as dated rows.
//!
//! Rules: docs/rules/workflow.md.

mod categories;
mod error;
mod events;
pub mod join_new;
mod model;
pub mod policy;
mod route;
pub mod rules;

pub use categories::{CategoryFacts, CategoryOption, Proposal, propose};
pub use error::{FieldFault, WorkflowError};
pub use events::{CaseEvent, CaseEventKind, FieldComment};
pub use join_new::{JoinNew, JoinNewDraft};
pub use model::{Application, ApplicationState, Change, ChangeKind, Decision, Effect, Step};
pub use route::{Place, Places, RouteStep, plan};
