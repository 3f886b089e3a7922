use mamis_domain::identity::Permit;
use mamis_domain::notices::Mail;
use mamis_kernel::{AccountId, Language};
use mamis_persistence::Tx;
use mamis_persistence::identity::Account;
use mamis_persistence::notices::{NewMail, NewPostalNotice};

use crate::{App, AppError};

/// To whom a mail goes.
#[derive(Debug, Clone)]
pub struct MailTo {
    /// Whose account it concerns.
    pub account: Option<AccountId>,
    /// The address.
    pub address: String,
    /// The language it is written in.
    pub language: Language,
}

/// How somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By mail.
    Mail,
    /// By post, with the association's next print batch.
    Post,
    /// Not at all: there is neither an address nor an association that would write. The screen shows it all the same.
    Screen,
}

/// Queues a mail in the transaction of its fact: it is sent if and only if that commits.
///
/// # Errors
/// [`AppError::Store`]
pub async fn queue_mail<A: Copy>(
    app: &App,
    tx: &mut Tx,
    permit: &Permit<A>,
    to: MailTo,
    mail: &Mail,
) -> Result<(), AppError> {
    let message = mail.message(to.language);
    let new = NewMail {
        id: app.new_id(),
        account: to.account,
        address: &to.address,
        template: mail.template(),
        language: to.language,
        message: &message,
    };
    Ok(tx.mail_queue(permit, &new, app.clock.now()).await?)
}

/// Tells an account's owner something: by mail, or by post who has no e-mail, and never not.
///
/// Rule ID-9 (who has no e-mail is told by post); source: docs/rules/identity.md#id-9.
///
/// # Errors
/// [`AppError::Store`]
pub async fn queue_notice<A: Copy>(
    app: &App,
    tx: &mut Tx,
    permit: &Permit<A>,
    account: &Account,
    mail: &Mail,
) -> Result<Channel, AppError> {
    if let Some(address) = account.email.clone() {
        let to = MailTo { account: Some(account.id), address, language: account.language };
        queue_mail(app, tx, permit, to, mail).await?;
        return Ok(Channel::Mail);
    }
    let Some(person) = account.person else { return Ok(Channel::Screen) };
    let Some(association) = tx.association_that_writes_to(person).await? else { return Ok(Channel::Screen) };
    let message = mail.message(account.language);
    let notice =
        NewPostalNotice { id: app.new_id(), person, association, template: mail.template(), message: &message };
    tx.postal_notice_queue(permit, &notice, app.clock.now()).await?;
    Ok(Channel::Post)
}
