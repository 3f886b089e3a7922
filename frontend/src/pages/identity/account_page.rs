//! One's password and devices.

use leptos::prelude::*;
use mamis_contract::identity::AccountView;

use super::acting::{Assistants, Audience, OnBehalfList};
use super::factors::Factors;
use super::password_form::PasswordForm;
use super::record_accesses::RecordAccesses;
use super::session_list::SessionList;
use crate::components::{Empty, PageHeading};
use crate::state::use_session;
use crate::tr;

/// One's password and devices.
#[component]
pub fn AccountPage() -> impl IntoView {
    // Other devices are logged out by a new password: the list is read anew then.
    let changed = RwSignal::new(0_u32);
    let has_record = use_session().account_now().is_some_and(|account| account.person.is_some());
    let (account, is_acting) = (use_session().account_now(), |account: &AccountView| account.acting.is_some());
    if account.as_ref().is_some_and(is_acting) {
        return view! {
            <PageHeading title=tr!(identity.account_title) />
            <Empty text=tr!(identity.acting_no_account) />
        }
        .into_any();
    }
    let is_clerk = account.is_some_and(|account| account.capabilities.iter().any(|held| held.association.is_some()));
    view! {
        <PageHeading title=tr!(identity.account_title) />
        <section class="ui-section" aria-labelledby="password-title">
            <h2 class="ui-subheading" id="password-title">
                {tr!(identity.password_title)}
            </h2>
            <PasswordForm on_change=Callback::new(move |()| changed.update(|count| *count += 1)) />
        </section>
        <Factors />
        <section class="ui-section" aria-labelledby="sessions-title">
            <h2 class="ui-subheading" id="sessions-title">
                {tr!(identity.sessions_title)}
            </h2>
            <SessionList changed />
        </section>
        {has_record
            .then(|| {
                view! {
                    <section class="ui-section" aria-labelledby="assistants-title">
                        <h2 class="ui-subheading" id="assistants-title">
                            {tr!(identity.assistants_title)}
                        </h2>
                        <Assistants />
                    </section>
                    <section class="ui-section" aria-labelledby="audience-title">
                        <h2 class="ui-subheading" id="audience-title">
                            {tr!(identity.audience_title)}
                        </h2>
                        <Audience />
                    </section>
                    <section class="ui-section" aria-labelledby="on-behalf-title">
                        <h2 class="ui-subheading" id="on-behalf-title">
                            {tr!(identity.on_behalf_title)}
                        </h2>
                        <p>{tr!(identity.on_behalf_text)}</p>
                        <OnBehalfList />
                    </section>
                    <section class="ui-section" aria-labelledby="accesses-title">
                        <h2 class="ui-subheading" id="accesses-title">
                            {tr!(identity.accesses_title)}
                        </h2>
                        <RecordAccesses />
                    </section>
                }
            })}
        {(is_clerk && !has_record)
            .then(|| {
                view! {
                    <section class="ui-section" aria-labelledby="on-behalf-title">
                        <h2 class="ui-subheading" id="on-behalf-title">
                            {tr!(identity.on_behalf_title)}
                        </h2>
                        <p>{tr!(identity.on_behalf_text_clerk)}</p>
                        <OnBehalfList />
                    </section>
                }
            })}
    }
    .into_any()
}
