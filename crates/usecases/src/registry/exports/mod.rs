//! An association's members as a file, written in the background.

mod make;

pub use make::{end_exports, write_exports};

use bytes::Bytes;
use futures_util::Stream;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Denied, Permit};
use mamis_domain::registry::chosen_columns;
use mamis_domain::registry::policy::{RegistryAction, authorize_export, authorize_members};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{ExportFormat, ExportId, ExportState, FieldErrorCode, MemberColumn};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::{Export, LostCellRow, NewExport};
use serde_json::json;

use super::members::{MemberSearch, question};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// A file as it is asked for.
#[derive(Debug, Clone)]
pub struct RequestExport {
    /// Which members.
    pub search: MemberSearch,
    /// What for.
    pub purpose: String,
    /// What kind of file.
    pub format: ExportFormat,
    /// Which columns; all when `None`.
    pub columns: Option<Vec<MemberColumn>>,
}

impl App {
    /// Waits until somebody here asks for a file: its writer need not wait for its next look.
    pub async fn export_asked(&self) {
        self.export_asked.notified().await;
    }
}

/// Asks for a file of members, and leaves in the audit who takes it for what. The worker writes it.
///
/// Rules VIS-1, EXP-1, EXP-3; source: docs/rules/registry.md.
///
/// # Errors
/// [`AppError::Denied`] below an operator of the association; field faults.
#[tracing::instrument(name = "registry.export_members", skip_all)]
pub async fn request_export(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    command: RequestExport,
    render: impl AsyncFnOnce(Export) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    const ACTION: &str = "registry.export_members";
    let RequestExport { mut search, purpose, format, columns } = command;
    let (now, today, association) = (app.clock.now(), app.clock.today(), search.association);
    // What is written is what was seen: a day that was not named is today's, however late it is written.
    let day = *search.as_of.get_or_insert(today);
    let asked = app
        .once(caller, idempotency, async |tx| {
            let actor = tx.actor_afresh(&caller.actor, today).await?;
            let permit = authorize_members(&actor, RegistryAction::ExportMembers, association)?;
            let purpose = purpose.trim().to_owned();
            let mut faults = Vec::new();
            if purpose.is_empty() {
                faults.push(FieldFault::new("/purpose", FieldErrorCode::Required));
            }
            let columns = chosen_columns(columns).map_err(|fault| faults.push(fault)).unwrap_or_default();
            if !faults.is_empty() {
                return Err(WorkflowError::InvalidFields(faults).into());
            }
            question(app, &search, true).await?;
            let stored = serde_json::to_value(&search).map_err(|_| AppError::Internal("a search cannot be kept"))?;
            let payload = json!({ "purpose": purpose, "format": format, "columns": columns, "search": stored });
            let id = ExportId::from_uuid(app.new_id());
            let by = caller.actor.account;
            let new = NewExport { id, association, by, search: stored, purpose, format, columns, day, at: now };
            let export = tx.export_insert(&permit, &new).await?;
            let event = NewAuditEvent {
                action: ACTION,
                outcome: AuditOutcome::Done,
                subject_kind: "association",
                subject_id: Some(association.uuid()),
                person: None,
                at: now,
                payload: Some(payload),
            };
            tx.audit_append(&permit, event).await?;
            render(export).await
        })
        .await;
    match asked {
        Ok(answer) => {
            app.export_asked.notify_one();
            Ok(answer)
        }
        Err(error) => {
            let subject = ("association", Some(association.uuid()));
            Err(app.refused(caller, ACTION, subject, None, error).await)
        }
    }
}

/// The files one asked for oneself, newest first.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_exports(
    app: &App,
    caller: &Caller,
    after: Option<ExportId>,
    limit: i64,
) -> Result<Vec<Export>, AppError> {
    Ok(app.store.export_list(caller.actor.account, after, limit).await?)
}

