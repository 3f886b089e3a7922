use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor, ThrottleRule, judge_password};
use mamis_domain::notices::Mail;
use mamis_kernel::text::looks_like_email;
use mamis_kernel::{AccountId, Assurance, ConfirmationId, FieldErrorCode, Language};
use mamis_persistence::Tx;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::identity::NewRegistration;
use mamis_persistence::notices::CodePurpose;

use super::change_email::SentCode;
use super::change_password::refused;
use super::codes::{self, check_code, issue_code};
use super::log_in::{OpenedSession, Origin, start_session};
use super::{account_event, tokens};
use crate::notices::{MailTo, queue_mail};
use crate::{App, AppError};

/// Sends a code to the address of somebody who wants an account for training.
///
/// Rule ID-50 (the same answer whether the address is known: it may serve several accounts); source:
/// docs/rules/identity.md#id-50.
///
/// # Errors
/// [`AppError::LoginThrottled`] after many codes for the mailbox or from the network address; a field fault for what is no
/// address.
#[tracing::instrument(name = "identity.request_registration", skip_all)]
pub async fn request_registration(
    app: &App,
    email: &str,
    language: Language,
    network_address: &str,
    request_id: &str,
) -> Result<SentCode, AppError> {
    let now = app.clock.now();
    let email = email.trim();
    if !looks_like_email(email) {
        return Err(refused("/email", FieldErrorCode::InvalidFormat));
    }
    let mailbox = tokens::hash(&format!("registration-mailbox:{}", email.to_lowercase())).to_vec();
    let keys = [mailbox, address_key(network_address)];
    app.not_throttled(&keys).await?;
    let permit = Permit::system(SystemActor::Visitor, ());
    app.store
        .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
            tx.login_failed(&keys[0], &ThrottleRule::CODES, now).await?;
            tx.login_failed(&keys[1], &ThrottleRule::ADDRESS, now).await?;
            let issued = issue_code(app, tx, CodePurpose::Registration, (email, None)).await?;
            let to = MailTo { account: None, address: email.to_owned(), language };
            let mail = Mail::ContactCode { code: issued.code.clone(), minutes: codes::MINUTES };
            queue_mail(app, tx, &permit, to, &mail).await?;
            let event = nobodys_event("identity.request_registration", AuditOutcome::Done, now);
            tx.audit_append(&permit, event).await?;
            Ok(issued.into())
        })
        .await
}

/// What somebody who read the code wants.
pub struct Registering {
    /// Names the code.
    pub confirmation: ConfirmationId,
    /// As it stood in the mail.
    pub code: String,
    /// For the account.
    pub password: String,
    /// In which language its owner is written to.
    pub language: Language,
}

/// Makes a provisional account for the address that the code was sent to, and signs it in.
///
/// Rules ID-50 (a code works once: of two requests with the same one, one makes an account), ID-5 (the password), ID-51 (the
/// account is provisional); source: docs/rules/identity.md#id-50.
///
/// # Errors
/// [`AppError::LoginThrottled`] after many wrong codes from the network address; field faults for code and password.
#[tracing::instrument(name = "identity.register", skip_all)]
pub async fn register(
    app: &App,
    registering: Registering,
    origin: Origin,
    request_id: &str,
) -> Result<OpenedSession, AppError> {
    let now = app.clock.now();
    let key = address_key(&origin.address);
    app.not_throttled(std::slice::from_ref(&key)).await?;
    let Registering { confirmation, code, password, language } = registering;
    // Before the code is used: a weak password must not cost it.
    let typed = password.clone();
    let judged = tokio::task::spawn_blocking(move || judge_password(&typed, &[])).await;
    if let Some(fault) = judged.map_err(|_| AppError::Internal("judging a password died"))?.fault {
        return Err(refused("/password", fault));
    }
    let password_hash = app.new_password_hash(password).await?;
    app.store
        .transaction(Some(request_id), async |tx| {
            let verdict = check_code(app, tx, CodePurpose::Registration, (confirmation, None), &code).await?;
            // The verdict leaves the transaction as a value: a wrong guess must be committed to count.
            match verdict.address() {
                Ok(address) => {
                    let account = insert(app, tx, address, password_hash, language).await?;
                    let opened = start_session(app, tx, account, &origin, Assurance::Password).await?;
                    Ok::<_, AppError>(Ok(opened))
                }
                Err(fault) => {
                    tx.login_failed(&key, &ThrottleRule::ADDRESS, now).await?;
                    let permit = Permit::system(SystemActor::Visitor, ());
                    let event = nobodys_event("identity.register", AuditOutcome::Denied, now);
                    tx.audit_append(&permit, event).await?;
                    Ok(Err(refused("/code", fault)))
                }
            }
        })
        .await?
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    email: String,
    password_hash: String,
    language: Language,
) -> Result<AccountId, AppError> {
    let now = app.clock.now();
    let id = AccountId::from_uuid(app.new_id());
    let permit = Permit::session(id);
    let login_id = new_login_id(tx).await?;
    let new = NewRegistration { id, login_id: login_id.clone(), email: email.clone(), password_hash, language };
    tx.account_register(&permit, &new, now).await?;
    let to = MailTo { account: Some(id), address: email, language };
    let url = format!("{}/training", app.config.public_url);
    queue_mail(app, tx, &permit, to, &Mail::Registered { login_id, url }).await?;
    tx.audit_append(&permit, account_event("identity.register", AuditOutcome::Done, id, now)).await?;
    Ok(id)
}

/// A login id nobody has: `T-` and eight digits.
async fn new_login_id(tx: &mut Tx) -> Result<String, AppError> {
    const TRIES: usize = 20;
    for _ in 0..TRIES {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(|_| AppError::Internal("the random source failed"))?;
        let login_id = format!("T-{:08}", u64::from_le_bytes(bytes) % 100_000_000);
        if !tx.login_id_exists(&login_id).await? {
            return Ok(login_id);
        }
    }
    Err(AppError::Internal("no login id is free"))
}

/// What registrations and wrong codes from a network address are counted under.
fn address_key(network_address: &str) -> Vec<u8> {
    tokens::hash(&format!("registration-address:{network_address}")).to_vec()
}

fn nobodys_event(action: &str, outcome: AuditOutcome, at: chrono::DateTime<chrono::Utc>) -> NewAuditEvent<'_> {
    NewAuditEvent { action, outcome, subject_kind: "account", subject_id: None, person: None, at, payload: None }
}
