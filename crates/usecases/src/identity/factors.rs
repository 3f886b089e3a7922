use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{
    Permit, RECOVERY_CODES, SETUP_HOLDS, TOTP_SKEW, ThrottleRule, is_recent, read_totp_code, recovery_code, takes_step,
};
use mamis_domain::notices::FactorChange;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{AccountId, Assurance, FactorKind, FieldErrorCode};
use mamis_persistence::Tx;
use mamis_persistence::identity::{Factors, TotpFactor};
use qrcode::{Color, EcLevel, QrCode};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use super::log_in::account_key;
use super::secrets::random;
use super::tokens::hash;
use super::told::tell_of_factor;
use super::{account_event, session_event};
use crate::{App, AppError, Caller};

/// Bits of a secret: RFC 4226 recommends 160.
const SECRET_BYTES: usize = 20;
/// As authenticator apps show it.
const ISSUER: &str = "MAMIS";

/// An authenticator app that is being set up.
pub struct TotpSetup {
    /// The secret, for those who cannot take a picture: Base32.
    pub secret: String,
    /// The same as a link that opens the app on this device.
    pub uri: String,
    /// The same as a square of black and white.
    pub qr: Qr,
    /// Until when its first code must be typed.
    pub expires_at: DateTime<Utc>,
}

/// A QR code.
pub struct Qr {
    /// Modules on each side.
    pub size: usize,
    /// The black ones, as an SVG path.
    pub path: String,
}

/// What was just proved in an open session.
pub enum Proof {
    /// The password.
    Password(String),
    /// A code of the authenticator app.
    Code(String),
}

/// What failed codes of an account are counted under; apart from passwords, since they come after one that was right.
pub(super) fn code_key(account: AccountId) -> Vec<u8> {
    hash(&format!("code:{account}")).to_vec()
}

/// What may be shown beside the password. Recovery codes stand in for what was lost: alone they ask for no second step.
pub(super) fn kinds(factors: Factors) -> Vec<FactorKind> {
    let (totp, passkey) = (factors.totp_since.is_some(), factors.passkeys > 0);
    let codes = (totp || passkey) && factors.recovery_codes > 0;
    [(totp, FactorKind::Totp), (passkey, FactorKind::Passkey), (codes, FactorKind::RecoveryCode)]
        .into_iter()
        .filter_map(|(there, kind)| there.then_some(kind))
        .collect()
}

fn totp(secret: &[u8], login_id: &str) -> Result<Totp, AppError> {
    let secret = Secret::new(secret.into());
    // A colon would end the issuer in the link.
    let name = login_id.replace(':', "_");
    let built =
        Builder::new().with_secret(secret).with_skew(TOTP_SKEW).with_issuer(Some(ISSUER)).with_account_name(name);
    built.build().map_err(|_| AppError::Internal("an authenticator app's secret is of no use"))
}

/// The time step whose code was typed, if any.
fn step_of(totp: &Totp, typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let code = read_totp_code(typed)?;
    let matched = totp.check(&code, u64::try_from(now.timestamp()).ok()?)?;
    i64::try_from(matched).ok()
}

fn wrong_code() -> AppError {
    WorkflowError::InvalidFields(vec![FieldFault::new("/code", FieldErrorCode::WrongCode)]).into()
}

