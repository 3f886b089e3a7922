use mamis_domain::identity::Permit;
use mamis_domain::identity::policy::{IdentityAction, authorize_letters};
use mamis_domain::workflow::WorkflowError;
use mamis_kernel::{AssociationId, LetterBatchId};
use mamis_persistence::identity::LetterBatch;

use super::batch_event;

use crate::{App, AppError, Caller};

/// An association's batches, newest first: the log of what was printed.
///
/// # Errors
/// [`AppError::Denied`] to who is no clerk there.
pub async fn list_letter_batches(
    app: &App,
    caller: &Caller,
    association: AssociationId,
    after: Option<LetterBatchId>,
    limit: i64,
) -> Result<Vec<LetterBatch>, AppError> {
    let permit = match authorize_letters(&caller.actor, IdentityAction::ReadLetters, association) {
        Ok(permit) => permit,
        Err(denied) => {
            let subject = ("association", Some(association.uuid()));
            return Err(app.refused(caller, "identity.list_letter_batches", subject, None, denied.into()).await);
        }
    };
    Ok(app.store.letter_batch_list(&permit, association, after, limit).await?)
}

/// A batch.
///
/// # Errors
/// [`AppError::NotFound`] when it is not there, [`AppError::Denied`] to who is no clerk of its association.
pub async fn get_letter_batch(app: &App, caller: &Caller, id: LetterBatchId) -> Result<LetterBatch, AppError> {
    Ok(permitted(app, caller, "identity.get_letter_batch", id, IdentityAction::ReadLetters).await?.0)
}

/// The file of a batch: PDF, a page a letter. It can be fetched until it was printed, for a day at most.
///
/// # Errors
/// [`WorkflowError::WrongState`] when it is not printed yet, or not kept any more.
#[tracing::instrument(name = "identity.fetch_letter_file", skip_all)]
pub async fn fetch_letter_file(app: &App, caller: &Caller, id: LetterBatchId) -> Result<Vec<u8>, AppError> {
    let action = "identity.fetch_letter_batch";
    let (_, permit) = permitted(app, caller, action, id, IdentityAction::IssueLetters).await?;
    let now = app.clock.now();
    let sealed = app.store.letter_file(id, now).await?.ok_or(AppError::Workflow(WorkflowError::WrongState))?;
    let event = batch_event(action, id, None, now);
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            tx.letter_batch_fetched(&permit, id, now).await?;
            Ok(tx.audit_append(&permit, event).await?)
        })
        .await?;
    app.tokens.secrets.unseal_for(id.uuid(), &sealed)
}

/// Says that a batch was printed: its file is forgotten at once. Saying it twice is fine.
///
/// # Errors
/// [`WorkflowError::WrongState`] when it has not been printed, or its file was given up.
#[tracing::instrument(name = "identity.finish_letter_batch", skip_all)]
pub async fn finish_letter_batch(app: &App, caller: &Caller, id: LetterBatchId) -> Result<LetterBatch, AppError> {
    let action = "identity.finish_letter_batch";
    let (batch, permit) = permitted(app, caller, action, id, IdentityAction::IssueLetters).await?;
    if batch.state == "printed" {
        return Ok(batch);
    }
    let now = app.clock.now();
    let event = batch_event(action, id, None, now);
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            if !tx.letter_batch_done(&permit, id, now).await? {
                return Err(WorkflowError::WrongState.into());
            }
            Ok(tx.audit_append(&permit, event).await?)
        })
        .await?;
    app.store.letter_batch_get(id).await?.ok_or(AppError::NotFound)
}

/// Forgets the files that nobody fetched and finished in time; says how many.
///
/// # Errors
/// [`AppError::Store`]
pub async fn forget_letter_files(app: &App) -> Result<usize, AppError> {
    Ok(app.store.letter_files_forget(app.clock.now()).await?)
}

async fn permitted(
    app: &App,
    caller: &Caller,
    name: &'static str,
    id: LetterBatchId,
    action: IdentityAction,
) -> Result<(LetterBatch, Permit<IdentityAction>), AppError> {
    let batch = app.store.letter_batch_get(id).await?.ok_or(AppError::NotFound)?;
    match authorize_letters(&caller.actor, action, AssociationId::from_uuid(batch.association)) {
        Ok(permit) => Ok((batch, permit)),
        Err(denied) => {
            let subject = ("letter_batch", Some(id.uuid()));
            Err(app.refused(caller, name, subject, None, denied.into()).await)
        }
    }
}
