//! A clerk's work list.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::location::State;
use mamis_contract::page::Page;
use mamis_contract::registry::AssociationRef;
use mamis_contract::workflow::{AssociationWork, WorkItem, WorkStatus};
use mamis_kernel::ApplicationId;
use wasm_bindgen::JsValue;

use super::kept::{ListPlace, use_kept};
use super::shortcuts::{KeyboardHelp, on_command};
use super::work::{Counts, Filters, ListMemory, ListQuery, SEARCH_ID, WorkTable, focus_row};
use crate::api::{Failure, use_api};
use crate::components::{Button, ButtonKind, Empty, FailureNote, Loading, PageHeading, Pagination, Tab, Tabs, loaded};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::state::use_session;
use crate::{dom, say, tr};

/// A clerk's work list.
#[component]
pub fn WorkListPage() -> impl IntoView {
    let own: Vec<AssociationRef> = own_associations();
    if own.is_empty() {
        return view! {
            <PageHeading title=tr!(workflow.work_title) />
            <Empty text=tr!(workflow.not_clerk) />
        }
        .into_any();
    }
    view! { <WorkList own=StoredValue::new(own) /> }.into_any()
}

/// The associations whose clerk the reader is, each once.
pub(super) fn own_associations() -> Vec<AssociationRef> {
    let mut own: Vec<AssociationRef> = Vec::new();
    let capabilities = use_session().account_now().map(|account| account.capabilities).unwrap_or_default();
    for association in capabilities.into_iter().filter_map(|capability| capability.association) {
        if !own.contains(&association) {
            own.push(association);
        }
    }
    own
}

