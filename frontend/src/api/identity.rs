//! Log-in, log-out, who one is.

use mamis_contract::identity::{
    AccountView, ChangePassword, CheckPassword, ConfirmRegistration, CreateRegistration, EndedSessions, PasswordCheck,
    RecordAccessView, SentCodeView, SessionListItem, SessionView,
};
use mamis_contract::page::{Page, PageQuery};
use mamis_kernel::{ConfirmationId, SessionId};

use super::transport::{self, Call};
use super::{Api, Failure};
use crate::state::Session;

/// What can be done without a session.
#[derive(Clone, Copy)]
pub struct GuestApi {
    pub(super) session: Session,
}

impl GuestApi {
    /// For the log-in page.
    #[must_use]
    pub const fn new(session: Session) -> Self {
        Self { session }
    }
}

impl GuestApi {
    /// Sends a code to the address of somebody who wants an account for training.
    ///
    /// # Errors
    /// `invalid_fields`, `too_many_requests`, or any other [`Failure`].
    pub async fn create_registration(self, command: &CreateRegistration) -> Result<SentCodeView, Failure> {
        transport::exchange(&Call::post("/registrations").body(command)?, None).await?.json()
    }

    /// Makes the account by the code that was sent, and opens its session.
    ///
    /// # Errors
    /// `invalid_fields`, `too_many_requests`, or any other [`Failure`].
    pub async fn confirm_registration(
        self,
        id: ConfirmationId,
        command: &ConfirmRegistration,
    ) -> Result<AccountView, Failure> {
        let call = Call::post(format!("/registrations/{id}/confirm")).body(command)?;
        let opened: SessionView = transport::exchange(&call, None).await?.json()?;
        let account = opened.account.clone();
        self.session.open(opened).await;
        Ok(account)
    }
}

/// Who is signed in, as the one this tab acts for.
pub(crate) async fn account_acting(token: &str) -> Result<AccountView, Failure> {
    transport::exchange(&Call::get("/account"), Some(token)).await?.json()
}

/// Asks for a new access token by the refresh cookie. Only the session itself does this, one tab at a time.
pub(crate) async fn refresh() -> Result<SessionView, Failure> {
    transport::exchange(&Call::post("/sessions/refresh"), None).await?.json()
}

impl Api {
    /// Who is signed in, as the server sees it now.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn account(self) -> Result<AccountView, Failure> {
        self.json(Call::get("/account")).await
    }

    /// One's own log-ins, newest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn sessions(self, page: PageQuery) -> Result<Page<SessionListItem>, Failure> {
        self.json(Call::get("/account/sessions").query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Who else read or changed one's own record, latest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn record_accesses(self, page: PageQuery) -> Result<Page<RecordAccessView>, Failure> {
        self.json(Call::get("/account/record-accesses").query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Ends one of one's own sessions.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn end_session(self, id: SessionId) -> Result<(), Failure> {
        self.send(Call::delete(format!("/account/sessions/{id}"))).await.map(|_| ())
    }

    /// Ends all of one's own sessions but this one.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn end_other_sessions(self) -> Result<EndedSessions, Failure> {
        self.json(Call::post("/account/sessions/end-others")).await
    }

    /// Changes one's own password.
    ///
    /// # Errors
    /// `invalid_fields`, `too_many_requests`, or any other [`Failure`].
    pub async fn change_password(self, command: &ChangePassword) -> Result<(), Failure> {
        self.send(Call::put("/account/password").body(command)?).await.map(|_| ())
    }

    /// How good a password would be.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn check_password(self, command: &CheckPassword) -> Result<PasswordCheck, Failure> {
        self.json(Call::post("/password-checks").body(command)?).await
    }

    /// Ends the session at the server; the caller then closes it here.
    ///
    /// # Errors
    /// Any [`Failure`]; the session then stays open, so that nobody leaves it open unknowingly.
    pub async fn log_out(self) -> Result<(), Failure> {
        match self.send(Call::delete("/sessions/current").for_oneself()).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.is_not_signed_in() => Ok(()),
            Err(failure) => Err(failure),
        }
    }
}
