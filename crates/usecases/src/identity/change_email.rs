use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, ThrottleRule};
use mamis_domain::notices::Mail;
use mamis_kernel::text::{looks_like_email, masked_email};
use mamis_kernel::{AccountId, ConfirmationId, FieldErrorCode};
use mamis_persistence::notices::CodePurpose;

use super::change_password::{own_password, refused};
use super::codes::{self, IssuedCode, check_code, issue_code};
use super::{account_event, tokens};
use crate::notices::{MailTo, queue_mail, queue_notice};
use crate::{App, AppError, Caller};

/// A code on its way to an address.
pub struct SentCode {
    /// Named with the code.
    pub confirmation: ConfirmationId,
    /// Until when it holds.
    pub expires_at: chrono::DateTime<chrono::Utc>,
}

impl From<IssuedCode> for SentCode {
    fn from(issued: IssuedCode) -> Self {
        Self { confirmation: issued.id, expires_at: issued.expires_at }
    }
}

/// Sends a code to the address that the caller wants to be written to.
///
/// # Errors
/// [`AppError::LoginThrottled`] after many codes or wrong passwords; field faults for the password and the address.
#[tracing::instrument(name = "identity.request_email_change", skip_all)]
pub async fn request_email_change(
    app: &App,
    caller: &Caller,
    email: &str,
    current_password: String,
) -> Result<SentCode, AppError> {
    let now = app.clock.now();
    let email = email.trim();
    let account = own_password(app, caller, current_password, "identity.request_email_change").await?;
    if !looks_like_email(email) {
        return Err(refused("/email", FieldErrorCode::InvalidFormat));
    }
    let key = codes_key(account.id);
    app.not_throttled(std::slice::from_ref(&key)).await?;
    let event = account_event("identity.request_email_change", AuditOutcome::Done, account.id, now);
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = Permit::session(account.id);
            tx.login_failed(&key, &ThrottleRule::CODES, now).await?;
            let issued = issue_code(app, tx, CodePurpose::EmailChange, (email, Some(account.id))).await?;
            let to = MailTo { account: Some(account.id), address: email.to_owned(), language: account.language };
            let mail = Mail::ContactCode { code: issued.code.clone(), minutes: codes::MINUTES };
            queue_mail(app, tx, &permit, to, &mail).await?;
            tx.audit_append(&permit, event).await?;
            Ok(issued.into())
        })
        .await
}

/// Takes the address over to which the code was sent, and announces it at the old one.
///
/// # Errors
/// Field faults for the code.
#[tracing::instrument(name = "identity.change_email", skip_all)]
pub async fn change_email(
    app: &App,
    caller: &Caller,
    confirmation: ConfirmationId,
    code: &str,
) -> Result<(), AppError> {
    let now = app.clock.now();
    let id = caller.actor.account;
    let account = app.store.account_get(id).await?.ok_or(AppError::NotSignedIn)?;
    let permit = Permit::session(id);
    // The verdict leaves the transaction as a value: a wrong guess must be committed to count.
    let shown = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let verdict = check_code(app, tx, CodePurpose::EmailChange, (confirmation, Some(id)), code).await?;
            let outcome = verdict.address();
            let (outcome, result) = match outcome {
                Ok(address) => {
                    let new_address = masked_email(&address);
                    queue_notice(app, tx, &permit, &account, &Mail::EmailChanged { new_address }).await?;
                    tx.email_set(&permit, id, &address, now).await?;
                    (AuditOutcome::Done, Ok(()))
                }
                Err(fault) => (AuditOutcome::Denied, Err(fault)),
            };
            tx.audit_append(&permit, account_event("identity.change_email", outcome, id, now)).await?;
            Ok(result)
        })
        .await?;
    shown.map_err(|fault| refused("/code", fault))
}

/// What the codes sent for an account are counted under.
fn codes_key(account: AccountId) -> Vec<u8> {
    tokens::hash(&format!("codes:{account}")).to_vec()
}
