//! The applicant's record beside the case.

use leptos::prelude::*;
use mamis_contract::registry::{PersonRef, PersonView};
use mamis_kernel::MembershipState;
use mamis_kernel::wareki::legal_age;

use crate::api::use_api;
use crate::components::{SummaryList, SummaryRow, loaded};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::identity::{AccountOnDemand, BeginOnBehalf};
use crate::{dom, format, say, tr};

/// The applicant's record beside the case.
#[component]
pub(in crate::pages::workflow) fn Applicant(person: PersonRef) -> impl IntoView {
    let (api, id, whom) = (use_api(), person.id, person.clone());
    let record = LocalResource::new(move || api.person(id));
    view! {
        <section class="wf-side" aria-labelledby="applicant-title">
            <h2 class="ui-subheading" id="applicant-title">
                {tr!(workflow.applicant_title)}
            </h2>
            {loaded(record, |person| view! { <Record person /> })}
            <BeginOnBehalf person=whom />
            <h3 class="ui-subheading ui-subheading--small wf-gap">{tr!(clerks.account)}</h3>
            <AccountOnDemand person=id />
        </section>
    }
}

#[component]
fn Record(person: PersonView) -> impl IntoView {
    let (birth_date, sex) = (person.birth_date, person.sex);
    let born = in_language(move |locale| match birth_date {
        Some(day) => {
            let age = legal_age(day, dom::today());
            say!(locale, workflow.born, date = format::date(locale, day), years = age)
        }
        None => say!(locale, record.masked),
    });
    let registration = person.medical_registration;
    let number = registration.as_ref().map(|entry| entry.number.clone()).unwrap_or_default();
    let registered_on = registration.map(|entry| entry.registered_on);
    let school = person.alma_mater.unwrap_or_default();
    let graduated_in = person.graduated_in;
    let graduated = in_language(move |locale| match graduated_in {
        Some(month) => format!("{school}　{}", format::month(locale, month)),
        None => school.clone(),
    });
    let kana = format!("{} {}", person.family_name_kana, person.given_name_kana);
    let specialties = person.specialties.join("、");
    let memberships = person.memberships;
    view! {
        <SummaryList>
            <SummaryRow name=tr!(registry.name) value=Signal::stored(person.display_name) />
            <SummaryRow name=tr!(registry.kana) value=Signal::stored(kana) />
            <SummaryRow name=tr!(registry.birth_date) value=born />
            <SummaryRow name=tr!(registry.sex) value=sex.text() />
            <SummaryRow name=tr!(registry.registration_number) value=Signal::stored(number) />
            <SummaryRow
                name=tr!(registry.registered_on)
                value=in_language(move |locale| {
                    registered_on.map(|day| format::date(locale, day)).unwrap_or_default()
                })
            />
            <SummaryRow name=tr!(registry.alma_mater) value=graduated />
            <SummaryRow name=tr!(registry.specialties) value=Signal::stored(specialties) />
        </SummaryList>
        <h3 class="ui-subheading ui-subheading--small wf-gap">{tr!(workflow.applicant_memberships)}</h3>
        {if memberships.is_empty() {
            view! { <p>{tr!(workflow.applicant_no_memberships)}</p> }.into_any()
        } else {
            view! {
                <ul class="ui-list">
                    {memberships.into_iter().map(|membership| view! { <Membership membership /> }).collect_view()}
                </ul>
            }
                .into_any()
        }}
    }
}

#[component]
fn Membership(membership: mamis_contract::registry::MembershipView) -> impl IntoView {
    let language = use_language();
    let category = membership.category.map(|category| category.label).unwrap_or_default();
    let (from, last, state) = (membership.valid_from, membership.last_day, membership.state);
    let class = match state {
        MembershipState::Current => "ui-badge ui-badge--good",
        MembershipState::Future => "ui-badge ui-badge--key",
        MembershipState::Ended => "ui-badge",
    };
    view! {
        <li>
            <strong>{membership.association.name}</strong>
            "　"
            {category}
            " "
            <span class=class>{move || state.label(language.locale())}</span>
            <br />
            {move || format::period(language.locale(), from, last)}
        </li>
    }
}
