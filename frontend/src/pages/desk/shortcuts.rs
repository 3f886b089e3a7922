//! Keys that do something by themselves. They keep quiet while one types, composes Japanese text or has a dialog open,
//! and can be switched off altogether (WCAG 2.1.4).

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::{Button, ButtonKind};
use crate::i18n::Text;
use crate::{dom, tr};

const STORAGE_KEY: &str = "mamis.keys";
const OFF: &str = "off";
/// What browsers report while an input method composes.
const COMPOSING_KEY_CODE: u32 = 229;

/// A key press as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Press {
    /// Ctrl, Alt or the command key is held.
    modified: bool,
    composing: bool,
    key_code: u32,
    /// In a field, or under a dialog.
    elsewhere: bool,
}

impl Press {
    fn is_command(self) -> bool {
        !self.modified && !self.composing && self.key_code != COMPOSING_KEY_CODE && !self.elsewhere
    }
}

/// The key, when the press is meant as a command.
fn command(event: &KeyboardEvent) -> Option<String> {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let typing = target.is_some_and(|element| {
        element.closest("input, select, textarea, [contenteditable], dialog").ok().flatten().is_some()
    });
    let dialog_open = document().query_selector("dialog[open]").ok().flatten().is_some();
    let press = Press {
        modified: event.ctrl_key() || event.alt_key() || event.meta_key(),
        composing: event.is_composing(),
        key_code: event.key_code(),
        elsewhere: typing || dialog_open,
    };
    press.is_command().then(|| event.key())
}

/// Whether a key was pressed for its own sake, rather than to choose what an input method proposes.
pub(in crate::pages) fn is_plain(event: &KeyboardEvent, key: &str) -> bool {
    event.key() == key && !event.is_composing() && event.key_code() != COMPOSING_KEY_CODE
}

/// Whether Enter was pressed to finish a line.
pub(in crate::pages) fn is_plain_enter(event: &KeyboardEvent) -> bool {
    is_plain(event, "Enter")
}

/// Listens for as long as the page is shown. The handler says whether it used the key.
pub(in crate::pages) fn on_command(handler: impl Fn(&str) -> bool + 'static) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if !enabled() {
            return;
        }
        if let Some(key) = command(&event)
            && handler(&key)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn enabled() -> bool {
    dom::stored(STORAGE_KEY).as_deref() != Some(OFF)
}

/// What keys there are, and the switch for them.
#[component]
pub(in crate::pages) fn KeyboardHelp(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Keys and what they do.
    keys: Vec<(&'static str, Text)>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let on = RwSignal::new(enabled());
    let (title, close) = (tr!(workflow.keys_title), tr!(common.close));
    Effect::new(move |_| {
        let (Some(dialog), open) = (dialog.get(), open.get()) else { return };
        if open && !dialog.open() {
            // Only a dialog outside the page could refuse.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="ui-dialog" node_ref=dialog aria-labelledby="keys-title" on:close=move |_: ev::Event| open.set(false)>
            <h2 class="ui-dialog__title" id="keys-title">
                {move || title.get()}
            </h2>
            <dl class="wf-keys">
                {keys
                    .into_iter()
                    .map(|(key, does)| {
                        view! {
                            <div class="wf-keys__row">
                                <dt>
                                    <kbd class="wf-key">{key}</kbd>
                                </dt>
                                <dd>{move || does.get()}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <div class="ui-choice">
                <input
                    class="ui-choice__control"
                    type="checkbox"
                    id="keys-on"
                    prop:checked=move || on.get()
                    on:change=move |event| {
                        let checked = event_target_checked(&event);
                        on.set(checked);
                        dom::store(STORAGE_KEY, if checked { "on" } else { OFF });
                    }
                />
                <label class="ui-choice__label" for="keys-on">
                    {tr!(workflow.keys_switch)}
                </label>
            </div>
            <div class="ui-actions">
                <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| open.set(false))>
                    {move || close.get()}
                </Button>
            </div>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_quiet_while_one_types_or_composes() {
        assert!(Press::default().is_command());
        for press in [
            Press { modified: true, ..Press::default() },
            Press { composing: true, ..Press::default() },
            Press { key_code: COMPOSING_KEY_CODE, ..Press::default() },
            Press { elsewhere: true, ..Press::default() },
        ] {
            assert!(!press.is_command(), "{press:?}");
        }
    }
}
