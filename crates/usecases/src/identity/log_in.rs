use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{CHALLENGE_HOLDS, Device, Permit, SystemActor, ThrottleRule};
use mamis_kernel::{AccountId, Assurance, FactorKind, SessionId};
use mamis_persistence::Tx;
use mamis_persistence::identity::{Account, Challenge, ChallengeKind, NewSession};

use super::factors::kinds;
use super::session_event;
use super::tokens::{hash, new_token};
use super::told::tell_of_new_device;
use crate::{App, AppError};

/// Accounts that may share an address and still sign in by it; a log-in by address always takes as much work as this many
/// comparisons, so that the time tells nothing of how many there are.
const ACCOUNTS_AN_ADDRESS: usize = 3;

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

/// What a right password leads to.
pub enum LogIn {
    /// A session.
    Opened(OpenedSession),
    /// The account has a second factor, which is wanted now.
    SecondStep(SecondStep),
}

/// The second step of a log-in.
pub struct SecondStep {
    /// To be sent back with the code.
    pub challenge: String,
    /// What may be shown.
    pub factors: Vec<FactorKind>,
    /// Until when.
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

/// What failures from an address are counted under.
pub(super) fn address_key(origin: &Origin) -> Vec<u8> {
    hash(&format!("address:{}", origin.address)).to_vec()
}

/// Signs in by login id or address, and password.
///
/// Rules ID-1 (guessing gets slow), ID-3 (an account that does not exist answers like one that does, after as much work) and
/// ID-24 (an address signs in when one of its accounts, and only one, has the password); source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::LoginThrottled`] after many failures; [`AppError::LoginFailed`] otherwise.
#[tracing::instrument(name = "identity.log_in", skip_all)]
pub async fn log_in(
    app: &App,
    name: &str,
    password: String,
    origin: Origin,
    request_id: &str,
) -> Result<LogIn, AppError> {
    let now = app.clock.now();
    let (name_key, address_key) = (account_key(name), address_key(&origin));
    if let Err(throttled) = app.not_throttled(&[name_key.clone(), address_key.clone()]).await {
        metrics::counter!("mamis_log_ins_total", "outcome" => "throttled").increment(1);
        return Err(throttled);
    }
    let candidates = candidates(app, name, now).await?;
    // Failures by the address count for each of its accounts too: guessing at both doors is no way around the wait.
    let mut failing: BTreeSet<Vec<u8>> = candidates.iter().map(|account| account_key(&account.login_id)).collect();
    failing.insert(name_key);
    match one_that_matches(app, name, candidates, password).await? {
        Some(account) => {
            let passed = app
                .store
                .transaction(Some(request_id), async |tx| {
                    for key in &failing {
                        tx.login_succeeded(key).await?;
                    }
                    pass_first_step(app, tx, &account, &origin).await
                })
                .await?;
            let outcome = if matches!(passed, LogIn::Opened(_)) { "opened" } else { "second_step" };
            metrics::counter!("mamis_log_ins_total", "outcome" => outcome).increment(1);
            Ok(passed)
        }
        None => {
            metrics::counter!("mamis_log_ins_total", "outcome" => "failed").increment(1);
            app.store
                .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
                    for key in &failing {
                        tx.login_failed(key, &ThrottleRule::ACCOUNT, now).await?;
                    }
                    tx.login_failed(&address_key, &ThrottleRule::ADDRESS, now).await?;
                    let event = session_event("identity.log_in", AuditOutcome::Denied, None, now);
                    Ok(tx.audit_append(&Permit::system(SystemActor::Visitor, ()), event).await?)
                })
                .await?;
            Err(AppError::LoginFailed)
        }
    }
}

