//! My page: first what needs one's action, then the state of one's applications, then memberships and registered data.

mod case_steps;
mod cases;
mod tasks;

use leptos::prelude::*;
use mamis_contract::page::PageQuery;
use mamis_kernel::PersonId;

use crate::api::{MembershipFilter, use_api};
use crate::components::{ButtonLink, PageHeading, loaded};
use crate::pages::registry::memberships::Memberships;
use crate::pages::registry::record::Record;
use crate::state::use_session;
use crate::{routes, tr};
use cases::Cases;
use tasks::Tasks;

/// As many applications as most people file in a lifetime.
const SHOWN: u32 = 20;
const ALL: u32 = 200;

/// A physician's own page.
#[component]
pub fn MyPage() -> impl IntoView {
    let person = use_session().account_now().and_then(|account| account.person);
    match person {
        Some(person) => view! { <OwnPage id=person.id name=person.display_name /> }.into_any(),
        None => view! {
            <PageHeading title=tr!(identity.no_page_title) />
            <p>{tr!(identity.no_page_text)}</p>
            <div class="ui-actions">
                <ButtonLink href=routes::work_list() label=tr!(common.nav_work_list) />
            </div>
        }
        .into_any(),
    }
}

#[component]
fn OwnPage(id: PersonId, name: String) -> impl IntoView {
    let api = use_api();
    let limit = RwSignal::new(SHOWN);
    let applications = LocalResource::new(move || {
        let page = PageQuery { cursor: None, limit: Some(limit.get()) };
        api.applications(page)
    });
    let memberships = LocalResource::new(move || api.memberships(id, MembershipFilter::default()));
    let person = LocalResource::new(move || api.person(id));
    // Joining is offered once both are known: to those without a membership and without an application under way.
    let has_membership = Signal::derive(move || {
        memberships.with(|read| read.as_ref().and_then(|read| read.as_ref().ok().map(|list| !list.items.is_empty())))
    });
    // The same list as above, so its loading and its failure are shown there.
    let cases = move || {
        let page = applications.get()?.ok()?;
        let more = page.next_cursor.is_some().then(|| Callback::new(move |()| limit.set(ALL)));
        Some(view! {
            <section class="ui-section" aria-labelledby="cases">
                <h2 class="ui-subheading" id="cases">
                    {tr!(registry.cases_title)}
                </h2>
                <Cases applications=page.items more />
            </section>
        })
    };
    view! {
        <PageHeading title=tr!(registry.my_title) />
        <p>{tr!(registry.greeting, name = name.clone())}</p>
        <section class="ui-section" aria-labelledby="tasks">
            <h2 class="ui-subheading" id="tasks">
                {tr!(registry.tasks_title)}
            </h2>
            {loaded(applications, move |page| view! { <Tasks applications=page.items has_membership /> })}
        </section>
        {cases}
        <section class="ui-section" aria-labelledby="memberships">
            <h2 class="ui-subheading" id="memberships">
                {tr!(registry.memberships_title)}
            </h2>
            {loaded(memberships, |list| view! { <Memberships list=list.items /> })}
        </section>
        <section class="ui-section" aria-labelledby="record">
            <h2 class="ui-subheading" id="record">
                {tr!(registry.record_title)}
            </h2>
            <p class="ui-no-print">{tr!(registry.record_change)}</p>
            {loaded(person, |person| view! { <Record person /> })}
            <div class="ui-actions ui-no-print">
                <ButtonLink href=routes::my_history() label=tr!(record.history_open) />
            </div>
        </section>
    }
}
