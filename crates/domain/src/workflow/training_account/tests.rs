use mamis_kernel::FieldErrorCode::{Conflicting, InvalidFormat, OutOfRange, Required, UnknownValue};

use super::*;
use crate::testing::{account, association, person};
use crate::workflow::WorkflowError;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(crate) fn draft() -> TrainingAccountDraft {
    TrainingAccountDraft {
        family_name: text("渡邉"),
        given_name: text("桜"),
        family_name_kana: text("ワタナベ"),
        given_name_kana: text("サクラ"),
        birth_date: Some(day("1985-03-03")),
        sex: Some(Sex::Female),
        registration_number: text("654321"),
        registered_on: Some(day("2010-04-20")),
        workplace: TrainingWorkplaceDraft {
            name: text("湖南内科医院"),
            kind: Some(FacilityKind::Clinic),
            postal_code: text("5200044"),
            municipality_code: text("25201"),
            address: text("滋賀県大津市京町三丁目1-1"),
            ..TrainingWorkplaceDraft::default()
        },
        contact: ContactDraft {
            postal_code: text("5200044"),
            address: text("滋賀県大津市京町四丁目2-2"),
            phone: text("09000000000"),
            email: None,
        },
        note: None,
    }
}

fn facts() -> TrainingAccountFacts {
    TrainingAccountFacts {
        prefecture: Some(association(1)),
        facility: None,
        attached: vec![AttachmentPurpose::MedicalLicense],
    }
}

fn faults(draft: &TrainingAccountDraft, facts: &TrainingAccountFacts) -> Vec<(String, FieldErrorCode)> {
    let found = draft.complete("", facts, day("2026-11-23")).unwrap_err();
    found.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn w_24_everything_that_is_missing_is_named_at_once() {
    let found = faults(&TrainingAccountDraft::default(), &TrainingAccountFacts::default());
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/family_name",
            "/given_name",
            "/family_name_kana",
            "/given_name_kana",
            "/birth_date",
            "/sex",
            "/registration_number",
            "/registered_on",
            "/medical_license",
            "/workplace/name",
            "/workplace/kind",
            "/workplace/postal_code",
            "/workplace/municipality_code",
            "/workplace/address",
            "/contact/postal_code",
            "/contact/address",
            "/contact/phone",
        ]
    );
    assert!(found.iter().all(|(_, code)| *code == Required));
}

#[test]
fn w_24_what_cannot_be_is_named() {
    let child = TrainingAccountDraft { birth_date: Some(day("2010-01-01")), ..draft() };
    let expected = [("/birth_date".to_owned(), OutOfRange), ("/registered_on".to_owned(), Conflicting)];
    assert_eq!(faults(&child, &facts()), expected);
    let tomorrow = TrainingAccountDraft { registered_on: Some(day("2026-11-24")), ..draft() };
    assert_eq!(faults(&tomorrow, &facts()), [("/registered_on".to_owned(), OutOfRange)]);
    let number = TrainingAccountDraft { registration_number: text("12A4"), ..draft() };
    assert_eq!(faults(&number, &facts()), [("/registration_number".to_owned(), InvalidFormat)]);
    let nowhere = TrainingAccountFacts { prefecture: None, ..facts() };
    assert_eq!(faults(&draft(), &nowhere), [("/workplace/municipality_code".to_owned(), UnknownValue)]);
    let elsewhere =
        TrainingAccountFacts { facility: Some(FacilityFacts { municipality_code: text("26100") }), ..facts() };
    assert_eq!(faults(&draft(), &elsewhere), [("/workplace/municipality_code".to_owned(), Conflicting)]);
}

#[test]
fn w_24_a_case_without_the_licence_is_not_complete() {
    let other = TrainingAccountFacts { attached: vec![AttachmentPurpose::SupportingDocument], ..facts() };
    assert_eq!(faults(&draft(), &other), [("/medical_license".to_owned(), Required)]);
    assert!(draft().complete("", &facts(), day("2026-11-23")).is_ok());
}

fn holder(standing: Standing) -> NumberHolder {
    NumberHolder {
        person: person(7),
        standing,
        has_account: false,
        birth_date: day("1985-03-03"),
        registered_on: day("2010-04-20"),
        same_name: true,
    }
}

#[test]
fn w_26_the_account_speaks_for_the_one_person_with_the_number() {
    let sound = draft().complete("", &facts(), day("2026-11-23")).unwrap();
    let own = person(1);
    let claimed = |holder: Option<&NumberHolder>| claim(own, holder, &sound.identity);
    assert_eq!(claimed(None), Ok(Claim::Confirm { person: own }));
    let provisional = NumberHolder { birth_date: day("1901-01-01"), ..holder(Standing::Provisional) };
    assert_eq!(claimed(Some(&provisional)), Ok(Claim::Confirm { person: person(7) }), "nobody had checked it");
    assert_eq!(claimed(Some(&holder(Standing::Confirmed))), Ok(Claim::Link { person: person(7) }));
    let taken = NumberHolder { has_account: true, ..holder(Standing::Confirmed) };
    assert_eq!(claimed(Some(&taken)), Err(WorkflowError::PersonHasAccount));
    let other = NumberHolder { birth_date: day("1985-03-04"), ..holder(Standing::Confirmed) };
    assert_eq!(claimed(Some(&other)), Err(WorkflowError::IdentityMismatch));
}

#[test]
fn w_26_a_record_that_was_there_keeps_what_it_says() {
    let sound = draft().complete("", &facts(), day("2026-11-23")).unwrap();
    let effects = |claim| sound.effects(account(1), claim, (day("2026-12-01"), day("2026-11-23")));
    let opens =
        |effect: &Effect| matches!(effect, Effect::OpenTrainingAccount { since, .. } if *since == day("2026-11-23"));
    assert!(effects(Claim::Link { person: person(7) }).iter().all(opens));
    let confirmed = effects(Claim::Confirm { person: person(7) });
    assert!(confirmed.iter().any(opens));
    assert!(confirmed.iter().any(|effect| matches!(effect, Effect::ConfirmPerson { .. })));
}
