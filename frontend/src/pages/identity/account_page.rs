//! One's password and devices.

use leptos::prelude::*;

use super::factors::Factors;
use super::password_form::PasswordForm;
use super::record_accesses::RecordAccesses;
use super::session_list::SessionList;
use crate::components::PageHeading;
use crate::state::use_session;
use crate::tr;

/// One's password and devices.
#[component]
pub fn AccountPage() -> impl IntoView {
    // Other devices are logged out by a new password: the list is read anew then.
    let changed = RwSignal::new(0_u32);
    let has_record = use_session().account_now().is_some_and(|account| account.person.is_some());
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
                    <section class="ui-section" aria-labelledby="accesses-title">
                        <h2 class="ui-subheading" id="accesses-title">
                            {tr!(identity.accesses_title)}
                        </h2>
                        <RecordAccesses />
                    </section>
                }
            })}
    }
}
