//! From a letter to a log-in: the temporary password, who one is, where mail goes, a password of one's own. Each step is kept, so
//! that a browser that was closed goes on where it stopped.

mod begin;
mod complete;
mod mismatches;
mod steps;

pub use begin::{BegunEnrolment, begin_enrolment, get_enrolment};
pub use complete::complete_enrolment;
pub use mismatches::{decide_mismatch, list_mismatches};
pub use steps::{
    check_enrolment_password, choose_password, confirm_email, decline_email, prove_identity, send_email_code,
};

use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::workflow::WorkflowError;
use mamis_kernel::EnrolmentStep;
use mamis_persistence::Tx;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::identity::Enrolment;
use uuid::Uuid;

use crate::{App, AppError};

/// What is kept of the token in the browser's cookie.
fn token_hash(app: &App, token: &str) -> [u8; 32] {
    app.tokens.keyed_hash("enrolment", token)
}

/// The enrolment of a token, locked, when this step may be taken.
async fn at_step(app: &App, tx: &mut Tx, token: &str, step: EnrolmentStep) -> Result<Enrolment, AppError> {
    let now = app.clock.now();
    let enrolment = tx.enrolment_for_update(&token_hash(app, token), now).await?.ok_or(AppError::ChallengeOver)?;
    if !enrolment.facts().allow(step) {
        return Err(WorkflowError::WrongState.into());
    }
    Ok(enrolment)
}

/// The same as it is now.
async fn again(app: &App, tx: &mut Tx, token: &str) -> Result<Enrolment, AppError> {
    tx.enrolment_for_update(&token_hash(app, token), app.clock.now()).await?.ok_or(AppError::ChallengeOver)
}

/// Writes what somebody did who is not signed in.
async fn record(
    tx: &mut Tx,
    action: &'static str,
    outcome: AuditOutcome,
    letter: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<(), AppError> {
    let event =
        NewAuditEvent { action, outcome, subject_kind: "letter", subject_id: letter, person: None, at, payload: None };
    Ok(tx.audit_append(&Permit::system(SystemActor::Visitor, ()), event).await?)
}
