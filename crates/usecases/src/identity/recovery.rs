use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, RECOVERY_HOLDS, SystemActor, ThrottleRule};
use mamis_domain::notices::{Mail, ResetLink};
use mamis_kernel::SessionEndReason;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::identity::{Account, NewRecovery};
use mamis_persistence::{StoreError, Tx};

use super::account_event;
use super::change_password::{refused, strength};
use super::log_in::account_key;
use super::tokens::{hash, new_token};
use crate::notices::{MailTo, queue_mail, queue_notice};
use crate::{App, AppError};

/// Accounts at one address that are sent a link each; more are helped by their association.
const LINKS: i64 = 10;

pub(super) fn token_hash(app: &App, token: &str) -> [u8; 32] {
    app.tokens.keyed_hash("recovery", token)
}

fn address_key(network_address: &str) -> Vec<u8> {
    hash(&format!("recovery-address:{network_address}")).to_vec()
}

fn nobodys_event(action: &'static str, outcome: AuditOutcome, app: &App) -> NewAuditEvent<'static> {
    let at = app.clock.now();
    NewAuditEvent { action, outcome, subject_kind: "account", subject_id: None, person: None, at, payload: None }
}

/// Writes down that somebody wants a way back in. Whether there is such an account is found out afterwards, by
/// [`answer_recoveries`].
///
/// Rules ID-3, ID-75 (neither the answer nor its time tells whether there is an account); source: docs/rules/identity.md#id-75.
///
/// # Errors
/// [`AppError::LoginThrottled`] after many requests for the same name or from the network address.
#[tracing::instrument(name = "identity.request_recovery", skip_all)]
pub async fn request_recovery(app: &App, name: &str, network_address: &str, request_id: &str) -> Result<(), AppError> {
    let now = app.clock.now();
    let name = name.trim();
    let keys = [hash(&format!("recovery:{}", name.to_lowercase())).to_vec(), address_key(network_address)];
    app.not_throttled(&keys).await?;
    let permit = Permit::system(SystemActor::Visitor, ());
    app.store
        .transaction(Some(request_id), async |tx| {
            tx.login_failed(&keys[0], &ThrottleRule::CODES, now).await?;
            tx.login_failed(&keys[1], &ThrottleRule::ADDRESS, now).await?;
            tx.recovery_request_insert(&permit, app.new_id(), name, now).await?;
            let event = nobodys_event("identity.request_recovery", AuditOutcome::Done, app);
            Ok::<_, AppError>(tx.audit_append(&permit, event).await?)
        })
        .await
}

/// Sends links to the accounts that were asked for, one mail an address; says how many requests were dealt with.
///
/// # Errors
/// [`AppError`]; the request waits for the next time.
pub async fn answer_recoveries(app: &App) -> Result<u64, AppError> {
    let mut answered = 0;
    loop {
        let taken = app
            .store
            .transaction(None, async |tx| {
                let Some(name) = tx.recovery_request_take().await? else { return Ok(false) };
                let accounts = tx.accounts_for_recovery(&name, LINKS).await?;
                send_links(app, tx, accounts).await?;
                Ok::<_, AppError>(true)
            })
            .await?;
        if !taken {
            return Ok(answered);
        }
        answered += 1;
    }
}

async fn send_links(app: &App, tx: &mut Tx, accounts: Vec<Account>) -> Result<(), AppError> {
    let now = app.clock.now();
    let permit = Permit::system(SystemActor::Worker, ());
    let mut links = Vec::new();
    let mut to: Option<MailTo> = None;
    for account in accounts.into_iter().filter(Account::may_sign_in) {
        let Some(address) = account.email else { continue };
        let (token, _) = new_token()?;
        let new = NewRecovery {
            id: app.new_id(),
            token_hash: token_hash(app, &token),
            account: account.id,
            expires_at: now + RECOVERY_HOLDS,
        };
        tx.recovery_insert(&permit, &new, now).await?;
        let event = account_event("identity.send_recovery_link", AuditOutcome::Done, account.id, now);
        tx.audit_append(&permit, event).await?;
        // From the configuration, never from what a request says about itself; behind `#`, where no log sees it.
        let url = format!("{}/recover#{token}", app.config.public_url);
        links.push(ResetLink { login_id: account.login_id, url });
        to.get_or_insert(MailTo { account: None, address, language: account.language });
    }
    let Some(to) = to else { return Ok(()) };
    let minutes = u32::try_from(RECOVERY_HOLDS.num_minutes()).unwrap_or(u32::MAX);
    queue_mail(app, tx, &permit, to, &Mail::PasswordReset { links, minutes }).await
}

/// Gives an account a new password by the link that was sent, and ends all its sessions. The second factor is wanted at the
/// next log-in as ever.
///
/// Rule ID-75 (a link works once, for half an hour); source: docs/rules/identity.md#id-75.
///
/// # Errors
/// [`AppError::ChallengeOver`] when the link is none of ours, was used or has run out; [`AppError::LoginThrottled`]; a field
/// fault for the password (ID-5), which does not cost the link.
#[tracing::instrument(name = "identity.complete_recovery", skip_all)]
pub async fn complete_recovery(
    app: &App,
    token: &str,
    password: String,
    network_address: &str,
    request_id: &str,
) -> Result<(), AppError> {
    const ACTION: &str = "identity.complete_recovery";
    let now = app.clock.now();
    let key = address_key(network_address);
    app.not_throttled(std::slice::from_ref(&key)).await?;
    let token_hash = token_hash(app, token);
    let account = match app.store.recovery_get(&token_hash, now).await? {
        Some(id) => app.store.account_get(id).await?.filter(Account::may_sign_in),
        None => None,
    };
    let Some(account) = account else {
        app.store
            .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
                tx.login_failed(&key, &ThrottleRule::ADDRESS, now).await?;
                let event = nobodys_event(ACTION, AuditOutcome::Denied, app);
                Ok(tx.audit_append(&Permit::system(SystemActor::Visitor, ()), event).await?)
            })
            .await?;
        return Err(AppError::ChallengeOver);
    };
    if let Some(fault) = strength(app, &account, password.clone()).await?.fault {
        return Err(refused("/new_password", fault));
    }
    let password_hash = app.new_password_hash(password).await?;
    let id = account.id;
    let ended = app
        .store
        .transaction(Some(request_id), async |tx| {
            if tx.recovery_use(&token_hash, now).await? != Some(id) {
                return Err(AppError::ChallengeOver);
            }
            let account = tx.account_get(id).await?.filter(Account::may_sign_in).ok_or(AppError::ChallengeOver)?;
            let permit = Permit::session(id);
            tx.password_set(&permit, id, &password_hash, now).await?;
            let ended = tx.sessions_end_all(id, SessionEndReason::PasswordChanged, now).await?;
            tx.login_succeeded(&account_key(&account.login_id)).await?;
            tx.audit_append(&permit, account_event(ACTION, AuditOutcome::Done, id, now)).await?;
            queue_notice(app, tx, &permit, &account, &Mail::PasswordChanged).await?;
            Ok::<_, AppError>(ended)
        })
        .await?;
    for session in ended {
        app.actors.invalidate(&(id, session)).await;
    }
    Ok(())
}

/// Forgets what has run out on the way from letters and links; says how many.
///
/// # Errors
/// [`StoreError`]
pub async fn forget_ways_in(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    Ok(app.store.enrolments_forget(now).await? + app.store.recoveries_forget(now).await?)
}
