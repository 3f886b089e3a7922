use chrono::NaiveDate;
use mamis_domain::workflow::join_new::within_reason;
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_domain::workflow::rules::{self, Hand};
use mamis_domain::workflow::{Application, ApplicationState, FieldComment, FieldFault, Sound, WorkflowError};
use mamis_kernel::{ApplicationId, FieldErrorCode};
use mamis_persistence::{Stored, Tx};

use super::file::{judged, subject};
use super::training::{tell, training_concluded};
use super::{hand, marked, opened};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Approves the step whose turn it is. The last approval concludes: the memberships are written in the same transaction.
///
/// Rules W-1, M-16 (past and future days, within reason); source: docs/rules/workflow.md.
///
/// # Errors
/// [`AppError::Denied`] out of turn; [`AppError::StaleVersion`]; [`WorkflowError`]; [`AppError::PeriodOverlaps`].
#[tracing::instrument(name = "workflow.approve", skip_all)]
pub async fn approve(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (id, based_on): (ApplicationId, i64),
    effective_date: NaiveDate,
    comment: Option<String>,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let rule = |case: Application, hand: Hand| {
        if !within_reason(effective_date, app.clock.today()) {
            let fault = FieldFault::new("/effective_date", FieldErrorCode::OutOfRange);
            return Err(WorkflowError::InvalidFields(vec![fault]));
        }
        rules::approve(case, effective_date, comment, hand)
    };
    decided(app, caller, idempotency, (id, based_on), WorkflowAction::Approve, rule, render).await
}

/// Sends the case back to the physician.
///
/// # Errors
/// As [`approve`].
#[tracing::instrument(name = "workflow.return", skip_all)]
pub async fn send_back(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (id, based_on): (ApplicationId, i64),
    reason: String,
    field_comments: Vec<FieldComment>,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let rule = |case, hand| rules::send_back(case, reason, field_comments, hand);
    decided(app, caller, idempotency, (id, based_on), WorkflowAction::Return, rule, render).await
}

/// Refuses the case.
///
/// # Errors
/// As [`approve`].
#[tracing::instrument(name = "workflow.reject", skip_all)]
pub async fn reject(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (id, based_on): (ApplicationId, i64),
    reason: String,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let rule = |case, hand| rules::reject(case, reason, hand);
    decided(app, caller, idempotency, (id, based_on), WorkflowAction::Reject, rule, render).await
}

/// Takes the caller's own case back (W-4).
///
/// # Errors
/// [`WorkflowError::AlreadyApproved`] after an approval; otherwise as [`approve`].
#[tracing::instrument(name = "workflow.retract", skip_all)]
pub async fn retract(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (id, based_on): (ApplicationId, i64),
    reason: Option<String>,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let rule = |case, hand| rules::retract(case, reason, hand);
    decided(app, caller, idempotency, (id, based_on), WorkflowAction::Retract, rule, render).await
}

async fn decided(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (id, based_on): (ApplicationId, i64),
    action: WorkflowAction,
    rule: impl FnOnce(Application, Hand) -> Result<Application, WorkflowError>,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let done = app
        .once(caller, idempotency, async |tx| {
            let (before, permit) = opened(tx, caller, action, id, based_on).await?;
            let hand = hand(app, caller);
            let mut case = marked(caller, rule(before.value.clone(), hand)?, before.value.events.len());
            let mut effects = Vec::new();
            if let ApplicationState::Completed { effective_date } = case.state {
                for change in judged(app, tx, &case).await? {
                    match change {
                        Sound::JoinNew(join) => {
                            let person = case.applicant.person().ok_or(AppError::Internal("a joining of nobody"))?;
                            effects.extend(join.effects(person, effective_date));
                        }
                        Sound::TrainingAccount(training) => {
                            let (applicant, found) =
                                training_concluded(app, tx, (&permit, case.applicant), &training, effective_date)
                                    .await?;
                            case.applicant = applicant;
                            effects.extend(found);
                        }
                    }
                }
            }
            let changes = tx.effects_apply(&permit, id, &effects, hand.at).await?;
            let version = tx.application_conclude(&permit, &before, &case, &changes, hand.at).await?;
            tell(app, tx, &permit, &case).await?;
            render(tx, Stored { value: case, version }).await
        })
        .await;
    match done {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let action = format!("workflow.{action}");
            Err(app.refused(caller, &action, subject(id), None, error).await)
        }
    }
}
