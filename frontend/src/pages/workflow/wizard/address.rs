//! An address: the postal code proposes, the physician decides.

use leptos::prelude::*;
use mamis_contract::problem::{FieldErrorCode, ProblemCode};
use mamis_contract::registry::AddressCandidate;
use mamis_kernel::text::PostalCode;

use super::municipality::MunicipalityFields;
use crate::api::{Failure, use_api};
use crate::components::{Button, Choice, RadioGroup, TextField};
use crate::forms::{Fault, Form};
use crate::i18n::{Text, in_language, use_language};
use crate::pages::desk::is_plain_enter;
use crate::pages::workflow::join_form::filled_address;
use crate::pages::workflow::sections::Field;
use crate::{say, tr};

/// What became of the last look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Nothing,
    Candidates(Vec<AddressCandidate>),
    Failed(Failure),
}

/// Postal code, its candidates, and the address they fill in without overwriting what was typed.
#[component]
pub(in crate::pages::workflow) fn AddressFields(
    form: Form,
    /// The postal code's field.
    postal_field: Field,
    /// The address's field.
    address_field: Field,
    postal_code: RwSignal<String>,
    address: RwSignal<String>,
    /// Where the municipality goes, when it is asked for.
    #[prop(optional)]
    municipality: Option<RwSignal<String>>,
) -> impl IntoView {
    let (api, language) = (use_api(), use_language());
    let found = RwSignal::new(None::<Found>);
    let picked = RwSignal::new(String::new());
    let filled = StoredValue::new(String::new());
    let kept_typed = RwSignal::new(false);
    let take = move |candidate: &AddressCandidate| {
        let text = format!("{}{}{}", candidate.prefecture, candidate.municipality, candidate.town);
        if let Some(municipality) = municipality {
            municipality.set(candidate.municipality_code.clone());
        }
        let typed = address.get_untracked();
        // The same candidate again changes nothing.
        let filling =
            if typed.starts_with(&text) { Some(typed) } else { filled_address(&typed, &filled.get_value(), &text) };
        kept_typed.set(filling.is_none());
        if let Some(filling) = filling {
            address.set(filling);
            filled.set_value(text);
        }
    };
    let look_up = Action::new_local(move |code: &PostalCode| {
        let code = *code;
        async move {
            let outcome = match api.postal_code(code).await {
                Ok(view) if view.addresses.is_empty() => Found::Nothing,
                Ok(view) => Found::Candidates(view.addresses),
                Err(failure) if failure.code() == Some(ProblemCode::NotFound) => Found::Nothing,
                Err(failure) => Found::Failed(failure),
            };
            if found.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            if let Found::Candidates(candidates) = &outcome
                && let [only] = candidates.as_slice()
            {
                take(only);
            }
            picked.set(String::new());
            found.set(Some(outcome));
        }
    });
    let press = move || match PostalCode::parse(&postal_code.get_untracked()) {
        Ok(code) => {
            form.clear();
            kept_typed.set(false);
            look_up.dispatch(code);
        }
        Err(_) => form.show(vec![Fault::new(postal_field.pointer(), FieldErrorCode::InvalidFormat)]),
    };
    let on_pick = move |_| {
        let index: Option<usize> = picked.get_untracked().parse().ok();
        let chosen = found.with_untracked(|found| match (found, index) {
            (Some(Found::Candidates(candidates)), Some(index)) => candidates.get(index).cloned(),
            _ => None,
        });
        if let Some(candidate) = chosen {
            take(&candidate);
        }
    };
    let status = move || {
        let locale = language.locale();
        let words = match found.get()? {
            Found::Nothing => say!(locale, workflow.postal_nothing),
            Found::Candidates(_) if kept_typed.get() => say!(locale, workflow.postal_kept),
            Found::Candidates(candidates) if candidates.len() == 1 => say!(locale, workflow.postal_filled),
            Found::Candidates(candidates) => say!(locale, workflow.postal_choose, count = candidates.len()),
            Found::Failed(failure) => failure.text(locale).title.to_owned(),
        };
        Some(words)
    };
    let several = Signal::derive(move || match found.get() {
        Some(Found::Candidates(candidates)) if candidates.len() > 1 => candidates,
        _ => Vec::new(),
    });
    let choices = Signal::derive(move || {
        let candidates = several.get().into_iter().enumerate();
        candidates
            .map(|(index, candidate)| Choice::new(index.to_string(), candidate_text(&candidate)))
            .collect::<Vec<_>>()
    });
    let button = tr!(workflow.postal_search);
    let pointer = format!("{}/candidates", postal_field.pointer());
    view! {
        <div class="wf-lookup">
            <div on:keydown=move |event| {
                if is_plain_enter(&event) {
                    event.prevent_default();
                    press();
                }
            }>
                <TextField
                    form
                    pointer=postal_field.pointer()
                    label=postal_field.text()
                    hint=tr!(workflow.postal_hint)
                    value=postal_code
                    required=true
                    inputmode="numeric"
                    autocomplete="postal-code"
                    width=7
                />
            </div>
            <div class="wf-lookup__button">
                <Button on_press=Callback::new(move |()| press()) pending=look_up.pending()>
                    {move || button.get()}
                </Button>
            </div>
            <p class="wf-status" role="status">
                {status}
            </p>
        </div>
        {move || {
            (!several.with(Vec::is_empty))
                .then(|| {
                    let pointer = pointer.clone();
                    view! {
                        <div on:change=on_pick>
                            <RadioGroup
                                form
                                pointer=pointer
                                legend=tr!(workflow.postal_candidates)
                                value=picked
                                choices
                            />
                        </div>
                    }
                })
        }}
        {municipality.map(|municipality| view! { <MunicipalityFields form municipality /> })}
        <TextField
            form
            pointer=address_field.pointer()
            label=address_field.text()
            hint=tr!(workflow.address_hint)
            value=address
            required=true
            autocomplete="street-address"
        />
    }
}

fn candidate_text(candidate: &AddressCandidate) -> Text {
    let text = format!("{}{}{}", candidate.prefecture, candidate.municipality, candidate.town);
    let kana = candidate.town_kana.clone();
    in_language(move |_| if kana.is_empty() { text.clone() } else { format!("{text}（{kana}）") })
}
