//! The record of one member.

use chrono::NaiveDate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{PersonRef, PersonView};
use mamis_kernel::{PersonId, RecordAction};

use super::LeftMembers;
use super::reveal::Reveal;
use crate::api::{MembershipFilter, use_api};
use crate::components::{Button, ButtonKind, ButtonLink, DateField, ErrorSummary, PageHeading, loaded};
use crate::forms::{DateParts, Fault, Form};
use crate::i18n::in_language;
use crate::pages::desk::{BackToList, LIMITS, address, pairs};
use crate::pages::identity::{AccountOnDemand, BeginOnBehalf};
use crate::pages::registry::memberships::Memberships;
use crate::pages::registry::record::Record;
use crate::pages::with_id::with_id;
use crate::{dom, format, routes, say, tr};

const AS_OF: &str = "/as_of";
const AS_KNOWN_ON: &str = "/as_known_on";

/// The record of one member.
#[component]
pub fn MemberPage() -> impl IntoView {
    with_id(|id| view! { <Member id /> }.into_any())
}

#[component]
fn Member(id: PersonId) -> impl IntoView {
    let (api, left) = (use_api(), expect_context::<LeftMembers>());
    let person = LocalResource::new(move || api.person(id));
    view! {
        <PageHeading title=tr!(members.record_title) />
        <div class="wf-row wf-toolbar ui-no-print">
            <BackToList place=left.place() />
            <Button kind=ButtonKind::Quiet on_press=Callback::new(|()| dom::print())>
                {tr!(members.print)}
            </Button>
        </div>
        {loaded(person, move |person| view! { <Content person /> })}
    }
}

#[component]
fn Content(person: PersonView) -> impl IntoView {
    let id = person.id;
    let changes = person.allowed_actions.contains(&RecordAction::Change);
    let reveals = person.allowed_actions.contains(&RecordAction::Reveal);
    let (name, kana) = (person.display_name.clone(), format!("{} {}", person.family_name_kana, person.given_name_kana));
    let whom = PersonRef { id, display_name: name.clone(), name_kana: kana.clone() };
    let person = RwSignal::new(person);
    let is_masked = Memo::new(move |_| reveals && person.with(|person| !person.masked.is_empty()));
    view! {
        <p class="wf-who">
            <strong>{name}</strong>
            <span class="wf-who__kana">{kana}</span>
        </p>
        <section class="ui-section" aria-labelledby="memberships">
            <h2 class="ui-subheading" id="memberships">
                {tr!(registry.memberships_title)}
            </h2>
            <DatedMemberships id />
        </section>
        <section class="ui-section" aria-labelledby="record">
            <h2 class="ui-subheading" id="record">
                {tr!(registry.record_title)}
            </h2>
            {move || is_masked.get().then(|| view! { <Reveal person /> })}
            {move || view! { <Record person=person.get() changes /> }}
            <div class="ui-actions ui-no-print">
                <ButtonLink href=routes::member_history(id) label=tr!(record.history_open) />
            </div>
        </section>
        <section class="ui-section ui-no-print" aria-labelledby="account">
            <h2 class="ui-subheading" id="account">
                {tr!(clerks.account)}
            </h2>
            <AccountOnDemand person=id />
            <BeginOnBehalf person=whom />
        </section>
    }
}

/// Which memberships the address asks for.
fn asked(search: &str) -> MembershipFilter {
    let mut filter = MembershipFilter::default();
    for (name, value) in pairs(search) {
        match name {
            "as_of" => filter.as_of = value.parse().ok(),
            "as_known_on" => filter.as_known_on = value.parse().ok(),
            _ => {}
        }
    }
    filter
}

fn path(id: PersonId, filter: MembershipFilter) -> String {
    let pair = |name: &str, day: Option<NaiveDate>| day.map(|day| format!("{name}={day}"));
    let pairs = [pair("as_of", filter.as_of), pair("as_known_on", filter.as_known_on)];
    address(routes::member(id), pairs.into_iter().flatten().collect(), LIMITS[0], 1)
}

