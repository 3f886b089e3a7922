//! Second factors, and proofs of who one is.

use mamis_contract::identity::{
    AccountView, ConfirmTotp, CreateSession, FactorsView, LogInByPasskey, PasskeyChallengeView, ProveIdentity,
    RecoveryCodesView, RegisterPasskey, RenamePasskey, SecondStepView, SessionView, TakeSecondStep, TotpSetupView,
};
use mamis_kernel::PasskeyId;

use super::transport::{self, Call};
use super::{Api, Failure, GuestApi};

/// What a right password leads to.
#[derive(Clone)]
pub enum LogIn {
    /// A session.
    Opened(Box<AccountView>),
    /// The second factor is wanted.
    SecondStep(SecondStepView),
}

impl GuestApi {
    /// Opens a session, or learns that a second step is wanted; the refresh cookie is set by the server and never seen here.
    ///
    /// # Errors
    /// `login_failed`, `too_many_requests`, or any other [`Failure`].
    pub async fn log_in(self, command: &CreateSession) -> Result<LogIn, Failure> {
        let answer = transport::exchange(&Call::post("/sessions").body(command)?, None).await?;
        match answer.json::<SecondStepView>() {
            Ok(step) => Ok(LogIn::SecondStep(step)),
            Err(_) => Ok(LogIn::Opened(Box::new(self.opened(answer.json()?).await))),
        }
    }

    /// Opens a session by the second step.
    ///
    /// # Errors
    /// `challenge_over`, `invalid_fields`, `too_many_requests`, or any other [`Failure`].
    pub async fn take_second_step(self, command: &TakeSecondStep) -> Result<AccountView, Failure> {
        let call = Call::post("/sessions/second-step").body(command)?;
        Ok(self.opened(transport::exchange(&call, None).await?.json()?).await)
    }

    /// Begins a log-in by passkey.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn begin_passkey(self) -> Result<PasskeyChallengeView, Failure> {
        transport::exchange(&Call::post("/sessions/passkey-challenges"), None).await?.json()
    }

    /// Opens a session by passkey.
    ///
    /// # Errors
    /// `login_failed`, `too_many_requests`, or any other [`Failure`].
    pub async fn log_in_by_passkey(self, command: &LogInByPasskey) -> Result<AccountView, Failure> {
        let call = Call::post("/sessions/passkey").body(command)?;
        Ok(self.opened(transport::exchange(&call, None).await?.json()?).await)
    }

    pub(super) async fn opened(self, opened: SessionView) -> AccountView {
        let account = opened.account.clone();
        self.session.open(opened).await;
        account
    }
}

impl Api {
    /// What one can show beside the password.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn factors(self) -> Result<FactorsView, Failure> {
        self.json(Call::get("/account/factors")).await
    }

    /// Proves again who one is.
    ///
    /// # Errors
    /// `invalid_fields`, `too_many_requests`, or any other [`Failure`].
    pub async fn prove(self, command: &ProveIdentity) -> Result<(), Failure> {
        self.send(Call::post("/account/proofs").body(command)?).await.map(|_| ())
    }

    /// Begins to set an authenticator app up.
    ///
    /// # Errors
    /// `proof_required`, or any other [`Failure`].
    pub async fn begin_totp(self) -> Result<TotpSetupView, Failure> {
        self.json(Call::post("/account/totp")).await
    }

    /// Takes the app into use; the roles that waited for it are there at once.
    ///
    /// # Errors
    /// `invalid_fields`, `challenge_over`, `too_many_requests`, or any other [`Failure`].
    pub async fn confirm_totp(self, command: &ConfirmTotp) -> Result<RecoveryCodesView, Failure> {
        let codes = self.json(Call::post("/account/totp/confirm").body(command)?).await?;
        self.learn_account().await?;
        Ok(codes)
    }

    /// Takes the app out of use.
    ///
    /// # Errors
    /// `proof_required`, or any other [`Failure`].
    pub async fn remove_totp(self) -> Result<(), Failure> {
        self.send(Call::delete("/account/totp")).await?;
        self.learn_account().await
    }

    /// Other recovery codes in the place of those there are.
    ///
    /// # Errors
    /// `proof_required`, or any other [`Failure`].
    pub async fn renew_recovery_codes(self) -> Result<RecoveryCodesView, Failure> {
        self.json(Call::post("/account/recovery-codes")).await
    }

    /// Begins to add a passkey.
    ///
    /// # Errors
    /// `proof_required`, or any other [`Failure`].
    pub async fn begin_passkey(self) -> Result<PasskeyChallengeView, Failure> {
        self.json(Call::post("/account/passkey-challenges")).await
    }

    /// Adds the passkey that the device made.
    ///
    /// # Errors
    /// `invalid_fields`, `challenge_over`, or any other [`Failure`].
    pub async fn register_passkey(self, command: &RegisterPasskey) -> Result<RecoveryCodesView, Failure> {
        let codes = self.json(Call::post("/account/passkeys").body(command)?).await?;
        self.learn_account().await?;
        Ok(codes)
    }

    /// Calls a passkey by another name.
    ///
    /// # Errors
    /// `invalid_fields`, or any other [`Failure`].
    pub async fn rename_passkey(self, id: PasskeyId, command: &RenamePasskey) -> Result<(), Failure> {
        self.send(Call::put(format!("/account/passkeys/{id}")).body(command)?).await.map(|_| ())
    }

    /// Removes a passkey.
    ///
    /// # Errors
    /// `proof_required`, or any other [`Failure`].
    pub async fn remove_passkey(self, id: PasskeyId) -> Result<(), Failure> {
        self.send(Call::delete(format!("/account/passkeys/{id}"))).await?;
        self.learn_account().await
    }

    /// Reads anew who one is: menu and pages follow the roles.
    pub(super) async fn learn_account(self) -> Result<(), Failure> {
        self.session.learn(self.account().await?);
        Ok(())
    }
}
