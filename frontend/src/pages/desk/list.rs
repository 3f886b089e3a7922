//! The machinery of a list: its place in address and history, its pages, its rows by keyboard.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::location::State;
use mamis_contract::page::Page;
use wasm_bindgen::JsValue;

use super::filters::SEARCH_ID;
use super::{ListMemory, on_command};
use crate::api::Failure;
use crate::components::{FailureNote, Loading, Pagination};
use crate::dom;

/// What the machinery has to know of a list, whatever it lists; apart from it, so that this is compiled once.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Listed {
    /// The rows' ids, once there are rows or known to be none.
    ids: Memo<Option<Vec<String>>>,
    cursor: Memo<Option<String>>,
    reload: Callback<()>,
}

impl Listed {
    /// Of what is read, with the id of a row.
    pub(in crate::pages) fn of<T: Clone + 'static>(
        list: LocalResource<Result<Page<T>, Failure>>,
        id: fn(&T) -> String,
    ) -> Self {
        let ids = Memo::new(move |_| {
            list.with(|read| Some(read.as_ref()?.as_ref().ok()?.items.iter().map(id).collect::<Vec<_>>()))
        });
        let cursor = Memo::new(move |_| list.with(|read| read.as_ref()?.as_ref().ok()?.next_cursor.clone()));
        Self { ids, cursor, reload: Callback::new(move |()| list.refetch()) }
    }
}

/// The id of a row's link, which carries the focus.
pub(in crate::pages) fn row_id(index: usize) -> String {
    format!("row-{index}")
}

fn in_table() -> bool {
    document().active_element().is_some_and(|element| element.id().starts_with("row-"))
}

/// Where in a list one is.
#[derive(Clone, Copy)]
pub(in crate::pages) struct ListState {
    /// What was typed, and which page; without the row, which does not change what is shown.
    pub(in crate::pages) memory: Memo<ListMemory>,
    /// The row at hand.
    pub(in crate::pages) current: RwSignal<Option<usize>>,
    /// Whether the next answer is another page.
    turned: StoredValue<bool>,
    go: Callback<(String, ListMemory, bool)>,
}

impl ListState {
    /// Of the page at hand.
    pub(in crate::pages) fn new() -> Self {
        let (search, navigate) = (use_location().search, use_navigate());
        // The history's entry is where it is kept; this tells when to look again.
        let changes = RwSignal::new(0_u32);
        let memory = Memo::new(move |_| {
            search.track();
            changes.track();
            let kept = ListMemory::decode(dom::remembered_in_history().as_deref());
            ListMemory { row: None, index: 0, ..kept }
        });
        let go = Callback::new(move |(path, memory, replace): (String, ListMemory, bool)| {
            let same = replace || path == dom::current_path();
            let state = State::new(Some(JsValue::from_str(&memory.encode())));
            navigate(&path, NavigateOptions { replace: same, scroll: false, state, ..NavigateOptions::default() });
            changes.update(|count| *count = count.wrapping_add(1));
        });
        Self { memory, current: RwSignal::new(None), turned: StoredValue::new(false), go }
    }

    /// Shows another list, or another page of it.
    pub(in crate::pages) fn go(self, path: String, memory: ListMemory) {
        self.go.run((path, memory, false));
    }

    /// Shows what an address stands for, in its place in the history.
    pub(in crate::pages) fn settle(self, path: String, memory: ListMemory) {
        self.go.run((path, memory, true));
    }

    /// The reader is at this row now, and will come back to it.
    pub(in crate::pages) fn at_row(self, index: usize, id: String) -> ListMemory {
        self.current.set(Some(index));
        let memory = ListMemory { row: Some(id), index, ..self.memory.get_untracked() };
        dom::remember_in_history(&memory.encode());
        memory
    }

