use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{CHALLENGE_HOLDS, Permit, SystemActor, ThrottleRule};
use mamis_domain::notices::FactorChange;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{AccountId, Assurance, FieldErrorCode, PasskeyId};
use mamis_persistence::Tx;
use mamis_persistence::identity::{Account, AccountState, Challenge, ChallengeKind, Passkey};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

use super::factors::{factor_added, lower_without_factors, new_recovery_codes, require_recent_proof};
use super::log_in::{Origin, address_key, open_session};
use super::tokens::{hash, new_token};
use super::told::tell_of_factor;
use super::{OpenedSession, account_event, session_event};
use crate::{App, AppError, Caller};

/// As the device shows it beside its own name.
const NAME: &str = "MAMIS";
/// A challenge for a passkey is answered once, rightly or not.
const TRIES: i32 = 1;
const BROKEN: AppError = AppError::Internal("what is kept of a passkey cannot be read");

/// What a device is asked to sign.
pub struct PasskeyChallenge {
    /// To be sent back with the signature.
    pub challenge: String,
    /// For the browser, as WebAuthn has it (`…OptionsFromJSON`).
    pub options: Value,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Passkeys belong to the host of the public address; an address without a name has none.
fn webauthn(app: &App) -> Result<Webauthn, AppError> {
    let origin = Url::parse(&app.config.public_url).map_err(|_| AppError::NotFound)?;
    let host = origin.domain().ok_or(AppError::NotFound)?;
    let built = WebauthnBuilder::new(host, &origin).and_then(|builder| builder.rp_name(NAME).build());
    built.map_err(|_| AppError::NotFound)
}

fn to_json(value: &impl serde::Serialize) -> Result<Value, AppError> {
    serde_json::to_value(value).map_err(|_| BROKEN)
}

async fn put_challenge(
    tx: &mut Tx,
    kind: ChallengeKind,
    account: Option<AccountId>,
    state: &impl serde::Serialize,
    now: DateTime<Utc>,
) -> Result<(String, DateTime<Utc>), AppError> {
    let (challenge, token_hash) = new_token()?;
    let expires_at = now + CHALLENGE_HOLDS;
    let state = Some(to_json(state)?);
    tx.challenge_insert(&Challenge { token_hash: token_hash.to_vec(), kind, account, state, expires_at }).await?;
    Ok((challenge, expires_at))
}

/// The caller's passkeys.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_passkeys(app: &App, caller: &Caller) -> Result<Vec<Passkey>, AppError> {
    Ok(app.store.passkey_list(caller.actor.account).await?)
}

/// Begins to add a passkey: what the caller's device is asked for.
///
/// Rule ID-25 (a passkey is found by its device and asks for a finger, a face or a PIN); source: docs/rules/identity.md#id-25.
///
/// # Errors
/// [`AppError::ProofRequired`]; [`AppError::NotFound`] when the public address is none that passkeys can belong to.
#[tracing::instrument(name = "identity.begin_passkey", skip_all)]
pub async fn begin_passkey(app: &App, caller: &Caller) -> Result<PasskeyChallenge, AppError> {
    require_recent_proof(app, caller).await?;
    let (id, now) = (caller.actor.account, app.clock.now());
    let account = app.store.account_get(id).await?.ok_or(AppError::NotSignedIn)?;
    let known = app.store.passkey_list(id).await?.into_iter().map(|passkey| passkey.credential_id).collect();
    let started =
        webauthn(app)?.start_passkey_registration(id.uuid(), &account.login_id, &account.display_name, Some(known));
    let (asked, state) = started.map_err(|_| AppError::Internal("a passkey cannot be asked for"))?;
    let mut options = to_json(&asked.public_key)?;
    // A passkey that its device does not find by itself would make us name it to whoever types a login id.
    options["authenticatorSelection"]["residentKey"] = json!("required");
    options["authenticatorSelection"]["requireResidentKey"] = json!(true);
    app.store
        .transaction(Some(&caller.request_id), async |tx| {
            let kind = ChallengeKind::PasskeyRegistration;
            let (challenge, expires_at) = put_challenge(tx, kind, Some(id), &state, now).await?;
            let event = account_event("identity.begin_passkey", AuditOutcome::Done, id, now);
            tx.audit_append(&Permit::session(id), event).await?;
            Ok(PasskeyChallenge { challenge, options, expires_at })
        })
        .await
}

