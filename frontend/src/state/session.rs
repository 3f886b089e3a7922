//! The session. The access token lives in memory only; the refresh token in a cookie that no script can read.
//!
//! Two tabs share the cookie, and a refresh replaces it. So a refresh waits for its turn under a lock that all tabs of
//! this browser share; else the slower tab would present a spent cookie and look like a thief.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use leptos::prelude::*;
use leptos::task::spawn_local;
use mamis_contract::identity::{AccountView, SessionView};
use mamis_contract::notices::ServiceStatusView;
use mamis_contract::problem::ProblemCode;

use super::{acting_id, end_acting, tabs};
use crate::api::Failure;
use crate::{dom, routes};

/// How long before its end a token is renewed.
const MARGIN_MILLIS: f64 = 60_000.0;
/// After a failed renewal in the background, when to try again.
const RETRY: Duration = Duration::from_secs(30);
/// How often planned stops are asked for.
const LOOK_AT_SERVICE_EVERY: Duration = Duration::from_secs(300);

/// Where the session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The cookie is being tried.
    Starting,
    /// Nobody is signed in.
    Guest,
    /// Somebody is signed in.
    SignedIn,
    /// The session ended under an open page: what is typed stays, a dialog asks to sign in again.
    Expired,
    /// The server could not be asked.
    Unreachable(Failure),
}

#[derive(Clone)]
struct Token {
    text: String,
    expires_at: f64,
}

impl Token {
    fn lasts(&self, now: f64) -> bool {
        now + MARGIN_MILLIS < self.expires_at
    }
}

type Renewal = Shared<LocalBoxFuture<'static, Result<String, Failure>>>;

/// The session of this tab.
#[derive(Clone, Copy)]
pub struct Session {
    phase: RwSignal<Phase>,
    account: RwSignal<Option<AccountView>>,
    token: StoredValue<Option<Token>>,
    renewal: StoredValue<Option<Renewal>, LocalStorage>,
    terms_due: RwSignal<bool>,
    service: RwSignal<Option<ServiceStatusView>>,
    acting_over: RwSignal<bool>,
}

impl Session {
    /// Makes the session known to everything below and tries the cookie.
    pub fn provide() -> Self {
        let session = Self {
            phase: RwSignal::new(Phase::Starting),
            account: RwSignal::new(None),
            token: StoredValue::new(None),
            renewal: StoredValue::new_local(None),
            terms_due: RwSignal::new(false),
            service: RwSignal::new(None),
            acting_over: RwSignal::new(false),
        };
        provide_context(session);
        tabs::on_message(move |message| session.hear(message));
        session.start();
        session.look_at_service();
        set_interval(move || session.look_at_service(), LOOK_AT_SERVICE_EVERY);
        session
    }

    /// Tries the cookie, at the beginning and when the server could not be reached then.
    pub fn start(self) {
        self.phase.set(Phase::Starting);
        spawn_local(async move {
            // The outcome shows in the phase.
            let _ = self.renewed_token().await;
        });
    }

    /// Where the session stands, and a subscription to it.
    #[must_use]
    pub fn phase(self) -> Phase {
        self.phase.get()
    }

    /// Who is signed in, and a subscription to it.
    #[must_use]
    pub fn account(self) -> Option<AccountView> {
        self.account.get()
    }

    /// Who is signed in, at this moment.
    #[must_use]
    pub fn account_now(self) -> Option<AccountView> {
        self.account.get_untracked()
    }

    /// Whether the server asked for the terms of use under an open page, and a subscription to it.
    #[must_use]
    pub fn terms_due(self) -> bool {
        self.terms_due.get()
    }

    /// The account has accepted the terms of use in force.
    pub(crate) fn terms_accepted(self) {
        self.terms_due.set(false);
        self.account.update(|account| {
            if let Some(account) = account {
                account.terms_to_accept = None;
            }
        });
    }

    /// Planned stops, and a subscription to them.
    #[must_use]
    pub fn service(self) -> Option<ServiceStatusView> {
        self.service.get()
    }

    /// Asks how the service stands.
    pub(crate) fn look_at_service(self) {
        spawn_local(async move {
            // What cannot be read now is read the next time.
            if let Ok(status) = crate::api::service_status().await
                && self.service.get_untracked().as_ref() != Some(&status)
            {
                self.service.set(Some(status));
            }
        });
    }

    /// Draws the consequences of refusals that are not about the request itself.
    pub(crate) fn heed(self, failure: &Failure) {
        match failure.code() {
            Some(ProblemCode::TermsNotAccepted) => self.terms_due.set(true),
            Some(ProblemCode::ReadOnly | ProblemCode::Maintenance) => self.look_at_service(),
            Some(_) | None => {}
        }
    }

    /// Whether what this tab acted on for somebody is over.
    #[must_use]
    pub fn acting_over(self) -> bool {
        self.acting_over.get()
    }

    /// What this tab acts on for somebody is over: a dialog says so, over what is on the page.
    pub(crate) fn end_of_acting(self) {
        if self.account_now().is_some_and(|account| account.acting.is_some()) {
            self.acting_over.set(true);
        } else {
            end_acting();
        }
    }

    /// The session as the one this tab acts for sees it.
    async fn seen_acting(self, mut opened: SessionView) -> Result<SessionView, Failure> {
        if acting_id().is_some() {
            match crate::api::account_acting(&opened.access_token).await {
                Ok(account) => opened.account = account,
                Err(failure) if failure.code() == Some(ProblemCode::ActingEnded) => self.end_of_acting(),
                Err(failure) => return Err(failure),
            }
        }
        Ok(opened)
    }

