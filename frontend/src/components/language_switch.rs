//! Japanese or English.

use leptos::prelude::*;

use crate::i18n::{Locale, code, use_language};
use crate::tr;

/// Japanese or English; each is named in itself.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let (language, label) = (use_language(), tr!(common.language_label));
    let option = move |locale: Locale, name: &'static str| {
        view! {
            <button
                class="ui-language"
                type="button"
                lang=code(locale)
                aria-pressed=move || (language.locale() == locale).to_string()
                on:click=move |_| language.choose(locale)
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="ui-languages" role="group" aria-label=label>
            {option(Locale::ja, "日本語")}
            {option(Locale::en, "English")}
        </div>
    }
}