    /// After coming back: to the row one was at, or to the one in its place. After another page: to its first row.
    pub(in crate::pages) fn arrive(self, listed: Listed) {
        let kept = ListMemory::decode(dom::remembered_in_history().as_deref());
        let returns = StoredValue::new(kept.row.is_some());
        Effect::new(move |_| {
            let Some(ids) = listed.ids.get() else { return };
            let place = match (returns.get_value(), self.turned.get_value()) {
                (true, _) => ids.iter().position(|id| Some(id) == kept.row.as_ref()).unwrap_or(kept.index),
                (false, true) => 0,
                (false, false) => return,
            };
            returns.set_value(false);
            self.turned.set_value(false);
            let Some(last) = ids.len().checked_sub(1) else { return };
            let index = place.min(last);
            self.current.set(Some(index));
            request_animation_frame(move || request_animation_frame(move || dom::focus(&row_id(index))));
        });
    }

    /// `/` to the search, `j` and `k` or the arrows from row to row, `?` for the list of keys.
    pub(in crate::pages) fn listen(self, listed: Listed, help: RwSignal<bool>) {
        on_command(move |key| {
            let count = listed.ids.with_untracked(|ids| ids.as_ref().map_or(0, Vec::len));
            let at = self.current.get_untracked();
            let move_to = |index: usize| {
                dom::focus(&row_id(index));
                true
            };
            match key {
                "/" => {
                    dom::focus(SEARCH_ID);
                    true
                }
                "?" => {
                    help.set(true);
                    true
                }
                "j" if count > 0 => move_to(at.map_or(0, |at| (at + 1).min(count - 1))),
                "k" if count > 0 => move_to(at.map_or(0, |at| at.saturating_sub(1))),
                // The arrows scroll the page, unless one is in the table.
                "ArrowDown" if at.is_some() && in_table() => {
                    move_to(at.map_or(0, |at| (at + 1).min(count.saturating_sub(1))))
                }
                "ArrowUp" if at.is_some() && in_table() => move_to(at.map_or(0, |at| at.saturating_sub(1))),
                _ => false,
            }
        });
    }
}

/// The key of the tab in force. The address leads; a press on a tab changes the address.
pub(in crate::pages) fn follow_address(
    in_force: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
    on_press: impl Fn(&'static str) + 'static,
) -> RwSignal<&'static str> {
    let selected = RwSignal::new(untrack(in_force));
    Effect::new(move |_| selected.set(in_force()));
    Effect::new(move |_| {
        let pressed = selected.get();
        if untrack(in_force) != pressed {
            on_press(pressed);
        }
    });
    selected
}

/// A list in all its states: loading, failure, empty, rows and the way from page to page.
pub(in crate::pages) fn listing(
    listed: Listed,
    state: ListState,
    turn: Callback<ListMemory>,
    empty: Box<dyn Fn() -> AnyView + Send>,
    // Nothing yet, a failure, no rows, or the rows.
    shown: Box<dyn Fn() -> Option<Result<Option<AnyView>, Failure>> + Send>,
) -> AnyView {
    let number = Signal::derive(move || state.memory.with(ListMemory::page));
    let has_next = Signal::derive(move || listed.cursor.with(Option::is_some));
    let turn = move |memory: ListMemory| {
        state.turned.set_value(true);
        turn.run(memory);
    };
    let previous = move |()| turn(state.memory.with_untracked(ListMemory::previous_page));
    let next = move |()| {
        if let Some(cursor) = listed.cursor.get_untracked() {
            turn(state.memory.with_untracked(|memory| memory.next_page(cursor)));
        }
    };
    let content = move || match shown() {
        None => view! { <Loading /> }.into_any(),
        Some(Err(failure)) => view! { <FailureNote failure retry=listed.reload /> }.into_any(),
        Some(Ok(None)) => {
            state.current.set(None);
            empty()
        }
        Some(Ok(Some(rows))) => view! {
            {rows}
            <Pagination number has_next on_previous=Callback::new(previous) on_next=Callback::new(next) />
        }
        .into_any(),
    };
    content.into_any()
}
