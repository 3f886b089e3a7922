//! What everybody may read: terms of use, joint use, planned stops.

use mamis_contract::identity::{AcceptTerms, TermsView};
use mamis_contract::notices::{JointUse, ServiceStatusView};

use super::transport::{self, Call};
use super::{Api, Failure, GuestApi};

/// How the service stands.
pub(crate) async fn service_status() -> Result<ServiceStatusView, Failure> {
    transport::exchange(&Call::get("/service-status"), None).await?.json()
}

impl GuestApi {
    /// A version of the terms of use; the one in force when none is named.
    ///
    /// # Errors
    /// `not_found`, or any other [`Failure`].
    pub async fn terms(self, version: Option<&str>) -> Result<TermsView, Failure> {
        let call = Call::get(format!("/terms/{}", version.unwrap_or("current")));
        transport::exchange(&call, None).await?.json()
    }

    /// The page of joint use.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn joint_use(self) -> Result<JointUse, Failure> {
        transport::exchange(&Call::get("/joint-use"), None).await?.json()
    }
}

impl Api {
    /// Accepts a version of the terms of use.
    ///
    /// # Errors
    /// `invalid_fields` when it is no longer the one in force, or any other [`Failure`].
    pub async fn accept_terms(self, version: String) -> Result<(), Failure> {
        self.send(Call::put("/account/terms-acceptance").body(&AcceptTerms { version })?).await.map(|_| ())
    }
}
