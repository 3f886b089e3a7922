use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{ENROLMENT_HOLDS, Permit, SystemActor, ThrottleRule};
use mamis_kernel::Language;
use mamis_persistence::identity::{Enrolment, NewEnrolment};
use subtle::ConstantTimeEq;

use super::super::letters::temporary::{hash_password, plain};
use super::super::log_in::{Origin, address_key};
use super::super::tokens::{hash, new_token};
use super::{again, record, token_hash};
use crate::{App, AppError};

/// An enrolment that was begun.
pub struct BegunEnrolment {
    /// For the cookie.
    pub token: String,
    /// Where it stands.
    pub enrolment: Enrolment,
}

/// Begins with what stands on a letter. What was begun with the same letter before is over.
///
/// Rules ID-1, ID-3 (a log-in id that stands on no letter gets the same answer after the same work), ID-71; source:
/// docs/rules/identity.md.
///
/// # Errors
/// [`AppError::LoginThrottled`]; [`AppError::LoginFailed`]; [`AppError::LetterOver`] to who has the right password of a letter
/// that works no longer.
#[tracing::instrument(name = "identity.begin_enrolment", skip_all)]
pub async fn begin_enrolment(
    app: &App,
    (login_id, password): (&str, &str),
    language: Language,
    origin: &Origin,
    request_id: &str,
) -> Result<BegunEnrolment, AppError> {
    const ACTION: &str = "identity.begin_enrolment";
    let now = app.clock.now();
    let login_id = plain(login_id);
    let keys = [hash(&format!("letter:{login_id}")).to_vec(), address_key(origin)];
    app.not_throttled(&keys).await?;
    let shown = hash_password(app, &login_id, password);
    let (token, _) = new_token()?;
    let hash = token_hash(app, &token);
    app.store
        .transaction(Some(request_id), async |tx| {
            let letter = tx.letter_for_update(&login_id).await?;
            let kept = letter.as_ref().and_then(|letter| letter.password_hash.clone());
            // Against something in any case: the time must not tell which ids there are.
            let matches = bool::from(shown.as_slice().ct_eq(kept.as_deref().unwrap_or(&[0; 32])));
            let Some(letter) = letter.filter(|_| matches) else {
                tx.login_failed(&keys[0], &ThrottleRule::ACCOUNT, now).await?;
                tx.login_failed(&keys[1], &ThrottleRule::ADDRESS, now).await?;
                record(tx, ACTION, AuditOutcome::Denied, None, now).await?;
                return Ok(Err(AppError::LoginFailed));
            };
            if !letter.dates.opens(now) {
                record(tx, ACTION, AuditOutcome::Denied, Some(letter.id), now).await?;
                return Ok(Err(AppError::LetterOver));
            }
            tx.login_succeeded(&keys[0]).await?;
            let expires_at = now + ENROLMENT_HOLDS;
            let new = NewEnrolment { id: app.new_id(), token_hash: hash, letter: letter.id, language, expires_at };
            tx.enrolment_insert(&Permit::system(SystemActor::Visitor, ()), &new, now).await?;
            record(tx, ACTION, AuditOutcome::Done, Some(letter.id), now).await?;
            let enrolment = again(app, tx, &token).await?;
            // A verdict leaves the transaction as a value: what failed is counted, and that is committed.
            Ok::<_, AppError>(Ok(enrolment))
        })
        .await?
        .map(|enrolment| BegunEnrolment { token, enrolment })
}

/// Where an enrolment stands.
///
/// # Errors
/// [`AppError::ChallengeOver`] when there is none, it has run out, or its letter works no longer.
pub async fn get_enrolment(app: &App, token: &str) -> Result<Enrolment, AppError> {
    app.store.enrolment_get(&token_hash(app, token), app.clock.now()).await?.ok_or(AppError::ChallengeOver)
}
