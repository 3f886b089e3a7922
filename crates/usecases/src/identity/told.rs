//! What accounts' owners are told of by themselves, so that nobody else can use an account unnoticed.

use chrono::{FixedOffset, TimeDelta};
use mamis_domain::identity::Permit;
use mamis_domain::notices::{FactorChange, Mail};
use mamis_kernel::AccountId;
use mamis_persistence::Tx;
use mamis_persistence::identity::Account;

use super::log_in::Origin;
use crate::notices::{MailTo, queue_mail, queue_notice};
use crate::{App, AppError};

/// A device that was not used for so long is a new one again.
const REMEMBERED: TimeDelta = TimeDelta::days(180);
const TOKYO_SECONDS: i32 = 9 * 3600;

/// Tells an account's owner, by mail, of a log-in on a kind of device that the account was not used on before. Asked before
/// the session is there.
///
/// Rule ID-26; source: docs/rules/identity.md#id-26.
pub(super) async fn tell_of_new_device(
    app: &App,
    tx: &mut Tx,
    account: &Account,
    origin: &Origin,
) -> Result<(), AppError> {
    let Some(address) = account.email.clone() else { return Ok(()) };
    let now = app.clock.now();
    let known = tx.account_devices(account.id, now - REMEMBERED).await?;
    if !origin.device.is_new_beside(&known) {
        return Ok(());
    }
    let tokyo = FixedOffset::east_opt(TOKYO_SECONDS).ok_or(AppError::Internal("Tokyo has an offset"))?;
    let at = now.with_timezone(&tokyo).format("%Y-%m-%d %H:%M").to_string();
    let mail = Mail::NewDevice { device: origin.device, at, address: origin.address.clone() };
    let to = MailTo { account: Some(account.id), address, language: account.language };
    queue_mail(app, tx, &Permit::session(account.id), to, &mail).await
}

/// Tells an account's owner that what one signs in with beside the password was changed.
///
/// Rule ID-27; source: docs/rules/identity.md#id-27.
pub(super) async fn tell_of_factor(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    change: FactorChange,
) -> Result<(), AppError> {
    let account = tx.account_get(account).await?.ok_or(AppError::NotSignedIn)?;
    queue_notice(app, tx, &Permit::session(account.id), &account, &Mail::FactorChanged { change }).await?;
    Ok(())
}
