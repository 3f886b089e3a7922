//! The filters in force, each removed by one press.

use leptos::prelude::*;

use super::list_page::Shown;
use crate::components::{Chip, Chips};
use crate::i18n::codes::Label;
use crate::i18n::in_language;
use crate::pages::desk::ListMemory;
use crate::{format, say, tr};

const TEXT: &str = "text";
const SPECIALTY: &str = "specialty";
const BELOW: &str = "below";
const MIN_AGE: &str = "min_age";
const MAX_AGE: &str = "max_age";
const AS_OF: &str = "as_of";
const CATEGORY: &str = "category=";
const KIND: &str = "kind=";

/// The filters in force, each removed by one press.
#[component]
pub(super) fn MemberChips(shown: Shown) -> impl IntoView {
    let offered = shown.offered;
    let chips = Signal::derive(move || {
        let (query, memory) = (shown.query.get(), shown.memory.get());
        let mut chips = Vec::new();
        let mut chip = |key: String, label| chips.push(Chip { key, label });
        if !memory.text.is_empty() {
            let text = memory.text;
            let label = in_language(move |locale| say!(locale, workflow.filter_text, text = text.clone()));
            chip(TEXT.to_owned(), label);
        }
        for code in query.categories {
            let key = format!("{CATEGORY}{code}");
            chip(key, Signal::derive(move || offered.category_name(&code)));
        }
        if let Some(id) = query.below {
            chip(BELOW.to_owned(), Signal::derive(move || offered.association_name(id)));
        }
        if let Some(age) = query.min_age {
            let label = in_language(move |locale| say!(locale, members.chip_min_age, years = age));
            chip(MIN_AGE.to_owned(), label);
        }
        if let Some(age) = query.max_age {
            let label = in_language(move |locale| say!(locale, members.chip_max_age, years = age));
            chip(MAX_AGE.to_owned(), label);
        }
        if !memory.specialty.is_empty() {
            chip(SPECIALTY.to_owned(), Signal::stored(memory.specialty));
        }
        for kind in query.kinds {
            chip(format!("{KIND}{kind}"), kind.text());
        }
        if let Some(day) = query.as_of {
            let label =
                in_language(move |locale| say!(locale, members.chip_as_of, date = format::date_short(locale, day)));
            chip(AS_OF.to_owned(), label);
        }
        chips
    });
    let remove = move |key: String| match key.as_str() {
        TEXT | SPECIALTY => {
            let mut memory = shown.memory.with_untracked(ListMemory::restarted);
            if key == TEXT {
                memory.text.clear();
            } else {
                memory.specialty.clear();
            }
            shown.show(&shown.query.get_untracked(), memory);
        }
        key => shown.change(|query| match key {
            BELOW => query.below = None,
            MIN_AGE => query.min_age = None,
            MAX_AGE => query.max_age = None,
            AS_OF => query.as_of = None,
            key => {
                if let Some(gone) = key.strip_prefix(CATEGORY) {
                    query.categories.retain(|code| code != gone);
                } else if let Some(gone) = key.strip_prefix(KIND) {
                    query.kinds.retain(|kind| kind.as_str() != gone);
                }
            }
        }),
    };
    let has_chips = Memo::new(move |_| chips.with(|chips| !chips.is_empty()));
    move || {
        has_chips
            .get()
            .then(|| view! { <Chips label=tr!(workflow.chips_label) chips on_remove=Callback::new(remove) /> })
    }
}
