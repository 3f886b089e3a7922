//! The door to pages that need a session.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::{FailureNote, Loading, PageHeading};
use crate::api::Api;
use crate::state::{Phase, use_session};
use crate::{dom, routes, tr};

#[derive(Clone, PartialEq, Eq)]
enum Door {
    Waiting,
    Closed,
    Open,
    Stuck(crate::api::Failure),
}

/// Shows its content to those who are signed in, and leads others to the log-in and back. When the session ends under
/// an open page, the page stays with what was typed in it, and a dialog asks to sign in again.
#[component]
pub fn SignedIn(
    /// The page; may call [`use_api`](crate::api::use_api).
    children: ChildrenFn,
) -> impl IntoView {
    let session = use_session();
    Api::provide(session);
    let door = Memo::new(move |_| match session.phase() {
        Phase::Starting => Door::Waiting,
        Phase::Guest => Door::Closed,
        Phase::SignedIn | Phase::Expired => Door::Open,
        Phase::Unreachable(failure) => Door::Stuck(failure),
    });
    move || match door.get() {
        Door::Waiting => view! { <Loading /> }.into_any(),
        Door::Closed => match routes::safe_next(Some(&dom::current_path())) {
            Some(here) => view! { <Redirect path=routes::login_then(here) /> }.into_any(),
            // On the way to the log-in already, after logging out; a second navigation would leave an empty page.
            None => ().into_any(),
        },
        Door::Open => children().into_any(),
        Door::Stuck(failure) => view! {
            <PageHeading title=tr!(common.starting_problem) />
            <FailureNote failure retry=Callback::new(move |()| session.start()) />
        }
        .into_any(),
    }
}
