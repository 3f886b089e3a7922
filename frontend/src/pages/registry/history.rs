//! What was changed in a record: when, by whom, before and after.

use leptos::prelude::*;
use mamis_contract::page::PageQuery;
use mamis_contract::registry::{ContactPurpose, HistoryChangeView, HistoryEntryView};
use mamis_kernel::{ApplicationId, BusinessType, Employment, EndReason, PersonId, RecordField, Sex};

use crate::api::use_api;
use crate::components::{Button, ButtonLink, Empty, PageHeading, SummaryList, SummaryRow, loaded};
use crate::i18n::codes::Label;
use crate::i18n::{Locale, in_language};
use crate::pages::with_id::with_id;
use crate::state::use_session;
use crate::{format, routes, say, tr};

const FIRST: u32 = 20;
const MOST: u32 = 200;

/// What was changed in a member's record.
#[component]
pub fn MemberHistoryPage() -> impl IntoView {
    with_id(|id: PersonId| {
        view! {
            <PageHeading title=tr!(record.history_title) />
            <p class="ui-no-print">
                <a href=routes::member(id)>{tr!(record.back)}</a>
            </p>
            <History id case_path=routes::work_item />
        }
        .into_any()
    })
}

/// What was changed in one's own record.
#[component]
pub fn MyHistoryPage() -> impl IntoView {
    let person = use_session().account_now().and_then(|account| account.person);
    view! {
        <PageHeading title=tr!(record.history_title) />
        {match person {
            Some(person) => view! { <History id=person.id case_path=routes::application /> }.into_any(),
            None => view! { <Empty text=tr!(identity.no_page_text) /> }.into_any(),
        }}
    }
}

#[component]
fn History(id: PersonId, case_path: fn(ApplicationId) -> String) -> impl IntoView {
    let (api, limit) = (use_api(), RwSignal::new(FIRST));
    let list = LocalResource::new(move || {
        let page = PageQuery { limit: Some(limit.get()), ..PageQuery::default() };
        api.person_history(id, page)
    });
    view! {
        <p>{tr!(record.history_lead)}</p>
        {loaded(
            list,
            move |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=tr!(record.history_none) /> }.into_any();
                }
                let more = page.next_cursor.is_some() && limit.get_untracked() < MOST;
                view! {
                    <ol class="ui-list">
                        {page
                            .items
                            .into_iter()
                            .map(|entry| view! { <li>{entry_view(entry, case_path)}</li> })
                            .collect_view()}
                    </ol>
                    {more
                        .then(|| {
                            view! {
                                <div class="ui-actions">
                                    <Button on_press=Callback::new(move |()| limit.set(MOST))>
                                        {tr!(record.history_more)}
                                    </Button>
                                </div>
                            }
                        })}
                }
                    .into_any()
            },
        )}
    }
}

fn entry_view(entry: HistoryEntryView, case_path: fn(ApplicationId) -> String) -> AnyView {
    let HistoryEntryView { at, actor, by, association, application, changes, .. } = entry;
    let when = in_language(move |locale| format::date_and_time(locale, at));
    let who = in_language(move |locale| {
        let place = association.as_ref().map(|association| association.name.clone());
        let parts = [place, by.clone(), Some(actor.label(locale).to_owned())];
        parts.into_iter().flatten().collect::<Vec<_>>().join("　")
    });
    let case = application.map(|case| {
        let number = case.number.unwrap_or_default();
        let label = in_language(move |locale| say!(locale, record.history_case, number = number.clone()));
        view! { <ButtonLink href=case_path(case.id) kind=crate::components::ButtonKind::Quiet label /> }
    });
    view! {
        <section class="ui-section">
            <h2 class="ui-subheading ui-subheading--small">{when}</h2>
            <p>{who}</p>
            <SummaryList>{changes.into_iter().map(change_row).collect_view()}</SummaryList>
            {case}
        </section>
    }
    .into_any()
}