/// Adds the passkey that the caller's device made. Gives recovery codes when there are none.
///
/// # Errors
/// [`AppError::ChallengeOver`]; [`WorkflowError::InvalidFields`] when the device's answer does not hold.
#[tracing::instrument(name = "identity.register_passkey", skip_all)]
pub async fn register_passkey(
    app: &App,
    caller: &Caller,
    challenge: &str,
    credential: Value,
    label: &str,
) -> Result<Vec<String>, AppError> {
    let (id, session, now) = (caller.actor.account, caller.actor.session, app.clock.now());
    let made: RegisterPublicKeyCredential = serde_json::from_value(credential).map_err(|_| unreadable())?;
    let (webauthn, token_hash) = (webauthn(app)?, hash(challenge));
    let (codes, hashes) = new_recovery_codes(app, id)?;
    let added = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let asked = tx.challenge_for_update(&token_hash, ChallengeKind::PasskeyRegistration, TRIES, now).await?;
            let asked = asked.filter(|asked| asked.account == Some(id)).ok_or(AppError::ChallengeOver)?;
            let state: PasskeyRegistration =
                asked.state.and_then(|state| serde_json::from_value(state).ok()).ok_or(BROKEN)?;
            let permit = Permit::session(id);
            let event = |outcome| account_event("identity.register_passkey", outcome, id, now);
            let added = match webauthn.finish_passkey_registration(&made, &state) {
                Ok(credential) => {
                    let new = Passkey {
                        id: PasskeyId::from_uuid(app.new_id()),
                        account: id,
                        credential_id: credential.cred_id().to_vec(),
                        credential: to_json(&credential)?,
                        label: label.to_owned(),
                        added_at: now,
                        last_used_at: None,
                    };
                    tx.passkey_insert(&permit, &new).await?
                }
                Err(_) => false,
            };
            if !added {
                tx.challenge_answered(&token_hash, None).await?;
                tx.audit_append(&permit, event(AuditOutcome::Denied)).await?;
                return Ok(None);
            }
            tx.challenge_answered(&token_hash, Some(now)).await?;
            let had_codes =
                factor_added(app, tx, caller, (FactorChange::PasskeyAdded, Assurance::Passkey), &hashes).await?;
            tx.audit_append(&permit, event(AuditOutcome::Done)).await?;
            Ok(Some(had_codes))
        })
        .await?;
    app.actors.invalidate(&(id, session)).await;
    match added {
        Some(true) => Ok(Vec::new()),
        Some(false) => Ok(codes),
        None => Err(unreadable()),
    }
}

fn unreadable() -> AppError {
    WorkflowError::InvalidFields(vec![FieldFault::new("/credential", FieldErrorCode::InvalidFormat)]).into()
}

/// Calls one of the caller's passkeys by another name.
///
/// # Errors
/// [`AppError::NotFound`] when it is not the caller's.
#[tracing::instrument(name = "identity.rename_passkey", skip_all)]
pub async fn rename_passkey(app: &App, caller: &Caller, passkey: PasskeyId, label: &str) -> Result<(), AppError> {
    let (id, now) = (caller.actor.account, app.clock.now());
    app.store
        .transaction(Some(&caller.request_id), async |tx| {
            let permit = Permit::session(id);
            if !tx.passkey_rename(&permit, id, passkey, label).await? {
                return Err(AppError::NotFound);
            }
            let event = account_event("identity.rename_passkey", AuditOutcome::Done, id, now);
            Ok(tx.audit_append(&permit, event).await?)
        })
        .await
}

/// Removes one of the caller's passkeys. Sessions of an account that has no other second factor count as opened by password
/// alone from then on.
///
/// # Errors
/// [`AppError::ProofRequired`]; [`AppError::NotFound`] when it is not the caller's.
#[tracing::instrument(name = "identity.remove_passkey", skip_all)]
pub async fn remove_passkey(app: &App, caller: &Caller, passkey: PasskeyId) -> Result<(), AppError> {
    require_recent_proof(app, caller).await?;
    let (id, now) = (caller.actor.account, app.clock.now());
    let lowered = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = Permit::session(id);
            if !tx.passkey_remove(&permit, id, passkey).await? {
                return Err(AppError::NotFound);
            }
            let lowered = lower_without_factors(tx, id).await?;
            tell_of_factor(app, tx, id, FactorChange::PasskeyRemoved).await?;
            tx.audit_append(&permit, account_event("identity.remove_passkey", AuditOutcome::Done, id, now)).await?;
            Ok(lowered)
        })
        .await?;
    for session in lowered {
        app.actors.invalidate(&(id, session)).await;
    }
    Ok(())
}

