//! What joining is, who may ask for it, what is needed; and its start.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::page::PageQuery;
use mamis_contract::registry::{ContactKind, ContactPurpose, PersonView, SearchFacilities};
use mamis_contract::workflow::{
    ApplicationState, ApplicationSummary, ChangeInput, ContactInput, CreateApplication, JoinNewInput, WorkplaceInput,
};

use super::links;
use super::registered::Registered;
use super::sections::Section;
use crate::api::{Api, Failure, Intent, use_api};
use crate::components::{Banner, BannerKind, Button, ButtonKind, ButtonLink, FailureBanner, PageHeading, loaded};
use crate::state::use_session;
use crate::{routes, tr};

/// What joining is, and its start.
#[component]
pub fn NewApplicationPage() -> impl IntoView {
    let is_physician = use_session().account_now().is_some_and(|account| account.person.is_some());
    view! {
        <PageHeading title=tr!(workflow.new_title) />
        <p>{tr!(workflow.new_lead)}</p>
        <section class="ui-section" aria-labelledby="who-title">
            <h2 class="ui-subheading" id="who-title">
                {tr!(workflow.who_title)}
            </h2>
            <ul class="ui-list">
                <li>{tr!(workflow.who_1)}</li>
                <li>{tr!(workflow.who_2)}</li>
            </ul>
            <h3 class="ui-subheading ui-subheading--small wf-gap">{tr!(workflow.who_not_title)}</h3>
            <ul class="ui-list">
                <li>{tr!(workflow.who_not_1)}</li>
                <li>{tr!(workflow.who_not_2)}</li>
                <li>{tr!(workflow.who_not_3)}</li>
            </ul>
        </section>
        <section class="ui-section" aria-labelledby="need-title">
            <h2 class="ui-subheading" id="need-title">
                {tr!(workflow.need_title)}
            </h2>
            <ul class="ui-list">
                <li>{tr!(workflow.need_1)}</li>
                <li>{tr!(workflow.need_2)}</li>
                <li>{tr!(workflow.need_3)}</li>
            </ul>
        </section>
        <section class="ui-section" aria-labelledby="time-title">
            <h2 class="ui-subheading" id="time-title">
                {tr!(workflow.time_title)}
            </h2>
            <ol class="ui-list">
                <li>{tr!(workflow.time_1)}</li>
                <li>{tr!(workflow.time_2)}</li>
                <li>{tr!(workflow.time_3)}</li>
            </ol>
        </section>
        {if is_physician {
            view! { <Begin /> }.into_any()
        } else {
            view! {
                <div class="ui-section">
                    <Banner kind=BannerKind::Warning title=tr!(workflow.not_physician_title)>
                        <p>{tr!(workflow.not_physician_text)}</p>
                    </Banner>
                </div>
            }
                .into_any()
        }}
    }
}

/// The button, or the way on with what was begun before.
#[component]
fn Begin() -> impl IntoView {
    let api = use_api();
    let cases = LocalResource::new(move || api.applications(PageQuery { cursor: None, limit: Some(50) }));
    view! {
        <Registered />
        <div class="ui-section">
            {loaded(
                cases,
                |page| match page.items.into_iter().find(is_under_way) {
                    Some(case) => view! { <GoOn case /> }.into_any(),
                    None => view! { <Start /> }.into_any(),
                },
            )}
        </div>
    }
}

/// Whether the case stands in the way of another about the same memberships (W-6).
fn is_under_way(case: &ApplicationSummary) -> bool {
    match case.state {
        ApplicationState::Draft
        | ApplicationState::Submitted
        | ApplicationState::InReview
        | ApplicationState::Returned => true,
        ApplicationState::Completed | ApplicationState::Rejected | ApplicationState::Retracted => false,
    }
}

#[component]
fn GoOn(case: ApplicationSummary) -> impl IntoView {
    let is_draft = case.state == ApplicationState::Draft;
    let (title, text, label, href) = if is_draft {
        let first = links::edit(case.id, Section::Workplace);
        (tr!(workflow.draft_title), tr!(workflow.draft_text), tr!(workflow.draft_continue), first)
    } else {
        let page = routes::application(case.id);
        (tr!(workflow.open_case_title), tr!(workflow.open_case_text), tr!(workflow.see_case), page)
    };
    view! {
        <Banner title=title>
            <p>{move || text.get()}</p>
            <ButtonLink href kind=ButtonKind::Primary label />
        </Banner>
    }
}

