use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_kernel::SessionEndReason;

use super::tokens::{hash, new_token};
use super::{OpenedSession, session_event};
use crate::{App, AppError};

/// Two tabs that refresh at once, or an answer lost on its way, show a token a second time; for this long that is no theft.
const REUSE_GRACE: TimeDelta = TimeDelta::seconds(30);

/// Exchanges a refresh token for the next one and an access token.
///
/// Rule ID-2 (a refresh token works once; shown again later it ends the session, since a copy of it is about); source:
/// docs/rules/identity.md#id-2.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the token is not ours, was used, or its session has ended.
#[tracing::instrument(name = "identity.refresh", skip_all)]
pub async fn refresh(app: &App, refresh_token: &str, request_id: &str) -> Result<OpenedSession, AppError> {
    let now = app.clock.now();
    let shown = hash(refresh_token);
    let (next, next_hash) = new_token()?;
    // The verdict leaves the transaction as a value: ending a stolen session must be committed, not rolled back.
    let found = app
        .store
        .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
            let Some(token) = tx.refresh_token_for_update(&shown).await? else { return Ok(None) };
            if token.ended_at.is_some() || token.expires_at <= now {
                return Ok(None);
            }
            if token.used_at.is_some_and(|used| used + REUSE_GRACE < now) {
                tx.session_end(token.session, SessionEndReason::TokenReused, now).await?;
                let event = session_event("identity.refresh", AuditOutcome::Denied, Some(token.session), now);
                tx.audit_append(&Permit::session(token.account), event).await?;
                app.actors.invalidate(&(token.account, token.session)).await;
                return Ok(None);
            }
            tx.refresh_token_used(&shown, now).await?;
            tx.refresh_token_insert(token.session, &next_hash, now).await?;
            tx.session_used(token.session, now).await?;
            let event = session_event("identity.refresh", AuditOutcome::Done, Some(token.session), now);
            tx.audit_append(&Permit::session(token.account), event).await?;
            Ok(Some(token))
        })
        .await?;
    let token = found.ok_or(AppError::NotSignedIn)?;
    Ok(OpenedSession {
        account: token.account,
        session: token.session,
        access_token: app.tokens.issue(token.account, token.session, now, app.config.access_token_seconds)?,
        access_token_seconds: app.config.access_token_seconds,
        refresh_token: next,
        expires_at: token.expires_at,
    })
}
