//! The way back to a list as it was left.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::location::State;
use wasm_bindgen::JsValue;

use super::on_command;
use crate::tr;

/// Where a list was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages) struct ListPlace {
    /// Path with its filters.
    pub(in crate::pages) url: String,
    /// What the list keeps in the browser's history.
    pub(in crate::pages) memory: String,
}

impl ListPlace {
    /// A list nobody has been to yet.
    pub(in crate::pages) fn fresh(url: String) -> Self {
        Self { url, memory: String::new() }
    }
}

/// The link back, and its key `u`.
#[component]
pub(in crate::pages) fn BackToList(place: ListPlace) -> impl IntoView {
    let (href, navigate) = (place.url.clone(), use_navigate());
    let go = Callback::new(move |()| {
        let state = State::new(Some(JsValue::from_str(&place.memory)));
        navigate(&place.url, NavigateOptions { state, ..NavigateOptions::default() });
    });
    on_command(move |key| {
        let is_ours = key == "u";
        if is_ours {
            go.run(());
        }
        is_ours
    });
    let go_back = move |event: MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            go.run(());
        }
    };
    view! {
        <a class="wf-back" href=href on:click=go_back aria-keyshortcuts="u">
            {tr!(workflow.back_to_list)}
        </a>
    }
}