/// The accounts that may be meant: that of the login id, else those of the address which are not waiting (ID-1).
async fn candidates(app: &App, name: &str, now: DateTime<Utc>) -> Result<Vec<Account>, AppError> {
    if let Some(account) = app.store.account_by_login(name).await? {
        return Ok(vec![account]);
    }
    if !name.contains('@') {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(ACCOUNTS_AN_ADDRESS).unwrap_or(i64::MAX).saturating_add(1);
    let found = app.store.accounts_by_email(name, limit).await?;
    let mut free = Vec::new();
    for account in found {
        let key = account_key(&account.login_id);
        // Without a word: 429 would tell whose address it is.
        if app.store.login_blocked_until(&[key], now).await?.is_none() {
            free.push(account);
        }
    }
    Ok(if free.len() > ACCOUNTS_AN_ADDRESS { Vec::new() } else { free })
}

/// The one active account that has this password, if it is only one.
async fn one_that_matches(
    app: &App,
    name: &str,
    candidates: Vec<Account>,
    password: String,
) -> Result<Option<Account>, AppError> {
    let comparisons = if name.contains('@') { ACCOUNTS_AN_ADDRESS } else { 1 };
    let mut candidates = candidates.into_iter();
    let mut matching = Vec::new();
    for _ in 0..comparisons {
        let candidate = candidates.next();
        let stored = candidate.as_ref().map(|account| account.password_hash.clone());
        let matches = app.password_matches(password.clone(), stored).await?;
        matching.extend(candidate.filter(|account| matches && account.may_sign_in()));
    }
    Ok(matching.pop().filter(|_| matching.is_empty()))
}

/// Goes on after a password, a recovery or an enrolment that proved who somebody is: to a session, or to the second step when
/// the account has a second factor.
pub(super) async fn pass_first_step(
    app: &App,
    tx: &mut Tx,
    account: &Account,
    origin: &Origin,
) -> Result<LogIn, AppError> {
    let factors = kinds(tx.factors_get(account.id).await?);
    if factors.is_empty() {
        return Ok(LogIn::Opened(open_session(app, tx, account, origin, Assurance::Password).await?));
    }
    let now = app.clock.now();
    let (challenge, token_hash) = new_token()?;
    let expires_at = now + CHALLENGE_HOLDS;
    tx.challenge_insert(&Challenge {
        token_hash: token_hash.to_vec(),
        kind: ChallengeKind::SecondStep,
        account: Some(account.id),
        state: None,
        expires_at,
    })
    .await?;
    let event = session_event("identity.begin_log_in", AuditOutcome::Done, None, now);
    tx.audit_append(&Permit::session(account.id), event).await?;
    Ok(LogIn::SecondStep(SecondStep { challenge, factors, expires_at }))
}

/// Opens a session, after all that is asked of this account was shown. What else is written stands in the same transaction.
pub(super) async fn open_session(
    app: &App,
    tx: &mut Tx,
    account: &Account,
    origin: &Origin,
    assurance: Assurance,
) -> Result<OpenedSession, AppError> {
    tell_of_new_device(app, tx, account, origin).await?;
    let opened = start_session(app, tx, account.id, origin, assurance).await?;
    let event = session_event("identity.log_in", AuditOutcome::Done, Some(opened.session), app.clock.now());
    tx.audit_append(&Permit::session(account.id), event).await?;
    Ok(opened)
}

/// Starts a session; the caller writes the audit event of what led to it.
pub(super) async fn start_session(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    origin: &Origin,
    assurance: Assurance,
) -> Result<OpenedSession, AppError> {
    let now = app.clock.now();
    let session = SessionId::from_uuid(app.new_id());
    let expires_at = now + TimeDelta::days(i64::from(app.config.session_days));
    let (refresh_token, token_hash) = new_token()?;
    let Origin { address, device } = origin.clone();
    let new = NewSession { id: session, account, started_at: now, expires_at, device, address, assurance };
    tx.session_start(&new, &token_hash).await?;
    Ok(OpenedSession {
        account,
        session,
        access_token: app.tokens.issue(account, session, now, app.config.access_token_seconds)?,
        access_token_seconds: app.config.access_token_seconds,
        refresh_token,
        expires_at,
    })
}
