//! One line of text, and passwords.

use leptos::prelude::*;

use super::field::{FieldNotes, Need};
use crate::forms::Form;
use crate::i18n::Text;
use crate::tr;

/// One line of text. Numbers too: `inputmode` brings the digits' keyboard, and nothing typed is refused here.
#[component]
pub fn TextField(
    /// The form it belongs to.
    form: Form,
    /// Its JSON pointer, as the server names it.
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
    /// `text`, `tel`, `email`.
    #[prop(default = "text")]
    kind: &'static str,
    /// `numeric` for digits.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// About how many full-width characters it shows: 4, 7, 12, 20; the whole width without it.
    #[prop(optional)]
    width: Option<u8>,
    /// Why it cannot be changed; makes it read-only.
    #[prop(optional, into)]
    readonly_because: Option<Text>,
) -> impl IntoView {
    let field = form.register(&pointer, label);
    let hint = readonly_because.or(hint);
    let (id, described_by, invalid) = (field.id.clone(), field.described_by(hint.is_some()), field.invalid());
    let class = match width {
        Some(width) => format!("ui-input ui-input--{width}"),
        None => "ui-input".to_owned(),
    };
    view! {
        <div class="ui-field" class=("ui-field--error", move || invalid.get().is_some())>
            <label class="ui-field__label" for=id.clone()>
                {label}
                <Need required />
            </label>
            <FieldNotes field hint />
            <input
                class=class
                id=id
                type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                readonly=readonly_because.is_some()
                aria-describedby=described_by
                aria-invalid=invalid
            />
        </div>
    }
}

/// A password: can be pasted, and shown.
#[component]
pub fn PasswordField(
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
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What the browser may fill in; `new-password` lets it propose one.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
) -> impl IntoView {
    let field = form.register(&pointer, label);
    let (id, described_by, invalid) = (field.id.clone(), field.described_by(hint.is_some()), field.invalid());
    let shown = RwSignal::new(false);
    let (show, hide) = (tr!(common.show_password), tr!(common.hide_password));
    view! {
        <div class="ui-field" class=("ui-field--error", move || invalid.get().is_some())>
            <label class="ui-field__label" for=id.clone()>
                {label}
                <Need required=true />
            </label>
            <FieldNotes field hint />
            <div class="ui-password">
                <input
                    class="ui-input ui-input--20"
                    id=id.clone()
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                    aria-describedby=described_by
                    aria-invalid=invalid
                />
                <button
                    class="ui-button ui-button--quiet"
                    type="button"
                    aria-controls=id
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { hide.get() } else { show.get() }}
                </button>
            </div>
        </div>
    }
}