/// Takes a code of the account's authenticator app, once (ID-21).
pub(super) async fn take_totp_code(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let Some(factor) = tx.totp_for_update(account).await? else { return Ok(false) };
    let secret = app.tokens.secrets.unseal(account, &factor.secret)?;
    match step_of(&totp(&secret, "")?, typed, now).filter(|step| takes_step(*step, Some(factor.last_step))) {
        Some(step) => {
            tx.totp_step_taken(account, step).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// Uses one of the account's recovery codes up (ID-22).
pub(super) async fn take_recovery_code(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let Some(hash) = app.tokens.hash_recovery_code(account, typed) else { return Ok(false) };
    Ok(tx.recovery_code_use(account, &hash, now).await?)
}

/// What the caller can show beside the password, and whether more is wanted.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_factors(app: &App, caller: &Caller) -> Result<Factors, AppError> {
    Ok(app.store.factors_get(caller.actor.account).await?)
}

/// Demands that the caller proved lately who it is. Whatever changes how one signs in asks this first.
///
/// Rule ID-23; source: docs/rules/identity.md#id-23.
///
/// # Errors
/// [`AppError::ProofRequired`]
pub async fn require_recent_proof(app: &App, caller: &Caller) -> Result<(), AppError> {
    let proved_at = app.store.session_proved_at(caller.actor.session).await?.ok_or(AppError::NotSignedIn)?;
    if is_recent(proved_at, app.clock.now()) { Ok(()) } else { Err(AppError::ProofRequired) }
}

/// Proves again who the caller is, for the next ten minutes (ID-23). A code makes a session that began with a password alone
/// as sure as one that began with both.
///
/// # Errors
/// [`AppError::LoginThrottled`]; [`WorkflowError::InvalidFields`] when it is the wrong one.
#[tracing::instrument(name = "identity.prove", skip_all)]
pub async fn prove(app: &App, caller: &Caller, proof: Proof) -> Result<(), AppError> {
    let now = app.clock.now();
    let (id, session) = (caller.actor.account, caller.actor.session);
    let account = app.store.account_get(id).await?.ok_or(AppError::NotSignedIn)?;
    let (key, raised) = match &proof {
        Proof::Password(_) => (account_key(&account.login_id), None),
        Proof::Code(_) => (code_key(id), Some(Assurance::SecondFactor)),
    };
    if let Some(until) = app.store.login_blocked_until(std::slice::from_ref(&key), now).await? {
        return Err(AppError::throttled(until, now));
    }
    let (password, code) = match proof {
        Proof::Password(password) => (Some(app.password_matches(password, Some(account.password_hash)).await?), None),
        Proof::Code(code) => (None, Some(code)),
    };
    let right = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let right = match (&code, password) {
                (Some(code), _) => take_totp_code(app, tx, id, code, now).await?,
                (None, matches) => matches == Some(true),
            };
            let outcome = if right { AuditOutcome::Done } else { AuditOutcome::Denied };
            if right {
                tx.login_succeeded(&key).await?;
                tx.session_proved(session, raised, now).await?;
            } else {
                tx.login_failed(&key, &ThrottleRule::ACCOUNT, now).await?;
            }
            let event = session_event("identity.prove", outcome, Some(session), now);
            tx.audit_append(&Permit::session(id), event).await?;
            Ok(right)
        })
        .await?;
    app.actors.invalidate(&(id, session)).await;
    match (right, code) {
        (true, _) => Ok(()),
        (false, Some(_)) => Err(wrong_code()),
        (false, None) => {
            let fault = FieldFault::new("/password", FieldErrorCode::WrongPassword);
            Err(WorkflowError::InvalidFields(vec![fault]).into())
        }
    }
}

/// Begins to set an authenticator app up. The one in use, if there is one, works until the first code of the new one.
///
/// # Errors
/// [`AppError::ProofRequired`]
#[tracing::instrument(name = "identity.begin_totp", skip_all)]
pub async fn begin_totp(app: &App, caller: &Caller) -> Result<TotpSetup, AppError> {
    require_recent_proof(app, caller).await?;
    let (id, now) = (caller.actor.account, app.clock.now());
    let account = app.store.account_get(id).await?.ok_or(AppError::NotSignedIn)?;
    let secret: [u8; SECRET_BYTES] = random()?;
    let sealed = app.tokens.secrets.seal(id, &secret)?;
    let totp = totp(&secret, &account.login_id)?;
    let uri = totp.to_url().map_err(|_| AppError::Internal("an authenticator app's link cannot be written"))?;
    let setup = TotpSetup { secret: totp.secret().to_base32(), qr: qr(&uri)?, uri, expires_at: now + SETUP_HOLDS };
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = Permit::session(id);
            tx.totp_setup_put(&permit, id, &sealed, setup.expires_at).await?;
            Ok(tx.audit_append(&permit, account_event("identity.begin_totp", AuditOutcome::Done, id, now)).await?)
        })
        .await?;
    Ok(setup)
}

fn qr(text: &str) -> Result<Qr, AppError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|_| AppError::Internal("a text is too long for a QR code"))?;
    let size = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % size, at / size));
        }
    }
    Ok(Qr { size, path })
}

/// What follows whichever second factor was added: the session counts as opened with it, its owner is told, and gets recovery
/// codes unless there are some. Says whether there were.
pub(super) async fn factor_added(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    (change, assurance): (FactorChange, Assurance),
    hashes: &[(Uuid, [u8; 32])],
) -> Result<bool, AppError> {
    let id = caller.actor.account;
    tx.session_proved(caller.actor.session, Some(assurance), app.clock.now()).await?;
    let had_codes = tx.factors_get(id).await?.recovery_codes > 0;
    if !had_codes {
        tx.recovery_codes_replace(&Permit::session(id), id, hashes).await?;
    }
    tell_of_factor(app, tx, id, change).await?;
    Ok(had_codes)
}