    /// Takes a session that was just opened.
    pub(crate) async fn open(self, opened: SessionView) {
        match self.seen_acting(opened.clone()).await {
            Ok(seen) => self.adopt(seen),
            Err(_) => {
                end_acting();
                self.adopt(opened);
            }
        }
        if let Some(account) = self.account_now() {
            tabs::tell(&tabs::Message::SignedIn(account.id.to_string()));
        }
    }

    /// What the server says now of who is signed in.
    pub(crate) fn learn(self, account: AccountView) {
        self.account.set(Some(account));
    }

    /// The person has logged out.
    pub(crate) fn close(self) {
        self.forget();
        tabs::tell(&tabs::Message::SignedOut);
    }

    /// The server no longer takes the session.
    pub(crate) fn expire(self) {
        self.token.set_value(None);
        let phase = if self.account_now().is_some() { Phase::Expired } else { Phase::Guest };
        self.phase.set(phase);
    }

    /// A token that is good for a minute at least.
    pub(crate) async fn fresh_token(self) -> Result<String, Failure> {
        match self.token.get_value() {
            Some(token) if token.lasts(dom::now_millis()) => Ok(token.text),
            Some(_) | None => self.renewed_token().await,
        }
    }

    /// A new token. Callers at the same time share one request.
    pub(crate) async fn renewed_token(self) -> Result<String, Failure> {
        let renewal = self.renewal.get_value().unwrap_or_else(|| {
            let renewal = async move { self.renew().await }.boxed_local().shared();
            self.renewal.set_value(Some(renewal.clone()));
            renewal
        });
        let outcome = renewal.await;
        self.renewal.set_value(None);
        outcome
    }

    async fn renew(self) -> Result<String, Failure> {
        let turn = tabs::wait_for_turn().await;
        let answer = crate::api::refresh().await;
        drop(turn);
        match answer {
            Ok(opened) => {
                let text = opened.access_token.clone();
                match self.seen_acting(opened).await {
                    Ok(seen) => self.adopt(seen),
                    Err(failure) => {
                        if self.phase.get_untracked() == Phase::Starting {
                            self.phase.set(Phase::Unreachable(failure.clone()));
                        }
                        return Err(failure);
                    }
                }
                Ok(text)
            }
            Err(failure) => {
                if failure.code().is_some_and(ends_the_session) {
                    self.expire();
                } else if self.phase.get_untracked() == Phase::Starting {
                    self.phase.set(Phase::Unreachable(failure.clone()));
                }
                Err(failure)
            }
        }
    }

    fn adopt(self, opened: SessionView) {
        let now_another = self.account_now().is_some_and(|account| account.id != opened.account.id);
        if now_another {
            // Another person's page is open in this tab; nothing of it may stay.
            dom::reload_at(&routes::home());
            return;
        }
        let lifetime = f64::from(opened.expires_in) * 1000.0;
        let expires_at = dom::now_millis() + lifetime;
        self.token.set_value(Some(Token { text: opened.access_token, expires_at }));
        if !self.acting_over.get_untracked() {
            self.account.set(Some(opened.account));
        }
        self.phase.set(Phase::SignedIn);
        let wait = Duration::from_millis((lifetime - MARGIN_MILLIS).max(1000.0) as u64);
        self.renew_after(wait, expires_at);
    }

    /// Renews in the background as long as the same token is in use.
    fn renew_after(self, wait: Duration, expires_at: f64) {
        set_timeout(
            move || {
                let still_in_use = self.token.get_value().is_some_and(|token| token.expires_at <= expires_at);
                if still_in_use {
                    spawn_local(async move {
                        if self.renewed_token().await.is_err() {
                            self.renew_after(RETRY, expires_at);
                        }
                    });
                }
            },
            wait,
        );
    }

    fn forget(self) {
        end_acting();
        self.acting_over.set(false);
        self.token.set_value(None);
        self.account.set(None);
        self.phase.set(Phase::Guest);
    }

    fn hear(self, message: tabs::Message) {
        let account = self.account_now().map(|account| account.id.to_string());
        match message {
            tabs::Message::SignedOut if account.is_some() => self.forget(),
            tabs::Message::SignedOut => {}
            tabs::Message::SignedIn(other) => match account {
                Some(mine) if mine != other => dom::reload_at(&routes::home()),
                // The same person is back: an expired tab can go on, a waiting log-in page can leave.
                Some(_) | None => spawn_local(async move {
                    let _ = self.renewed_token().await;
                }),
            },
        }
    }
}

/// Whether a refused refresh means that the session is over, rather than that something is in the way.
fn ends_the_session(code: ProblemCode) -> bool {
    matches!(code, ProblemCode::NotSignedIn | ProblemCode::LoginFailed | ProblemCode::Forbidden)
}

/// The session of this tab.
///
/// # Panics
/// Outside the application.
#[must_use]
pub fn use_session() -> Session {
    expect_context::<Session>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_a_minute_before_its_end() {
        let token = Token { text: String::new(), expires_at: 900_000.0 };
        assert!(token.lasts(839_999.0));
        assert!(!token.lasts(840_000.0));
    }

    #[test]
    fn only_the_servers_no_ends_a_session() {
        assert!(ends_the_session(ProblemCode::NotSignedIn));
        for code in [ProblemCode::Unavailable, ProblemCode::TooManyRequests, ProblemCode::Internal] {
            assert!(!ends_the_session(code), "{code}");
        }
    }
}
