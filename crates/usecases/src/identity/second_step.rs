use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{CHALLENGE_TRIES, Permit, ThrottleRule};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{Assurance, FactorKind, FieldErrorCode};
use mamis_persistence::identity::ChallengeKind;

use super::factors::{code_key, take_recovery_code, take_totp_code};
use super::log_in::{Origin, address_key, open_session};
use super::tokens::hash;
use super::{OpenedSession, session_event};
use crate::{App, AppError};

/// How a second step ended. It leaves the transaction as a value: what failed is counted, and that is committed.
enum Step {
    Opened(OpenedSession),
    Wrong,
    Over,
    Throttled(AppError),
}

/// Takes the second step of a log-in: a code of the authenticator app, or one from the printed sheet.
///
/// Rules ID-1 (guessing gets slow: per account, apart from its passwords, and per address; after five wrong codes the password
/// is wanted again), ID-21, ID-22; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::ChallengeOver`] when the challenge is none of ours, was answered, or has run out; [`AppError::LoginThrottled`];
/// [`WorkflowError::InvalidFields`] when the code is wrong.
#[tracing::instrument(name = "identity.take_second_step", skip_all)]
pub async fn take_second_step(
    app: &App,
    challenge: &str,
    (kind, code): (FactorKind, &str),
    origin: Origin,
    request_id: &str,
) -> Result<OpenedSession, AppError> {
    let (now, token_hash) = (app.clock.now(), hash(challenge));
    let step = app
        .store
        .transaction(Some(request_id), async |tx| -> Result<Step, AppError> {
            let wanted = tx.challenge_for_update(&token_hash, ChallengeKind::SecondStep, CHALLENGE_TRIES, now).await?;
            let Some(id) = wanted.and_then(|challenge| challenge.account) else { return Ok(Step::Over) };
            let keys = [code_key(id), address_key(&origin)];
            if let Some(until) = tx.login_blocked_until(&keys, now).await? {
                return Ok(Step::Throttled(AppError::throttled(until, now)));
            }
            let account = tx.account_get(id).await?.filter(|account| account.may_sign_in());
            let Some(account) = account else { return Ok(Step::Over) };
            let [code_key, address_key] = keys;
            let right = match kind {
                FactorKind::Totp => take_totp_code(app, tx, id, code, now).await?,
                FactorKind::RecoveryCode => take_recovery_code(app, tx, id, code, now).await?,
                // A passkey is no code to be typed: it signs in by itself.
                FactorKind::Passkey => false,
            };
            if !right {
                tx.challenge_answered(&token_hash, None).await?;
                tx.login_failed(&code_key, &ThrottleRule::ACCOUNT, now).await?;
                tx.login_failed(&address_key, &ThrottleRule::ADDRESS, now).await?;
                let event = session_event("identity.take_second_step", AuditOutcome::Denied, None, now);
                tx.audit_append(&Permit::session(id), event).await?;
                return Ok(Step::Wrong);
            }
            tx.challenge_answered(&token_hash, Some(now)).await?;
            tx.login_succeeded(&code_key).await?;
            Ok(Step::Opened(open_session(app, tx, &account, &origin, Assurance::SecondFactor).await?))
        })
        .await?;
    let count = |outcome: &'static str| metrics::counter!("mamis_log_ins_total", "outcome" => outcome).increment(1);
    match step {
        Step::Opened(opened) => {
            count("opened");
            Ok(opened)
        }
        Step::Wrong => {
            count("failed");
            Err(WorkflowError::InvalidFields(vec![FieldFault::new("/code", FieldErrorCode::WrongCode)]).into())
        }
        Step::Over => Err(AppError::ChallengeOver),
        Step::Throttled(error) => {
            count("throttled");
            Err(error)
        }
    }
}
