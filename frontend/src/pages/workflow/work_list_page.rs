//! A clerk's work list.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use mamis_contract::page::Page;
use mamis_contract::registry::AssociationRef;
use mamis_contract::workflow::{AssociationWork, WorkItem, WorkStatus};
use mamis_kernel::{ApplicationId, Role};

use super::kept::{LeftList, use_kept};
use super::work::{Counts, Filters, ListQuery, WorkTable};
use crate::api::{Failure, use_api};
use crate::components::{Button, ButtonKind, Empty, PageHeading, Tab, Tabs, loaded};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::desk::{
    KeyboardHelp, ListMemory, ListPlace, ListState, Listed, follow_address, listing, own_associations,
};
use crate::{say, tr};

/// A clerk's work list.
#[component]
pub fn WorkListPage() -> impl IntoView {
    let own: Vec<AssociationRef> = own_associations(Role::Viewer);
    if own.is_empty() {
        return view! {
            <PageHeading title=tr!(workflow.work_title) />
            <Empty text=tr!(workflow.not_clerk) />
        }
        .into_any();
    }
    view! { <WorkList own=StoredValue::new(own) /> }.into_any()
}

#[component]
fn WorkList(own: StoredValue<Vec<AssociationRef>>) -> impl IntoView {
    let (api, kept, language) = (use_api(), use_kept(), use_language());
    let search = use_location().search;
    let query = Memo::new(move |_| ListQuery::parse(&search.get()));
    let state = ListState::new();
    let memory = state.memory;
    let on_change =
        Callback::new(move |(query, memory): (ListQuery, ListMemory)| state.go(query.path(memory.page()), memory));
    let list = LocalResource::new(move || {
        let request = own.with_value(|own| query.get().request(&memory.get(), own));
        async move { api.search_work_items(&request).await }
    });
    let summary = LocalResource::new(move || api.work_summary());
    let title = in_language(move |locale| match memory.with(ListMemory::page) {
        1 => say!(locale, workflow.work_title),
        page => say!(locale, workflow.work_title_page, page = page),
    });
    let on_row = Callback::new(move |(index, id): (usize, ApplicationId)| {
        let memory = state.at_row(index, id.to_string());
        let query = query.get_untracked();
        let place = ListPlace { url: query.path(memory.page()), memory: memory.encode() };
        kept.keep_list(LeftList { place, query: own.with_value(|own| query.request(&memory, own)) });
    });
    let listed = Listed::of(list, |item| item.application_id.to_string());
    state.arrive(listed);
    let help = RwSignal::new(false);
    state.listen(listed, help);
    let turn = Callback::new(move |memory: ListMemory| on_change.run((query.get_untracked(), memory)));
    let several = own.with_value(|own| own.len() > 1);
    let rows = move |items: Vec<WorkItem>| {
        let status = query.with_untracked(|query| query.status);
        view! { <WorkTable items status several current=state.current on_row /> }.into_any()
    };
    let shown = move || Some(list.get()?.map(|page| (!page.items.is_empty()).then(|| rows(page.items))));
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
                {listing(listed, state, turn, Box::new(move || nothing(query, memory, on_change)), Box::new(shown))}
            </div>
            <p class="ui-no-print">
                <Button kind=ButtonKind::Quiet keys="?" on_press=Callback::new(move |()| help.set(true))>
                    {keys_words}
                </Button>
            </p>
        </div>
        <KeyboardHelp
            open=help
            keys=vec![
                ("/", tr!(workflow.key_search)),
                ("↓", tr!(workflow.key_into_list)),
                ("j / ↓", tr!(workflow.key_next_row)),
                ("k / ↑", tr!(workflow.key_previous_row)),
                ("Enter", tr!(workflow.key_open)),
                ("?", tr!(workflow.key_help)),
            ]
        />
    }
}

/// Why the list is empty, and the way out of a filter.
fn nothing(query: Memo<ListQuery>, memory: Memo<ListMemory>, on_change: Callback<(ListQuery, ListMemory)>) -> AnyView {
    let is_filtered = query.with_untracked(|query| query.association.is_some() || query.min_age.is_some())
        || memory.with_untracked(|memory| !memory.text.is_empty());
    if !is_filtered {
        return view! { <Empty text=tr!(workflow.empty_list) /> }.into_any();
    }
    let reset = Callback::new(move |()| {
        let query = ListQuery { association: None, min_age: None, ..query.get_untracked() };
        on_change.run((query, ListMemory::default()));
    });
    view! {
        <Empty text=tr!(workflow.empty_filtered)>
            <Button on_press=reset>{tr!(workflow.clear_filters)}</Button>
        </Empty>
    }
    .into_any()
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
    let selected = follow_address(
        move || query.with(|query| query.status.as_str()),
        move |pressed| {
            let Ok(status) = pressed.parse::<WorkStatus>() else { return };
            let query = ListQuery { status, ..query.get_untracked() };
            on_change.run((query, memory.with_untracked(ListMemory::restarted)));
        },
    );
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
