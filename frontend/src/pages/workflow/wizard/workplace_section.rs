//! The main workplace: found in the register by name, or described.

use leptos::prelude::*;
use mamis_kernel::FacilityKind;

use super::address::AddressFields;
use super::finder::{NOT_LISTED, found_pointer};
use super::{Fields, Finder};
use crate::components::{
    Button, ButtonKind, Choice, FailureBanner, RadioGroup, SelectField, SummaryList, SummaryRow, TextField,
};
use crate::forms::Form;
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::desk::is_plain_enter;
use crate::pages::workflow::sections::Field;
use crate::{say, tr};

/// The main workplace.
#[component]
pub(in crate::pages::workflow) fn WorkplaceSection(form: Form, fields: Fields, finder: Finder) -> impl IntoView {
    let is_chosen = Memo::new(move |_| fields.facility_id.with(Option::is_some));
    view! {
        <p class="wf-lead">{tr!(workflow.workplace_lead)}</p>
        {move || {
            if is_chosen.get() {
                view! { <ChosenFacility form fields finder /> }.into_any()
            } else {
                view! { <FindFacility form fields finder /> }.into_any()
            }
        }}
    }
}

#[component]
fn ChosenFacility(form: Form, fields: Fields, finder: Finder) -> impl IntoView {
    let (title, why, other) = (tr!(workflow.facility_chosen), tr!(workflow.facility_why), tr!(workflow.facility_other));
    let kind = in_language(move |locale| {
        let kind: Option<FacilityKind> = fields.facility_kind.with(|code| code.parse().ok());
        kind.map(|kind| kind.label(locale)).unwrap_or_default().to_owned()
    });
    view! {
        <section class="wf-chosen" aria-labelledby="facility-title">
            <h2 class="ui-subheading ui-subheading--small" id="facility-title">
                {move || title.get()}
            </h2>
            <SummaryList>
                <SummaryRow name=Field::WorkplaceName.text() value=fields.workplace_name />
                <SummaryRow name=Field::FacilityKind.text() value=kind />
                <SummaryRow name=Field::WorkplaceAddress.text() value=fields.workplace_address />
                <SummaryRow name=Field::WorkplacePhone.text() value=fields.workplace_phone />
            </SummaryList>
            <p class="ui-soft">{move || why.get()}</p>
            <Button on_press=Callback::new(move |()| finder.choose_another(fields))>{move || other.get()}</Button>
        </section>
        // The register may not know everything that is needed.
        {move || finder.by_hand.get().then(|| view! { <Place form fields /> })}
    }
}

#[component]
fn FindFacility(form: Form, fields: Fields, finder: Finder) -> impl IntoView {
    let language = use_language();
    let (search, by_hand) = (tr!(workflow.facility_search), tr!(workflow.facility_by_hand));
    let look = move || {
        form.clear();
        if let Err(faults) = finder.look(fields) {
            form.show(faults);
        }
    };
    let status = move || {
        let locale = language.locale();
        let count = finder.found.with(|found| found.as_ref().map(Vec::len))?;
        Some(match count {
            0 => say!(locale, workflow.facility_none),
            count => say!(locale, workflow.facility_count, count = count),
        })
    };
    let choices = Signal::derive(move || {
        let found = finder.found.get().unwrap_or_default();
        let known = found.into_iter().map(|facility| {
            let (kind, address) = (facility.kind, facility.address);
            let about = in_language(move |locale| format!("{}　{address}", kind.label(locale)));
            Choice::new(facility.id.to_string(), Signal::stored(facility.name)).with_hint(about)
        });
        known.chain([Choice::new(NOT_LISTED, tr!(workflow.facility_not_listed))]).collect::<Vec<_>>()
    });
    let has_found =
        Memo::new(move |_| finder.found.with(|found| found.as_ref().is_some_and(|found| !found.is_empty())));
    let shows_fields = Memo::new(move |_| finder.shows_fields());
    view! {
        <div class="wf-lookup">
            <div on:keydown=move |event| {
                if is_plain_enter(&event) {
                    event.prevent_default();
                    look();
                }
            }>
                <TextField
                    form
                    pointer=Field::WorkplaceName.pointer()
                    label=Field::WorkplaceName.text()
                    hint=tr!(workflow.workplace_name_hint)
                    value=fields.workplace_name
                    required=true
                    autocomplete="organization"
                />
            </div>
            <div class="wf-lookup__button">
                <Button on_press=Callback::new(move |()| look()) pending=finder.search.pending()>
                    {move || search.get()}
                </Button>
                {move || {
                    (!has_found.get() && !shows_fields.get())
                        .then(|| {
                            view! {
                                <Button
                                    kind=ButtonKind::Quiet
                                    on_press=Callback::new(move |()| finder.by_hand.set(true))
                                >
                                    {move || by_hand.get()}
                                </Button>
                            }
                        })
                }}
            </div>
            <p class="wf-status" role="status">
                {status}
            </p>
        </div>
        <FailureBanner failure=finder.failure />
        {move || {
            has_found
                .get()
                .then(|| {
                    view! {
                        <RadioGroup
                            form
                            pointer=found_pointer()
                            legend=tr!(workflow.facility_found)
                            value=finder.picked
                            choices
                            required=true
                        />
                    }
                })
        }}
        {move || shows_fields.get().then(|| view! { <Described form fields /> })}
    }
}

#[component]
fn Described(form: Form, fields: Fields) -> impl IntoView {
    let kinds = Signal::derive(|| {
        FacilityKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.text())).collect::<Vec<_>>()
    });
    view! {
        <SelectField
            form
            pointer=Field::FacilityKind.pointer()
            label=Field::FacilityKind.text()
            value=fields.facility_kind
            choices=kinds
            required=true
        />
        <Place form fields />
        <TextField
            form
            pointer=Field::WorkplacePhone.pointer()
            label=Field::WorkplacePhone.text()
            hint=tr!(workflow.phone_hint)
            value=fields.workplace_phone
            kind="tel"
            autocomplete="off"
            width=12
        />
    }
}

#[component]
fn Place(form: Form, fields: Fields) -> impl IntoView {
    view! {
        <AddressFields
            form
            postal_field=Field::WorkplacePostalCode
            address_field=Field::WorkplaceAddress
            postal_code=fields.workplace_postal_code
            address=fields.workplace_address
            municipality=fields.municipality_code
        />
    }
}
