//! Several lines of text.

use leptos::prelude::*;

use super::field::{FieldNotes, Need};
use crate::forms::Form;
use crate::i18n::Text;

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The form it belongs to.
    form: Form,
    /// Its JSON pointer.
    #[prop(into)]
    pointer: String,
    /// What it is called.
    #[prop(into)]
    label: Text,
    /// What is typed.
    value: RwSignal<String>,
    /// Whether it must be given.
    #[prop(optional)]
    required: bool,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// How many lines it shows.
    #[prop(default = 4)]
    rows: u8,
) -> impl IntoView {
    let field = form.register(&pointer, label);
    let (id, described_by, invalid) = (field.id.clone(), field.described_by(hint.is_some()), field.invalid());
    view! {
        <div class="ui-field" class=("ui-field--error", move || invalid.get().is_some())>
            <label class="ui-field__label" for=id.clone()>
                {label}
                <Need required />
            </label>
            <FieldNotes field hint />
            <textarea
                class="ui-input ui-input--area"
                id=id
                rows=rows.to_string()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                aria-describedby=described_by
                aria-invalid=invalid
            ></textarea>
        </div>
    }
}
