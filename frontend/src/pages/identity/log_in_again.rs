//! The session ended under an open page: sign in again without losing what was typed.

use leptos::prelude::*;
use leptos::{ev, html};

use super::log_in_form::{LogInForm, PASSWORD};
use crate::dom;
use crate::forms::field_id;
use crate::state::{Phase, use_session};
use crate::tr;

/// A dialog over the page; there is no way around it but to sign in.
#[component]
pub fn LogInAgain() -> impl IntoView {
    let (session, dialog) = (use_session(), NodeRef::<html::Dialog>::new());
    let expired = Memo::new(move |_| session.phase() == Phase::Expired);
    Effect::new(move |_| {
        let (Some(dialog), expired) = (dialog.get(), expired.get()) else { return };
        if expired && !dialog.open() {
            // Only a dialog outside the page could refuse.
            let _ = dialog.show_modal();
            // The login id is known; what is missing is the password.
            request_animation_frame(|| dom::focus(&field_id(PASSWORD)));
        } else if !expired && dialog.open() {
            dialog.close();
        }
    });
    let form = move || {
        expired.get().then(|| {
            let known_login_id = session.account_now().map(|account| account.login_id).unwrap_or_default();
            view! {
                <LogInForm known_login_id on_open=Callback::new(|_| ())>
                    <p class="ui-dialog__lead">{tr!(identity.again_text)}</p>
                </LogInForm>
            }
        })
    };
    view! {
        <dialog
            class="ui-dialog"
            node_ref=dialog
            aria-labelledby="log-in-again"
            on:cancel=|event: ev::Event| event.prevent_default()
        >
            <h2 class="ui-dialog__title" id="log-in-again">
                {tr!(identity.again_title)}
            </h2>
            {form}
        </dialog>
    }
}
