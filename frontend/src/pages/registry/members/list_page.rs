//! The members of an association: found, filtered, counted, taken out.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use mamis_contract::registry::{AssociationRef, CountMembers, MemberSort, MemberView, SavedListView};
use mamis_kernel::{MembershipState, PersonId, Role};

use super::LeftMembers;
use super::chips::MemberChips;
use super::export::Export;
use super::filters::{Filters, Offered};
use super::query::{ANY_STATE, MemberQuery};
use super::saved::{SaveAs, SavedLists};
use super::table::{ColumnChoice, Columns, MembersTable};
use crate::api::use_api;
use crate::components::{Button, ButtonKind, Choice, Empty, PageHeading, Tab, Tabs};
use crate::i18n::{Locale, Text, in_language, use_language};
use crate::pages::desk::{
    FilterSelect, KeyboardHelp, ListMemory, ListPlace, ListState, Listed, RowsSelect, follow_address, listing,
    own_associations,
};
use crate::{format, routes, say, tr};

/// The members of an association.
#[component]
pub fn MembersPage() -> impl IntoView {
    let own = own_associations(Role::Viewer);
    match own.first().cloned() {
        Some(first) => view! { <Members first own=StoredValue::new(own) /> }.into_any(),
        None => view! {
            <PageHeading title=tr!(members.title) />
            <Empty text=tr!(members.not_clerk) />
        }
        .into_any(),
    }
}

/// What the parts of the page share: which members are shown, and how to show others.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) query: Memo<MemberQuery>,
    pub(super) memory: Memo<ListMemory>,
    /// Whose members.
    pub(super) association: Memo<AssociationRef>,
    /// What can be chosen.
    pub(super) offered: Offered,
    state: ListState,
}

impl Shown {
    /// Another list, from its beginning.
    pub(super) fn show(self, query: &MemberQuery, memory: ListMemory) {
        // What is changed is no longer the list that was kept.
        let query = MemberQuery { list: query.list.filter(|_| memory.page() > 1), ..query.clone() };
        self.state.go(query.path(memory.page()), memory);
    }

    /// The same search with another filter or order.
    pub(super) fn change(self, with: impl FnOnce(&mut MemberQuery)) {
        let mut query = self.query.get_untracked();
        with(&mut query);
        self.show(&query, self.memory.with_untracked(ListMemory::restarted));
    }

    /// How many there are to be.
    pub(super) fn question(self) -> CountMembers {
        let filter = self.memory.with(|memory| self.query.with(|query| query.filter(memory)));
        CountMembers { association_id: self.association.with(|association| association.id), filter }
    }

    /// What a kept list's address stands for.
    pub(super) fn settle(self, list: &SavedListView) {
        let (query, memory) = self.query.with_untracked(|query| query.of_list(list));
        self.state.settle(query.path(1), memory);
    }

    fn clear(self) {
        self.show(&self.query.with_untracked(MemberQuery::unfiltered), ListMemory::default());
    }
}

#[component]
fn Members(first: AssociationRef, own: StoredValue<Vec<AssociationRef>>) -> impl IntoView {
    let (api, left, language) = (use_api(), expect_context::<LeftMembers>(), use_language());
    let search = use_location().search;
    let query = Memo::new(move |_| MemberQuery::parse(&search.get()));
    let association = Memo::new(move |_| {
        query.with(|query| own.with_value(|own| query.association_among(own)).unwrap_or_else(|| first.clone()))
    });
    let state = ListState::new();
    let memory = state.memory;
    let shown = Shown { query, memory, association, offered: Offered::by(association), state };
    // A resource of one source: of several that hang on one another it misses changes.
    let request = Memo::new(move |_| {
        let association = association.with(|association| association.id);
        memory.with(|memory| query.with(|query| query.request(association, memory)))
    });
    let list = LocalResource::new(move || {
        let request = request.get();
        async move { api.search_members(&request).await }
    });
    // Counted apart, once a search and not once a page, so that the rows do not wait.
    let question = Memo::new(move |_| shown.question());
    let count = LocalResource::new(move || {
        let question = question.get();
        async move { api.count_members(&question).await.map(|counted| (question, counted.count)) }
    });
    let counted = Memo::new(move |_| match count.get() {
        Some(Ok((of, count))) if of == question.get() => Counted::Known(count),
        Some(Ok(_)) | None => Counted::Waiting,
        Some(Err(_)) => Counted::Unknown,
    });
    let title = in_language(move |locale| match memory.with(ListMemory::page) {
        1 => say!(locale, members.title),
        page => say!(locale, members.title_page, page = page),
    });
    let on_row = Callback::new(move |(index, id): (usize, PersonId)| {
        let memory = state.at_row(index, id.to_string());
        left.keep(ListPlace { url: query.with_untracked(|query| query.path(memory.page())), memory: memory.encode() });
    });
    let listed = Listed::of(list, |member| member.person_id.to_string());
    state.arrive(listed);
    let help = RwSignal::new(false);
    state.listen(listed, help);
    let turn = Callback::new(move |memory: ListMemory| shown.show(&query.get_untracked(), memory));
    let columns = Columns::new();
    let rows = move |items: Vec<MemberView>| {
        view! { <MembersTable items columns=columns.shown() current=state.current on_row /> }.into_any()
    };
    let content = move || Some(list.get()?.map(|page| (!page.items.is_empty()).then(|| rows(page.items))));
    let (saving, saved) = (RwSignal::new(false), RwSignal::new(0_u32));
    let exporting = RwSignal::new(false);
    let ask = Callback::new(move |()| exporting.set(true));
    let may_export = move || own_associations(Role::Operator).contains(&association.get());
    view! {
        {if own.with_value(Vec::len) == 1 {
            let caption = Signal::stored(association.with_untracked(|association| association.name.clone()));
            view! { <PageHeading title caption /> }.into_any()
        } else {
            view! { <PageHeading title /> }.into_any()
        }}
        <div class="wf-list">
            <Filters shown own />
            <StateTabs shown />
            <div
                class="wf-panel"
                role="tabpanel"
                id=move || format!("panel-{}", query.with(MemberQuery::tab))
                aria-labelledby=move || format!("tab-{}", query.with(MemberQuery::tab))
            >
                <MemberChips shown />
                <SavedLists shown columns changed=saved />
                <div class="wf-filters">
                    <div class="wf-filter--wide">
                        <p class="wf-count-line" role="status">
                            {move || counted.get().words(language.locale())}
                        </p>
                        <ColumnChoice columns />
                    </div>
                    <SortSelect shown />
                    <RowsSelect
                        limit=Signal::derive(move || query.with(|query| query.limit))
                        on_choose=Callback::new(move |rows| shown.change(|query| query.limit = rows))
                    />
                    <Button on_press=Callback::new(move |()| saving.set(true))>{tr!(files.save_list)}</Button>
                    {move || {
                        may_export()
                            .then(|| {
                                view! {
                                    <Button on_press=ask>{tr!(members.export)}</Button>
                                }
                            })
                    }}
                </div>
                {listing(listed, state, turn, Box::new(move || nothing(shown)), Box::new(content))}
            </div>
            {move || {
                may_export()
                    .then(|| {
                        view! {
                            <p class="ui-no-print">
                                <a class="ui-standalone" href=routes::exports()>
                                    {tr!(files.exports_title)}
                                </a>
                                "　"
                                <a class="ui-standalone" href=routes::import_members()>
                                    {tr!(files.import_title)}
                                </a>
                            </p>
                        }
                    })
            }}
            <p class="ui-no-print">
                <Button kind=ButtonKind::Quiet keys="?" on_press=Callback::new(move |()| help.set(true))>
                    {tr!(workflow.keys_button)}
                </Button>
            </p>
        </div>
        <SaveAs open=saving shown columns on_saved=Callback::new(move |()| saved.update(|count| *count += 1)) />
        <Export open=exporting shown counted=Signal::derive(move || counted.get().known()) />
        <KeyboardHelp
            open=help
            keys=vec![
                ("/", tr!(workflow.key_search)),
                ("↓", tr!(workflow.key_into_list)),
                ("j / ↓", tr!(workflow.key_next_row)),
                ("k / ↑", tr!(workflow.key_previous_row)),
                ("Enter", tr!(members.key_open)),
                ("?", tr!(workflow.key_help)),
            ]
        />
    }
}

