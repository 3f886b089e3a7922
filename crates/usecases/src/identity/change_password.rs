use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{PasswordStrength, Permit, ThrottleRule, judge_password};
use mamis_domain::notices::Mail;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{FieldErrorCode, SessionEndReason};
use mamis_persistence::identity::Account;

use super::account_event;
use super::log_in::account_key;
use crate::notices::queue_notice;
use crate::{App, AppError, Caller};

/// Changes the caller's own password and ends the account's other sessions.
///
/// Rules ID-1 (guessing the current password gets as slow as guessing at the log-in), ID-5 (what a password must be);
/// source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::LoginThrottled`]; [`WorkflowError::InvalidFields`] when the current password is wrong or the new one refused.
#[tracing::instrument(name = "identity.change_password", skip_all)]
pub async fn change_password(app: &App, caller: &Caller, current: String, new: String) -> Result<(), AppError> {
    let now = app.clock.now();
    let (id, session) = (caller.actor.account, caller.actor.session);
    let account = own_password(app, caller, current, "identity.change_password").await?;
    let key = account_key(&account.login_id);
    let event = account_event("identity.change_password", AuditOutcome::Done, id, now);
    if let Some(fault) = strength(app, &account, new.clone()).await?.fault {
        return Err(refused("/new_password", fault));
    }
    let hash = app.new_password_hash(new).await?;
    let ended = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = Permit::session(id);
            tx.password_set(&permit, id, &hash, now).await?;
            let ended = tx.sessions_end_others(id, session, SessionEndReason::PasswordChanged, now).await?;
            tx.login_succeeded(&key).await?;
            tx.audit_append(&permit, event).await?;
            queue_notice(app, tx, &permit, &account, &Mail::PasswordChanged).await?;
            Ok(ended)
        })
        .await?;
    for session in ended {
        app.actors.invalidate(&(id, session)).await;
    }
    Ok(())
}

/// Says how good a password would be for the caller (ID-5); nothing is kept.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the account has gone.
pub async fn check_password(app: &App, caller: &Caller, password: String) -> Result<PasswordStrength, AppError> {
    let account = app.store.account_get(caller.actor.account).await?.ok_or(AppError::NotSignedIn)?;
    strength(app, &account, password).await
}

pub(super) async fn strength(app: &App, account: &Account, password: String) -> Result<PasswordStrength, AppError> {
    let mut own = vec![account.login_id.clone()];
    own.extend(account.display_name.split_whitespace().map(str::to_owned));
    if let Some(person) = account.person {
        own.extend(app.store.person_own_data(person).await?);
    }
    judged(password, own).await
}

/// Judges a password (ID-5) on a thread of its own: long ones take milliseconds.
pub(super) async fn judged(password: String, own_data: Vec<String>) -> Result<PasswordStrength, AppError> {
    let judged = tokio::task::spawn_blocking(move || {
        let own: Vec<&str> = own_data.iter().map(String::as_str).collect();
        judge_password(&password, &own)
    });
    judged.await.map_err(|_| AppError::Internal("judging a password died"))
}

/// The caller's account, when the password shown is its own; a wrong one is recorded as a refused `action`.
pub(super) async fn own_password(
    app: &App,
    caller: &Caller,
    password: String,
    action: &'static str,
) -> Result<Account, AppError> {
    let now = app.clock.now();
    let id = caller.actor.account;
    let account = app.store.account_get(id).await?.ok_or(AppError::NotSignedIn)?;
    let key = account_key(&account.login_id);
    app.not_throttled(std::slice::from_ref(&key)).await?;
    if app.password_matches(password, Some(account.password_hash.clone())).await? {
        return Ok(account);
    }
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            tx.login_failed(&key, &ThrottleRule::ACCOUNT, now).await?;
            let event = account_event(action, AuditOutcome::Denied, id, now);
            Ok(tx.audit_append(&Permit::session(id), event).await?)
        })
        .await?;
    Err(refused("/current_password", FieldErrorCode::WrongPassword))
}

/// One field's fault as an error.
pub(super) fn refused(pointer: &str, code: FieldErrorCode) -> AppError {
    WorkflowError::InvalidFields(vec![FieldFault::new(pointer, code)]).into()
}