#[component]
fn WorkList(own: StoredValue<Vec<AssociationRef>>) -> impl IntoView {
    let (api, kept, language, navigate) = (use_api(), use_kept(), use_language(), use_navigate());
    let search = use_location().search;
    let query = Memo::new(move |_| ListQuery::parse(&search.get()));
    // The history's entry is where it is kept; this tells when to look again.
    let changes = RwSignal::new(0_u32);
    let memory = Memo::new(move |_| {
        search.track();
        changes.track();
        let kept = ListMemory::decode(dom::remembered_in_history().as_deref());
        // Which row one is at does not change what is shown.
        ListMemory { row: None, index: 0, ..kept }
    });
    let go = move |(query, memory): (ListQuery, ListMemory)| {
        let path = query.path(memory.page());
        let same = path == dom::current_path();
        let state = State::new(Some(JsValue::from_str(&memory.encode())));
        navigate(&path, NavigateOptions { replace: same, scroll: false, state, ..NavigateOptions::default() });
        changes.update(|count| *count = count.wrapping_add(1));
    };
    let on_change = Callback::new(go);
    let list = LocalResource::new(move || {
        let request = own.with_value(|own| query.get().request(&memory.get(), own));
        async move { api.search_work_items(&request).await }
    });
    let summary = LocalResource::new(move || api.work_summary());
    let title = in_language(move |locale| match memory.with(ListMemory::page) {
        1 => say!(locale, workflow.work_title),
        page => say!(locale, workflow.work_title_page, page = page),
    });
    let current = RwSignal::new(None::<usize>);
    let rows = Memo::new(move |_| list.get().and_then(Result::ok).map_or(0, |page| page.items.len()));
    let remember = move |(index, id): (usize, ApplicationId)| {
        current.set(Some(index));
        let kept_here = ListMemory { row: Some(id), index, ..memory.get_untracked() };
        let encoded = kept_here.encode();
        dom::remember_in_history(&encoded);
        let query = query.get_untracked();
        let request = own.with_value(|own| query.request(&kept_here, own));
        kept.keep_list(ListPlace { url: query.path(kept_here.page()), memory: encoded, query: request });
    };
    let turned = StoredValue::new(false);
    arrive_at_row(list, current, turned);
    let help = RwSignal::new(false);
    on_command(move |key| {
        let count = rows.get_untracked();
        let at = current.get_untracked();
        let move_to = |index: usize| {
            focus_row(index);
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
    let keys_words = tr!(workflow.keys_button);
    view! {
        <PageHeading title=title />
        {loaded(summary, |summary| view! { <Counts items=summary.items /> })}
        <div class="wf-list">
            <StatusTabs query summary on_change memory />
            <Filters query memory own on_change />
            <div
                class="wf-panel"
                role="tabpanel"
                id=move || format!("panel-{}", query.get().status)
                aria-labelledby=move || format!("tab-{}", query.get().status)
            >
                <p class="wf-count-line" role="status">
                    {move || count_line(list.get(), language.locale())}
                </p>
                <Listing list query memory own current turned on_change on_row=Callback::new(remember) />
            </div>
            <p class="ui-no-print">
                <Button kind=ButtonKind::Quiet keys="?" on_press=Callback::new(move |()| help.set(true))>
                    {move || keys_words.get()}
                </Button>
            </p>
        </div>
        <KeyboardHelp
            open=help
            keys=vec![
                ("/", tr!(workflow.key_search)),
                ("j / ↓", tr!(workflow.key_next_row)),
                ("k / ↑", tr!(workflow.key_previous_row)),
                ("Enter", tr!(workflow.key_open)),
                ("?", tr!(workflow.key_help)),
            ]
        />
    }
}

type List = LocalResource<Result<Page<WorkItem>, Failure>>;

fn in_table() -> bool {
    document().active_element().is_some_and(|element| element.id().starts_with("work-row-"))
}

/// After coming back: to the row one was at, or to the one in its place. After another page: to its first row.
fn arrive_at_row(list: List, current: RwSignal<Option<usize>>, turned: StoredValue<bool>) {
    let kept = ListMemory::decode(dom::remembered_in_history().as_deref());
    let returns = StoredValue::new(kept.row.is_some());
    Effect::new(move |_| {
        let Some(Ok(page)) = list.get() else { return };
        let place = match (returns.get_value(), turned.get_value()) {
            (true, _) => page.items.iter().position(|item| Some(item.application_id) == kept.row).unwrap_or(kept.index),
            (false, true) => 0,
            (false, false) => return,
        };
        returns.set_value(false);
        turned.set_value(false);
        let Some(last) = page.items.len().checked_sub(1) else { return };
        let index = place.min(last);
        current.set(Some(index));
        request_animation_frame(move || request_animation_frame(move || focus_row(index)));
    });
}

fn count_line(list: Option<Result<Page<WorkItem>, Failure>>, locale: crate::i18n::Locale) -> String {
    match list {
        Some(Ok(page)) if page.items.is_empty() => say!(locale, workflow.result_none),
        Some(Ok(page)) if page.next_cursor.is_some() => {
            say!(locale, workflow.result_more, count = page.items.len())
        }
        Some(Ok(page)) => say!(locale, workflow.result_count, count = page.items.len()),
        Some(Err(_)) | None => String::new(),
    }
}

/// The tabs by status, with how many there are where that is known.
#[component]
fn StatusTabs(
    query: Memo<ListQuery>,
    summary: LocalResource<Result<mamis_contract::workflow::WorkSummary, Failure>>,
    memory: Memo<ListMemory>,
    on_change: Callback<(ListQuery, ListMemory)>,
) -> impl IntoView {
    let selected = RwSignal::new(query.get_untracked().status.as_str());
    // The address leads; a press on a tab changes the address.
    Effect::new(move |_| selected.set(query.with(|query| query.status.as_str())));
    Effect::new(move |_| {
        let Ok(status) = selected.get().parse::<WorkStatus>() else { return };
        let shown = query.get_untracked();
        if shown.status != status {
            on_change.run((ListQuery { status, ..shown }, memory.with_untracked(ListMemory::restarted)));
        }
    });
    let tabs = WorkStatus::ALL
        .iter()
        .map(|status| {
            let status = *status;
            let label = in_language(move |locale| {
                let items = summary.get().and_then(Result::ok).map(|summary| summary.items).unwrap_or_default();
                let association = query.with(|query| query.association.clone());
                match total(&items, status, association.as_deref()) {
                    Some(count) => say!(locale, workflow.tab_count, label = status.label(locale), count = count),
                    None => status.label(locale).to_owned(),
                }
            });
            Tab { key: status.as_str(), label }
        })
        .collect::<Vec<_>>();
    view! { <Tabs label=tr!(workflow.tabs_label) tabs selected /> }
}

/// How many there are, where it is counted.
fn total(items: &[AssociationWork], status: WorkStatus, association: Option<&str>) -> Option<u32> {
    let of = |work: &AssociationWork| match status {
        WorkStatus::Open => Some(work.open),
        WorkStatus::Upcoming => Some(work.upcoming),
        WorkStatus::Returned => Some(work.returned),
        WorkStatus::Decided => None,
    };
    if items.is_empty() {
        return None;
    }
    items.iter().filter(|work| association.is_none_or(|code| work.association.code == code)).map(of).sum()
}

#[component]
fn Listing(
    list: List,
    query: Memo<ListQuery>,
    memory: Memo<ListMemory>,
    own: StoredValue<Vec<AssociationRef>>,
    current: RwSignal<Option<usize>>,
    /// Whether the next answer is another page.
    turned: StoredValue<bool>,
    on_change: Callback<(ListQuery, ListMemory)>,
    on_row: Callback<(usize, ApplicationId)>,
) -> impl IntoView {
    let several = own.with_value(|own| own.len() > 1);
    let number = Signal::derive(move || memory.with(ListMemory::page));
    let cursor = Memo::new(move |_| list.get().and_then(Result::ok).and_then(|page| page.next_cursor));
    let turn = move |memory: ListMemory| {
        turned.set_value(true);
        on_change.run((query.get_untracked(), memory));
    };
    let previous = move |()| turn(memory.with_untracked(ListMemory::previous_page));
    let next = move |()| {
        if let Some(cursor) = cursor.get_untracked() {
            turn(memory.with_untracked(|memory| memory.next_page(cursor)));
        }
    };
    let is_filtered = Memo::new(move |_| {
        query.with(|query| query.association.is_some() || query.min_age.is_some())
            || memory.with(|memory| !memory.text.is_empty())
    });
    let clear = tr!(workflow.clear_filters);
    move || match list.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Err(failure)) => {
            view! { <FailureNote failure retry=Callback::new(move |()| list.refetch()) /> }.into_any()
        }
        Some(Ok(page)) if page.items.is_empty() => {
            current.set(None);
            let text =
                if is_filtered.get_untracked() { tr!(workflow.empty_filtered) } else { tr!(workflow.empty_list) };
            let reset = move |()| {
                let query = ListQuery { association: None, min_age: None, ..query.get_untracked() };
                on_change.run((query, ListMemory::default()));
            };
            view! {
                <Empty text=text>
                    {is_filtered
                        .get_untracked()
                        .then(|| view! { <Button on_press=Callback::new(reset)>{move || clear.get()}</Button> })}
                </Empty>
            }
            .into_any()
        }
        Some(Ok(page)) => {
            let status = query.with_untracked(|query| query.status);
            let has_next = Signal::derive(move || cursor.get().is_some());
            view! {
                <WorkTable items=page.items status several current on_row />
                <Pagination
                    number
                    has_next
                    on_previous=Callback::new(previous)
                    on_next=Callback::new(next)
                />
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_count_the_association_that_is_filtered_for() {
        let items: Vec<AssociationWork> = serde_json::from_value(serde_json::json!([
            {
                "association": {
                    "id": "ast_01900000000070008000000000000001", "code": "25001", "name": "大津市医師会", "tier": "district"
                },
                "open": 3, "open_7_days": 1, "open_30_days": 0, "upcoming": 0, "returned": 2
            },
            {
                "association": {
                    "id": "ast_01900000000070008000000000000002", "code": "25000", "name": "滋賀県医師会", "tier": "prefectural"
                },
                "open": 5, "open_7_days": 1, "open_30_days": 0, "upcoming": 4, "returned": 0
            }
        ]))
        .unwrap();
        assert_eq!(total(&items, WorkStatus::Open, None), Some(8));
        assert_eq!(total(&items, WorkStatus::Open, Some("25001")), Some(3));
        assert_eq!(total(&items, WorkStatus::Decided, None), None);
        assert_eq!(total(&[], WorkStatus::Open, None), None);
    }
}
