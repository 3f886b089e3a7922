//! Log-in.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use mamis_contract::identity::AccountView;

use super::first_page;
use super::log_in_form::LogInForm;
use crate::components::PageHeading;
use crate::i18n::in_language;
use crate::state::{Phase, use_session};
use crate::{routes, say, tr};

/// Log-in; goes on to where one wanted to go, or to one's first page.
#[component]
pub fn LogInPage() -> impl IntoView {
    let (session, query, navigate) = (use_session(), use_query_map(), use_navigate());
    let go_on = move |account: &AccountView| {
        let next = query.with_untracked(|query| query.get("next"));
        // A role that waits for a second factor has no page to come back to.
        let next = routes::safe_next(next.as_deref()).filter(|_| account.held_back.is_empty());
        let path = next.map_or_else(|| first_page(account), str::to_owned);
        navigate(&path, NavigateOptions { replace: true, ..NavigateOptions::default() });
    };
    // Somebody who is signed in, perhaps in another tab, has nothing to do here.
    let signed_in = Memo::new(move |_| session.phase() == Phase::SignedIn);
    Effect::new(move |_| {
        if signed_in.get()
            && let Some(account) = session.account_now()
        {
            go_on(&account);
        }
    });
    let step = RwSignal::new(None);
    let taking = move || step.with(Option::is_some);
    let title =
        in_language(
            move |locale| {
                if taking() { say!(locale, factors.step_title) } else { say!(locale, identity.login_title) }
            },
        );
    view! {
        <PageHeading title />
        <LogInForm step on_open=Callback::new(|_: AccountView| ())>
            <p>{tr!(identity.login_intro)}</p>
        </LogInForm>
        <section class="ui-aside" hidden=taking>
            <h2 class="ui-subheading">{tr!(enrolment.link_title)}</h2>
            <p>{tr!(enrolment.link_text)}</p>
            <p>
                <a class="ui-standalone" href=routes::enrol()>
                    {tr!(enrolment.link)}
                </a>
            </p>
        </section>
        <section class="ui-aside" hidden=taking>
            <h2 class="ui-subheading">{tr!(identity.register_link_title)}</h2>
            <p>{tr!(identity.register_link_text)}</p>
            <p>
                <a class="ui-standalone" href=routes::register()>
                    {tr!(identity.register_link)}
                </a>
            </p>
        </section>
        <section class="ui-aside" hidden=taking>
            <h2 class="ui-subheading">{tr!(identity.forgot_title)}</h2>
            <p>
                <a class="ui-standalone" href=routes::recover()>
                    {tr!(enrolment.recover_link)}
                </a>
            </p>
            <p>{tr!(identity.forgot_text)}</p>
        </section>
    }
}
