//! What the register says about the physician: shown, not asked again.

use leptos::prelude::*;
use mamis_contract::registry::PersonView;

use crate::api::use_api;
use crate::components::{SummaryList, SummaryRow, loaded};
use crate::format;
use crate::i18n::in_language;
use crate::state::use_session;
use crate::tr;

/// The physician's own entry, with the reason why it cannot be changed here. Nothing for accounts without a person.
#[component]
pub(super) fn Registered() -> impl IntoView {
    let (api, title, why) = (use_api(), tr!(workflow.registered_title), tr!(workflow.registered_why));
    use_session().account_now().and_then(|account| account.person).map(|person| {
        let record = LocalResource::new(move || api.person(person.id));
        view! {
            <section class="wf-block" aria-labelledby="registered-title">
                <h2 class="ui-subheading" id="registered-title">
                    {move || title.get()}
                </h2>
                <p class="ui-soft">{move || why.get()}</p>
                {loaded(record, |person| view! { <RegisteredRows person /> })}
            </section>
        }
    })
}

#[component]
fn RegisteredRows(person: PersonView) -> impl IntoView {
    let (birth_date, registration) = (person.birth_date, person.medical_registration);
    let number = registration.as_ref().map(|entry| entry.number.clone()).unwrap_or_default();
    let registered_on = registration.map(|entry| entry.registered_on);
    let kana = format!("{} {}", person.family_name_kana, person.given_name_kana);
    view! {
        <SummaryList>
            <SummaryRow name=tr!(registry.name) value=Signal::stored(person.display_name) />
            <SummaryRow name=tr!(registry.kana) value=Signal::stored(kana) />
            <SummaryRow
                name=tr!(registry.birth_date)
                value=in_language(move |locale| {
                    birth_date.map(|day| format::date(locale, day)).unwrap_or_default()
                })
            />
            <SummaryRow name=tr!(registry.registration_number) value=Signal::stored(number) />
            <SummaryRow
                name=tr!(registry.registered_on)
                value=in_language(move |locale| {
                    registered_on.map(|day| format::date(locale, day)).unwrap_or_default()
                })
            />
        </SummaryList>
    }
}
