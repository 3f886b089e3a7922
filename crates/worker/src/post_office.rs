use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use mamis_persistence::notices::WaitingMail;
use mamis_usecases::notices::{Delivery, NotSent};

/// A mail server takes a mail within this, from the first connection on, or it is tried again later.
const TIME_OUT: Duration = Duration::from_secs(50);
/// The other side's words are kept this long.
const REASON_KEPT: usize = 300;

/// Where mail leaves: an SMTP server, or files for trials.
pub struct PostOffice {
    route: Route,
    from: Mailbox,
    host: String,
}

enum Route {
    // A connection for each mail: one that was given up in the middle of a sentence must not be spoken to again.
    Smtp(AsyncSmtpTransport<Tokio1Executor>, Duration),
    Folder(PathBuf),
}

/// RFC 3834: machines do not answer this.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl PostOffice {
    /// Sends to an SMTP server: `smtps://user:password@host:465`, `smtp://host:587?tls=required`, `smtp://localhost:25`.
    ///
    /// # Errors
    /// When the address or the sender cannot be understood.
    pub fn smtp(url: &str, from: &str, host: &str) -> anyhow::Result<Self> {
        Self::smtp_within(url, from, host, TIME_OUT)
    }

    /// The same with another time-out.
    ///
    /// # Errors
    /// When the address or the sender cannot be understood.
    pub fn smtp_within(url: &str, from: &str, host: &str, time_out: Duration) -> anyhow::Result<Self> {
        // The address may hold a password, so it is not repeated here.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).context("understanding the SMTP address")?;
        let route = Route::Smtp(builder.timeout(Some(time_out)).build(), time_out);
        Ok(Self { route, from: parse_from(from)?, host: host.to_owned() })
    }

    /// Keeps each mail as an `.eml` file.
    ///
    /// # Errors
    /// When the folder cannot be made or the sender not be understood.
    pub fn folder(folder: PathBuf, from: &str, host: &str) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self { route: Route::Folder(folder), from: parse_from(from)?, host: host.to_owned() })
    }

    fn message(&self, mail: &WaitingMail) -> Result<Message, NotSent> {
        let unwritable = |reason: String| NotSent { for_good: true, reason };
        let address = mail.address.parse().map_err(|error| unwritable(format!("the address: {error}")))?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(&mail.subject)
            // The same at each try: mail systems know a repetition by it.
            .message_id(Some(format!("<{}@{}>", mail.id.as_simple(), self.host)))
            .date(mail.queued_at.into())
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|error| unwritable(format!("the mail: {error}")))
    }
}

fn parse_from(from: &str) -> anyhow::Result<Mailbox> {
    from.parse().with_context(|| format!("understanding the sender {from}"))
}

impl Delivery for PostOffice {
    async fn send(&self, mail: &WaitingMail) -> Result<(), NotSent> {
        let message = self.message(mail)?;
        match &self.route {
            Route::Smtp(transport, time_out) => {
                let silent = |_| NotSent { for_good: false, reason: "no answer in time".to_owned() };
                let sent = tokio::time::timeout(*time_out, transport.send(message)).await.map_err(silent)?;
                sent.map(drop).map_err(|error| not_sent(&error))
            }
            Route::Folder(folder) => {
                let kept = |error: std::io::Error| NotSent { for_good: false, reason: error.to_string() };
                let (part, whole) = (folder.join(format!("{}.part", mail.id)), folder.join(format!("{}.eml", mail.id)));
                tokio::fs::write(&part, message.formatted()).await.map_err(kept)?;
                tokio::fs::rename(&part, &whole).await.map_err(kept)
            }
        }
    }
}

/// What a server's refusal means: 5xx is for good, except where it speaks of our own log-in, which somebody will mend.
fn not_sent(error: &SmtpError) -> NotSent {
    const ABOUT_OURSELVES: [u16; 4] = [530, 534, 535, 538];
    let code = error.status().map(u16::from);
    let for_good = error.is_permanent() && !code.is_some_and(|code| ABOUT_OURSELVES.contains(&code));
    NotSent { for_good, reason: error.to_string().chars().take(REASON_KEPT).collect() }
}
