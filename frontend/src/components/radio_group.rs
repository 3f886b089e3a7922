//! One of a few, all of them in sight.

use leptos::prelude::*;

use super::Choice;
use super::field::{FieldNotes, Need};
use crate::forms::Form;
use crate::i18n::Text;
use crate::tr;

/// One of a few, all of them in sight.
#[component]
pub fn RadioGroup(
    /// The form it belongs to.
    form: Form,
    /// Its JSON pointer.
    #[prop(into)]
    pointer: String,
    /// The question.
    #[prop(into)]
    legend: Text,
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
    let choose = Callback::new(move |chosen| value.set(chosen));
    Group { form, pointer, legend, chosen: value.into(), choose, choices, required, hint }.view()
}

/// A question that is answered with yes or no.
#[component]
pub fn YesNoGroup(
    /// The form it belongs to.
    form: Form,
    /// Its JSON pointer.
    #[prop(into)]
    pointer: String,
    /// The question.
    #[prop(into)]
    legend: Text,
    /// The answer; nothing until there is one.
    value: RwSignal<Option<bool>>,
    /// Whether it must be given.
    #[prop(optional)]
    required: bool,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<Text>,
) -> impl IntoView {
    let choices = Signal::stored(vec![Choice::new("true", tr!(common.yes)), Choice::new("false", tr!(common.no))]);
    let chosen = Signal::derive(move || value.get().map(|yes| yes.to_string()).unwrap_or_default());
    let choose = Callback::new(move |chosen: String| value.set(chosen.parse().ok()));
    Group { form, pointer, legend, chosen, choose, choices, required, hint }.view()
}

struct Group {
    form: Form,
    pointer: String,
    legend: Text,
    chosen: Signal<String>,
    choose: Callback<String>,
    choices: Signal<Vec<Choice>>,
    required: bool,
    hint: Option<Text>,
}

impl Group {
    fn view(self) -> AnyView {
        let Self { form, pointer, legend, chosen, choose, choices, required, hint } = self;
        let field = form.register_choice(&pointer, legend);
        let (name, described_by, invalid) = (field.id.clone(), field.described_by(hint.is_some()), field.invalid());
        let options = move || {
            let choices = choices.get().into_iter().enumerate();
            choices
                .map(|(index, choice)| option_view(&name, index, choice, chosen, choose, described_by, invalid))
                .collect_view()
        };
        view! {
            <fieldset class="ui-field ui-group" class=("ui-field--error", move || invalid.get().is_some())>
                <legend class="ui-field__label">
                    {legend}
                    <Need required />
                </legend>
                <FieldNotes field hint />
                <div class="ui-group__choices">{options}</div>
            </fieldset>
        }
        .into_any()
    }
}

fn option_view(
    name: &str,
    index: usize,
    choice: Choice,
    chosen: Signal<String>,
    choose: Callback<String>,
    described_by: Signal<Option<String>>,
    invalid: Signal<Option<&'static str>>,
) -> AnyView {
    // The summary's link leads to the first choice, so that one carries the field's own id.
    let id = if index == 0 { name.to_owned() } else { format!("{name}-{index}") };
    let Choice { value, label, hint } = choice;
    let (own, picked, hint_id) = (value.clone(), value.clone(), format!("{id}-about"));
    // Some readers do not say a group's description, so each choice has it too.
    let own_hint = hint.map(|_| hint_id.clone());
    let described_by = move || match (described_by.get(), own_hint.clone()) {
        (Some(group), Some(own)) => Some(format!("{group} {own}")),
        (group, own) => group.or(own),
    };
    view! {
        <div class="ui-choice">
            <input
                class="ui-choice__control"
                type="radio"
                id=id.clone()
                name=name.to_owned()
                value=value
                prop:checked=move || chosen.get() == own
                on:change=move |_| choose.run(picked.clone())
                aria-describedby=described_by
                aria-invalid=invalid
            />
            <div class="ui-choice__text">
                <label class="ui-choice__label" for=id>
                    {label}
                </label>
                {hint
                    .map(|hint| {
                        view! {
                            <p class="ui-choice__hint" id=hint_id>
                                {hint}
                            </p>
                        }
                    })}
            </div>
        </div>
    }
    .into_any()
}
