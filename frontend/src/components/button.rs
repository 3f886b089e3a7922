//! Buttons, and links that look like them because they begin something.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::i18n::Text;
use crate::tr;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// What the page is for; one a page.
    Primary,
    /// Other ways to go.
    #[default]
    Secondary,
    /// What cannot be taken back.
    Danger,
    /// Small matters beside something else.
    Quiet,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "ui-button ui-button--primary",
            Self::Secondary => "ui-button ui-button--secondary",
            Self::Danger => "ui-button ui-button--danger",
            Self::Quiet => "ui-button ui-button--quiet",
        }
    }
}

/// A button. While something is under way, or while it cannot be pressed, it stays reachable and says so.
#[component]
pub fn Button(
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: ButtonKind,
    /// Sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// What it does; not needed with `submit`.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Whether what it does is under way; further presses do nothing.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// Why it cannot be pressed; shown beside it.
    #[prop(optional, into)]
    blocked_because: Signal<Option<String>>,
    /// Keys that press it, as `aria-keyshortcuts` spells them; listening is the page's.
    #[prop(optional)]
    keys: Option<&'static str>,
    /// The words: what it does, as a verb.
    children: Children,
) -> impl IntoView {
    let idle = move || !pending.get() && blocked_because.with(Option::is_none);
    let sending = tr!(common.sending);
    let press = move |event: MouseEvent| {
        let idle = untrack(idle);
        if !idle {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <span class="ui-button-place">
            <button
                class=kind.class()
                type=if submit { "submit" } else { "button" }
                aria-disabled=move || (!idle()).then_some("true")
                aria-keyshortcuts=keys
                on:click=press
            >
                {children()}
                {move || pending.get().then(|| view! { <span class="ui-spinner" aria-hidden="true"></span> })}
            </button>
            {move || blocked_because.get().map(|reason| view! { <span class="ui-button__reason">{reason}</span> })}
            <span class="ui-visually-hidden" role="status">
                {move || pending.get().then(|| sending.get())}
            </span>
        </span>
    }
}

/// A link that begins something. For going elsewhere, use a plain `<a>`.
#[component]
pub fn ButtonLink(
    /// Where it leads; from [`routes`](crate::routes).
    #[prop(into)]
    href: String,
    /// How much it asks to be pressed.
    #[prop(optional)]
    kind: ButtonKind,
    /// The words.
    #[prop(into)]
    label: Text,
) -> impl IntoView {
    view! {
        <a class=kind.class() href=href>
            {label}
        </a>
    }
}
