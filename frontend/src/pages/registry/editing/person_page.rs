//! Who a member is: names, birth date, medical registration, school, specialties.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{ChangePerson, PersonView};
use mamis_kernel::Sex;

use super::workplace_page::Save;
use super::{Editing, day, page, required};
use crate::components::{Choice, DateField, Fieldset, RadioGroup, TextField};
use crate::forms::{DateParts, Fault, given};
use crate::i18n::codes::Label;
use crate::tr;

const BIRTH_DATE: &str = "/birth_date";
const REGISTERED_ON: &str = "/registered_on";
const GRADUATED_IN: &str = "/graduated_in";

/// Correcting who a member is.
#[component]
pub fn EditPersonPage() -> impl IntoView {
    page(tr!(record.edit_person), |editing| view! { <Person editing /> }.into_any())
}

/// The lines of text, by what the server calls them.
const LINES: [&str; 9] = [
    "/family_name",
    "/given_name",
    "/family_name_kana",
    "/given_name_kana",
    "/family_name_romaji",
    "/given_name_romaji",
    "/registration_number",
    "/alma_mater",
    "/specialties",
];
/// Those that a person must have.
const NEEDED: usize = 4;

fn lines_of(person: &PersonView) -> [String; 9] {
    [
        person.family_name.clone(),
        person.given_name.clone(),
        person.family_name_kana.clone(),
        person.given_name_kana.clone(),
        person.family_name_romaji.clone().unwrap_or_default(),
        person.given_name_romaji.clone().unwrap_or_default(),
        person.medical_registration.as_ref().map(|entry| entry.number.clone()).unwrap_or_default(),
        person.alma_mater.clone().unwrap_or_default(),
        person.specialties.join("、"),
    ]
}

#[component]
fn Person(editing: Editing) -> impl IntoView {
    let form = editing.form;
    let known = editing.person.get_untracked();
    let lines = lines_of(&known).map(RwSignal::new);
    let date = |day: Option<chrono::NaiveDate>| RwSignal::new(day.map(DateParts::of).unwrap_or_default());
    let birth_date = date(known.birth_date);
    let registered_on = date(known.medical_registration.as_ref().map(|entry| entry.registered_on));
    let graduated_in = date(known.graduated_in);
    let sex = RwSignal::new(known.sex.as_str().to_owned());
    let save = Action::new_local(move |command: &ChangePerson| {
        let (command, etag) = (command.clone(), editing.etag.get_untracked());
        async move { editing.settle(editing.api.change_person(editing.id, &command, &etag).await).await }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if save.pending().get_untracked() {
            return;
        }
        editing.begin();
        let mut faults = Vec::new();
        let typed = lines.map(|line| given(&line.get_untracked()));
        for (pointer, line) in LINES.iter().zip(&typed).take(NEEDED) {
            if line.is_none() {
                faults.push(Fault::new(*pointer, FieldErrorCode::Required));
            }
        }
        let born = day(birth_date, BIRTH_DATE, &mut faults);
        let born = required(born, BIRTH_DATE, &mut faults);
        let registered = day(registered_on, REGISTERED_ON, &mut faults);
        let graduated = day(graduated_in, GRADUATED_IN, &mut faults);
        if !faults.is_empty() {
            return form.show(faults);
        }
        let [family, given, family_kana, given_kana, family_romaji, given_romaji, number, school, specialties] = typed;
        let specialties = specialties.unwrap_or_default();
        let specialties = specialties.split(['、', ',', '，']).map(str::trim).filter(|name| !name.is_empty());
        save.dispatch(ChangePerson {
            family_name: family,
            given_name: given,
            family_name_kana: family_kana,
            given_name_kana: given_kana,
            family_name_romaji: Some(family_romaji),
            given_name_romaji: Some(given_romaji),
            birth_date: born,
            sex: sex.with_untracked(|sex| sex.parse().ok()),
            alma_mater: Some(school),
            graduated_in: Some(graduated),
            specialties: Some(specialties.map(str::to_owned).collect()),
            registration_number: number,
            registered_on: registered,
        });
    };
    let line = move |index: usize, label, hint: Option<crate::i18n::Text>| {
        let (Some(pointer), Some(value)) = (LINES.get(index), lines.get(index)) else { return ().into_any() };
        let (pointer, value, needed) = (*pointer, *value, index < NEEDED);
        match hint {
            Some(hint) => view! { <TextField form pointer label hint value required=needed /> }.into_any(),
            None => view! { <TextField form pointer label value required=needed /> }.into_any(),
        }
    };
    let sexes: Vec<Choice> = Sex::ALL.iter().map(|sex| Choice::new(sex.as_str(), sex.text())).collect();
    view! {
        <form class="ui-form" novalidate on:submit=submit>
            <Fieldset legend=tr!(record.section_names)>
                {line(0, tr!(record.family_name), None)} {line(1, tr!(record.given_name), None)}
                {line(2, tr!(record.family_name_kana), None)} {line(3, tr!(record.given_name_kana), None)}
                {line(4, tr!(record.family_name_romaji), Some(tr!(record.romaji_hint)))}
                {line(5, tr!(record.given_name_romaji), None)}
            </Fieldset>
            <Fieldset legend=tr!(registry.section_person)>
                <DateField form pointer=BIRTH_DATE legend=tr!(registry.birth_date) value=birth_date required=true />
                <RadioGroup
                    form
                    pointer="/sex"
                    legend=tr!(registry.sex)
                    value=sex
                    choices=Signal::stored(sexes)
                    required=true
                />
            </Fieldset>
            <Fieldset legend=tr!(registry.section_license)>
                {line(6, tr!(registry.registration_number), Some(tr!(record.registration_hint)))}
                <DateField form pointer=REGISTERED_ON legend=tr!(registry.registered_on) value=registered_on />
                {line(7, tr!(registry.alma_mater), None)}
                <DateField
                    form
                    pointer=GRADUATED_IN
                    legend=tr!(registry.graduated_in)
                    hint=tr!(record.graduated_hint)
                    value=graduated_in
                />
                {line(8, tr!(registry.specialties), Some(tr!(record.specialties_hint)))}
            </Fieldset>
            <Save editing pending=save.pending().into() />
        </form>
    }
}
