//! What one filters a list by.

use leptos::prelude::*;

use super::LIMITS;
use super::list::row_id;
use super::shortcuts::is_plain;
use crate::components::{Button, Choice};
use crate::i18n::{Text, use_language};
use crate::{dom, say, tr};

/// For the key that leads to the search field.
pub(super) const SEARCH_ID: &str = "list-search";

/// The search field with its button; sends the form around it. The arrow down leads from it to the first row.
#[component]
pub(in crate::pages) fn SearchBox(
    /// What can be searched for.
    #[prop(into)]
    label: Text,
    /// How to search.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is typed.
    text: RwSignal<String>,
) -> impl IntoView {
    view! {
        <div class="wf-filter wf-filter--wide">
            <label for=SEARCH_ID>{label}</label>
            {hint
                .map(|hint| {
                    view! {
                        <p class="wf-filter__hint" id="list-search-hint">
                            {hint}
                        </p>
                    }
                })}
            <div class="wf-filter__row">
                <input
                    class="ui-input"
                    id=SEARCH_ID
                    type="search"
                    autocomplete="off"
                    maxlength="100"
                    aria-keyshortcuts="/"
                    aria-describedby=hint.map(|_| "list-search-hint")
                    prop:value=text
                    on:input=move |event| text.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if is_plain(&event, "ArrowDown") {
                            event.prevent_default();
                            dom::focus(&row_id(0));
                        }
                    }
                />
                <Button submit=true>{tr!(workflow.search_button)}</Button>
            </div>
        </div>
    }
}

/// One of several, in force as soon as it is chosen.
#[component]
pub(in crate::pages) fn FilterSelect(
    /// Of the element.
    id: &'static str,
    /// What is chosen.
    #[prop(into)]
    label: Text,
    /// The value in force; empty for any.
    #[prop(into)]
    value: Signal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// What no choice is called, where one need not choose.
    #[prop(optional, into)]
    any: Option<Text>,
    /// Takes the new value.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let option = move |choice: Choice| {
        let Choice { value: own, label, .. } = choice;
        let same = own.clone();
        view! {
            <option value=own selected=move || value.with(|value| *value == same)>
                {label}
            </option>
        }
    };
    let any = any.map(|label| Choice::new("", label));
    view! {
        <div class="wf-filter">
            <label for=id>{label}</label>
            <select
                class="ui-input ui-input--select"
                id=id
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                {any.map(option)}
                {move || choices.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// How many rows a page has.
#[component]
pub(in crate::pages) fn RowsSelect(
    #[prop(into)] limit: Signal<u32>,
    #[prop(into)] on_choose: Callback<u32>,
) -> impl IntoView {
    let language = use_language();
    let choice = |rows: u32| {
        let label = Signal::derive(move || say!(language.locale(), workflow.filter_rows, rows = rows));
        Choice::new(rows.to_string(), label)
    };
    view! {
        <FilterSelect
            id="list-rows"
            label=tr!(workflow.filter_rows_label)
            value=Signal::derive(move || limit.get().to_string())
            choices=Signal::stored(LIMITS.map(choice).to_vec())
            on_choose=Callback::new(move |value: String| {
                if let Ok(rows) = value.parse() {
                    on_choose.run(rows);
                }
            })
        />
    }
}

/// Any of several.
#[component]
pub(in crate::pages) fn CheckGroup(
    /// Begins the ids of the boxes.
    id: &'static str,
    /// What is chosen.
    #[prop(into)]
    legend: Text,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The values of those that are ticked.
    chosen: RwSignal<Vec<String>>,
) -> impl IntoView {
    let line = move |(index, choice): (usize, Choice)| {
        let (own, toggled, box_id) = (choice.value.clone(), choice.value, format!("{id}-{index}"));
        view! {
            <div class="ui-choice">
                <input
                    class="ui-choice__control"
                    type="checkbox"
                    id=box_id.clone()
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&own))
                    on:change=move |event| {
                        let ticked = event_target_checked(&event);
                        chosen
                            .update(|chosen| {
                                chosen.retain(|value| *value != toggled);
                                if ticked {
                                    chosen.push(toggled.clone());
                                }
                            });
                    }
                />
                <label class="ui-choice__label" for=box_id>
                    {choice.label}
                </label>
            </div>
        }
    };
    view! {
        <fieldset class="ui-field ui-group">
            <legend class="ui-field__label">{legend}</legend>
            <div class="wf-checks">{move || choices.get().into_iter().enumerate().map(line).collect_view()}</div>
        </fieldset>
    }
}
