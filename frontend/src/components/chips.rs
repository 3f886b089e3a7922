//! The filters in force, each removed by one press.

use leptos::prelude::*;

use crate::i18n::{Text, use_language};
use crate::say;

/// One filter in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Which one, for the page.
    pub key: String,
    /// As people read it.
    pub label: Text,
}

/// The filters in force.
#[component]
pub fn Chips(
    /// What the chips are.
    #[prop(into)]
    label: Text,
    /// The filters.
    #[prop(into)]
    chips: Signal<Vec<Chip>>,
    /// Removes the one with this key.
    #[prop(into)]
    on_remove: Callback<String>,
) -> impl IntoView {
    let language = use_language();
    let chip_view = move |chip: Chip| {
        let Chip { key, label } = chip;
        let remove = move || say!(language.locale(), common.chip_remove, what = label.get());
        view! {
            <li>
                <button class="ui-chip" type="button" aria-label=remove on:click=move |_| on_remove.run(key.clone())>
                    {label}
                    <span class="ui-chip__cross" aria-hidden="true">"×"</span>
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <ul class="ui-chips" aria-label=label>
            {move || chips.get().into_iter().map(chip_view).collect_view()}
        </ul>
    }
}
