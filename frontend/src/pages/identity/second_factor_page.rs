//! Setting a second factor up, where somebody's role waits for one.

use leptos::prelude::*;

use super::factors::Factors;
use super::first_page;
use crate::components::{Banner, ButtonKind, ButtonLink, PageHeading};
use crate::i18n::codes::Label;
use crate::i18n::in_language;
use crate::state::use_session;
use crate::tr;

/// Leads to a second factor, and then on.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let session = use_session();
    let waiting = Memo::new(move |_| session.account().map(|account| account.held_back).unwrap_or_default());
    let banner = move || {
        let roles = waiting.get();
        if roles.is_empty() {
            return None;
        }
        let named = in_language(move |locale| {
            let place = |held: &mamis_contract::identity::CapabilityView| {
                let association = held.association.as_ref().map(|at| at.name.clone()).unwrap_or_default();
                format!("{association} {}", held.role.label(locale))
            };
            roles.iter().map(place).collect::<Vec<_>>().join("、")
        });
        Some(view! {
            <Banner title=tr!(factors.wanted_title)>
                <p>{tr!(factors.wanted_text)}</p>
                <p>{named}</p>
            </Banner>
        })
    };
    let go_on = move || {
        let free = waiting.with(Vec::is_empty);
        let account = session.account().filter(|_| free)?;
        Some(view! {
            <div class="ui-actions">
                <ButtonLink href=first_page(&account) kind=ButtonKind::Primary label=tr!(factors.wanted_done) />
            </div>
        })
    };
    view! {
        <PageHeading title=tr!(factors.page_title) />
        {banner}
        <Factors />
        {go_on}
    }
}
