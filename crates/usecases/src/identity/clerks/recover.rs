use chrono::{DateTime, TimeDelta, Utc};
use mamis_domain::identity::policy::RoleTerm;
use mamis_domain::identity::{Denied, RECOVERY_HOLDS};
use mamis_domain::notices::{Mail, ResetLink};
use mamis_kernel::{ClerkRoleId, SessionEndReason};
use mamis_persistence::identity::{Account, ClerkRecovery, NewRecovery};

use super::super::recovery::token_hash;
use super::super::tokens::new_token;
use super::change::{opened, subject};
use super::{done, forget_actor};
use crate::notices::{MailTo, queue_mail};
use crate::{App, AppError, Caller};

/// How long a second administrator has.
const WAITS: TimeDelta = TimeDelta::days(1);

/// What came of an administrator's word that a clerk is to be let in again.
#[derive(Debug, Clone)]
pub enum ClerkLetIn {
    /// It was the first; another administrator has until then.
    Waits(DateTime<Utc>),
    /// It was the second. The clerk was sent a link to a new password; who has no address is handed this one.
    Done(Option<String>),
}

/// Says that a clerk who lost the way in is to be let in again. It takes two administrators of the association: the first
/// asks, another one confirms. Then the second factors are gone, every session ends, and a link leads to a new password.
///
/// Rule ID-76 (four eyes; never one's own account, a physician's, or one with roles elsewhere); source:
/// docs/rules/identity.md#id-76.
///
/// # Errors
/// Those of [`change_clerk_role`](super::change_clerk_role); [`AppError::AccountState`] for an account that may not sign in.
#[tracing::instrument(name = "identity.recover_clerk", skip_all)]
pub async fn recover_clerk(app: &App, caller: &Caller, id: ClerkRoleId, reason: &str) -> Result<ClerkLetIn, AppError> {
    const ACTION: &str = "identity.recover_clerk";
    let (now, today, own) = (app.clock.now(), app.clock.today(), caller.actor.account);
    let directory = app.directory().await?;
    let (token, _) = new_token()?;
    let result = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let same = tx.clerk_role_for_update(id).await?.ok_or(AppError::NotFound)?.dated;
            let term = RoleTerm { role: same.role, last_day: same.period.last_day() };
            let (before, permit) = opened(app, tx, caller, &directory, id, Some(term)).await?;
            let association = before.place.association().ok_or(AppError::NotFound)?;
            let account = tx.account_get(before.account).await?.ok_or(AppError::NotFound)?;
            let elsewhere = tx.holds_roles_elsewhere(account.id, association, today).await?;
            if account.id == own || account.person.is_some() || elsewhere {
                return Err(Denied::Forbidden.into());
            }
            if !account.may_sign_in() {
                return Err(AppError::AccountState);
            }
            let wish = tx.clerk_recovery_for_update(account.id, association, now).await?;
            let Some(wish) = wish.filter(|wish| wish.asked_by != own) else {
                let wish = ClerkRecovery {
                    id: app.new_id(),
                    account: account.id,
                    association,
                    reason: reason.to_owned(),
                    asked_by: own,
                    expires_at: now + WAITS,
                };
                tx.clerk_recovery_ask(&permit, &wish, now).await?;
                tx.audit_append(&permit, done(app, "identity.ask_clerk_recovery", ("clerk_role", id.uuid()))).await?;
                return Ok((ClerkLetIn::Waits(wish.expires_at), account, Vec::new()));
            };
            tx.clerk_recovery_confirm(&permit, &wish, own, now).await?;
            let ended = tx.sessions_end_all(account.id, SessionEndReason::Revoked, now).await?;
            let token_hash = token_hash(app, &token);
            let new =
                NewRecovery { id: app.new_id(), token_hash, account: account.id, expires_at: now + RECOVERY_HOLDS };
            tx.recovery_insert(&permit, &new, now).await?;
            let url = format!("{}/recover#{token}", app.config.public_url);
            let url = match send(app, tx, &permit, &account, &url).await? {
                true => None,
                false => Some(url),
            };
            tx.audit_append(&permit, done(app, ACTION, ("clerk_role", id.uuid()))).await?;
            Ok((ClerkLetIn::Done(url), account, ended))
        })
        .await;
    match result {
        Ok((let_in, account, ended)) => {
            forget_actor(app, account.id, &ended).await;
            Ok(let_in)
        }
        Err(error) => Err(app.refused(caller, ACTION, subject(id), None, error).await),
    }
}

/// Sends the link to the account's address, if there is one.
async fn send<A: Copy>(
    app: &App,
    tx: &mut mamis_persistence::Tx,
    permit: &mamis_domain::identity::Permit<A>,
    account: &Account,
    url: &str,
) -> Result<bool, AppError> {
    let Some(address) = account.email.clone() else { return Ok(false) };
    let to = MailTo { account: Some(account.id), address, language: account.language };
    let links = vec![ResetLink { login_id: account.login_id.clone(), url: url.to_owned() }];
    let minutes = u32::try_from(RECOVERY_HOLDS.num_minutes()).unwrap_or(u32::MAX);
    queue_mail(app, tx, permit, to, &Mail::PasswordReset { links, minutes }).await?;
    Ok(true)
}