#[component]
fn Start() -> impl IntoView {
    let (api, session, navigate, intent) = (use_api(), use_session(), use_navigate(), Intent::new());
    let failure = RwSignal::new(None::<Failure>);
    let words = tr!(workflow.start);
    let create = Action::new_local(move |(): &()| {
        let (navigate, key) = (navigate.clone(), intent.key());
        let person = session.account_now().and_then(|account| account.person);
        async move {
            failure.set(None);
            // What the register knows already need not be typed; without it the draft simply begins empty.
            let known = match person {
                Some(person) => api.person(person.id).await.ok(),
                None => None,
            };
            let input = match known {
                Some(person) => prefilled(api, &person).await,
                None => JoinNewInput::default(),
            };
            let command = CreateApplication { changes: vec![ChangeInput::JoinNew(input)] };
            let result = api.create_application(&command, &key).await;
            intent.settle(&result);
            if failure.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match result {
                Ok(case) => {
                    navigate(&links::edit(case.value.id, Section::Workplace), NavigateOptions::default());
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    view! {
        <FailureBanner failure />
        <Button
            kind=ButtonKind::Primary
            pending=create.pending()
            on_press=Callback::new(move |()| {
                create.dispatch(());
            })
        >
            {move || words.get()}
        </Button>
    }
}

/// What the register knows: the contact address, and the workplace where it is known as a facility.
async fn prefilled(api: Api, person: &PersonView) -> JoinNewInput {
    let workplace = match person.affiliations.iter().find(|work| work.is_main && work.last_day.is_none()) {
        None => None,
        Some(work) => {
            let query = SearchFacilities { name: work.facility_name.clone(), prefecture_code: None };
            let found = api.search_facilities(&query).await.map(|matches| matches.items).unwrap_or_default();
            found.into_iter().find(|facility| facility.id == work.facility_id).map(|facility| WorkplaceInput {
                facility_id: Some(facility.id),
                name: Some(facility.name),
                kind: Some(facility.kind),
                postal_code: facility.postal_code,
                municipality_code: facility.municipality_code,
                address: Some(facility.address),
                phone: facility.phone,
                business_type: work.business_type,
                is_administrator: None,
                employment: work.employment,
            })
        }
    };
    JoinNewInput { workplace, contact: known_contact(person), ..JoinNewInput::default() }
}

/// The contact address and numbers, those of the home where there is none.
fn known_contact(person: &PersonView) -> Option<ContactInput> {
    let of = |kind: ContactKind| {
        let points = || person.contact_points.iter().filter(move |point| point.kind == kind);
        points().find(|point| point.purpose == ContactPurpose::Contact).or_else(|| points().next())
    };
    let address = of(ContactKind::Address);
    let contact = ContactInput {
        postal_code: address.and_then(|point| point.postal_code.clone()),
        address: address.and_then(|point| point.value.clone()),
        phone: of(ContactKind::Phone).and_then(|point| point.value.clone()),
        email: of(ContactKind::Email).and_then(|point| point.value.clone()),
    };
    (contact != ContactInput::default()).then_some(contact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(points: serde_json::Value) -> PersonView {
        serde_json::from_value(serde_json::json!({
            "id": "per_01900000000070008000000000000001", "display_name": "髙橋　花子", "family_name": "髙橋",
            "given_name": "花子", "family_name_kana": "タカハシ", "given_name_kana": "ハナコ",
            "birth_date": "1987-03-01", "sex": "female", "specialties": [], "contact_points": points,
            "affiliations": [], "memberships": []
        }))
        .unwrap()
    }

    #[test]
    fn the_contact_address_goes_before_the_home() {
        let known = known_contact(&person(serde_json::json!([
            { "id": "ctp_01900000000070008000000000000001", "kind": "address", "purpose": "home", "postal_code": "5200044", "value": "大津市" },
            { "id": "ctp_01900000000070008000000000000002", "kind": "address", "purpose": "contact", "postal_code": "6008001", "value": "京都市" },
            { "id": "ctp_01900000000070008000000000000003", "kind": "phone", "purpose": "home", "value": "0775220000" }
        ])))
        .unwrap();
        assert_eq!(known.address.as_deref(), Some("京都市"));
        assert_eq!(known.postal_code.as_deref(), Some("6008001"));
        assert_eq!(known.phone.as_deref(), Some("0775220000"));
        assert_eq!(known.email, None);
        assert_eq!(known_contact(&person(serde_json::json!([]))), None);
    }
}
