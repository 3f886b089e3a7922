//! For whom this tab acts, over every page.

use std::time::Duration;

use leptos::prelude::*;
use leptos::{ev, html};
use mamis_contract::acting::ActingView;
use mamis_kernel::ActingKind;

use crate::api::Api;
use crate::components::{Button, ButtonKind};
use crate::i18n::{in_language, use_language};
use crate::state::{end_acting, use_session, use_toasts};
use crate::{dom, format, routes, say, tr};

/// How often the time left is counted.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// For whom this tab acts; nothing for those who act for themselves.
#[component]
pub fn ActingBanner() -> impl IntoView {
    let session = use_session();
    let acting =
        Memo::new(move |_| session.account().and_then(|account| Some((account.acting?, account.display_name))));
    move || acting.get().map(|(acting, own)| view! { <Acting acting own /> })
}

#[component]
fn Acting(acting: ActingView, own: String) -> impl IntoView {
    let (session, toasts, language) = (use_session(), use_toasts(), use_language());
    let api = Api::of(session);
    let ActingView { id, kind, person, association, ends_at, ends_in, .. } = acting;
    // By the time that passes here, for the clock of this device may be wrong.
    let begun = dom::now_millis();
    let seconds_left = move || ends_in - ((dom::now_millis() - begun) / 1000.0) as i64;
    let left_now = RwSignal::new(ends_in);
    if let Ok(counting) = set_interval_with_handle(move || left_now.set(seconds_left()), COUNT_EVERY) {
        on_cleanup(move || counting.clear());
    }
    Effect::new(move |_| {
        if left_now.get() <= 0 {
            session.end_of_acting();
        }
    });
    let title = in_language(move |locale| {
        let name = person.display_name.clone();
        match kind {
            ActingKind::OnBehalf => say!(locale, identity.acting_banner, name = name),
            ActingKind::Assistant => say!(locale, identity.acting_banner_assistant, name = name),
        }
    });
    let hand = in_language(move |locale| match &association {
        Some(association) => {
            say!(locale, identity.acting_as_clerk, association = association.name.clone(), name = own.clone())
        }
        None => own.clone(),
    });
    let left = in_language(move |locale| match kind {
        ActingKind::OnBehalf => {
            let minutes = (left_now.get().max(0) + 59) / 60;
            say!(locale, identity.acting_left, minutes = minutes.to_string())
        }
        ActingKind::Assistant => {
            let last = dom::tokyo_day(ends_at - chrono::TimeDelta::seconds(1));
            say!(locale, identity.acting_until, date = format::date(locale, last))
        }
    });
    let end = Action::new_local(move |(): &()| {
        let id = id.clone();
        async move {
            // An assistant's delegation goes on; only this tab leaves it.
            let ended = match kind {
                ActingKind::OnBehalf => api.end_on_behalf(&id).await,
                ActingKind::Assistant => Ok(()),
            };
            match ended {
                Ok(()) => {
                    end_acting();
                    dom::reload_at(&routes::home());
                }
                Err(failure) => toasts.show(failure.text(language.locale_now()).title),
            }
        }
    });
    let words = match kind {
        ActingKind::OnBehalf => tr!(identity.acting_end),
        ActingKind::Assistant => tr!(identity.acting_end_assistant),
    };
    view! {
        <div class="ui-acting" role="region" aria-label=title>
            <div class="ui-width ui-acting__row">
                <p class="ui-acting__title">{title}</p>
                <p class="ui-acting__small">{hand} "　" {left}</p>
                <Button
                    kind=ButtonKind::Secondary
                    pending=end.pending()
                    on_press=Callback::new(move |()| {
                        end.dispatch(());
                    })
                >
                    {words}
                </Button>
            </div>
        </div>
    }
}

/// What this tab acted on is over: a dialog over the page, so that what was typed can still be read.
#[component]
pub fn ActingOver() -> impl IntoView {
    let (session, dialog) = (use_session(), NodeRef::<html::Dialog>::new());
    Effect::new(move |_| {
        let (Some(dialog), over) = (dialog.get(), session.acting_over()) else { return };
        if over && !dialog.open() {
            // Only a dialog outside the page could refuse.
            let _ = dialog.show_modal();
        }
    });
    let back = Callback::new(|()| {
        end_acting();
        dom::reload_at(&routes::home());
    });
    view! {
        <dialog
            class="ui-dialog"
            node_ref=dialog
            aria-labelledby="acting-over"
            on:cancel=|event: ev::Event| event.prevent_default()
        >
            <h2 class="ui-dialog__title" id="acting-over">
                {tr!(identity.acting_over_title)}
            </h2>
            <div class="ui-dialog__body">
                <p>{tr!(identity.acting_over_text)}</p>
            </div>
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary on_press=back>
                    {tr!(identity.acting_over_button)}
                </Button>
            </div>
        </dialog>
    }
}
