//! Registered data.

use leptos::prelude::*;
use mamis_contract::registry::{AffiliationView, ContactKind, ContactPointView, PersonView};
use mamis_kernel::wareki::legal_age;

use crate::components::{ButtonLink, SummaryList, SummaryRow};
use crate::i18n::codes::Label;
use crate::i18n::{Locale, Text, in_language};
use crate::{dom, format, routes, say, tr};

/// Registered data.
#[component]
pub(in crate::pages) fn Record(
    /// The record.
    person: PersonView,
    /// Whether each part leads to where it is changed.
    #[prop(optional)]
    changes: bool,
) -> impl IntoView {
    let id = person.id;
    let edit = changes.then(|| routes::edit_member(id));
    let PersonView { display_name, family_name_kana, given_name_kana, birth_date, sex, jma_member_id, .. } = person;
    let romaji: Vec<String> = [person.family_name_romaji, person.given_name_romaji].into_iter().flatten().collect();
    let kana = format!("{family_name_kana} {given_name_kana}");
    let registration = person.medical_registration;
    let (number, registered_on) = registration.map(|entry| (entry.number, entry.registered_on)).unzip();
    let specialties = person.specialties;
    let day = |day: Option<chrono::NaiveDate>| {
        in_language(move |locale| day.map(|day| format::date(locale, day)).unwrap_or_default())
    };
    let graduated_in = person.graduated_in;
    let born = in_language(move |locale| match birth_date {
        Some(day) => {
            let age = legal_age(day, dom::today());
            format!("{}　{}", format::date(locale, day), say!(locale, common.years_old, years = age))
        }
        None => say!(locale, record.masked),
    });
    let (past, present) = worked(person.affiliations, dom::today());
    let earlier = past.len();
    let work = move |work: AffiliationView| {
        let change = changes.then(|| routes::member_workplace(id, Some(work.id)));
        work_row(work, change)
    };
    view! {
        <h3 class="ui-subheading ui-subheading--small">{tr!(registry.section_person)}</h3>
        <SummaryList>
            <SummaryRow name=tr!(registry.name) value=known(Some(display_name)) />
            <SummaryRow name=tr!(registry.kana) value=known(Some(kana)) />
            {(!romaji.is_empty())
                .then(|| view! { <SummaryRow name=tr!(record.romaji) value=known(Some(romaji.join(" "))) /> })}
            <SummaryRow name=tr!(registry.birth_date) value=born />
            <SummaryRow name=tr!(registry.sex) value=sex.text() />
            <SummaryRow name=tr!(registry.jma_member_id) value=known(jma_member_id) />
        </SummaryList>
        <h3 class="ui-subheading ui-subheading--small">{tr!(registry.section_license)}</h3>
        <SummaryList>
            <SummaryRow name=tr!(registry.registration_number) value=known(number) />
            <SummaryRow name=tr!(registry.registered_on) value=day(registered_on) />
            <SummaryRow name=tr!(registry.alma_mater) value=known(person.alma_mater) />
            <SummaryRow
                name=tr!(registry.graduated_in)
                value=in_language(move |locale| {
                    graduated_in.map(|day| format::month(locale, day)).unwrap_or_default()
                })
            />
            <SummaryRow
                name=tr!(registry.specialties)
                value=in_language(move |locale| {
                    specialties
                        .join(
                            match locale {
                                Locale::ja => "、",
                                Locale::en => ", ",
                            },
                        )
                })
            />
        </SummaryList>
        {edit.map(|href| view! { <div class="ui-actions ui-no-print"><ButtonLink href label=tr!(record.edit_person) /></div> })}
        <h3 class="ui-subheading ui-subheading--small">{tr!(registry.section_contact)}</h3>
        {if person.contact_points.is_empty() {
            view! { <p>{tr!(registry.contact_none)}</p> }.into_any()
        } else {
            let row = move |point: ContactPointView| {
                let change = changes.then(|| routes::member_contact(id, Some(point.id)));
                contact_row(point, change)
            };
            view! { <SummaryList>{person.contact_points.into_iter().map(row).collect_view()}</SummaryList> }.into_any()
        }}
        {changes
            .then(|| {
                let href = routes::member_contact(id, None);
                view! { <div class="ui-actions ui-no-print"><ButtonLink href label=tr!(record.add_contact) /></div> }
            })}
        <h3 class="ui-subheading ui-subheading--small">{tr!(registry.section_work)}</h3>
        {if present.is_empty() {
            view! { <p>{tr!(registry.work_none)}</p> }.into_any()
        } else {
            view! { <SummaryList>{present.into_iter().map(work).collect_view()}</SummaryList> }.into_any()
        }}
        {changes
            .then(|| {
                let href = routes::member_workplace(id, None);
                view! { <div class="ui-actions ui-no-print"><ButtonLink href label=tr!(record.add_workplace) /></div> }
            })}
        {(earlier > 0)
            .then(|| {
                view! {
                    <details class="ui-details">
                        <summary>{tr!(registry.work_past, count = earlier)}</summary>
                        <SummaryList>{past.into_iter().map(work).collect_view()}</SummaryList>
                    </details>
                }
            })}
    }
}

