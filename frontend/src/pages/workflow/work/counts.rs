//! How much there is to do, for each of the clerk's associations.

use leptos::prelude::*;
use mamis_contract::workflow::{AssociationWork, WorkStatus};

use super::ListQuery;
use crate::components::TableFrame;
use crate::i18n::use_language;
use crate::{say, tr};

/// Counts, each a link to what it counts.
#[component]
pub(in crate::pages::workflow) fn Counts(items: Vec<AssociationWork>) -> impl IntoView {
    let language = use_language();
    let rows = items.into_iter().map(move |work| {
        let (code, association) = (work.association.code.clone(), work.association.name.clone());
        let link =
            move |count: u32, status: WorkStatus, min_age: Option<u32>, what: fn(crate::i18n::Locale) -> String| {
                let query = ListQuery { status, association: Some(code.clone()), min_age, ..ListQuery::default() };
                let name = association.clone();
                let label = move || {
                    let locale = language.locale();
                    say!(locale, workflow.count_of, name = name.clone(), what = what(locale), count = count)
                };
                view! {
                    <td class="ui-number">
                        <a class="wf-count" href=query.path(1) aria-label=label>
                            {count}
                        </a>
                    </td>
                }
            };
        view! {
            <tr>
                <th scope="row">{work.association.name}</th>
                {link(work.open, WorkStatus::Open, None, |locale| say!(locale, workflow.count_open))}
                {link(work.open_7_days, WorkStatus::Open, Some(7), |locale| say!(locale, workflow.count_7))}
                {link(work.open_30_days, WorkStatus::Open, Some(30), |locale| say!(locale, workflow.count_30))}
                {link(work.upcoming, WorkStatus::Upcoming, None, |locale| say!(locale, workflow.count_upcoming))}
                {link(work.returned, WorkStatus::Returned, None, |locale| say!(locale, workflow.count_returned))}
            </tr>
        }
    });
    view! {
        <TableFrame caption=tr!(workflow.counts_caption)>
            <thead>
                <tr>
                    <th scope="col">{tr!(workflow.column_association)}</th>
                    <th scope="col" class="ui-number">
                        {tr!(workflow.count_open)}
                    </th>
                    <th scope="col" class="ui-number">
                        {tr!(workflow.count_7)}
                    </th>
                    <th scope="col" class="ui-number">
                        {tr!(workflow.count_30)}
                    </th>
                    <th scope="col" class="ui-number">
                        {tr!(workflow.count_upcoming)}
                    </th>
                    <th scope="col" class="ui-number">
                        {tr!(workflow.count_returned)}
                    </th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </TableFrame>
    }
}