/// Memberships: all that are known of now, those of a day, or as they were known on a day.
#[component]
fn DatedMemberships(id: PersonId) -> impl IntoView {
    let (api, form, navigate) = (use_api(), Form::new(), use_navigate());
    let search = use_location().search;
    let filter = Memo::new(move |_| asked(&search.get()));
    let list = LocalResource::new(move || api.memberships(id, filter.get()));
    let (as_of, as_known_on) = (RwSignal::new(DateParts::default()), RwSignal::new(DateParts::default()));
    Effect::new(move |_| {
        let filter = filter.get();
        as_of.set(filter.as_of.map(DateParts::of).unwrap_or_default());
        as_known_on.set(filter.as_known_on.map(DateParts::of).unwrap_or_default());
    });
    let go = Callback::new(move |filter: MembershipFilter| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&path(id, filter), options);
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (of, known) = (as_of.with_untracked(DateParts::check), as_known_on.with_untracked(DateParts::check));
        match (of, known) {
            (Ok(as_of), Ok(as_known_on)) => {
                form.clear();
                go.run(MembershipFilter { as_of, as_known_on });
            }
            (of, known) => {
                let fault = |pointer: &str, code: Option<FieldErrorCode>| code.map(|code| Fault::new(pointer, code));
                let faults = [fault(AS_OF, of.err()), fault(AS_KNOWN_ON, known.err())];
                form.show(faults.into_iter().flatten().collect());
            }
        }
    };
    let show_all = Callback::new(move |()| go.run(MembershipFilter::default()));
    let note = move || {
        let MembershipFilter { as_of, as_known_on } = filter.get();
        let line = |day: NaiveDate, words: fn(crate::i18n::Locale, String) -> String| {
            let text = in_language(move |locale| words(locale, format::date(locale, day)));
            view! { <p>{text}</p> }
        };
        (as_of.is_some() || as_known_on.is_some()).then(|| {
            view! {
                <div class="wf-note" role="status">
                    {as_of.map(|day| line(day, |locale, date| say!(locale, members.shown_as_of, date = date)))}
                    {as_known_on.map(|day| line(day, |locale, date| say!(locale, members.shown_as_known, date = date)))}
                    <div class="ui-actions">
                        <Button on_press=show_all>{tr!(members.shown_all)}</Button>
                    </div>
                </div>
            }
        })
    };
    view! {
        {note}
        {loaded(
            list,
            move |list| {
                let none = filter
                    .get_untracked()
                    .as_of
                    .map_or_else(|| tr!(registry.memberships_none), |_| tr!(members.none_on_day));
                view! { <Memberships list=list.items none /> }
            },
        )}
        <details class="ui-details ui-no-print">
            <summary>{tr!(members.other_day)}</summary>
            <form class="ui-form" novalidate on:submit=submit>
                <ErrorSummary form />
                <DateField form pointer=AS_OF legend=tr!(members.as_of) hint=tr!(members.record_as_of_hint) value=as_of />
                <details class="ui-details">
                    <summary>{tr!(members.as_known)}</summary>
                    <DateField
                        form
                        pointer=AS_KNOWN_ON
                        legend=tr!(members.as_known_on)
                        hint=tr!(members.as_known_hint)
                        value=as_known_on
                    />
                </details>
                <div class="ui-actions">
                    <Button kind=ButtonKind::Primary submit=true>
                        {tr!(members.show_day)}
                    </Button>
                </div>
            </form>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_asked_about_survive_the_address() {
        let id = "per_01900000000070008000000000000001".parse().unwrap();
        let filter = MembershipFilter { as_of: "2025-04-01".parse().ok(), as_known_on: "2025-05-31".parse().ok() };
        let path = path(id, filter);
        let (_, search) = path.split_once('?').unwrap();
        assert_eq!(search, "as_of=2025-04-01&as_known_on=2025-05-31");
        assert_eq!(asked(search), filter);
        assert_eq!(asked("?as_of=2025-02-30&as_known_on=yesterday"), MembershipFilter::default());
    }
}