fn change_row(change: HistoryChangeView) -> AnyView {
    let (field, of) = (change.field, change.of.clone());
    let name = in_language(move |locale| match &of {
        Some(of) => {
            let of = of.parse::<ContactPurpose>().map_or_else(|_| of.clone(), |place| place.label(locale).to_owned());
            say!(locale, record.field_of, field = field.label(locale), of = of)
        }
        None => field.label(locale).to_owned(),
    });
    let value = in_language(move |locale| change_text(locale, &change));
    view! { <SummaryRow name value /> }.into_any()
}

/// Before and after, in words.
fn change_text(locale: Locale, change: &HistoryChangeView) -> String {
    if change.masked {
        return say!(locale, record.masked);
    }
    let text = |value: &Option<String>| value.as_deref().map(|value| value_text(locale, change.field, value));
    match (text(&change.before), text(&change.after)) {
        (Some(before), Some(after)) => say!(locale, record.was_now, before = before, after = after),
        (None, Some(after)) => say!(locale, record.now, after = after),
        (Some(before), None) => say!(locale, record.was, before = before),
        (None, None) => String::new(),
    }
}

fn value_text(locale: Locale, field: RecordField, value: &str) -> String {
    fn label<T: Label + std::str::FromStr>(locale: Locale, code: &str) -> Option<String> {
        code.parse::<T>().ok().map(|code| code.label(locale).to_owned())
    }
    let day = |shown: fn(Locale, chrono::NaiveDate) -> String| value.parse().ok().map(|day| shown(locale, day));
    let words = match field {
        RecordField::BirthDate
        | RecordField::RegisteredOn
        | RecordField::AffiliationFrom
        | RecordField::AffiliationLastDay
        | RecordField::MembershipFrom
        | RecordField::MembershipLastDay => day(format::date),
        RecordField::GraduatedIn => day(format::month),
        RecordField::Sex => label::<Sex>(locale, value),
        RecordField::AffiliationBusinessType => label::<BusinessType>(locale, value),
        RecordField::AffiliationEmployment => label::<Employment>(locale, value),
        RecordField::MembershipEndReason => label::<EndReason>(locale, value),
        RecordField::ContactPhone => Some(format::phone(value)),
        RecordField::AffiliationIsMain => {
            let is_main = value == "true";
            Some(if is_main { say!(locale, common.yes) } else { say!(locale, common.no) })
        }
        RecordField::FamilyName
        | RecordField::GivenName
        | RecordField::FamilyNameKana
        | RecordField::GivenNameKana
        | RecordField::FamilyNameRomaji
        | RecordField::GivenNameRomaji
        | RecordField::AlmaMater
        | RecordField::Specialties
        | RecordField::RegistrationNumber
        | RecordField::FormerName
        | RecordField::ProfessionalName
        | RecordField::ContactAddress
        | RecordField::ContactEmail
        | RecordField::AffiliationFacility
        | RecordField::AffiliationRole
        | RecordField::MembershipCategory => None,
    };
    words.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: RecordField, before: Option<&str>, after: Option<&str>) -> HistoryChangeView {
        HistoryChangeView {
            field,
            of: None,
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            masked: false,
        }
    }

    #[test]
    fn a_change_is_told_in_words_and_never_as_a_code() {
        let hours = change(RecordField::AffiliationEmployment, Some("full_time"), Some("part_time"));
        assert_eq!(change_text(Locale::ja, &hours), "変更前：常勤\n変更後：非常勤");
        let begun = change(RecordField::AffiliationFrom, None, Some("2026-04-01"));
        assert_eq!(change_text(Locale::ja, &begun), "登録：令和8年4月1日（2026年）");
        let ended = change(RecordField::ContactPhone, Some("0775220000"), None);
        assert_eq!(change_text(Locale::en, &ended), "Taken away: 0775220000");
        let masked = HistoryChangeView { masked: true, before: None, after: None, ..ended };
        assert_eq!(change_text(Locale::ja, &masked), "表示されていません");
    }
}
