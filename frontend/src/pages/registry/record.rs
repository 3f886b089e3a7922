//! Registered data.

use leptos::prelude::*;
use mamis_contract::registry::{AffiliationView, ContactKind, ContactPointView, PersonView};
use mamis_kernel::wareki::legal_age;

use crate::components::{SummaryList, SummaryRow};
use crate::i18n::codes::Label;
use crate::i18n::{Locale, Text, in_language};
use crate::{dom, format, say, tr};

/// Registered data, read only.
#[component]
pub(in crate::pages) fn Record(person: PersonView) -> impl IntoView {
    let PersonView { display_name, family_name_kana, given_name_kana, birth_date, sex, jma_member_id, .. } = person;
    let kana = format!("{family_name_kana} {given_name_kana}");
    let registration = person.medical_registration;
    let (number, registered_on) = registration.map(|entry| (entry.number, entry.registered_on)).unzip();
    let specialties = person.specialties;
    let day = |day: Option<chrono::NaiveDate>| {
        in_language(move |locale| day.map(|day| format::date(locale, day)).unwrap_or_default())
    };
    let graduated_in = person.graduated_in;
    let age = legal_age(birth_date, dom::today());
    let born = in_language(move |locale| {
        format!("{}　{}", format::date(locale, birth_date), say!(locale, common.years_old, years = age))
    });
    let (past, present) = worked(person.affiliations, dom::today());
    let earlier = past.len();
    view! {
        <h3 class="ui-subheading ui-subheading--small">{tr!(registry.section_person)}</h3>
        <SummaryList>
            <SummaryRow name=tr!(registry.name) value=known(Some(display_name)) />
            <SummaryRow name=tr!(registry.kana) value=known(Some(kana)) />
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
        <h3 class="ui-subheading ui-subheading--small">{tr!(registry.section_contact)}</h3>
        {if person.contact_points.is_empty() {
            view! { <p>{tr!(registry.contact_none)}</p> }.into_any()
        } else {
            view! { <SummaryList>{person.contact_points.into_iter().map(contact_row).collect_view()}</SummaryList> }
                .into_any()
        }}
        <h3 class="ui-subheading ui-subheading--small">{tr!(registry.section_work)}</h3>
        {if present.is_empty() {
            view! { <p>{tr!(registry.work_none)}</p> }.into_any()
        } else {
            view! { <SummaryList>{present.into_iter().map(work_row).collect_view()}</SummaryList> }.into_any()
        }}
        {(earlier > 0)
            .then(|| {
                view! {
                    <details class="ui-details">
                        <summary>{tr!(registry.work_past, count = earlier)}</summary>
                        <SummaryList>{past.into_iter().map(work_row).collect_view()}</SummaryList>
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

fn contact_row(point: ContactPointView) -> AnyView {
    let (kind, purpose) = (point.kind, point.purpose);
    let name = in_language(move |locale| match locale {
        Locale::ja => format!("{}の{}", purpose.label(locale), kind.label(locale)),
        Locale::en => format!("{} ({})", kind.label(locale), purpose.label(locale)),
    });
    view! { <SummaryRow name value=known(Some(contact_value(&point))) /> }.into_any()
}

fn contact_value(point: &ContactPointView) -> String {
    match (point.kind, &point.postal_code) {
        (ContactKind::Address, Some(code)) => format!("〒{}\n{}", format::postal_code(code), point.value),
        (ContactKind::Address | ContactKind::Email, _) => point.value.clone(),
        (ContactKind::Phone, _) => format::phone(&point.value),
    }
}

fn work_row(work: AffiliationView) -> AnyView {
    let name = if work.is_main { tr!(registry.work_main) } else { tr!(registry.work_other) };
    let value = in_language(move |locale| work_text(locale, &work));
    view! { <SummaryRow name value /> }.into_any()
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
    let role: Vec<&str> = role.into_iter().flatten().collect();
    let lines = [work.facility_name.clone(), work.address.clone(), role.join(" / "), period];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_begins_with_its_postal_code() {
        let point: ContactPointView = serde_json::from_value(serde_json::json!({
            "kind": "address", "purpose": "home", "postal_code": "5200044", "value": "滋賀県大津市京町三丁目1-1"
        }))
        .unwrap();
        assert_eq!(contact_value(&point), "〒520-0044\n滋賀県大津市京町三丁目1-1");
    }

    #[test]
    fn a_workplace_says_what_is_known_and_nothing_else() {
        let work: AffiliationView = serde_json::from_value(serde_json::json!({
            "facility_id": "fac_01900000000070008000000000000001", "facility_name": "湖南内科医院", "facility_kind": "clinic",
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
