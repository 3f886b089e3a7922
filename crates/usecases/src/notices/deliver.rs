use chrono::TimeDelta;
use mamis_domain::notices::next_try;
use mamis_persistence::StoreError;
use mamis_persistence::notices::WaitingMail;

use crate::App;

/// Mails taken at once; few, so that several processes share the work.
const AT_ONCE: i64 = 20;
/// Longer than sending that many takes with every try running into its time-out.
const HELD: TimeDelta = TimeDelta::minutes(20);

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotSent {
    /// Refused for good: trying again would be the same.
    pub for_good: bool,
    /// For those who run the server; the other side's words, cut short.
    pub reason: String,
}

/// Something that sends mail.
pub trait Delivery {
    /// Sends one mail. `Ok` says that the other side has taken it.
    fn send(&self, mail: &WaitingMail) -> impl Future<Output = Result<(), NotSent>> + Send;
}

/// Sends what waits until nothing is due; says how many mails have left.
///
/// A mail is one process's while it sends it, so two never send the same. Whoever dies between the other side's yes and the
/// note of it here leaves a mail that is sent again later, with the same `Message-ID`, by which mail systems know it.
///
/// # Errors
/// [`StoreError`]; mails that were taken are taken up again later.
pub async fn deliver_waiting(app: &App, by: &impl Delivery) -> Result<u64, StoreError> {
    let mut sent = 0;
    loop {
        let claimed = app.store.mails_claim(AT_ONCE, HELD, app.clock.now()).await?;
        if claimed.is_empty() {
            return Ok(sent);
        }
        for mail in claimed {
            match by.send(&mail).await {
                Ok(()) => {
                    app.store.mail_sent(mail.id, app.clock.now()).await?;
                    metrics::counter!("mamis_mails_total", "outcome" => "sent").increment(1);
                    sent += 1;
                }
                Err(NotSent { for_good, reason }) => {
                    let now = app.clock.now();
                    let next = next_try(u32::try_from(mail.attempts).unwrap_or(u32::MAX), for_good, now);
                    tracing::warn!(mail = %mail.id, attempts = mail.attempts, for_good, "a mail was not taken");
                    metrics::counter!("mamis_mails_total", "outcome" => "refused").increment(1);
                    app.store.mail_not_sent(mail.id, &reason, next, now).await?;
                }
            }
        }
    }
}
