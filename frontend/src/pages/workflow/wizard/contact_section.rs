//! Where letters and calls reach the physician.

use leptos::prelude::*;

use super::Fields;
use super::address::AddressFields;
use crate::components::{Button, ButtonKind, TextField};
use crate::forms::{Form, missing};
use crate::pages::workflow::sections::Field;
use crate::tr;

/// Where letters and calls reach the physician.
#[component]
pub(in crate::pages::workflow) fn ContactSection(form: Form, fields: Fields) -> impl IntoView {
    let same = tr!(workflow.contact_same);
    let has_workplace = Memo::new(move |_| !fields.workplace_address.with(|address| missing(address)));
    let copy = move |()| {
        fields.contact_postal_code.set(fields.workplace_postal_code.get_untracked());
        fields.contact_address.set(fields.workplace_address.get_untracked());
    };
    view! {
        <p class="wf-lead">{tr!(workflow.contact_lead)}</p>
        {move || {
            has_workplace
                .get()
                .then(|| {
                    view! {
                        <p class="wf-copy">
                            <Button kind=ButtonKind::Quiet on_press=Callback::new(copy)>
                                {move || same.get()}
                            </Button>
                        </p>
                    }
                })
        }}
        <AddressFields
            form
            postal_field=Field::ContactPostalCode
            address_field=Field::ContactAddress
            postal_code=fields.contact_postal_code
            address=fields.contact_address
        />
        <TextField
            form
            pointer=Field::ContactPhone.pointer()
            label=Field::ContactPhone.text()
            hint=tr!(workflow.phone_hint)
            value=fields.contact_phone
            required=true
            kind="tel"
            autocomplete="tel"
            width=12
        />
        <TextField
            form
            pointer=Field::ContactEmail.pointer()
            label=Field::ContactEmail.text()
            hint=tr!(workflow.email_hint)
            value=fields.contact_email
            kind="email"
            autocomplete="email"
            width=20
        />
    }
}
