//! What the physician does at the workplace.

use leptos::prelude::*;
use mamis_kernel::{BusinessType, Employment};

use super::Fields;
use crate::components::{Choice, RadioGroup, SelectField, YesNoGroup};
use crate::forms::Form;
use crate::i18n::codes::Label;
use crate::pages::workflow::sections::Field;
use crate::tr;

/// What the physician does at the workplace.
#[component]
pub(super) fn RoleSection(form: Form, fields: Fields) -> impl IntoView {
    let business_types = Signal::derive(|| {
        BusinessType::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.text())).collect::<Vec<_>>()
    });
    let employments = Signal::derive(|| {
        Employment::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.text())).collect::<Vec<_>>()
    });
    view! {
        <p class="wf-lead">{tr!(workflow.role_lead)}</p>
        <SelectField
            form
            pointer=Field::BusinessType.pointer()
            label=Field::BusinessType.text()
            hint=tr!(workflow.business_type_hint)
            value=fields.business_type
            choices=business_types
            required=true
        />
        <YesNoGroup
            form
            pointer=Field::IsAdministrator.pointer()
            legend=Field::IsAdministrator.text()
            hint=tr!(workflow.is_administrator_hint)
            value=fields.is_administrator
            required=true
        />
        <RadioGroup
            form
            pointer=Field::Employment.pointer()
            legend=Field::Employment.text()
            value=fields.employment
            choices=employments
            required=true
        />
    }
}
