//! Passkeys: those there are, a new one, another name, and one less.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{PasskeyView, RegisterPasskey, RenamePasskey};
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::PasskeyId;

use super::Proof;
use crate::api::{Failure, use_api};
use crate::components::{
    Button, ButtonKind, ConfirmDialog, ErrorSummary, FailureBanner, SummaryList, SummaryRow, TextField,
};
use crate::forms::{Fault, Form, given};
use crate::i18n::{in_language, use_language};
use crate::passkeys::{self, Ask};
use crate::state::use_toasts;
use crate::{format, say, tr};

const LABEL: &str = "/label";

/// The passkeys of the account.
#[component]
pub(super) fn Passkeys(
    items: Vec<PasskeyView>,
    proof: Proof,
    on_codes: Callback<Vec<String>>,
    reload: Callback<()>,
) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let (failure, gave_up) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let label = RwSignal::new(String::new());
    // The one that is renamed; a new one otherwise.
    let renaming = RwSignal::new(None::<PasskeyId>);
    let removing = RwSignal::new(None::<PasskeyId>);
    let asking = RwSignal::new(false);
    let [add_again, remove_again] = [(); 2].map(|()| StoredValue::new(None::<Callback<()>>));
    let add = Action::new_local(move |(): &()| async move {
        let label = label.get_untracked().trim().to_owned();
        let result = async {
            if let Some(id) = renaming.get_untracked() {
                return api.rename_passkey(id, &RenamePasskey { label }).await.map(|()| Some(Vec::new()));
            }
            let asked = api.begin_passkey().await?;
            let Some(credential) = passkeys::ask(Ask::Make, &asked.options).await else { return Ok(None) };
            let made = RegisterPasskey { challenge: asked.challenge, label, credential };
            api.register_passkey(&made).await.map(|codes| Some(codes.codes))
        };
        let result = result.await;
        if failure.is_disposed() {
            return;
        }
        match result {
            Ok(Some(codes)) => {
                toasts.show(say!(language.locale_now(), factors.passkey_saved));
                on_codes.run(codes);
            }
            Ok(None) => gave_up.set(true),
            Err(refused) => {
                if let Some(refused) = proof.ask(refused, add_again)
                    && !form.show_failure(&refused)
                {
                    failure.set(Some(refused));
                }
            }
        }
    });
    add_again.set_value(Some(Callback::new(move |()| {
        add.dispatch(());
    })));
    let remove = Action::new_local(move |(): &()| async move {
        let Some(id) = removing.get_untracked() else { return };
        let result = api.remove_passkey(id).await;
        if failure.is_disposed() {
            return;
        }
        asking.set(false);
        match result {
            Ok(()) => {
                toasts.show(say!(language.locale_now(), factors.passkey_removed));
                reload.run(());
            }
            Err(refused) => failure.set(proof.ask(refused, remove_again)),
        }
    });
    remove_again.set_value(Some(Callback::new(move |()| {
        remove.dispatch(());
    })));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if add.pending().get_untracked() {
            return;
        }
        failure.set(None);
        gave_up.set(false);
        if given(&label.get_untracked()).is_none() {
            form.show(vec![Fault::new(LABEL, FieldErrorCode::Required)]);
            return;
        }
        form.clear();
        add.dispatch(());
    };
    let entry = move |item: PasskeyView| {
        let (id, name) = (item.id, item.label.clone());
        let at = |instant| in_language(move |locale| format::date_and_time(locale, instant));
        let rename = Callback::new(move |()| {
            label.set(name.clone());
            renaming.set(Some(id));
        });
        let ask = Callback::new(move |()| {
            removing.set(Some(id));
            asking.set(true);
        });
        view! {
            <li class="ui-card">
                <h3 class="ui-card__title">{item.label}</h3>
                <SummaryList>
                    <SummaryRow name=tr!(factors.passkey_added) value=at(item.added_at) />
                    {item.last_used_at.map(|used| view! { <SummaryRow name=tr!(factors.passkey_used) value=at(used) /> })}
                </SummaryList>
                <div class="ui-actions">
                    <Button kind=ButtonKind::Secondary on_press=rename>
                        {tr!(factors.passkey_rename)}
                    </Button>
                    <Button kind=ButtonKind::Quiet on_press=ask>
                        {tr!(factors.passkey_remove)}
                    </Button>
                </div>
            </li>
        }
    };
    let words = in_language(move |locale| {
        if renaming.get().is_some() { say!(locale, factors.passkey_rename) } else { say!(locale, factors.passkey_add) }
    });
    let possible = passkeys::are_possible();
    view! {
        <p>{tr!(factors.passkeys_text)}</p>
        <FailureBanner failure />
        <ErrorSummary form />
        <ul class="ui-tasks">{items.into_iter().map(entry).collect_view()}</ul>
        {if possible {
            view! {
                <p role="alert">{move || gave_up.get().then(|| tr!(factors.passkey_gave_up))}</p>
                <form class="ui-form" novalidate on:submit=submit>
                    <TextField
                        form
                        pointer=LABEL
                        label=tr!(factors.passkey_label)
                        hint=tr!(factors.passkey_label_hint)
                        value=label
                        required=true
                        width=20
                    />
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Secondary submit=true pending=add.pending()>
                            {words}
                        </Button>
                    </div>
                </form>
            }
                .into_any()
        } else {
            view! { <p>{tr!(factors.passkeys_impossible)}</p> }.into_any()
        }}
        <ConfirmDialog
            open=asking
            title=tr!(factors.passkey_remove_title)
            confirm=tr!(factors.passkey_remove)
            kind=ButtonKind::Danger
            pending=remove.pending()
            on_confirm=Callback::new(move |()| {
                remove.dispatch(());
            })
        >
            <p>{tr!(factors.passkey_remove_text)}</p>
        </ConfirmDialog>
    }
}
