use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::workflow::{
    ApplicationView, ChangeInput, ContactInput, JoinNewInput, SaveApplication, TrainingAccountInput,
    TrainingWorkplaceInput, WorkplaceInput,
};

use crate::forms::{DateParts, Fault, given};
use crate::pages::workflow::join_form::JoinForm;
use crate::pages::workflow::sections::{Field, Section};
use crate::pages::workflow::wizard::Fields;

/// What the form of a training account holds. Workplace and contact are asked for as in joining.
#[derive(Clone, Copy)]
pub(super) struct TrainingFields {
    pub(super) family_name: RwSignal<String>,
    pub(super) given_name: RwSignal<String>,
    pub(super) family_name_kana: RwSignal<String>,
    pub(super) given_name_kana: RwSignal<String>,
    pub(super) birth_date: RwSignal<DateParts>,
    pub(super) sex: RwSignal<String>,
    pub(super) registration_number: RwSignal<String>,
    pub(super) registered_on: RwSignal<DateParts>,
    pub(super) place: Fields,
}

/// What a case asks for; empty when it asks for something else.
pub(super) fn input_of(case: &ApplicationView) -> TrainingAccountInput {
    let input = case.changes.iter().find_map(|change| match &change.input {
        ChangeInput::TrainingAccount(input) => Some(input.clone()),
        ChangeInput::JoinNew(_) => None,
    });
    input.unwrap_or_default()
}

impl TrainingFields {
    pub(super) fn of(input: &TrainingAccountInput) -> Self {
        let text = |text: &Option<String>| RwSignal::new(text.clone().unwrap_or_default());
        let date = |text: &Option<String>| RwSignal::new(DateParts::from_wire(text.as_deref()));
        let workplace = input.workplace.clone().map(|workplace| WorkplaceInput {
            facility_id: workplace.facility_id,
            name: workplace.name,
            kind: workplace.kind,
            postal_code: workplace.postal_code,
            municipality_code: workplace.municipality_code,
            address: workplace.address,
            phone: workplace.phone,
            ..WorkplaceInput::default()
        });
        let place = JoinForm::from_input(&JoinNewInput {
            workplace,
            contact: input.contact.clone(),
            note: input.note.clone(),
            ..JoinNewInput::default()
        });
        Self {
            family_name: text(&input.family_name),
            given_name: text(&input.given_name),
            family_name_kana: text(&input.family_name_kana),
            given_name_kana: text(&input.given_name_kana),
            birth_date: date(&input.birth_date),
            sex: RwSignal::new(input.sex.map(|sex| sex.to_string()).unwrap_or_default()),
            registration_number: text(&input.registration_number),
            registered_on: date(&input.registered_on),
            place: Fields::of(place),
        }
    }

    /// What is sent.
    pub(super) fn command(self) -> SaveApplication {
        SaveApplication { changes: vec![ChangeInput::TrainingAccount(self.input())] }
    }

    pub(super) fn input(self) -> TrainingAccountInput {
        let text = |signal: RwSignal<String>| signal.with_untracked(|text| given(text));
        let date = |signal: RwSignal<DateParts>| signal.with_untracked(DateParts::to_wire);
        let place = self.place.form_now().to_input();
        let workplace = place.workplace.map(|workplace| TrainingWorkplaceInput {
            facility_id: workplace.facility_id,
            name: workplace.name,
            kind: workplace.kind,
            postal_code: workplace.postal_code,
            municipality_code: workplace.municipality_code,
            address: workplace.address,
            phone: workplace.phone,
        });
        let contact: Option<ContactInput> = place.contact;
        TrainingAccountInput {
            family_name: text(self.family_name),
            given_name: text(self.given_name),
            family_name_kana: text(self.family_name_kana),
            given_name_kana: text(self.given_name_kana),
            birth_date: date(self.birth_date),
            sex: self.sex.with_untracked(|code| code.parse().ok()),
            registration_number: text(self.registration_number),
            registered_on: date(self.registered_on),
            workplace,
            contact,
            note: place.note,
        }
    }

    /// What is missing, in the order of the form; the server judges the rest.
    pub(super) fn faults(self, has_licence: bool) -> Vec<Fault> {
        let input = self.input();
        let missing =
            |field: Field, given: bool| (!given).then(|| Fault::new(field.pointer(), FieldErrorCode::Required));
        let date = |field: Field, signal: RwSignal<DateParts>| match signal.with_untracked(DateParts::check) {
            Ok(Some(_)) => None,
            Ok(None) => Some(Fault::new(field.pointer(), FieldErrorCode::Required)),
            Err(code) => Some(Fault::new(field.pointer(), code)),
        };
        let own = [
            missing(Field::FamilyName, input.family_name.is_some()),
            missing(Field::GivenName, input.given_name.is_some()),
            missing(Field::FamilyNameKana, input.family_name_kana.is_some()),
            missing(Field::GivenNameKana, input.given_name_kana.is_some()),
            date(Field::BirthDate, self.birth_date),
            missing(Field::Sex, input.sex.is_some()),
            missing(Field::RegistrationNumber, input.registration_number.is_some()),
            date(Field::RegisteredOn, self.registered_on),
            missing(Field::MedicalLicense, has_licence),
        ];
        let place = self.place.form_now();
        let rest = [Section::Workplace, Section::Contact].into_iter().flat_map(|section| place.faults(section));
        own.into_iter().flatten().chain(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_what_is_sent_and_what_is_missing_is_named() {
        let owner = Owner::new();
        owner.with(|| {
            let input: TrainingAccountInput = serde_json::from_value(serde_json::json!({
                "family_name": "渡邉", "given_name": "桜", "family_name_kana": "ワタナベ", "given_name_kana": "サクラ",
                "sex": "female", "registration_number": "654321",
                "workplace": { "name": "湖南内科医院", "kind": "clinic", "postal_code": "520-0044",
                    "municipality_code": "25201", "address": "滋賀県大津市京町三丁目1-1" },
                "contact": { "postal_code": "520-0044", "address": "滋賀県大津市京町四丁目2-2", "phone": "090-0000-0000" }
            }))
            .unwrap();
            let fields = TrainingFields::of(&input);
            assert_eq!(fields.input(), input);
            let faults: Vec<_> = fields.faults(false).into_iter().map(|fault| fault.pointer).collect();
            let missing = [Field::BirthDate, Field::RegisteredOn, Field::MedicalLicense].map(Field::pointer);
            assert_eq!(faults, missing);
        });
    }
}
