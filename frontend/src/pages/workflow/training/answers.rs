//! What a training account asks for, in words.

use leptos::prelude::*;
use mamis_contract::workflow::TrainingAccountInput;
use mamis_kernel::wareki::parse_japanese_date;

use crate::components::{SummaryList, SummaryRow};
use crate::format;
use crate::i18n::codes::Label;
use crate::i18n::{Locale, in_language};
use crate::pages::workflow::sections::Field;

/// The value of a field in words; empty when there is none.
fn value(locale: Locale, input: &TrainingAccountInput, field: Field) -> String {
    let workplace = input.workplace.clone().unwrap_or_default();
    let contact = input.contact.clone().unwrap_or_default();
    let date = |text: &Option<String>| {
        let day = text.as_deref().and_then(|text| parse_japanese_date(text).ok());
        day.map(|day| format::date(locale, day)).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match field {
        Field::FamilyName => text(&input.family_name),
        Field::GivenName => text(&input.given_name),
        Field::FamilyNameKana => text(&input.family_name_kana),
        Field::GivenNameKana => text(&input.given_name_kana),
        Field::BirthDate => date(&input.birth_date),
        Field::Sex => input.sex.map(|sex| sex.label(locale)).unwrap_or_default().to_owned(),
        Field::RegistrationNumber => text(&input.registration_number),
        Field::RegisteredOn => date(&input.registered_on),
        Field::WorkplaceName => text(&workplace.name),
        Field::FacilityKind => workplace.kind.map(|kind| kind.label(locale)).unwrap_or_default().to_owned(),
        Field::WorkplacePostalCode => workplace.postal_code.as_deref().map(format::postal_code).unwrap_or_default(),
        Field::WorkplaceAddress => text(&workplace.address),
        Field::WorkplacePhone => workplace.phone.as_deref().map(format::phone).unwrap_or_default(),
        Field::ContactPostalCode => contact.postal_code.as_deref().map(format::postal_code).unwrap_or_default(),
        Field::ContactAddress => text(&contact.address),
        Field::ContactPhone => contact.phone.as_deref().map(format::phone).unwrap_or_default(),
        Field::ContactEmail => text(&contact.email),
        Field::Note => text(&input.note),
        // Shown as a picture, or asked by another kind of change.
        Field::MedicalLicense
        | Field::Municipality
        | Field::BusinessType
        | Field::IsAdministrator
        | Field::Employment
        | Field::District
        | Field::HighestTier
        | Field::IsClinicalResident
        | Field::InsuranceExcluded
        | Field::DistrictCategory
        | Field::PrefecturalCategory
        | Field::NationalCategory
        | Field::EffectiveDate => String::new(),
    }
}

/// All answers, in the order of the form.
#[component]
pub(in crate::pages::workflow) fn TrainingAnswers(input: TrainingAccountInput) -> impl IntoView {
    let shown = Field::TRAINING.into_iter().filter(|field| *field != Field::MedicalLicense);
    let rows = shown.map(move |field| {
        let input = input.clone();
        let text = in_language(move |locale| value(locale, &input, field));
        view! { <SummaryRow name=field.text() value=text /> }
    });
    view! { <SummaryList>{rows.collect_view()}</SummaryList> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_shown_in_both_calendars() {
        let input =
            TrainingAccountInput { birth_date: Some("1985-03-03".to_owned()), ..TrainingAccountInput::default() };
        assert_eq!(value(Locale::ja, &input, Field::BirthDate), "昭和60年3月3日（1985年）");
        assert_eq!(value(Locale::ja, &input, Field::Sex), "");
    }
}
