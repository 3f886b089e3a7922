//! Search and filters of the work list, and the filters in force.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::registry::AssociationRef;

use super::ListQuery;
use super::list_state::AGES;
use crate::components::{Chip, Chips, Choice};
use crate::i18n::{Text, in_language};
use crate::pages::desk::{FilterSelect, ListMemory, RowsSelect, SearchBox};
use crate::{say, tr};

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
    let association = |own: &AssociationRef| Choice::new(own.code.clone(), Signal::stored(own.name.clone()));
    let associations = Signal::stored(own.with_value(|own| own.iter().map(association).collect::<Vec<_>>()));
    let of_age = |age: u32| {
        Choice::new(age.to_string(), in_language(move |locale| say!(locale, workflow.filter_age, days = age)))
    };
    let ages = Signal::stored(AGES.map(of_age).to_vec());
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
    view! {
        <form class="wf-filters" role="search" on:submit=search>
            <SearchBox label=tr!(workflow.search_label) text />
            {several
                .then(|| {
                    view! {
                        <FilterSelect
                            id="work-association"
                            label=tr!(workflow.column_association)
                            value=Signal::derive(move || query.with(|query| query.association.clone().unwrap_or_default()))
                            choices=associations
                            any=tr!(workflow.filter_all)
                            on_choose=Callback::new(move |code: String| {
                                let code = Some(code).filter(|code| !code.is_empty());
                                change(&|query| query.association = code.clone());
                            })
                        />
                    }
                })}
            <FilterSelect
                id="work-age"
                label=tr!(workflow.filter_age_label)
                value=Signal::derive(move || {
                    query.with(|query| query.min_age.map(|age| age.to_string()).unwrap_or_default())
                })
                choices=ages
                any=tr!(workflow.filter_any_age)
                on_choose=Callback::new(move |age: String| change(&|query| query.min_age = age.parse().ok()))
            />
            <RowsSelect
                limit=Signal::derive(move || query.with(|query| query.limit))
                on_choose=Callback::new(move |rows| change(&|query| query.limit = rows))
            />
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
