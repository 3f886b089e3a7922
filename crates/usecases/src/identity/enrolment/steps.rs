use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{
    IDENTITY_TRIES, IdentityProof, PasswordStrength, Permit, SystemActor, ThrottleRule, proves_identity,
};
use mamis_domain::notices::Mail;
use mamis_kernel::text::{RegistrationNumber, looks_like_email};
use mamis_kernel::{EnrolmentStep, FieldErrorCode, LetterPurpose, MismatchId};
use mamis_persistence::identity::Enrolment;
use mamis_persistence::notices::CodePurpose;

use super::super::change_password::{judged, refused};
use super::super::codes::{self, check_code, issue_code};
use super::super::tokens::hash;
use super::{again, at_step, get_enrolment, record};
use crate::notices::{MailTo, queue_mail};
use crate::{App, AppError};

/// Compares who somebody says to be with the record. What does not match goes to the clerk's list, and which of it is not said.
///
/// Rule ID-73 (five tries with one letter, then a clerk has to look); source: docs/rules/identity.md#id-73.
///
/// # Errors
/// [`AppError::ChallengeOver`]; a field fault for what is no registration number.
#[tracing::instrument(name = "identity.prove_enrolment_identity", skip_all)]
pub async fn prove_identity(
    app: &App,
    token: &str,
    shown: IdentityProof,
    request_id: &str,
) -> Result<Enrolment, AppError> {
    const ACTION: &str = "identity.prove_enrolment_identity";
    let now = app.clock.now();
    let number = RegistrationNumber::parse(&shown.medical_registration_number)
        .map_err(|_| refused("/medical_registration_number", FieldErrorCode::InvalidFormat))?;
    let shown = IdentityProof { medical_registration_number: number.to_string(), ..shown };
    app.store
        .transaction(Some(request_id), async |tx| {
            let enrolment = at_step(app, tx, token, EnrolmentStep::Identity).await?;
            if enrolment.proved {
                return Ok(enrolment);
            }
            let outcome = if enrolment.identity_failures >= IDENTITY_TRIES {
                // Not even compared: guessing has an end.
                AuditOutcome::Denied
            } else if proves_identity(tx.person_identity(enrolment.person).await?.as_ref(), &shown) {
                tx.enrolment_proved(enrolment.id, now).await?;
                tx.mismatch_settled(enrolment.person, now).await?;
                AuditOutcome::Done
            } else {
                let id = MismatchId::from_uuid(app.new_id());
                tx.enrolment_mismatched(&enrolment, (id, &shown), now).await?;
                AuditOutcome::Denied
            };
            record(tx, ACTION, outcome, Some(enrolment.letter), now).await?;
            again(app, tx, token).await
        })
        .await
}

/// Sends a code to the address where its owner wants mail.
///
/// # Errors
/// [`AppError::ChallengeOver`]; [`AppError::LoginThrottled`] after many codes; a field fault for what is no address.
#[tracing::instrument(name = "identity.send_enrolment_code", skip_all)]
pub async fn send_email_code(app: &App, token: &str, email: &str, request_id: &str) -> Result<Enrolment, AppError> {
    let now = app.clock.now();
    let email = email.trim();
    if !looks_like_email(email) {
        return Err(refused("/email", FieldErrorCode::InvalidFormat));
    }
    let letter = get_enrolment(app, token).await?.letter;
    // The mailbox is the same as when somebody registers: two doors are no way to fill it twice.
    let keys = [format!("enrolment-codes:{letter}"), format!("registration-mailbox:{}", email.to_lowercase())];
    let keys = keys.map(|key| hash(&key).to_vec());
    app.not_throttled(&keys).await?;
    let permit = Permit::system(SystemActor::Visitor, ());
    app.store
        .transaction(Some(request_id), async |tx| {
            let enrolment = at_step(app, tx, token, EnrolmentStep::Email).await?;
            for key in &keys {
                tx.login_failed(key, &ThrottleRule::CODES, now).await?;
            }
            let issued = issue_code(app, tx, CodePurpose::Enrolment, (email, None)).await?;
            tx.enrolment_code_sent(enrolment.id, issued.id, email).await?;
            let to = MailTo { account: None, address: email.to_owned(), language: enrolment.language };
            let mail = Mail::ContactCode { code: issued.code, minutes: codes::MINUTES };
            queue_mail(app, tx, &permit, to, &mail).await?;
            let action = "identity.send_enrolment_code";
            record(tx, action, AuditOutcome::Done, Some(enrolment.letter), now).await?;
            again(app, tx, token).await
        })
        .await
}

