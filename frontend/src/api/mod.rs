//! The typed client of `/api/v1`, one file a slice.
//!
//! [`GuestApi`] can do what needs no session; [`Api`] exists only inside a session (see
//! [`SignedIn`](crate::components::SignedIn)). Calls give `Result<T, Failure>`; where the server sends a version, they
//! give [`Versioned`], because the version stands in the `ETag` header and never in the body.

mod acting;
mod clerks;
mod enrolment;
mod factors;
mod failure;
mod files;
mod identity;
mod intent;
mod letters;
mod lists;
mod members;
mod merges;
mod notices;
mod record;
mod registry;
mod transport;
mod workflow;

pub use enrolment::EnrolmentCall;
pub use factors::LogIn;
pub use failure::Failure;
pub use files::{BlobUrl, Fetched};
pub use identity::GuestApi;
pub(crate) use identity::{account_acting, refresh};
pub use intent::{IdempotencyKey, Intent};
pub(crate) use notices::service_status;
pub use registry::{AssociationFilter, MembershipFilter};
pub use transport::{ETag, Versioned};

use leptos::prelude::{expect_context, provide_context};
use mamis_contract::problem::ProblemCode;
use serde::de::DeserializeOwned;

use crate::state::Session;
use transport::{Answer, Call};

/// The calls of somebody who is signed in.
#[derive(Clone, Copy)]
pub struct Api {
    session: Session,
}

impl Api {
    /// For the shell, where the menu ends the session; pages call [`use_api`].
    pub(crate) const fn of(session: Session) -> Self {
        Self { session }
    }

    /// Only [`SignedIn`](crate::components::SignedIn) opens the door.
    pub(crate) fn provide(session: Session) {
        provide_context(Self::of(session));
    }

    /// Sends with the access token; renews it before its end, and once when the server no longer takes it.
    async fn send(self, call: Call) -> Result<Answer, Failure> {
        let answer = self.send_as_often_as_needed(call).await;
        if answer.as_ref().is_err_and(|failure| failure.code() == Some(ProblemCode::ActingEnded)) {
            self.session.end_of_acting();
        }
        answer
    }

    async fn send_as_often_as_needed(self, call: Call) -> Result<Answer, Failure> {
        let token = self.session.fresh_token().await?;
        match transport::exchange(&call, Some(&token)).await {
            Err(failure) if failure.is_not_signed_in() => {
                let token = self.session.renewed_token().await?;
                let again = transport::exchange(&call, Some(&token)).await;
                if again.as_ref().is_err_and(Failure::is_not_signed_in) {
                    self.session.expire();
                }
                again
            }
            other => other,
        }
        .inspect_err(|failure| self.session.heed(failure))
    }

    async fn json<T: DeserializeOwned>(self, call: Call) -> Result<T, Failure> {
        self.send(call).await?.json()
    }

    async fn versioned<T: DeserializeOwned>(self, call: Call) -> Result<Versioned<T>, Failure> {
        self.send(call).await?.versioned()
    }
}

/// The calls of the session this page belongs to.
///
/// # Panics
/// Outside [`SignedIn`](crate::components::SignedIn), where there is no session to call in.
#[must_use]
pub fn use_api() -> Api {
    expect_context::<Api>()
}
