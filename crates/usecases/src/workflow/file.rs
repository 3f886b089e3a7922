use mamis_domain::identity::{Denied, Standing};
use mamis_domain::workflow::policy::{CaseFacts, WorkflowAction, authorize};
use mamis_domain::workflow::{
    Applicant, Application, ApplicationState, Change, FieldFault, JoinNew, Sound, WorkflowError, plan, rules,
};
use mamis_kernel::{ApplicationId, AssociationId};
use mamis_persistence::{Stored, Tx};

use super::facts::{join_facts, training_facts};
use super::training::training_applicant;
use super::{hand, marked, opened};
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
            let applicant = applicant(caller)?;
            let permit = authorize(&caller.actor, WorkflowAction::Create, &CaseFacts::new(applicant))?;
            rules::suits(applicant, &changes)?;
            let hand = hand(app, caller);
            let case = rules::draft(ApplicationId::from_uuid(app.new_id()), applicant, changes, hand);
            let case = marked(caller, case, 0);
            let version = tx.application_insert(&permit, &case, hand.at).await?;
            render(tx, Stored { value: case, version }).await
        })
        .await;
    match done {
        Ok(answer) => Ok(answer),
        Err(error) => Err(app.refused(caller, "workflow.create", ("application", None), None, error).await),
    }
}

/// For whom the caller files: the one acted for, the own person, or the own account that nobody has looked at yet.
fn applicant(caller: &Caller) -> Result<Applicant, AppError> {
    if let Some(acting) = &caller.actor.acting {
        return Ok(Applicant::Person(acting.person));
    }
    match (caller.actor.standing, caller.actor.person) {
        (Standing::Full, Some(person)) => Ok(Applicant::Person(person)),
        (Standing::Provisional, _) => Ok(Applicant::Account { account: caller.actor.account, person: None }),
        (Standing::Full, None) => Err(AppError::Denied(Denied::Forbidden)),
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
            let sound = judged(app, tx, &before.value).await?;
            let (steps, associations) = planned(app, tx, &sound).await?;
            let mut case = before.value.clone();
            for change in &sound {
                match change {
                    Sound::JoinNew(join) => join_allowed(tx, &case, join, &associations).await?,
                    Sound::TrainingAccount(training) => {
                        case.applicant = training_applicant(app, tx, (&permit, case.applicant), training).await?;
                    }
                }
            }
            let number = match &before.value.number {
                Some(number) => number.clone(),
                None => {
                    let kind = sound.first().map(Sound::kind).ok_or(WorkflowError::NoRoute)?;
                    tx.application_number_next(kind.number_part(), app.clock.today()).await?
                }
            };
            let hand = hand(app, caller);
            let events = case.events.len();
            let case = marked(caller, rules::submit(case, number, steps, hand)?, events);
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
pub(super) async fn judged(app: &App, tx: &mut Tx, case: &Application) -> Result<Vec<Sound>, AppError> {
    let mut sound = Vec::new();
    let mut faults: Vec<FieldFault> = Vec::new();
    for (index, change) in case.changes.iter().enumerate() {
        let (base, today) = (format!("/changes/{index}/payload"), app.clock.today());
        let judged = match change {
            Change::JoinNew(draft) => {
                draft.complete(&base, &join_facts(app, tx, draft).await?, today).map(Sound::JoinNew)
            }
            Change::TrainingAccount(draft) => {
                let facts = training_facts(app, tx, draft, &case.attachments).await?;
                draft.complete(&base, &facts, today).map(Sound::TrainingAccount)
            }
        };
        match judged {
            // One of these a case: two would ask for the same person's first membership, or account, twice.
            Ok(_) if index > 0 => {
                faults.push(FieldFault::new(format!("/changes/{index}"), mamis_kernel::FieldErrorCode::Conflicting));
            }
            Ok(change) => sound.push(change),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(sound) } else { Err(WorkflowError::InvalidFields(faults).into()) }
}

/// Rules W-6, and nobody joins where they are a member.
async fn join_allowed(
    tx: &mut Tx,
    case: &Application,
    join: &JoinNew,
    associations: &[AssociationId],
) -> Result<(), AppError> {
    let person = case.applicant.person().ok_or(AppError::Internal("a joining of nobody"))?;
    tx.person_lock(person).await?;
    if tx.application_parallel_exists(person, case.id, associations).await? {
        return Err(AppError::ParallelApplication);
    }
    let places: Vec<_> = join.joins.iter().map(|(_, association, _)| association.uuid()).collect();
    if tx.membership_exists_from(person, &places, join.effective_date).await? {
        return Err(AppError::PeriodOverlaps);
    }
    Ok(())
}

async fn planned(
    app: &App,
    tx: &mut Tx,
    sound: &[Sound],
) -> Result<(Vec<mamis_domain::workflow::Step>, Vec<AssociationId>), AppError> {
    let first = sound.first().ok_or(WorkflowError::NoRoute)?;
    let rows = tx.route_get(first.kind(), first.highest_tier(), app.clock.today()).await?;
    let steps = plan(&rows, &first.places())?;
    let associations = steps.iter().map(|step| step.association).collect();
    Ok((steps, associations))
}

pub(super) fn subject(id: ApplicationId) -> (&'static str, Option<uuid::Uuid>) {
    ("application", Some(id.uuid()))
}
