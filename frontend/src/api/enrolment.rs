//! From a letter to a log-in, and back in by mail. The server keeps the place by a cookie that is never seen here.

use mamis_contract::identity::{
    CheckPassword, ChooseEnrolmentPassword, CompleteRecovery, CreateEnrolment, CreateRecovery, EnrolmentView,
    PasswordCheck, ProveEnrolmentIdentity, SecondStepView, SendEnrolmentCode, ShowCode,
};

use super::transport::{self, Call};
use super::{Failure, GuestApi, LogIn};

/// One step on the way from a letter to a log-in.
#[derive(Clone)]
pub enum EnrolmentCall {
    /// Where does it stand?
    Look,
    /// What stands on the letter.
    Begin(CreateEnrolment),
    /// Who one is.
    Prove(ProveEnrolmentIdentity),
    /// Where mail goes.
    SendCode(SendEnrolmentCode),
    /// The code that was sent there.
    Confirm(ShowCode),
    /// No mail.
    Decline,
    /// The new password.
    Choose(ChooseEnrolmentPassword),
}

impl GuestApi {
    /// Takes a step.
    ///
    /// # Errors
    /// `challenge_over`, `login_failed`, `letter_over`, `invalid_fields`, `too_many_requests`, or any other [`Failure`].
    pub async fn enrol(self, call: &EnrolmentCall) -> Result<EnrolmentView, Failure> {
        let at = |step: &str| Call::post(format!("/enrolments/current/{step}"));
        let call = match call {
            EnrolmentCall::Look => Call::get("/enrolments/current"),
            EnrolmentCall::Begin(command) => Call::post("/enrolments").body(command)?,
            EnrolmentCall::Prove(command) => at("identity").body(command)?,
            EnrolmentCall::SendCode(command) => at("email").body(command)?,
            EnrolmentCall::Confirm(command) => at("email/confirm").body(command)?,
            EnrolmentCall::Decline => at("email/decline"),
            EnrolmentCall::Choose(command) => at("password").body(command)?,
        };
        transport::exchange(&call, None).await?.json()
    }

    /// How good a password would be.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn check_enrolment_password(self, command: &CheckPassword) -> Result<PasswordCheck, Failure> {
        let call = Call::post("/enrolments/current/password-checks").body(command)?;
        transport::exchange(&call, None).await?.json()
    }

    /// Finishes: opens a session, or learns that a second step is wanted.
    ///
    /// # Errors
    /// `challenge_over`, `letter_over`, `invalid_fields`, or any other [`Failure`].
    pub async fn complete_enrolment(self) -> Result<LogIn, Failure> {
        let answer = transport::exchange(&Call::post("/enrolments/current/complete"), None).await?;
        match answer.json::<SecondStepView>() {
            Ok(step) => Ok(LogIn::SecondStep(step)),
            Err(_) => Ok(LogIn::Opened(Box::new(self.opened(answer.json()?).await))),
        }
    }

    /// Asks for a link to a new password.
    ///
    /// # Errors
    /// `too_many_requests`, or any other [`Failure`].
    pub async fn create_recovery(self, command: &CreateRecovery) -> Result<(), Failure> {
        transport::exchange(&Call::post("/recoveries").body(command)?, None).await.map(|_| ())
    }

    /// Chooses the new password by the link.
    ///
    /// # Errors
    /// `challenge_over`, `invalid_fields`, or any other [`Failure`].
    pub async fn complete_recovery(self, command: &CompleteRecovery) -> Result<(), Failure> {
        transport::exchange(&Call::post("/recoveries/complete").body(command)?, None).await.map(|_| ())
    }
}