/// Where the person worked, and where now or soon.
fn worked(list: Vec<AffiliationView>, today: chrono::NaiveDate) -> (Vec<AffiliationView>, Vec<AffiliationView>) {
    list.into_iter().partition(|work| work.last_day.is_some_and(|last| last < today))
}

fn known(value: Option<String>) -> Text {
    Signal::stored(value.unwrap_or_default())
}

fn contact_row(point: ContactPointView, change: Option<String>) -> AnyView {
    let (kind, purpose) = (point.kind, point.purpose);
    let name = in_language(move |locale| match locale {
        Locale::ja => format!("{}の{}", purpose.label(locale), kind.label(locale)),
        Locale::en => format!("{} ({})", kind.label(locale), purpose.label(locale)),
    });
    let value = in_language(move |locale| contact_value(&point).unwrap_or_else(|| say!(locale, record.masked)));
    row(name, value, change)
}

/// With its link to where it is changed, for those who may.
fn row(name: Text, value: Text, change: Option<String>) -> AnyView {
    match change {
        Some(change) => view! { <SummaryRow name value change /> }.into_any(),
        None => view! { <SummaryRow name value /> }.into_any(),
    }
}

/// Nothing when it is masked.
fn contact_value(point: &ContactPointView) -> Option<String> {
    let value = point.value.as_ref()?;
    Some(match (point.kind, &point.postal_code) {
        (ContactKind::Address, Some(code)) => format!("〒{}\n{value}", format::postal_code(code)),
        (ContactKind::Address | ContactKind::Email, _) => value.clone(),
        (ContactKind::Phone, _) => format::phone(value),
    })
}

/// A way to reach somebody, on one line of a comparison.
pub(super) fn contact_line(point: &ContactPointView) -> String {
    contact_value(point).unwrap_or_default().replace('\n', " ")
}

/// A workplace, on one line of a comparison.
pub(super) fn work_line(locale: Locale, work: &AffiliationView) -> String {
    format!("{}　{}", work.facility_name, format::period(locale, work.valid_from, work.last_day))
}

fn work_row(work: AffiliationView, change: Option<String>) -> AnyView {
    let name = if work.is_main { tr!(registry.work_main) } else { tr!(registry.work_other) };
    let value = in_language(move |locale| work_text(locale, &work));
    row(name, value, change)
}

fn work_text(locale: Locale, work: &AffiliationView) -> String {
    let from = format::date(locale, work.valid_from);
    let period = match work.last_day {
        Some(last) => {
            let until = format::date(locale, last);
            say!(locale, registry.work_until, from = from, until = until)
        }
        None => say!(locale, registry.work_since, date = from),
    };
    let role = [work.business_type.map(|kind| kind.label(locale)), work.employment.map(|kind| kind.label(locale))];
    let role: Vec<&str> = work.role.as_deref().into_iter().chain(role.into_iter().flatten()).collect();
    let lines = [work.facility_name.clone(), work.address.clone(), role.join(" / "), period];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_begins_with_its_postal_code() {
        let point: ContactPointView = serde_json::from_value(serde_json::json!({
            "id": "ctp_01900000000070008000000000000001", "kind": "address", "purpose": "home", "postal_code": "5200044", "value": "滋賀県大津市京町三丁目1-1"
        }))
        .unwrap();
        assert_eq!(contact_value(&point).as_deref(), Some("〒520-0044\n滋賀県大津市京町三丁目1-1"));
        let masked = ContactPointView { postal_code: None, value: None, ..point };
        assert_eq!(contact_value(&masked), None);
    }

    #[test]
    fn a_workplace_says_what_is_known_and_nothing_else() {
        let work: AffiliationView = serde_json::from_value(serde_json::json!({
            "id": "afl_01900000000070008000000000000001", "facility_id": "fac_01900000000070008000000000000001", "facility_name": "湖南内科医院", "facility_kind": "clinic",
            "address": "", "employment": "full_time", "is_main": true, "valid_from": "2020-04-01"
        }))
        .unwrap();
        assert_eq!(work_text(Locale::ja, &work), "湖南内科医院\n常勤\n令和2年4月1日（2020年）から");
        let last = "2026-03-31".parse().unwrap();
        let left = AffiliationView { last_day: Some(last), ..work.clone() };
        let (past, present) = worked(vec![work.clone(), left.clone()], last);
        assert_eq!((past.len(), present.len()), (0, 2), "the last day is a day of work");
        assert_eq!(worked(vec![work.clone(), left.clone()], last.succ_opt().unwrap()), (vec![left], vec![work]));
    }
}
