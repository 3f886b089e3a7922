//! Several views of one thing, one at a time; arrow keys go from tab to tab.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::dom;
use crate::i18n::Text;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Which one, for the page and the ids.
    pub key: &'static str,
    /// As people read it.
    pub label: Text,
}

/// The row of tabs. The page shows the panel: `role="tabpanel"`, `id="panel-KEY"`, `aria-labelledby="tab-KEY"`.
#[component]
pub fn Tabs(
    /// What the tabs divide.
    #[prop(into)]
    label: Text,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The key of the one shown.
    selected: RwSignal<&'static str>,
) -> impl IntoView {
    let keys: Vec<&'static str> = tabs.iter().map(|tab| tab.key).collect();
    let move_to = move |event: KeyboardEvent| {
        let current = keys.iter().position(|key| *key == selected.get_untracked()).unwrap_or_default();
        if let Some(next) = neighbour(&event.key(), current, keys.len()).and_then(|index| keys.get(index)) {
            event.prevent_default();
            selected.set(next);
            dom::focus(&format!("tab-{next}"));
        }
    };
    view! {
        <div class="ui-tabs" role="tablist" aria-label=label on:keydown=move_to>
            {tabs
                .into_iter()
                .map(|Tab { key, label }| {
                    let is_selected = move || selected.get() == key;
                    view! {
                        <button
                            class="ui-tab"
                            type="button"
                            role="tab"
                            id=format!("tab-{key}")
                            aria-controls=format!("panel-{key}")
                            aria-selected=move || is_selected().to_string()
                            tabindex=move || if is_selected() { "0" } else { "-1" }
                            on:click=move |_| selected.set(key)
                        >
                            {label}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

fn neighbour(key: &str, current: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((current + 1) % count.max(1)),
        "ArrowLeft" => Some((current + count.saturating_sub(1)) % count.max(1)),
        "Home" => Some(0),
        "End" => Some(count.saturating_sub(1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round() {
        assert_eq!(neighbour("ArrowRight", 2, 3), Some(0));
        assert_eq!(neighbour("ArrowLeft", 0, 3), Some(2));
        assert_eq!(neighbour("End", 0, 3), Some(2));
        assert_eq!(neighbour("Tab", 0, 3), None);
        assert_eq!(neighbour("ArrowLeft", 0, 0), Some(0));
    }
}