/// Takes the app into use, by its first code. Gives recovery codes when there are none: a lost telephone must not lock
/// anybody out.
///
/// # Errors
/// [`AppError::ChallengeOver`] when nothing was begun or it has run out; [`AppError::LoginThrottled`];
/// [`WorkflowError::InvalidFields`] when the code is wrong.
#[tracing::instrument(name = "identity.confirm_totp", skip_all)]
pub async fn confirm_totp(app: &App, caller: &Caller, typed: &str) -> Result<Vec<String>, AppError> {
    let (id, session, now) = (caller.actor.account, caller.actor.session, app.clock.now());
    let key = code_key(id);
    if let Some(until) = app.store.login_blocked_until(std::slice::from_ref(&key), now).await? {
        return Err(AppError::throttled(until, now));
    }
    let (codes, hashes) = new_recovery_codes(app, id)?;
    let confirmed = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let sealed = tx.totp_setup_for_update(id, now).await?.ok_or(AppError::ChallengeOver)?;
            let permit = Permit::session(id);
            let event = |outcome| account_event("identity.confirm_totp", outcome, id, now);
            let secret = app.tokens.secrets.unseal(id, &sealed)?;
            let Some(step) = step_of(&totp(&secret, "")?, typed, now) else {
                tx.login_failed(&key, &ThrottleRule::ACCOUNT, now).await?;
                tx.audit_append(&permit, event(AuditOutcome::Denied)).await?;
                return Ok(None);
            };
            tx.totp_confirm(&permit, id, &TotpFactor { secret: sealed, last_step: step }, now).await?;
            tx.login_succeeded(&key).await?;
            let had_codes =
                factor_added(app, tx, caller, (FactorChange::TotpAdded, Assurance::SecondFactor), &hashes).await?;
            tx.audit_append(&permit, event(AuditOutcome::Done)).await?;
            Ok(Some(had_codes))
        })
        .await?;
    app.actors.invalidate(&(id, session)).await;
    match confirmed {
        Some(true) => Ok(Vec::new()),
        Some(false) => Ok(codes),
        None => Err(wrong_code()),
    }
}

/// Takes the authenticator app out of use. Sessions of an account that has no other second factor count as opened by password
/// alone from then on.
///
/// # Errors
/// [`AppError::ProofRequired`]; [`AppError::NotFound`] when there is none.
#[tracing::instrument(name = "identity.remove_totp", skip_all)]
pub async fn remove_totp(app: &App, caller: &Caller) -> Result<(), AppError> {
    require_recent_proof(app, caller).await?;
    let (id, now) = (caller.actor.account, app.clock.now());
    let lowered = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = Permit::session(id);
            if !tx.totp_remove(&permit, id).await? {
                return Err(AppError::NotFound);
            }
            let lowered = lower_without_factors(tx, id).await?;
            tell_of_factor(app, tx, id, FactorChange::TotpRemoved).await?;
            tx.audit_append(&permit, account_event("identity.remove_totp", AuditOutcome::Done, id, now)).await?;
            Ok(lowered)
        })
        .await?;
    for session in lowered {
        app.actors.invalidate(&(id, session)).await;
    }
    Ok(())
}

pub(super) async fn lower_without_factors(
    tx: &mut Tx,
    account: AccountId,
) -> Result<Vec<mamis_kernel::SessionId>, AppError> {
    if kinds(tx.factors_get(account).await?).is_empty() {
        Ok(tx.sessions_lower(account).await?)
    } else {
        Ok(Vec::new())
    }
}

/// Gives the caller other recovery codes; those before are worth nothing (ID-22).
///
/// # Errors
/// [`AppError::ProofRequired`]
#[tracing::instrument(name = "identity.renew_recovery_codes", skip_all)]
pub async fn renew_recovery_codes(app: &App, caller: &Caller) -> Result<Vec<String>, AppError> {
    require_recent_proof(app, caller).await?;
    let (id, now) = (caller.actor.account, app.clock.now());
    let (codes, hashes) = new_recovery_codes(app, id)?;
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = Permit::session(id);
            tx.recovery_codes_replace(&permit, id, &hashes).await?;
            tell_of_factor(app, tx, id, FactorChange::RecoveryCodesRenewed).await?;
            let event = account_event("identity.renew_recovery_codes", AuditOutcome::Done, id, now);
            Ok(tx.audit_append(&permit, event).await?)
        })
        .await?;
    Ok(codes)
}

type Hashed = (Uuid, [u8; 32]);

pub(super) fn new_recovery_codes(app: &App, account: AccountId) -> Result<(Vec<String>, Vec<Hashed>), AppError> {
    let mut codes = Vec::new();
    let mut hashes = Vec::new();
    while codes.len() < RECOVERY_CODES {
        let code = recovery_code(random()?);
        let hash = app.tokens.hash_recovery_code(account, &code);
        hashes.push((app.new_id(), hash.ok_or(AppError::Internal("a recovery code of ours cannot be read"))?));
        codes.push(code);
    }
    Ok((codes, hashes))
}