/// Begins a log-in by passkey. It names nobody, so that it tells nothing about anybody: the device finds its passkey.
///
/// # Errors
/// [`AppError::NotFound`] when the public address is none that passkeys can belong to.
#[tracing::instrument(name = "identity.begin_passkey_log_in", skip_all)]
pub async fn begin_passkey_log_in(app: &App, request_id: &str) -> Result<PasskeyChallenge, AppError> {
    let now = app.clock.now();
    let started = webauthn(app)?.start_discoverable_authentication();
    let (asked, state) = started.map_err(|_| AppError::Internal("a passkey cannot be asked for"))?;
    let options = to_json(&asked.public_key)?;
    app.store
        .transaction(Some(request_id), async |tx| {
            let (challenge, expires_at) = put_challenge(tx, ChallengeKind::PasskeyLogIn, None, &state, now).await?;
            let event = session_event("identity.begin_passkey_log_in", AuditOutcome::Done, None, now);
            tx.audit_append(&Permit::system(SystemActor::Visitor, ()), event).await?;
            Ok(PasskeyChallenge { challenge, options, expires_at })
        })
        .await
}

/// Signs in by passkey. Its device has asked for a finger, a face or a PIN, so that nothing more is wanted.
///
/// # Errors
/// [`AppError::LoginThrottled`] after many failures from one address; [`AppError::LoginFailed`] otherwise.
#[tracing::instrument(name = "identity.log_in_by_passkey", skip_all)]
pub async fn log_in_by_passkey(
    app: &App,
    challenge: &str,
    credential: Value,
    origin: Origin,
    request_id: &str,
) -> Result<OpenedSession, AppError> {
    let (now, token_hash, key) = (app.clock.now(), hash(challenge), address_key(&origin));
    let shown: PublicKeyCredential = serde_json::from_value(credential).map_err(|_| unreadable())?;
    let webauthn = webauthn(app)?;
    if let Some(until) = app.store.login_blocked_until(std::slice::from_ref(&key), now).await? {
        return Err(AppError::throttled(until, now));
    }
    let opened = app
        .store
        .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
            let asked = tx.challenge_for_update(&token_hash, ChallengeKind::PasskeyLogIn, TRIES, now).await?;
            let state = asked.and_then(|asked| asked.state);
            let account = match state {
                Some(state) => signer(tx, &webauthn, &shown, state, now).await?,
                None => None,
            };
            let Some(account) = account else {
                tx.challenge_answered(&token_hash, None).await?;
                tx.login_failed(&key, &ThrottleRule::ADDRESS, now).await?;
                let event = session_event("identity.log_in", AuditOutcome::Denied, None, now);
                tx.audit_append(&Permit::system(SystemActor::Visitor, ()), event).await?;
                return Ok(None);
            };
            tx.challenge_answered(&token_hash, Some(now)).await?;
            Ok(Some(open_session(app, tx, &account, &origin, Assurance::Passkey).await?))
        })
        .await?;
    let outcome = if opened.is_some() { "opened" } else { "failed" };
    metrics::counter!("mamis_log_ins_total", "outcome" => outcome).increment(1);
    opened.ok_or(AppError::LoginFailed)
}

/// The active account whose passkey signed what was asked.
async fn signer(
    tx: &mut Tx,
    webauthn: &Webauthn,
    shown: &PublicKeyCredential,
    state: Value,
    now: DateTime<Utc>,
) -> Result<Option<Account>, AppError> {
    let state: DiscoverableAuthentication = serde_json::from_value(state).map_err(|_| BROKEN)?;
    let Ok((owner, credential_id)) = webauthn.identify_discoverable_authentication(shown) else { return Ok(None) };
    let Some(passkey) = tx.passkey_by_credential(credential_id).await? else { return Ok(None) };
    let mut credential: Credential = serde_json::from_value(passkey.credential).map_err(|_| BROKEN)?;
    let Ok(result) = webauthn.finish_discoverable_authentication_v2(shown, state, &credential) else { return Ok(None) };
    if passkey.account.uuid() != owner || !result.user_verified() {
        return Ok(None);
    }
    credential.update_credential(&result);
    tx.passkey_used(passkey.id, &to_json(&credential)?, now).await?;
    Ok(tx.account_get(passkey.account).await?.filter(|account| account.state == AccountState::Active))
}
