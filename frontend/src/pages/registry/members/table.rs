//! The rows of the list of members, and which of their columns are shown.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use mamis_contract::registry::MemberView;
use mamis_kernel::{EndReason, ListColumn, MembershipState, PersonId};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::{Choice, TableFrame};
use crate::i18n::codes::Label;
use crate::i18n::{Text, in_language};
use crate::pages::desk::{CheckGroup, row_id};
use crate::{dom, format, routes, say, tr};

const STORAGE_KEY: &str = "mamis.members.columns";
/// What stands where there is nothing.
const NOTHING: &str = "―";

/// A column besides the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Category,
    Period,
    State,
    Age,
    Number,
    District,
    Workplace,
}

impl Column {
    const ALL: [Self; 7] =
        [Self::Category, Self::Period, Self::State, Self::Age, Self::Number, Self::District, Self::Workplace];

    const fn code(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Period => "period",
            Self::State => "state",
            Self::Age => "age",
            Self::Number => "number",
            Self::District => "district",
            Self::Workplace => "workplace",
        }
    }

    fn name(self) -> Text {
        match self {
            Self::Category => tr!(registry.column_category),
            Self::Period => tr!(members.column_period),
            Self::State => tr!(registry.column_state),
            Self::Age => tr!(members.column_age),
            Self::Number => tr!(registry.registration_number),
            Self::District => tr!(members.column_district),
            Self::Workplace => tr!(members.column_workplace),
        }
    }

    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Age => Some("ui-number ui-nowrap"),
            Self::Number | Self::State => Some("ui-nowrap"),
            Self::Category | Self::Period | Self::District | Self::Workplace => None,
        }
    }
}

/// The columns that are shown, kept in this browser.
#[derive(Clone, Copy)]
pub(super) struct Columns(RwSignal<Vec<String>>);

impl Columns {
    /// As chosen last; all of them at first.
    pub(super) fn new() -> Self {
        let stored = dom::stored(STORAGE_KEY);
        let codes = match stored.as_deref() {
            Some(stored) => stored.split(',').map(str::to_owned).collect(),
            None => Column::ALL.map(|column| column.code().to_owned()).to_vec(),
        };
        let codes = RwSignal::new(codes);
        Effect::new(move |before: Option<()>| {
            let now = codes.with(|codes| codes.join(","));
            if before.is_some() {
                dom::store(STORAGE_KEY, &now);
            }
        });
        Self(codes)
    }

    /// As a kept list has them.
    pub(super) fn become_those_of(self, list: &[ListColumn]) {
        self.0.set(list.iter().map(|column| column.as_str().to_owned()).collect());
    }

    /// To be kept with a list.
    pub(super) fn codes(self) -> Vec<ListColumn> {
        self.0.with_untracked(|codes| codes.iter().filter_map(|code| code.parse().ok()).collect())
    }

    pub(super) fn shown(self) -> Vec<Column> {
        let is_chosen = |column: &Column| self.0.with(|codes| codes.iter().any(|code| code == column.code()));
        Column::ALL.into_iter().filter(is_chosen).collect()
    }
}

/// Which columns are shown.
#[component]
pub(super) fn ColumnChoice(columns: Columns) -> impl IntoView {
    let choices: Vec<Choice> = Column::ALL.map(|column| Choice::new(column.code(), column.name())).to_vec();
    view! {
        <details class="ui-details ui-no-print wf-column-choice">
            <summary>{tr!(members.columns)}</summary>
            <CheckGroup id="columns" legend=tr!(members.columns_legend) choices=Signal::stored(choices) chosen=columns.0 />
        </details>
    }
}

/// The rows of the list of members.
#[component]
pub(super) fn MembersTable(
    items: Vec<MemberView>,
    mut columns: Vec<Column>,
    /// The row at hand.
    current: RwSignal<Option<usize>>,
    /// The reader is at this row now.
    on_row: Callback<(usize, PersonId)>,
) -> impl IntoView {
    let has_districts = items.iter().any(|member| member.district.is_some());
    columns.retain(|column| *column != Column::District || has_districts);
    let heads = columns.clone().into_iter().map(|column| {
        view! {
            <th scope="col" class=column.class()>
                {column.name()}
            </th>
        }
    });
    let heads = heads.collect_view();
    let rows = items.into_iter().enumerate().map(|(index, member)| row(index, member, &columns, current, on_row));
    let rows = rows.collect_view();
    view! {
        <div class="wf-work wf-work--stacked">
            <TableFrame caption=tr!(members.list_caption) caption_hidden=true stacked=true>
                <thead>
                    <tr>
                        <th scope="col">{tr!(members.column_name)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </div>
    }
}

fn row(
    index: usize,
    member: MemberView,
    columns: &[Column],
    current: RwSignal<Option<usize>>,
    on_row: Callback<(usize, PersonId)>,
) -> AnyView {
    let id = member.person_id;
    let cells = columns.iter().map(|column| cell(*column, &member)).collect_view();
    // The whole row opens the record; the link in its header is what keys and screen readers have.
    let open = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let on_link = target.is_some_and(|target| target.closest("a").ok().flatten().is_some());
        if !on_link {
            dom::press_unless_marking(&row_id(index));
        }
    };
    view! {
        <tr
            class="wf-work__row wf-work__row--open"
            class=("wf-work__row--current", move || current.get() == Some(index))
            on:click=open
        >
            <th scope="row">
                <a
                    class="wf-work__link"
                    id=row_id(index)
                    href=routes::member(id)
                    on:focus=move |_| on_row.run((index, id))
                    on:click=move |_| on_row.run((index, id))
                >
                    {member.display_name}
                </a>
                <span class="wf-work__kana">{member.name_kana}</span>
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

fn cell(column: Column, member: &MemberView) -> AnyView {
    let or_nothing = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned()).into_any();
    let value = match column {
        Column::Category => or_nothing(member.category.as_ref().map(|category| category.label.clone())),
        Column::Period => {
            // Broken between its days only, where there is little room.
            let (from, last) = (member.valid_from, member.last_day);
            view! {
                <span class="ui-nowrap">{in_language(move |locale| format::period(locale, from, None))}</span>
                {last
                    .map(|last| {
                        let last = in_language(move |locale| format::date_short(locale, last));
                        view! {
                            " "
                            <span class="ui-nowrap">{last}</span>
                        }
                    })}
            }
            .into_any()
        }
        Column::State => {
            let (badge, words) = match member.state {
                MembershipState::Current => ("ui-badge ui-badge--good", tr!(members.tab_current)),
                MembershipState::Future => ("ui-badge ui-badge--key", tr!(members.tab_future)),
                MembershipState::Ended => ("ui-badge", tr!(members.tab_ended)),
            };
            // Leaving is what ends most; anything else is worth a word.
            let reason = member.end_reason.filter(|reason| *reason != EndReason::Withdrawal);
            view! {
                <span class=badge>{words}</span>
                {reason.map(|reason| view! { <span class="ui-soft ui-block">{reason.text()}</span> })}
            }
            .into_any()
        }
        Column::Age => {
            let age = member.age;
            in_language(move |locale| say!(locale, common.years_old, years = age)).into_any()
        }
        Column::Number => or_nothing(member.medical_registration_number.clone()),
        Column::District => or_nothing(member.district.as_ref().map(|district| district.name.clone())),
        Column::Workplace => or_nothing(member.workplace.as_ref().map(|workplace| workplace.name.clone())),
    };
    view! {
        <td class=column.class() data-label=column.name()>
            <span>{value}</span>
        </td>
    }
    .into_any()
}
