use mamis_domain::workflow::policy::{CaseFacts, WorkflowAction, authorize};
use mamis_domain::workflow::{
    Application, ApplicationState, Change, ChangeKind, FieldFault, JoinNew, WorkflowError, plan, rules,
};
use mamis_kernel::{ApplicationId, AssociationId};
use mamis_persistence::{Stored, Tx};

use super::facts::join_facts;
use super::{hand, opened};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Begins a draft about the caller's own person.
///
/// # Errors
/// [`AppError::Denied`] for those who are no physicians.
#[tracing::instrument(name = "workflow.create", skip_all)]
pub async fn create(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    changes: Vec<Change>,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let done = app
        .once(caller, idempotency, async |tx| {
            let person = caller.actor.person.ok_or(AppError::Denied(mamis_domain::identity::Denied::Forbidden))?;
            let permit = authorize(&caller.actor, WorkflowAction::Create, &CaseFacts::new(person))?;
            let hand = hand(app, caller);
            let case = rules::draft(ApplicationId::from_uuid(app.new_id()), person, changes, hand);
            let version = tx.application_insert(&permit, &case, hand.at).await?;
            render(tx, Stored { value: case, version }).await
        })
        .await;
    match done {
        Ok(answer) => Ok(answer),
        Err(error) => Err(app.refused(caller, "workflow.create", ("application", None), None, error).await),
    }
}

/// Replaces what a draft or a returned case says.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`], [`AppError::StaleVersion`], [`WorkflowError::WrongState`].
#[tracing::instrument(name = "workflow.save", skip_all)]
pub async fn save(
    app: &App,
    caller: &Caller,
    id: ApplicationId,
    based_on: i64,
    changes: Vec<Change>,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Rendered, AppError> {
    app.directory().await?;
    let done = app
        .store
        .transaction(Some(&caller.request_id), async |tx| {
            let (before, permit) = opened(tx, caller, WorkflowAction::Save, id, based_on).await?;
            let case = rules::save(before.value.clone(), changes)?;
            let version = tx.application_save(&permit, &before, &case, app.clock.now()).await?;
            render(tx, Stored { value: case, version }).await
        })
        .await;
    match done {
        Ok(rendered) => Ok(rendered),
        Err(error) => Err(app.refused(caller, "workflow.save", subject(id), None, error).await),
    }
}

/// Files a draft, or sends a corrected case again.
///
/// Rules W-2, W-6 (no two open cases about one membership); source: docs/rules/workflow.md.
///
/// # Errors
/// [`WorkflowError::InvalidFields`] with every fault; [`AppError::ParallelApplication`]; [`AppError::PeriodOverlaps`] when
/// the person is a member there already; those of [`save`].
#[tracing::instrument(name = "workflow.submit", skip_all)]
pub async fn submit(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    id: ApplicationId,
    based_on: i64,
    render: impl AsyncFnOnce(&mut Tx, Stored<Application>) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let done = app
        .once(caller, idempotency, async |tx| {
            let (before, permit) = opened(tx, caller, WorkflowAction::Submit, id, based_on).await?;
            match before.value.state {
                ApplicationState::Draft | ApplicationState::Returned => {}
                ApplicationState::InReview
                | ApplicationState::Completed { .. }
                | ApplicationState::Rejected
                | ApplicationState::Retracted => return Err(WorkflowError::WrongState.into()),
            }
            let joins = judged(app, tx, &before.value).await?;
            let (steps, associations) = planned(app, tx, &joins).await?;
            tx.person_lock(before.value.applicant).await?;
            if tx.application_parallel_exists(before.value.applicant, id, &associations).await? {
                return Err(AppError::ParallelApplication);
            }
            for join in &joins {
                let places: Vec<_> = join.joins.iter().map(|(_, association, _)| association.uuid()).collect();
                if tx.membership_exists_from(before.value.applicant, &places, join.effective_date).await? {
                    return Err(AppError::PeriodOverlaps);
                }
            }
            let number = match &before.value.number {
                Some(number) => number.clone(),
                None => tx.application_number_next(number_part(&before.value), app.clock.today()).await?,
            };
            let hand = hand(app, caller);
            let case = rules::submit(before.value.clone(), number, steps, hand)?;
            let version = tx.application_save(&permit, &before, &case, hand.at).await?;
            render(tx, Stored { value: case, version }).await
        })
        .await;
    match done {
        Ok(answer) => Ok(answer),
        Err(error) => Err(app.refused(caller, "workflow.submit", subject(id), None, error).await),
    }
}

/// Judges every change of a case; all faults at once.
pub(super) async fn judged(app: &App, tx: &mut Tx, case: &Application) -> Result<Vec<JoinNew>, AppError> {
    let mut joins = Vec::new();
    let mut faults: Vec<FieldFault> = Vec::new();
    for (index, change) in case.changes.iter().enumerate() {
        let Change::JoinNew(draft) = change;
        let facts = join_facts(app, tx, draft).await?;
        match draft.complete(&format!("/changes/{index}/payload"), &facts, app.clock.today()) {
            // One joining a case: two would ask for the same person's first membership twice.
            Ok(_) if index > 0 => {
                faults.push(FieldFault::new(format!("/changes/{index}"), mamis_kernel::FieldErrorCode::Conflicting));
            }
            Ok(join) => joins.push(join),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(joins) } else { Err(WorkflowError::InvalidFields(faults).into()) }
}

async fn planned(
    app: &App,
    tx: &mut Tx,
    joins: &[JoinNew],
) -> Result<(Vec<mamis_domain::workflow::Step>, Vec<AssociationId>), AppError> {
    let join = joins.first().ok_or(WorkflowError::NoRoute)?;
    let rows = tx.route_get(ChangeKind::JoinNew.as_str(), join.highest_tier, app.clock.today()).await?;
    let steps = plan(&rows, &join.places())?;
    let associations = steps.iter().map(|step| step.association).collect();
    Ok((steps, associations))
}

/// The middle of the receipt number.
fn number_part(case: &Application) -> &'static str {
    match case.changes.first().map(Change::kind) {
        Some(ChangeKind::JoinNew) | None => "JOIN",
    }
}

pub(super) fn subject(id: ApplicationId) -> (&'static str, Option<uuid::Uuid>) {
    ("application", Some(id.uuid()))
}