/// Takes the address over to which the code was sent (ID-10).
///
/// # Errors
/// [`AppError::ChallengeOver`]; a field fault for the code.
#[tracing::instrument(name = "identity.confirm_enrolment_email", skip_all)]
pub async fn confirm_email(app: &App, token: &str, code: &str, request_id: &str) -> Result<Enrolment, AppError> {
    let now = app.clock.now();
    app.store
        .transaction(Some(request_id), async |tx| {
            let enrolment = at_step(app, tx, token, EnrolmentStep::Email).await?;
            let Some((confirmation, _)) = &enrolment.pending else {
                return Ok(Err(refused("/code", FieldErrorCode::CodeSpent)));
            };
            // The verdict leaves the transaction as a value: a wrong guess must be committed to count.
            let verdict = check_code(app, tx, CodePurpose::Enrolment, (*confirmation, None), code).await?.address();
            let outcome = if verdict.is_ok() { AuditOutcome::Done } else { AuditOutcome::Denied };
            record(tx, "identity.confirm_enrolment_email", outcome, Some(enrolment.letter), now).await?;
            match verdict {
                Ok(address) => {
                    tx.enrolment_email(enrolment.id, Some(&address), now).await?;
                    Ok::<_, AppError>(Ok(again(app, tx, token).await?))
                }
                Err(fault) => Ok(Err(refused("/code", fault))),
            }
        })
        .await?
}

/// Notes that its owner has no address: letters go on by post (ID-9).
///
/// # Errors
/// [`AppError::ChallengeOver`]
#[tracing::instrument(name = "identity.decline_enrolment_email", skip_all)]
pub async fn decline_email(app: &App, token: &str, request_id: &str) -> Result<Enrolment, AppError> {
    let now = app.clock.now();
    app.store
        .transaction(Some(request_id), async |tx| {
            let enrolment = at_step(app, tx, token, EnrolmentStep::Email).await?;
            tx.enrolment_email(enrolment.id, None, now).await?;
            let action = "identity.decline_enrolment_email";
            record(tx, action, AuditOutcome::Done, Some(enrolment.letter), now).await?;
            again(app, tx, token).await
        })
        .await
}

/// Says how good a password would be (ID-5); nothing is kept.
///
/// # Errors
/// [`AppError::ChallengeOver`]
pub async fn check_enrolment_password(app: &App, token: &str, password: String) -> Result<PasswordStrength, AppError> {
    let enrolment = get_enrolment(app, token).await?;
    strength(app, &enrolment, None, password).await
}

async fn strength(
    app: &App,
    enrolment: &Enrolment,
    login_id: Option<&str>,
    password: String,
) -> Result<PasswordStrength, AppError> {
    let mut own = app.store.person_own_data(enrolment.person).await?;
    own.push(enrolment.letter_login_id.clone());
    own.extend(login_id.map(str::to_owned));
    judged(password, own).await
}

/// Keeps the password that its owner chose, hashed, and the login id, if another one than the letter's is wanted.
///
/// # Errors
/// [`AppError::ChallengeOver`]; field faults for password (ID-5) and login id.
#[tracing::instrument(name = "identity.choose_enrolment_password", skip_all)]
pub async fn choose_password(
    app: &App,
    token: &str,
    (login_id, password): (Option<&str>, String),
    request_id: &str,
) -> Result<Enrolment, AppError> {
    let now = app.clock.now();
    let before = get_enrolment(app, token).await?;
    if !before.facts().allow(EnrolmentStep::Password) {
        return Err(mamis_domain::workflow::WorkflowError::WrongState.into());
    }
    if let Some(fault) = strength(app, &before, login_id, password.clone()).await?.fault {
        return Err(refused("/password", fault));
    }
    let password_hash = app.new_password_hash(password).await?;
    app.store
        .transaction(Some(request_id), async |tx| {
            let enrolment = at_step(app, tx, token, EnrolmentStep::Password).await?;
            match enrolment.purpose {
                LetterPurpose::Enrolment => {
                    let wanted = login_id.unwrap_or(&enrolment.letter_login_id);
                    if tx.login_id_exists(wanted).await? {
                        return Err(refused("/login_id", FieldErrorCode::Taken));
                    }
                }
                // The account has one, and keeps it.
                LetterPurpose::Recovery if login_id.is_some() => {
                    return Err(refused("/login_id", FieldErrorCode::Conflicting));
                }
                LetterPurpose::Recovery => {}
            }
            tx.enrolment_password(enrolment.id, login_id, &password_hash).await?;
            let action = "identity.choose_enrolment_password";
            record(tx, action, AuditOutcome::Done, Some(enrolment.letter), now).await?;
            again(app, tx, token).await
        })
        .await
}
