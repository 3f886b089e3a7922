//! Search and filters of the work list, and the filters in force.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::registry::AssociationRef;

use super::list_state::AGES;
use super::{LIMITS, ListMemory, ListQuery};
use crate::components::{Button, Chip, Chips};
use crate::i18n::{Text, in_language, use_language};
use crate::{say, tr};

/// For the key that leads to the search field.
pub(in crate::pages::workflow) const SEARCH_ID: &str = "work-search";

/// Search and filters of the work list.
#[component]
pub(in crate::pages::workflow) fn Filters(
    #[prop(into)] query: Signal<ListQuery>,
    #[prop(into)] memory: Signal<ListMemory>,
    /// The clerk's associations.
    own: StoredValue<Vec<AssociationRef>>,
    /// Shows another list.
    #[prop(into)]
    on_change: Callback<(ListQuery, ListMemory)>,
) -> impl IntoView {
    let language = use_language();
    let text = RwSignal::new(String::new());
    // What is in force is shown, also after going back.
    Effect::new(move |_| text.set(memory.with(|memory| memory.text.clone())));
    let change = move |with: &dyn Fn(&mut ListQuery)| {
        let mut changed = query.get_untracked();
        with(&mut changed);
        on_change.run((changed, memory.with_untracked(ListMemory::restarted)));
    };
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        let memory = ListMemory { text: text.get_untracked().trim().to_owned(), ..ListMemory::default() };
        on_change.run((query.get_untracked(), memory));
    };
    let several = own.with_value(|own| own.len() > 1);
    let associations = move || {
        own.get_value()
            .into_iter()
            .map(|association| {
                let code = association.code.clone();
                let selected = move || query.with(|query| query.association.as_ref() == Some(&code));
                view! {
                    <option value=association.code selected=selected>
                        {association.name}
                    </option>
                }
            })
            .collect_view()
    };
    let ages = AGES.map(|age| {
        let selected = move || query.with(|query| query.min_age == Some(age));
        view! {
            <option value=age.to_string() selected=selected>
                {move || say!(language.locale(), workflow.filter_age, days = age)}
            </option>
        }
    });
    let limits = LIMITS.map(|limit| {
        let selected = move || query.with(|query| query.limit == limit);
        view! {
            <option value=limit.to_string() selected=selected>
                {move || say!(language.locale(), workflow.filter_rows, rows = limit)}
            </option>
        }
    });
    let chips = Signal::derive(move || {
        let (query, memory) = (query.get(), memory.get());
        let mut chips = Vec::new();
        let mut chip = |key: &str, label: Text| chips.push(Chip { key: key.to_owned(), label });
        if let Some(code) = query.association {
            let name = own.with_value(|own| own.iter().find(|own| own.code == code).map(|own| own.name.clone()));
            chip("association", Signal::stored(name.unwrap_or(code)));
        }
        if let Some(age) = query.min_age {
            chip("min_age", in_language(move |locale| say!(locale, workflow.filter_age, days = age)));
        }
        if !memory.text.is_empty() {
            let text = memory.text;
            chip("text", in_language(move |locale| say!(locale, workflow.filter_text, text = text.clone())));
        }
        chips
    });
    let remove = move |key: String| match key.as_str() {
        "association" => change(&|query| query.association = None),
        "min_age" => change(&|query| query.min_age = None),
        _ => on_change.run((query.get_untracked(), ListMemory::default())),
    };
    let has_chips = Memo::new(move |_| chips.with(|chips| !chips.is_empty()));
    let (search_words, all, any) =
        (tr!(workflow.search_button), tr!(workflow.filter_all), tr!(workflow.filter_any_age));
    view! {
        <form class="wf-filters" role="search" on:submit=search>
            <div class="wf-filter wf-filter--wide">
                <label for=SEARCH_ID>{tr!(workflow.search_label)}</label>
                <div class="wf-filter__row">
                    <input
                        class="ui-input"
                        id=SEARCH_ID
                        type="search"
                        autocomplete="off"
                        maxlength="100"
                        aria-keyshortcuts="/"
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    />
                    <Button submit=true>{move || search_words.get()}</Button>
                </div>
            </div>
            {several
                .then(|| {
                    view! {
                        <div class="wf-filter">
                            <label for="work-association">{tr!(workflow.column_association)}</label>
                            <select
                                class="ui-input ui-input--select"
                                id="work-association"
                                on:change=move |event| {
                                    let code = Some(event_target_value(&event)).filter(|code| !code.is_empty());
                                    change(&|query| query.association = code.clone());
                                }
                            >
                                <option value="" selected=move || query.with(|query| query.association.is_none())>
                                    {move || all.get()}
                                </option>
                                {associations}
                            </select>
                        </div>
                    }
                })}
            <div class="wf-filter">
                <label for="work-age">{tr!(workflow.filter_age_label)}</label>
                <select
                    class="ui-input ui-input--select"
                    id="work-age"
                    on:change=move |event| {
                        let age = event_target_value(&event).parse().ok();
                        change(&|query| query.min_age = age);
                    }
                >
                    <option value="" selected=move || query.with(|query| query.min_age.is_none())>
                        {move || any.get()}
                    </option>
                    {ages.into_iter().collect_view()}
                </select>
            </div>
            <div class="wf-filter">
                <label for="work-limit">{tr!(workflow.filter_rows_label)}</label>
                <select
                    class="ui-input ui-input--select"
                    id="work-limit"
                    on:change=move |event| {
                        if let Ok(limit) = event_target_value(&event).parse() {
                            change(&|query| query.limit = limit);
                        }
                    }
                >
                    {limits.into_iter().collect_view()}
                </select>
            </div>
        </form>
        {move || {
            has_chips
                .get()
                .then(|| {
                    view! { <Chips label=tr!(workflow.chips_label) chips on_remove=Callback::new(remove) /> }
                })
        }}
    }
}