/// A file that one asked for oneself.
///
/// # Errors
/// [`AppError::NotFound`] for anybody else's.
pub async fn get_export(app: &App, caller: &Caller, id: ExportId) -> Result<Export, AppError> {
    let export = app.store.export_get(id).await?.ok_or(AppError::NotFound)?;
    match authorize_export(&caller.actor, export.association(), export.requested_by()) {
        // Who is no operator there any more sees what was asked for, and fetches nothing.
        Ok(_) | Err(Denied::Forbidden | Denied::NotYourStep) => Ok(export),
        Err(Denied::Hidden) => Err(AppError::NotFound),
    }
}

/// The cells that a file could not hold as they are.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`].
pub async fn list_unwritable(
    app: &App,
    caller: &Caller,
    id: ExportId,
    after: Option<(i64, i32)>,
    limit: i64,
) -> Result<(Export, Vec<LostCellRow>), AppError> {
    let (export, permit) = permitted(app, caller, "registry.list_unwritable_cells", id).await?;
    let cells = app.store.export_lost_cell_list(&permit, id, after, limit).await?;
    Ok((export, cells))
}

/// Takes a file back; its bytes go.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; [`WorkflowError::WrongState`] when it has ended already.
#[tracing::instrument(name = "registry.cancel_export", skip_all)]
pub async fn cancel_export(app: &App, caller: &Caller, id: ExportId) -> Result<Export, AppError> {
    const ACTION: &str = "registry.cancel_export";
    let (_, permit) = permitted(app, caller, ACTION, id).await?;
    let event = about(app, ACTION, id, None);
    let cancelled = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let export = tx.export_cancel(&permit, id).await?.ok_or(WorkflowError::WrongState)?;
            tx.audit_append(&permit, event).await?;
            Ok(export)
        })
        .await?;
    // The worker ends what is not ended here.
    if let Err(error) = end_exports(app).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "the bytes of a cancelled file stay for now");
    }
    Ok(cancelled)
}

/// The bytes of a file. Each time is audited.
///
/// Rules EXP-1, EXP-2; source: docs/rules/registry.md.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; [`WorkflowError::WrongState`] when it is not written yet, or its time is over.
#[tracing::instrument(name = "registry.fetch_export", skip_all)]
pub async fn fetch_export(
    app: &App,
    caller: &Caller,
    id: ExportId,
) -> Result<(Export, impl Stream<Item = Result<Bytes, AppError>> + use<>), AppError> {
    const ACTION: &str = "registry.fetch_export";
    let (export, permit) = permitted(app, caller, ACTION, id).await?;
    let is_ready = export.state == ExportState::Ready.as_str();
    let holds = export.expires_at.is_some_and(|until| app.clock.now() < until);
    let Some(key) = export.object_key.as_deref().filter(|_| is_ready && holds) else {
        return Err(WorkflowError::WrongState.into());
    };
    let sealed = app.config.attachments.read(key).await?;
    let lines = json!({ "lines": export.rows_done, "format": export.format });
    let event = about(app, ACTION, id, Some(lines));
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<(), AppError> {
            Ok(tx.audit_append(&permit, event).await?)
        })
        .await?;
    Ok((export, make::unsealed(app.tokens.clone(), id.uuid(), sealed)))
}

fn about(app: &App, action: &'static str, id: ExportId, payload: Option<serde_json::Value>) -> NewAuditEvent<'static> {
    NewAuditEvent {
        action,
        outcome: AuditOutcome::Done,
        subject_kind: "export",
        subject_id: Some(id.uuid()),
        person: None,
        at: app.clock.now(),
        payload,
    }
}

async fn permitted(
    app: &App,
    caller: &Caller,
    action: &'static str,
    id: ExportId,
) -> Result<(Export, Permit<RegistryAction>), AppError> {
    let export = app.store.export_get(id).await?.ok_or(AppError::NotFound)?;
    match authorize_export(&caller.actor, export.association(), export.requested_by()) {
        Ok(permit) => Ok((export, permit)),
        Err(denied) => Err(app.refused(caller, action, ("export", Some(id.uuid())), None, denied.into()).await),
    }
}
