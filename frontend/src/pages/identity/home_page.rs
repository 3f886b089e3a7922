//! `/`: goes on to one's own first page.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::first_page;
use crate::components::{FailureNote, Loading, PageHeading};
use crate::state::{Phase, use_session};
use crate::{routes, tr};

/// `/`: goes on to one's own first page.
#[component]
pub fn HomePage() -> impl IntoView {
    let session = use_session();
    let phase = Memo::new(move |_| session.phase());
    move || match phase.get() {
        Phase::Starting => view! { <Loading /> }.into_any(),
        Phase::Guest => view! { <Redirect path=routes::login() /> }.into_any(),
        Phase::SignedIn | Phase::Expired => {
            let path = session.account_now().map_or_else(routes::login, |account| first_page(&account));
            view! { <Redirect path /> }.into_any()
        }
        Phase::Unreachable(failure) => view! {
            <PageHeading title=tr!(common.starting_problem) />
            <FailureNote failure retry=Callback::new(move |()| session.start()) />
        }
        .into_any(),
    }
}
