use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::notices::Mail;
use mamis_kernel::{AccountId, Assurance, EnrolmentStep, FieldErrorCode, LetterPurpose, SessionEndReason, SessionId};
use mamis_persistence::identity::Enrolment;
use mamis_persistence::{Conflict, StoreError, Tx};

use super::super::account_event;
use super::super::change_password::refused;
use super::super::log_in::{LogIn, Origin, account_key, pass_first_step, start_session};
use super::at_step;
use crate::notices::queue_notice;
use crate::{App, AppError};

const ACTION: &str = "identity.complete_enrolment";

/// Finishes: makes the account of a member, or gives the one that is there its new password; the letter works no longer, and
/// a session is opened as by a log-in.
///
/// Rule ID-74 (of two that finish with one letter one wins, for its row is locked); source: docs/rules/identity.md#id-74.
///
/// # Errors
/// [`AppError::ChallengeOver`]; [`mamis_domain::workflow::WorkflowError::WrongState`] while a step is missing;
/// [`AppError::LetterOver`] when the person has an account by now, or its account may not sign in; a field fault when the login
/// id was taken meanwhile.
#[tracing::instrument(name = "identity.complete_enrolment", skip_all)]
pub async fn complete_enrolment(app: &App, token: &str, origin: &Origin, request_id: &str) -> Result<LogIn, AppError> {
    let (log_in, ended) = app
        .store
        .transaction(Some(request_id), async |tx| {
            let enrolment = at_step(app, tx, token, EnrolmentStep::Finish).await?;
            let Some(password_hash) = enrolment.password_hash.clone() else { return Err(AppError::ChallengeOver) };
            match enrolment.purpose {
                LetterPurpose::Enrolment => {
                    let log_in = enrol(app, tx, &enrolment, &password_hash, origin).await?;
                    Ok::<_, AppError>((log_in, None))
                }
                LetterPurpose::Recovery => {
                    let (log_in, account, ended) = recover(app, tx, &enrolment, &password_hash, origin).await?;
                    Ok((log_in, Some((account, ended))))
                }
            }
        })
        .await?;
    if let Some((account, ended)) = ended {
        for session in ended {
            app.actors.invalidate(&(account, session)).await;
        }
    }
    Ok(log_in)
}

async fn enrol(
    app: &App,
    tx: &mut Tx,
    enrolment: &Enrolment,
    password_hash: &str,
    origin: &Origin,
) -> Result<LogIn, AppError> {
    let (now, today) = (app.clock.now(), app.clock.today());
    if enrolment.account.is_some() {
        return Err(AppError::LetterOver);
    }
    let id = AccountId::from_uuid(app.new_id());
    let permit = Permit::session(id);
    let login_id = enrolment.login_id.as_ref().unwrap_or(&enrolment.letter_login_id);
    let secrets = (login_id.as_str(), password_hash);
    match tx.member_account_insert(&permit, enrolment, (id, app.new_id()), secrets, (now, today)).await {
        Err(StoreError::Conflict { conflict: Conflict::LoginIdTaken, .. }) => {
            return Err(refused("/login_id", FieldErrorCode::Taken));
        }
        made => made?,
    }
    tx.enrolment_finished(&permit, enrolment, now).await?;
    let mut event = account_event(ACTION, AuditOutcome::Done, id, now);
    event.person = Some(enrolment.person);
    tx.audit_append(&permit, event).await?;
    let account = tx.account_get(id).await?.ok_or(AppError::NotFound)?;
    let mail = Mail::Enrolled { login_id: login_id.clone(), url: app.config.public_url.clone() };
    queue_notice(app, tx, &permit, &account, &mail).await?;
    Ok(LogIn::Opened(start_session(app, tx, id, origin, Assurance::Password).await?))
}

async fn recover(
    app: &App,
    tx: &mut Tx,
    enrolment: &Enrolment,
    password_hash: &str,
    origin: &Origin,
) -> Result<(LogIn, AccountId, Vec<SessionId>), AppError> {
    let now = app.clock.now();
    let id = enrolment.account.ok_or(AppError::LetterOver)?;
    let account = tx.account_get(id).await?.filter(|account| account.may_sign_in()).ok_or(AppError::LetterOver)?;
    let permit = Permit::session(id);
    tx.password_set(&permit, id, password_hash, now).await?;
    if let Some(email) = &enrolment.email {
        tx.email_set(&permit, id, email, now).await?;
    }
    let ended = tx.sessions_end_all(id, SessionEndReason::PasswordChanged, now).await?;
    tx.login_succeeded(&account_key(&account.login_id)).await?;
    tx.enrolment_finished(&permit, enrolment, now).await?;
    let mut event = account_event(ACTION, AuditOutcome::Done, id, now);
    event.person = Some(enrolment.person);
    tx.audit_append(&permit, event).await?;
    queue_notice(app, tx, &permit, &account, &Mail::PasswordChanged).await?;
    // Who has a second factor shows it now: a letter stands in for the password and for nothing else.
    Ok((pass_first_step(app, tx, &account, origin).await?, id, ended))
}
