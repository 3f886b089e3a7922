//! One of many, in a list that unfolds. For up to six, [`RadioGroup`](super::RadioGroup) is easier to read.

use leptos::prelude::*;

use super::Choice;
use super::field::{FieldNotes, Need};
use crate::forms::Form;
use crate::i18n::Text;
use crate::tr;

/// One of many, in a list that unfolds.
#[component]
pub fn SelectField(
    /// The form it belongs to.
    form: Form,
    /// Its JSON pointer.
    #[prop(into)]
    pointer: String,
    /// What it is called.
    #[prop(into)]
    label: Text,
    /// The chosen value; empty for none.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// Whether it must be given.
    #[prop(optional)]
    required: bool,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<Text>,
) -> impl IntoView {
    let field = form.register_choice(&pointer, label);
    let (id, described_by, invalid) = (field.id.clone(), field.described_by(hint.is_some()), field.invalid());
    let choose = tr!(common.choose);
    view! {
        <div class="ui-field" class=("ui-field--error", move || invalid.get().is_some())>
            <label class="ui-field__label" for=id.clone()>
                {label}
                <Need required />
            </label>
            <FieldNotes field hint />
            <select
                class="ui-input ui-input--select"
                id=id
                on:change=move |event| value.set(event_target_value(&event))
                aria-describedby=described_by
                aria-invalid=invalid
            >
                <option value="" selected=move || value.with(String::is_empty)>
                    {choose}
                </option>
                {move || {
                    choices
                        .get()
                        .into_iter()
                        .map(|choice| {
                            let (own, label) = (choice.value.clone(), choice.label);
                            view! {
                                <option value=choice.value selected=move || value.get() == own>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}
