use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_kernel::{SessionEndReason, SessionId};
use mamis_persistence::identity::Session;

use super::{account_event, session_event};
use crate::{App, AppError, Caller};

/// The caller's own sessions, newest first, after `after`; ended ones too, which makes the list the history of log-ins.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_sessions(
    app: &App,
    caller: &Caller,
    after: Option<SessionId>,
    limit: i64,
) -> Result<Vec<Session>, AppError> {
    Ok(app.store.session_list(caller.actor.account, after, limit).await?)
}

/// Ends one of the caller's own sessions. Ending one that has ended is fine.
///
/// # Errors
/// [`AppError::NotFound`] when it is not the caller's.
#[tracing::instrument(name = "identity.end_session", skip_all)]
pub async fn end_session(app: &App, caller: &Caller, session: SessionId) -> Result<(), AppError> {
    end(app, caller, session, ("identity.end_session", SessionEndReason::Revoked)).await
}

/// Ends the session that asks.
///
/// # Errors
/// [`AppError::Store`]
#[tracing::instrument(name = "identity.log_out", skip_all)]
pub async fn log_out(app: &App, caller: &Caller) -> Result<(), AppError> {
    end(app, caller, caller.actor.session, ("identity.log_out", SessionEndReason::LoggedOut)).await
}

async fn end(
    app: &App,
    caller: &Caller,
    session: SessionId,
    (action, reason): (&'static str, SessionEndReason),
) -> Result<(), AppError> {
    let now = app.clock.now();
    let account = caller.actor.account;
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            if !tx.session_belongs_to(session, account).await? {
                return Err(AppError::NotFound);
            }
            if tx.session_end(session, reason, now).await? {
                let event = session_event(action, AuditOutcome::Done, Some(session), now);
                tx.audit_append(&Permit::session(account), event).await?;
            }
            Ok(())
        })
        .await?;
    app.actors.invalidate(&(account, session)).await;
    Ok(())
}

/// Ends all of the caller's sessions but this one; gives how many there were.
///
/// # Errors
/// [`AppError::Store`]
#[tracing::instrument(name = "identity.end_other_sessions", skip_all)]
pub async fn end_other_sessions(app: &App, caller: &Caller) -> Result<usize, AppError> {
    let now = app.clock.now();
    let (account, current) = (caller.actor.account, caller.actor.session);
    let ended = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let ended = tx.sessions_end_others(account, current, SessionEndReason::Revoked, now).await?;
            let event = account_event("identity.end_other_sessions", AuditOutcome::Done, account, now);
            tx.audit_append(&Permit::session(account), event).await?;
            Ok(ended)
        })
        .await?;
    for session in &ended {
        app.actors.invalidate(&(account, *session)).await;
    }
    Ok(ended.len())
}
