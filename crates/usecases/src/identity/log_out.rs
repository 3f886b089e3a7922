use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_kernel::SessionEndReason;
use mamis_persistence::audit::NewAuditEvent;

use crate::{App, AppError, Caller};

/// Ends the caller's session. Ending one that has ended is fine.
///
/// # Errors
/// [`AppError::Store`]
#[tracing::instrument(name = "identity.log_out", skip_all)]
pub async fn log_out(app: &App, caller: &Caller) -> Result<(), AppError> {
    let now = app.clock.now();
    let (account, session) = (caller.actor.account, caller.actor.session);
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            if tx.session_end(session, SessionEndReason::LoggedOut, now).await? {
                let event = NewAuditEvent {
                    action: "identity.log_out",
                    outcome: AuditOutcome::Done,
                    subject_kind: "session",
                    subject_id: Some(session.uuid()),
                    person: None,
                    at: now,
                    payload: None,
                };
                tx.audit_append(&Permit::session(account), event).await?;
            }
            Ok(())
        })
        .await?;
    app.actors.invalidate(&(account, session)).await;
    Ok(())
}
