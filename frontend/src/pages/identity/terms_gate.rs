//! Accepting the terms of use: before the first page, or over an open one when a new version has come into force.

use leptos::prelude::*;
use leptos::{ev, html};

use super::terms_page::{TermsBody, TermsHead};
use crate::api::{Api, Failure, GuestApi};
use crate::components::{Button, ButtonKind, FailureBanner, PageHeading, loaded};
use crate::i18n::use_language;
use crate::state::{use_session, use_toasts};
use crate::{say, tr};

/// A page of somebody signed in, behind the terms of use while they wait to be accepted. The address stays, so that one
/// comes to where one wanted to go. A page that is open already stays open: [`TermsAgain`] asks over it.
#[component]
pub fn TermsGate(
    /// The page.
    page: fn() -> AnyView,
) -> impl IntoView {
    let session = use_session();
    let waiting = RwSignal::new(session.account_now().is_some_and(|account| account.terms_to_accept.is_some()));
    move || {
        if waiting.get() {
            view! {
                <PageHeading title=tr!(identity.terms_accept_title) />
                <p>{tr!(identity.terms_accept_lead)}</p>
                <TermsToAccept on_accept=Callback::new(move |()| waiting.set(false)) />
            }
            .into_any()
        } else {
            page()
        }
    }
}

/// A dialog over an open page whose request was refused because of new terms; nothing typed is lost.
#[component]
pub fn TermsAgain() -> impl IntoView {
    let (session, dialog) = (use_session(), NodeRef::<html::Dialog>::new());
    Effect::new(move |_| {
        let (Some(dialog), due) = (dialog.get(), session.terms_due()) else { return };
        if due && !dialog.open() {
            // Only a dialog outside the page could refuse.
            let _ = dialog.show_modal();
        } else if !due && dialog.open() {
            dialog.close();
        }
    });
    let content = move || {
        session.terms_due().then(|| {
            view! {
                <p class="ui-dialog__lead">{tr!(identity.terms_again_text)}</p>
                <TermsToAccept on_accept=Callback::new(|()| ()) />
            }
        })
    };
    view! {
        <dialog
            class="ui-dialog"
            node_ref=dialog
            aria-labelledby="terms-again"
            on:cancel=|event: ev::Event| event.prevent_default()
        >
            <h2 class="ui-dialog__title" id="terms-again">
                {tr!(identity.terms_accept_title)}
            </h2>
            {content}
        </dialog>
    }
}

/// What is different first, then the button, then the whole text.
#[component]
fn TermsToAccept(on_accept: Callback<()>) -> impl IntoView {
    let (session, language, toasts) = (use_session(), use_language(), use_toasts());
    let (guest, api) = (GuestApi::new(session), Api::of(session));
    let terms = LocalResource::new(move || async move { guest.terms(None).await });
    let failure = RwSignal::new(None::<Failure>);
    let accept = Action::new_local(move |version: &String| {
        let version = version.clone();
        async move {
            let answer = api.accept_terms(version).await;
            if failure.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match answer {
                Ok(()) => {
                    toasts.show(say!(language.locale_now(), identity.terms_accepted));
                    session.terms_accepted();
                    on_accept.run(());
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    loaded(terms, move |terms| {
        let (version, body) = (terms.version.clone(), terms.clone());
        view! {
            <FailureBanner failure />
            <TermsHead terms />
            <details class="ui-section" open>
                <summary>{tr!(identity.terms_text)}</summary>
                <TermsBody terms=body />
            </details>
            <div class="ui-actions">
                <Button
                    kind=ButtonKind::Primary
                    pending=accept.pending()
                    on_press=Callback::new(move |()| {
                        accept.dispatch(version.clone());
                    })
                >
                    {tr!(identity.terms_accept)}
                </Button>
            </div>
            <p>{tr!(identity.terms_refuse_text)}</p>
        }
    })
}