/// How many members there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Waiting,
    Known(u64),
    Unknown,
}

impl Counted {
    fn known(self) -> Option<u64> {
        match self {
            Self::Known(count) => Some(count),
            Self::Waiting | Self::Unknown => None,
        }
    }

    fn words(self, locale: Locale) -> String {
        match self {
            Self::Waiting => say!(locale, members.counting),
            Self::Known(count) => say!(locale, members.count, count = format::count(count)),
            Self::Unknown => say!(locale, members.count_unknown),
        }
    }
}

/// Members of today, to come, of the past, and all of them.
#[component]
fn StateTabs(shown: Shown) -> impl IntoView {
    let selected = follow_address(
        move || shown.query.with(MemberQuery::tab),
        move |pressed| shown.change(|query| query.state = pressed.parse().ok()),
    );
    let tab = |key: MembershipState, label: Text| Tab { key: key.as_str(), label };
    let tabs = vec![
        tab(MembershipState::Current, tr!(members.tab_current)),
        tab(MembershipState::Future, tr!(members.tab_future)),
        tab(MembershipState::Ended, tr!(members.tab_ended)),
        Tab { key: ANY_STATE, label: tr!(members.tab_all) },
    ];
    view! { <Tabs label=tr!(members.tabs_label) tabs selected /> }
}

#[component]
fn SortSelect(shown: Shown) -> impl IntoView {
    let choices = [(MemberSort::Kana, tr!(members.sort_kana)), (MemberSort::JoinedLatest, tr!(members.sort_joined))];
    let choices: Vec<Choice> = choices.map(|(sort, label)| Choice::new(sort.as_str(), label)).to_vec();
    view! {
        <FilterSelect
            id="members-sort"
            label=tr!(members.sort)
            value=Signal::derive(move || shown.query.with(|query| query.sort.to_string()))
            choices=Signal::stored(choices)
            on_choose=Callback::new(move |sort: String| {
                shown.change(|query| query.sort = sort.parse().unwrap_or(query.sort));
            })
        />
    }
}

/// Nobody was found: what one could do instead.
fn nothing(shown: Shown) -> AnyView {
    let query = shown.query.get_untracked();
    let is_searched = shown.memory.with_untracked(|memory| *memory != ListMemory::default());
    if !is_searched && query == query.unfiltered() {
        return view! { <Empty text=tr!(members.empty_list) /> }.into_any();
    }
    let widen = query.state.is_some().then(|| {
        let all = Callback::new(move |()| shown.change(|query| query.state = None));
        view! { <Button on_press=all>{tr!(members.search_all)}</Button> }
    });
    view! {
        <Empty text=tr!(members.empty_filtered)>
            <ul class="ui-list">
                <li>{tr!(members.advice_beginning)}</li>
                <li>{tr!(members.advice_whole)}</li>
            </ul>
            <div class="ui-actions">
                {widen}
                <Button on_press=Callback::new(move |()| shown.clear())>{tr!(workflow.clear_filters)}</Button>
            </div>
        </Empty>
    }
    .into_any()
}
