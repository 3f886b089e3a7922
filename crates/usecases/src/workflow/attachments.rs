use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::Stream;
use futures_util::stream::BoxStream;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::workflow::policy::{WorkflowAction, authorize};
use mamis_domain::workflow::{
    ATTACHMENTS_A_CASE, Applicant, Application, Attachment, FieldFault, WorkflowError, kept_file_name, rules,
};
use mamis_kernel::{ApplicationId, AttachmentId, AttachmentPurpose, FieldErrorCode, MediaType};
use mamis_persistence::workflow::{NewAttachment, Received, StoredAttachment};
use mamis_persistence::{Stored, Tx};

use super::file::subject;
use crate::attachment_store::{Arrived, NotArrived, new_key};
use crate::read_audit::Reading;
use crate::{App, AppError, Caller};

/// How long the bytes of one file may take.
const LONGEST_UPLOAD: Duration = Duration::from_secs(600);
/// After this an upload is given up; far beyond [`LONGEST_UPLOAD`], so that none is given up that still writes.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::hours(1);
/// Files ended in one go.
const ENDED_AT_ONCE: i64 = 200;

/// Takes a file into a case, a part at a time. A file that the case has already is not taken twice: sending one again after a
/// lost answer gives the first.
///
/// Rules W-20 (the applicant, while the case can be edited), W-21 (what it is, its content says), W-22 (rows before bytes);
/// source: docs/rules/workflow.md.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`], [`WorkflowError::WrongState`], [`WorkflowError::TooManyAttachments`],
/// [`WorkflowError::InvalidFields`] for content that is not taken, [`AppError::TooLarge`], [`AppError::BrokenOff`].
#[tracing::instrument(name = "workflow.add_attachment", skip_all)]
pub async fn add_attachment<E>(
    app: &App,
    caller: &Caller,
    id: ApplicationId,
    purpose: AttachmentPurpose,
    file_name: &str,
    content: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Attachment, AppError> {
    let taken = async {
        let new = begin(app, caller, id, purpose).await?;
        let taken = take(app, caller, &new, file_name, content).await;
        if !matches!(&taken, Ok(attachment) if attachment.id == new.id) {
            give_up(app, &new).await?;
        }
        taken
    };
    match taken.await {
        Ok(attachment) => Ok(attachment),
        Err(error) => Err(app.refused(caller, "workflow.add_attachment", subject(id), None, error).await),
    }
}

/// The row comes before the bytes.
async fn begin(
    app: &App,
    caller: &Caller,
    id: ApplicationId,
    purpose: AttachmentPurpose,
) -> Result<NewAttachment, AppError> {
    let at = app.clock.now();
    let new = NewAttachment {
        id: AttachmentId::from_uuid(app.new_id()),
        application: id,
        purpose,
        object_key: new_key()?,
        by: caller.actor.account,
        at,
    };
    app.store
        .transaction(Some(&caller.request_id), async |tx| {
            let (_, permit) = editable(tx, caller, id).await?;
            if tx.attachment_count(id, at - GIVEN_UP_AFTER).await? >= ATTACHMENTS_A_CASE {
                return Err(WorkflowError::TooManyAttachments.into());
            }
            tx.attachment_begin(&permit, &new).await?;
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(new)
}

async fn take<E>(
    app: &App,
    caller: &Caller,
    new: &NewAttachment,
    file_name: &str,
    content: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Attachment, AppError> {
    let written = tokio::time::timeout(LONGEST_UPLOAD, app.config.attachments.write(&new.object_key, content));
    let arrived = match written.await {
        Err(_) | Ok(Err(NotArrived::BrokenOff)) => return Err(AppError::BrokenOff),
        Ok(Err(NotArrived::TooLarge)) => return Err(AppError::TooLarge),
        Ok(Err(NotArrived::Store(error))) => return Err(error),
        Ok(Ok(arrived)) => arrived,
    };
    let media_type = media_type(&arrived)?;
    let received = Received {
        file_name: kept_file_name(file_name, media_type),
        media_type,
        size: arrived.size,
        sha256: arrived.sha256,
    };
    app.store
        .transaction(Some(&caller.request_id), async |tx| {
            let (case, permit) = editable(tx, caller, new.application).await?;
            let same = |known: &&Attachment| known.sha256 == received.sha256 && known.purpose == new.purpose;
            if let Some(known) = case.attachments.iter().find(same) {
                return Ok(known.clone());
            }
            let done = tx.attachment_received(&permit, (new, case.applicant), &received, app.clock.now()).await?;
            done.ok_or(AppError::BrokenOff)
        })
        .await
}

/// What a file is, its content says, and nothing else (W-21).
fn media_type(arrived: &Arrived) -> Result<MediaType, AppError> {
    let fault = |code| AppError::from(WorkflowError::InvalidFields(vec![FieldFault::new("/file", code)]));
    if arrived.size == 0 {
        return Err(fault(FieldErrorCode::Required));
    }
    let kind = infer::get(&arrived.head).and_then(|kind| kind.mime_type().parse().ok());
    // Blanks before a PDF's head are let pass by `infer`, but not by us: what begins as something else is something else.
    let begins_so = |kind: &MediaType| *kind != MediaType::Pdf || arrived.head.starts_with(b"%PDF-");
    kind.filter(begins_so).ok_or_else(|| fault(FieldErrorCode::UnsupportedFile))
}

async fn give_up(app: &App, new: &NewAttachment) -> Result<(), AppError> {
    let (permit, now) = (Permit::system(SystemActor::Worker, ()), app.clock.now());
    let given_up: Result<usize, AppError> = app
        .store
        .transaction(None, async |tx| Ok(tx.attachment_give_up(&permit, (new.at, Some(new.id)), now).await?))
        .await;
    given_up?;
    end(app, new.id, &new.object_key).await
}

/// First the bytes go, then the row.
async fn end(app: &App, id: AttachmentId, key: &str) -> Result<(), AppError> {
    app.config.attachments.remove(key).await?;
    let permit = Permit::system(SystemActor::Worker, ());
    app.store.transaction(None, async |tx| Ok(tx.attachment_forget(&permit, id).await?)).await
}

/// Ends what a crash or a broken line left: uploads that will not arrive any more, and files that were removed. Gives how
/// many (W-22).
///
/// # Errors
/// [`AppError::Store`]; what was not ended is ended the next time.
#[tracing::instrument(name = "workflow.end_attachments", skip_all)]
pub async fn end_attachments(app: &App) -> Result<usize, AppError> {
    let (permit, now) = (Permit::system(SystemActor::Worker, ()), app.clock.now());
    app.store
        .transaction(None, async |tx| {
            Ok::<_, AppError>(tx.attachment_give_up(&permit, (now - GIVEN_UP_AFTER, None), now).await?)
        })
        .await?;
    let mut ended = 0;
    loop {
        let removed = app.store.attachment_list_removed(ENDED_AT_ONCE).await?;
        if removed.is_empty() {
            return Ok(ended);
        }
        for (id, key) in &removed {
            end(app, *id, key).await?;
        }
        ended += removed.len();
    }
}

/// A file and its bytes, and the reading in the audit when the case is not one's own.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`].
#[tracing::instrument(name = "workflow.get_attachment", skip_all)]
pub async fn get_attachment(
    app: &App,
    caller: &Caller,
    id: AttachmentId,
) -> Result<(Attachment, BoxStream<'static, Result<Bytes, object_store::Error>>), AppError> {
    const ACTION: &str = "workflow.get_attachment";
    let StoredAttachment { attachment, application, object_key } =
        app.store.attachment_get(id).await?.ok_or(AppError::NotFound)?;
    let case = app.store.application_get(application).await?.ok_or(AppError::NotFound)?;
    let permit = match authorize(&caller.actor, WorkflowAction::Read, &case.value.facts()) {
        Ok(permit) => permit,
        Err(denied) => return Err(app.refused(caller, ACTION, subject(application), None, denied.into()).await),
    };
    if caller.actor.acting.is_some() || !case.value.applicant.is(&caller.actor) {
        let subject = ("application", application.uuid());
        let (person, association) = (case.value.applicant.person(), permit.as_clerk_of());
        app.seen(caller, Reading { action: ACTION, subject, person, association }).await;
    }
    Ok((attachment, app.config.attachments.read(&object_key).await?))
}

/// Takes a file out of its case.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`], [`WorkflowError::WrongState`].
#[tracing::instrument(name = "workflow.remove_attachment", skip_all)]
pub async fn remove_attachment(app: &App, caller: &Caller, id: AttachmentId) -> Result<(), AppError> {
    let StoredAttachment { attachment, application, object_key } =
        app.store.attachment_get(id).await?.ok_or(AppError::NotFound)?;
    let now = app.clock.now();
    let removed = app
        .store
        .transaction(Some(&caller.request_id), async |tx| {
            let (case, permit) = editable(tx, caller, application).await?;
            let about: (ApplicationId, Applicant) = (application, case.applicant);
            if !tx.attachment_remove(&permit, about, &attachment, now).await? {
                return Err(AppError::NotFound);
            }
            Ok(())
        })
        .await;
    if let Err(error) = removed {
        return Err(app.refused(caller, "workflow.remove_attachment", subject(application), None, error).await);
    }
    // The worker ends what is not ended here.
    if let Err(error) = end(app, id, &object_key).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "the bytes of a removed file stay for now");
    }
    Ok(())
}

/// The case, locked, if the caller may change it now.
async fn editable(
    tx: &mut Tx,
    caller: &Caller,
    id: ApplicationId,
) -> Result<(Application, Permit<WorkflowAction>), AppError> {
    let Stored { value: case, .. } = tx.application_for_update(id).await?.ok_or(AppError::NotFound)?;
    let permit = authorize(&caller.actor, WorkflowAction::Save, &case.facts())?;
    rules::editable(&case)?;
    Ok((case, permit))
}
