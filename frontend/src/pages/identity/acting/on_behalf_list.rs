//! When clerks acted for physicians.

use leptos::prelude::*;
use mamis_contract::acting::OnBehalfView;
use mamis_contract::page::PageQuery;

use crate::api::use_api;
use crate::components::{Button, Empty, SummaryList, SummaryRow, loaded};
use crate::i18n::in_language;
use crate::{format, say, tr};

const FIRST: u32 = 5;
const MOST: u32 = 200;

/// When clerks acted for physicians, latest first.
#[component]
pub(in crate::pages::identity) fn OnBehalfList() -> impl IntoView {
    let (api, limit) = (use_api(), RwSignal::new(FIRST));
    let list =
        LocalResource::new(move || api.on_behalf(PageQuery { limit: Some(limit.get()), ..PageQuery::default() }));
    loaded(list, move |page| {
        if page.items.is_empty() {
            return view! { <Empty text=tr!(identity.on_behalf_none) /> }.into_any();
        }
        let more = page.next_cursor.is_some() && limit.get_untracked() < MOST;
        view! {
            <ul class="ui-tasks">{page.items.into_iter().map(|item| view! { <Entry item /> }).collect_view()}</ul>
            {more
                .then(|| {
                    view! {
                        <div class="ui-actions">
                            <Button on_press=Callback::new(move |()| limit.set(MOST))>
                                {tr!(identity.accesses_more)}
                            </Button>
                        </div>
                    }
                })}
        }
        .into_any()
    })
}

#[component]
fn Entry(item: OnBehalfView) -> impl IntoView {
    let OnBehalfView { person, clerk, association, reason, started_at, ends_at, ended_at, .. } = item;
    let over_at = ended_at.unwrap_or(ends_at);
    let time = in_language(move |locale| {
        let (from, to) = (format::date_and_time(locale, started_at), format::date_and_time(locale, over_at));
        say!(locale, identity.on_behalf_period, from = from, to = to)
    });
    let by = in_language(move |locale| match &association {
        Some(association) => {
            say!(locale, identity.access_as, association = association.name.clone(), name = clerk.clone())
        }
        None => clerk.clone(),
    });
    view! {
        <li class="ui-card">
            <SummaryList>
                <SummaryRow name=tr!(identity.on_behalf_time) value=time />
                <SummaryRow name=tr!(identity.on_behalf_by) value=by />
                <SummaryRow name=tr!(identity.on_behalf_for) value=Signal::stored(person.display_name) />
                <SummaryRow name=tr!(identity.on_behalf_reason) value=Signal::stored(reason) />
            </SummaryList>
        </li>
    }
}
