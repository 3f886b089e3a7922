use mamis_contract::FieldErrorCode;
use mamis_contract::workflow::{KnownNumberView, TrainingAccountInput, TrainingWorkplaceInput};
use mamis_domain::workflow::FieldFault;
use mamis_domain::workflow::training_account::{TrainingAccountDraft, TrainingWorkplaceDraft};
use mamis_kernel::text::{RegistrationNumber, parse_kana};
use mamis_usecases::workflow::KnownNumber;

use super::wire::{Reader, contact_input, given};

/// A training account in standard form: kana full-width, digits ASCII, days as days.
pub fn training_account(input: TrainingAccountInput, base: &str, faults: &mut Vec<FieldFault>) -> TrainingAccountDraft {
    let workplace = input.workplace.unwrap_or_default();
    let mut read = Reader { base, faults };
    TrainingAccountDraft {
        family_name: given(input.family_name),
        given_name: given(input.given_name),
        family_name_kana: kana(&mut read, "/family_name_kana", input.family_name_kana),
        given_name_kana: kana(&mut read, "/given_name_kana", input.given_name_kana),
        birth_date: read.date("/birth_date", input.birth_date),
        sex: input.sex,
        registration_number: registration_number(&mut read, input.registration_number),
        registered_on: read.date("/registered_on", input.registered_on),
        workplace: TrainingWorkplaceDraft {
            facility: workplace.facility_id,
            name: given(workplace.name),
            kind: workplace.kind,
            postal_code: read.postal_code("/workplace/postal_code", workplace.postal_code),
            municipality_code: read.municipality_code("/workplace/municipality_code", workplace.municipality_code),
            address: given(workplace.address),
            phone: read.phone("/workplace/phone", workplace.phone),
        },
        contact: read.contact(input.contact),
        note: given(input.note),
    }
}

fn kana(read: &mut Reader<'_>, field: &str, text: Option<String>) -> Option<String> {
    match parse_kana(&given(text)?) {
        Ok(reading) => Some(reading),
        Err(_) => read.fault(field, FieldErrorCode::InvalidFormat),
    }
}

fn registration_number(read: &mut Reader<'_>, text: Option<String>) -> Option<String> {
    match RegistrationNumber::parse(&given(text)?) {
        Ok(number) => Some(number.to_string()),
        Err(_) => read.fault("/registration_number", FieldErrorCode::InvalidFormat),
    }
}

/// A training account as it was saved.
pub fn training_account_input(draft: &TrainingAccountDraft) -> TrainingAccountInput {
    let workplace = &draft.workplace;
    TrainingAccountInput {
        family_name: draft.family_name.clone(),
        given_name: draft.given_name.clone(),
        family_name_kana: draft.family_name_kana.clone(),
        given_name_kana: draft.given_name_kana.clone(),
        birth_date: draft.birth_date.map(|day| day.to_string()),
        sex: draft.sex,
        registration_number: draft.registration_number.clone(),
        registered_on: draft.registered_on.map(|day| day.to_string()),
        workplace: (*workplace != TrainingWorkplaceDraft::default()).then(|| TrainingWorkplaceInput {
            facility_id: workplace.facility,
            name: workplace.name.clone(),
            kind: workplace.kind,
            postal_code: workplace.postal_code.clone(),
            municipality_code: workplace.municipality_code.clone(),
            address: workplace.address.clone(),
            phone: workplace.phone.clone(),
        }),
        contact: contact_input(&draft.contact),
        note: draft.note.clone(),
    }
}

/// What the registry knows of the case's registration number.
pub const fn known_number(known: KnownNumber) -> KnownNumberView {
    KnownNumberView {
        has_account: known.has_account,
        same_name: known.same_name,
        same_birth_date: known.same_birth_date,
        same_registered_on: known.same_registered_on,
    }
}
