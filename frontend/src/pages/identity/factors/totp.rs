//! The authenticator app.

use chrono::{DateTime, Utc};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{ConfirmTotp, QrView, TotpSetupView};
use mamis_contract::problem::{FieldErrorCode, ProblemCode};

use super::Proof;
use crate::api::{Failure, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, ErrorSummary, FailureBanner, TextField};
use crate::forms::{Fault, Form, given};
use crate::i18n::use_language;
use crate::state::use_toasts;
use crate::{format, say, tr};

const CODE: &str = "/code";

/// Whether there is one, setting one up, and taking it out of use.
#[component]
pub(super) fn Totp(
    since: Option<DateTime<Utc>>,
    proof: Proof,
    on_codes: Callback<Vec<String>>,
    reload: Callback<()>,
) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (failure, removing) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let setup = RwSignal::new(None::<TotpSetupView>);
    let [begin_again, remove_again] = [(); 2].map(|()| StoredValue::new(None::<Callback<()>>));
    let begin = Action::new_local(move |(): &()| async move {
        let result = api.begin_totp().await;
        if failure.is_disposed() {
            return;
        }
        match result {
            Ok(begun) => setup.set(Some(begun)),
            Err(refused) => failure.set(proof.ask(refused, begin_again)),
        }
    });
    begin_again.set_value(Some(Callback::new(move |()| {
        begin.dispatch(());
    })));
    let remove = Action::new_local(move |(): &()| async move {
        let result = api.remove_totp().await;
        if failure.is_disposed() {
            return;
        }
        removing.set(false);
        match result {
            Ok(()) => {
                toasts.show(say!(language.locale_now(), factors.app_removed));
                reload.run(());
            }
            Err(refused) => failure.set(proof.ask(refused, remove_again)),
        }
    });
    remove_again.set_value(Some(Callback::new(move |()| {
        remove.dispatch(());
    })));
    let start = Callback::new(move |()| {
        failure.set(None);
        begin.dispatch(());
    });
    let done = Callback::new(move |codes: Vec<String>| {
        toasts.show(say!(language.locale_now(), factors.app_done));
        on_codes.run(codes);
    });
    view! {
        <p>{tr!(factors.app_text)}</p>
        <FailureBanner failure />
        {move || match setup.get() {
            Some(begun) => {
                view! { <Setup begun on_done=done on_over=Callback::new(move |refused| {
                    setup.set(None);
                    failure.set(refused);
                }) /> }
                    .into_any()
            }
            None => {
                view! {
                    {since
                        .map(|since| {
                            view! {
                                <p>
                                    <span class="ui-badge ui-badge--good">{tr!(factors.app_in_use)}</span>
                                    " "
                                    {tr!(factors.since, when = format::date_and_time(language.locale(), since))}
                                </p>
                            }
                        })}
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Secondary pending=begin.pending() on_press=start>
                            {if since.is_some() { tr!(factors.app_change) } else { tr!(factors.app_begin) }}
                        </Button>
                        {since
                            .is_some()
                            .then(|| {
                                view! {
                                    <Button
                                        kind=ButtonKind::Quiet
                                        on_press=Callback::new(move |()| removing.set(true))
                                    >
                                        {tr!(factors.app_remove)}
                                    </Button>
                                }
                            })}
                    </div>
                }
                    .into_any()
            }
        }}
        <ConfirmDialog
            open=removing
            title=tr!(factors.app_remove_title)
            confirm=tr!(factors.app_remove)
            kind=ButtonKind::Danger
            pending=remove.pending()
            on_confirm=Callback::new(move |()| {
                remove.dispatch(());
            })
        >
            <p>{tr!(factors.app_remove_text)}</p>
        </ConfirmDialog>
    }
}

/// The square to photograph, and the field for the first code.
#[component]
fn Setup(begun: TotpSetupView, on_done: Callback<Vec<String>>, on_over: Callback<Option<Failure>>) -> impl IntoView {
    let (api, form) = (use_api(), Form::new());
    let (code, failure) = (RwSignal::new(String::new()), RwSignal::new(None::<Failure>));
    let confirm = Action::new_local(move |command: &ConfirmTotp| {
        let command = command.clone();
        async move {
            let result = api.confirm_totp(&command).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(codes) => on_done.run(codes.codes),
                Err(refused) if refused.code() == Some(ProblemCode::ChallengeOver) => on_over.run(Some(refused)),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if confirm.pending().get_untracked() {
            return;
        }
        failure.set(None);
        match given(&code.get_untracked()) {
            Some(code) => {
                form.clear();
                confirm.dispatch(ConfirmTotp { code });
            }
            None => form.show(vec![Fault::new(CODE, FieldErrorCode::Required)]),
        }
    };
    let grouped = groups_of_four(&begun.secret);
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <ol class="ui-steps-list">
            <li>{tr!(factors.setup_install)}</li>
            <li>
                {tr!(factors.setup_scan)} <Square qr=begun.qr />
                <details>
                    <summary>{tr!(factors.setup_cannot_scan)}</summary>
                    <p>
                        <a href=begun.uri>{tr!(factors.setup_open)}</a>
                    </p>
                    <p>{tr!(factors.setup_type)}</p>
                    <p>
                        <code>{grouped}</code>
                    </p>
                </details>
            </li>
            <li>{tr!(factors.setup_code)}</li>
        </ol>
        <form class="ui-form" novalidate on:submit=submit>
            <TextField
                form
                pointer=CODE
                label=tr!(factors.code)
                value=code
                required=true
                inputmode="numeric"
                autocomplete="one-time-code"
                width=7
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=confirm.pending()>
                    {tr!(factors.setup_done)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| on_over.run(None))>
                    {tr!(common.cancel)}
                </Button>
            </div>
        </form>
    }
}

/// A QR code with the white margin that cameras need.
#[component]
fn Square(qr: QrView) -> impl IntoView {
    let side = qr.size + 8;
    view! {
        <svg class="ui-qr" viewBox=format!("-4 -4 {side} {side}") role="img" aria-label=tr!(factors.setup_square)>
            <rect x="-4" y="-4" width=side height=side fill="#fff"></rect>
            <path d=qr.path fill="#000"></path>
        </svg>
    }
}

/// Long keys are read four letters at a time.
fn groups_of_four(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_key_is_shown_four_letters_at_a_time() {
        assert_eq!(groups_of_four("JBSWY3DPEH"), "JBSW Y3DP EH");
    }
}
