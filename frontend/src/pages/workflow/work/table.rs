//! The rows of the work list. The link in each row's header carries the focus; keys move it from row to row.

use leptos::prelude::*;
use mamis_contract::workflow::{WorkItem, WorkStatus};
use mamis_kernel::ApplicationId;

use super::list_state::Age;
use crate::components::TableFrame;
use crate::i18n::codes::Label;
use crate::i18n::{Locale, Text, use_language};
use crate::pages::desk::row_id;
use crate::{dom, format, routes, say, tr};

/// The rows of the work list.
#[component]
pub(in crate::pages::workflow) fn WorkTable(
    items: Vec<WorkItem>,
    status: WorkStatus,
    /// Whether the association has to be said, because the clerk has several.
    several: bool,
    /// The row at hand.
    current: RwSignal<Option<usize>>,
    /// The reader is at this row now.
    #[prop(into)]
    on_row: Callback<(usize, ApplicationId)>,
) -> impl IntoView {
    let shows_age = match status {
        WorkStatus::Open | WorkStatus::Upcoming | WorkStatus::Returned => true,
        WorkStatus::Decided => false,
    };
    let caption: Text = tr!(workflow.list_caption);
    let rows = items.into_iter().enumerate().map(move |(index, item)| {
        view! { <WorkRow item index several shows_age current on_row /> }
    });
    view! {
        <div class="wf-work">
            <TableFrame caption=caption>
                <thead>
                    <tr>
                        <th scope="col">{tr!(workflow.column_applicant)}</th>
                        <th scope="col">{tr!(workflow.receipt_number)}</th>
                        <th scope="col">{tr!(workflow.column_kind)}</th>
                        {several.then(|| view! { <th scope="col">{tr!(workflow.column_association)}</th> })}
                        {shows_age
                            .then(|| {
                                view! {
                                    <th scope="col" class="ui-number">
                                        {tr!(workflow.column_age)}
                                    </th>
                                }
                            })}
                        <th scope="col">{tr!(workflow.column_state)}</th>
                        <th scope="col">{tr!(workflow.column_day)}</th>
                        <th scope="col">{tr!(workflow.column_submitted)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </TableFrame>
        </div>
    }
}

#[component]
fn WorkRow(
    item: WorkItem,
    index: usize,
    several: bool,
    shows_age: bool,
    current: RwSignal<Option<usize>>,
    on_row: Callback<(usize, ApplicationId)>,
) -> impl IntoView {
    let language = use_language();
    let WorkItem {
        application_id,
        number,
        applicant,
        kinds,
        association,
        step_state,
        state,
        submitted_at,
        age_days,
        ..
    } = item;
    let effective = item.effective_date;
    let kinds = move || {
        let locale = language.locale();
        kinds.iter().map(|kind| kind.label(locale)).collect::<Vec<_>>().join("・")
    };
    let is_current = move || current.get() == Some(index);
    view! {
        <tr class="wf-work__row" class=("wf-work__row--current", is_current)>
            <th scope="row">
                <a
                    class="wf-work__link"
                    id=row_id(index)
                    href=routes::work_item(application_id)
                    on:focus=move |_| on_row.run((index, application_id))
                    on:click=move |_| on_row.run((index, application_id))
                >
                    {applicant.display_name}
                </a>
                <span class="wf-work__kana">{applicant.name_kana}</span>
            </th>
            <td class="ui-nowrap">{number}</td>
            <td class="ui-nowrap">{kinds}</td>
            {several.then(|| view! { <td class="ui-nowrap">{association.name}</td> })}
            {shows_age
                .then(|| {
                    view! {
                        <td class="ui-number ui-nowrap">
                            <span class=age_class(age_days)>{move || age_words(language.locale(), age_days)}</span>
                        </td>
                    }
                })}
            <td class="ui-nowrap">
                {move || {
                    let locale = language.locale();
                    if shows_age {
                        return state.label(locale).to_owned();
                    }
                    // What this association decided, and what has become of the case since.
                    say!(
                        locale,
                        workflow.state_pair,
                        step = step_state.label(locale),
                        state = state.label(locale)
                    )
                }}
            </td>
            <td class="ui-nowrap">
                {move || effective.map(|day| format::date_short(language.locale(), day)).unwrap_or_default()}
            </td>
            <td class="ui-nowrap">
                {move || format::date_short(language.locale(), dom::tokyo_day(submitted_at))}
            </td>
        </tr>
    }
}

fn age_class(days: u32) -> &'static str {
    match Age::of(days) {
        Age::Fresh => "wf-age",
        Age::Week => "wf-age wf-age--week",
        Age::Fortnight => "wf-age wf-age--fortnight",
        Age::Month => "wf-age wf-age--month",
    }
}

fn age_words(locale: Locale, days: u32) -> String {
    match Age::of(days) {
        Age::Fresh => say!(locale, workflow.age_fresh, days = days),
        Age::Week => say!(locale, workflow.age_week, days = days),
        Age::Fortnight => say!(locale, workflow.age_fortnight, days = days),
        Age::Month => say!(locale, workflow.age_month, days = days),
    }
}
