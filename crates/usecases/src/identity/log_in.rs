use chrono::{DateTime, TimeDelta, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Device, Permit, SystemActor, ThrottleRule};
use mamis_kernel::{AccountId, SessionId};
use mamis_persistence::Tx;
use mamis_persistence::identity::{Account, NewSession};

use super::session_event;
use super::tokens::{hash, new_refresh_token};
use crate::{App, AppError};

/// A session as its owner gets it.
pub struct OpenedSession {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub session: SessionId,
    /// For the header.
    pub access_token: String,
    /// Seconds it holds.
    pub access_token_seconds: u32,
    /// For the cookie.
    pub refresh_token: String,
    /// When the session ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// Where a log-in comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The network address.
    pub address: String,
    /// The browser and its system.
    pub device: Device,
}

/// What failed log-ins to an account are counted under.
pub(super) fn account_key(login_id: &str) -> Vec<u8> {
    hash(&format!("account:{}", login_id.to_lowercase())).to_vec()
}

/// Signs in by login id and password.
///
/// Rule ID-1 (guessing gets slow); source: docs/rules/identity.md#id-1. An account that does not exist answers like one
/// that does, after as much work.
///
/// # Errors
/// [`AppError::LoginThrottled`] after many failures; [`AppError::LoginFailed`] otherwise.
#[tracing::instrument(name = "identity.log_in", skip_all)]
pub async fn log_in(
    app: &App,
    login_id: &str,
    password: String,
    origin: Origin,
    request_id: &str,
) -> Result<OpenedSession, AppError> {
    let now = app.clock.now();
    let keys = [account_key(login_id), hash(&format!("address:{}", origin.address)).to_vec()];
    if let Err(throttled) = app.not_throttled(&keys).await {
        metrics::counter!("mamis_log_ins_total", "outcome" => "throttled").increment(1);
        return Err(throttled);
    }
    let [account_key, address_key] = keys;
    let account = app.store.account_by_login(login_id).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let matches = app.password_matches(password, stored).await?;
    match account.filter(|account| matches && account.may_sign_in()) {
        Some(account) => {
            metrics::counter!("mamis_log_ins_total", "outcome" => "opened").increment(1);
            open(app, &account, (&account_key, origin), now, request_id).await
        }
        None => {
            metrics::counter!("mamis_log_ins_total", "outcome" => "failed").increment(1);
            app.store
                .transaction(Some(request_id), async |tx| {
                    tx.login_failed(&account_key, &ThrottleRule::ACCOUNT, now).await?;
                    tx.login_failed(&address_key, &ThrottleRule::ADDRESS, now).await?;
                    audit(tx, &Permit::system(SystemActor::Visitor, ()), AuditOutcome::Denied, None, now).await
                })
                .await?;
            Err(AppError::LoginFailed)
        }
    }
}

async fn open(
    app: &App,
    account: &Account,
    (account_key, origin): (&[u8], Origin),
    now: DateTime<Utc>,
    request_id: &str,
) -> Result<OpenedSession, AppError> {
    let (new, token_hash, opened) = new_session(app, account.id, origin, now)?;
    app.store
        .transaction(Some(request_id), async |tx| {
            tx.session_start(&new, &token_hash).await?;
            tx.login_succeeded(account_key).await?;
            audit(tx, &Permit::session(account.id), AuditOutcome::Done, Some(new.id), now).await
        })
        .await?;
    Ok(opened)
}

/// A session to be started, the hash of its first refresh token, and what its owner gets.
pub(super) fn new_session(
    app: &App,
    account: AccountId,
    Origin { address, device }: Origin,
    now: DateTime<Utc>,
) -> Result<(NewSession, [u8; 32], OpenedSession), AppError> {
    let session = SessionId::from_uuid(app.new_id());
    let expires_at = now + TimeDelta::days(i64::from(app.config.session_days));
    let (refresh_token, token_hash) = new_refresh_token()?;
    let new = NewSession { id: session, account, started_at: now, expires_at, device, address };
    let opened = OpenedSession {
        account,
        session,
        access_token: app.tokens.issue(account, session, now, app.config.access_token_seconds)?,
        access_token_seconds: app.config.access_token_seconds,
        refresh_token,
        expires_at,
    };
    Ok((new, token_hash, opened))
}

async fn audit(
    tx: &mut Tx,
    permit: &Permit<()>,
    outcome: AuditOutcome,
    session: Option<SessionId>,
    at: DateTime<Utc>,
) -> Result<(), AppError> {
    Ok(tx.audit_append(permit, session_event("identity.log_in", outcome, session, at)).await?)
}
