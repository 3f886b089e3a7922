//! The parts around a control: label, need, hint, fault; groups; the single box to tick.

use leptos::prelude::*;

use crate::forms::{Field, Form};
use crate::i18n::Text;
use crate::tr;

/// 「※必須」 or 「任意」, in words.
#[component]
pub(super) fn Need(required: bool) -> impl IntoView {
    let text = if required { tr!(common.required) } else { tr!(common.optional) };
    view! {
        <span class="ui-need" class=("ui-need--required", required)>
            {text}
        </span>
    }
}

/// Help and fault of a field, tied to it by their ids.
#[component]
pub(super) fn FieldNotes(field: Field, hint: Option<Text>) -> impl IntoView {
    let (hint_id, error_id, error) = (field.hint_id(), field.error_id(), field.error);
    let prefix = tr!(common.error_prefix);
    view! {
        {hint.map(|hint| view! { <p class="ui-field__hint" id=hint_id>{hint}</p> })}
        {move || {
            error
                .get()
                .map(|text| {
                    view! {
                        <p class="ui-field__error" id=error_id.clone()>
                            <span class="ui-visually-hidden">{prefix}</span>
                            {text}
                        </p>
                    }
                })
        }}
    }
}

/// Fields that belong together, under a legend.
#[component]
pub fn Fieldset(
    /// What they are about.
    #[prop(into)]
    legend: Text,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="ui-fieldset">
            <legend class="ui-fieldset__legend">{legend}</legend>
            {children()}
        </fieldset>
    }
}

/// A single box to tick.
#[component]
pub fn Checkbox(
    /// The form it belongs to.
    form: Form,
    /// Its JSON pointer.
    #[prop(into)]
    pointer: String,
    /// What ticking it says, as a whole sentence.
    #[prop(into)]
    label: Text,
    /// What its faults call it, where it is one of several boxes of a question.
    #[prop(optional, into)]
    asks: Option<Text>,
    /// Whether it is ticked.
    value: RwSignal<bool>,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<Text>,
) -> impl IntoView {
    let field = form.register_choice(&pointer, asks.unwrap_or(label));
    let (id, described_by, invalid) = (field.id.clone(), field.described_by(hint.is_some()), field.invalid());
    view! {
        <div class="ui-field" class=("ui-field--error", move || invalid.get().is_some())>
            <FieldNotes field hint />
            <div class="ui-choice">
                <input
                    class="ui-choice__control"
                    type="checkbox"
                    id=id.clone()
                    prop:checked=value
                    on:change=move |event| value.set(event_target_checked(&event))
                    aria-describedby=described_by
                    aria-invalid=invalid
                />
                <label class="ui-choice__label" for=id>
                    {label}
                </label>
            </div>
        </div>
    }
}
