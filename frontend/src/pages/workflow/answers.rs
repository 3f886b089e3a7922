//! What a case asks for, in words: on the check page, for its physician, and for clerks.

use leptos::prelude::*;
use mamis_contract::workflow::{ChangeInput, ChangeView, JoinNewInput};
use mamis_kernel::wareki::parse_japanese_date;
use mamis_kernel::{ApplicationId, Tier};

use super::links::edit_from_check;
use super::sections::{Field, Section};
use super::training::TrainingAnswers;
use crate::components::{SummaryList, SummaryRow};
use crate::format;
use crate::i18n::codes::Label;
use crate::i18n::{Locale, in_language, use_language};
use crate::{say, tr};

/// The joining as it was saved; empty for a change of another kind.
pub(super) fn joining(change: &ChangeView) -> JoinNewInput {
    match &change.input {
        ChangeInput::JoinNew(input) => input.clone(),
        ChangeInput::TrainingAccount(_) => JoinNewInput::default(),
    }
}

/// The fields that are shown; those that do not belong to what was asked for are left out.
fn shown(change: &ChangeView) -> impl Iterator<Item = Field> {
    let tier = joining(change).highest_tier;
    let joined = move |of: Tier| tier.is_some_and(|highest| of <= highest);
    Field::JOINING.into_iter().filter(move |field| match field {
        // The address says it.
        Field::Municipality => false,
        Field::InsuranceExcluded | Field::NationalCategory => joined(Tier::National),
        Field::PrefecturalCategory => joined(Tier::Prefectural),
        _ => true,
    })
}

/// The value of a field in words; empty when there is none.
pub(super) fn value(locale: Locale, change: &ChangeView, field: Field) -> String {
    let input = joining(change);
    let workplace = input.workplace.clone().unwrap_or_default();
    let contact = input.contact.clone().unwrap_or_default();
    let yes_no = |answer: Option<bool>| match answer {
        Some(true) => say!(locale, common.yes),
        Some(false) => say!(locale, common.no),
        None => String::new(),
    };
    let label = |words: Option<&'static str>| words.unwrap_or_default().to_owned();
    let category = |tier: Tier| {
        let of = change.categories.iter().find(|category| category.tier == tier);
        let known = of.map(|category| category.category.label.clone());
        let code = input.categories.as_ref().and_then(|categories| categories.of(tier)).map(str::to_owned);
        known.or(code).unwrap_or_default()
    };
    match field {
        Field::WorkplaceName => workplace.name.unwrap_or_default(),
        Field::FacilityKind => label(workplace.kind.map(|kind| kind.label(locale))),
        Field::WorkplacePostalCode => workplace.postal_code.as_deref().map(format::postal_code).unwrap_or_default(),
        Field::Municipality => workplace.municipality_code.unwrap_or_default(),
        Field::WorkplaceAddress => workplace.address.unwrap_or_default(),
        Field::WorkplacePhone => workplace.phone.as_deref().map(format::phone).unwrap_or_default(),
        Field::BusinessType => label(workplace.business_type.map(|kind| kind.label(locale))),
        Field::IsAdministrator => yes_no(workplace.is_administrator),
        Field::Employment => label(workplace.employment.map(|kind| kind.label(locale))),
        Field::District => {
            let of = change.associations.iter().find(|association| association.tier == Tier::District);
            of.map(|association| association.name.clone()).unwrap_or_default()
        }
        Field::HighestTier => match input.highest_tier {
            Some(tier) => tier_choice(locale, tier),
            None => String::new(),
        },
        Field::IsClinicalResident => yes_no(input.is_clinical_resident),
        Field::InsuranceExcluded => match input.insurance_excluded {
            Some(true) => say!(locale, workflow.insurance_no),
            Some(false) => say!(locale, workflow.insurance_yes),
            None => String::new(),
        },
        Field::DistrictCategory => category(Tier::District),
        Field::PrefecturalCategory => category(Tier::Prefectural),
        Field::NationalCategory => category(Tier::National),
        Field::EffectiveDate => {
            let day = input.effective_date.as_deref().and_then(|text| parse_japanese_date(text).ok());
            day.map(|day| format::date(locale, day)).unwrap_or_default()
        }
        Field::ContactPostalCode => contact.postal_code.as_deref().map(format::postal_code).unwrap_or_default(),
        Field::ContactAddress => contact.address.unwrap_or_default(),
        Field::ContactPhone => contact.phone.as_deref().map(format::phone).unwrap_or_default(),
        Field::ContactEmail => contact.email.unwrap_or_default(),
        Field::Note => input.note.clone().unwrap_or_default(),
        // Asked by another kind of change.
        Field::FamilyName
        | Field::GivenName
        | Field::FamilyNameKana
        | Field::GivenNameKana
        | Field::BirthDate
        | Field::Sex
        | Field::RegistrationNumber
        | Field::RegisteredOn
        | Field::MedicalLicense => String::new(),
    }
}

/// How far up, in words.
pub(super) fn tier_choice(locale: Locale, tier: Tier) -> String {
    match tier {
        Tier::District => say!(locale, workflow.tier_district),
        Tier::Prefectural => say!(locale, workflow.tier_prefectural),
        Tier::National => say!(locale, workflow.tier_national),
    }
}

/// All answers by section, under `h3`s, with a link to change each section where that is possible.
#[component]
pub(super) fn Answers(
    /// The change.
    change: ChangeView,
    /// The case, where its answers can be changed.
    #[prop(optional)]
    editable: Option<ApplicationId>,
) -> impl IntoView {
    let language = use_language();
    if let ChangeInput::TrainingAccount(input) = change.input {
        return view! { <TrainingAnswers input /> }.into_any();
    }
    let change_words = tr!(common.change);
    let sections = Section::ALL.into_iter().map(|section| {
        let title_id = format!("answers-{}", section.slug());
        let labelled_by = title_id.clone();
        let rows = shown(&change).filter(|field| field.section() == section).map(|field| {
            let change = change.clone();
            let text = in_language(move |locale| value(locale, &change, field));
            view! { <SummaryRow name=field.text() value=text /> }
        });
        let rows = rows.collect_view();
        let link = editable.map(|id| {
            let words = move || say!(language.locale(), common.change_what, what = section.title(language.locale()));
            view! {
                <a class="wf-answers__change ui-no-print" href=edit_from_check(id, section) aria-label=words>
                    {move || change_words.get()}
                </a>
            }
        });
        view! {
            <section class="wf-answers" aria-labelledby=labelled_by>
                <div class="wf-answers__head">
                    <h3 class="ui-subheading ui-subheading--small" id=title_id>
                        {move || section.title(language.locale())}
                    </h3>
                    {link}
                </div>
                <SummaryList>{rows}</SummaryList>
            </section>
        }
    });
    sections.collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(input: serde_json::Value) -> ChangeView {
        serde_json::from_value(serde_json::json!({
            "input": { "kind": "join_new", "payload": input },
            "associations": [{
                "id": "ast_01900000000070008000000000000001", "code": "25001", "name": "大津市医師会", "tier": "district"
            }],
            "categories": [{ "tier": "district", "category": { "code": "B", "label": "B会員（勤務医）" } }]
        }))
        .unwrap()
    }

    #[test]
    fn codes_are_shown_as_words() {
        let change = change(serde_json::json!({
            "workplace": { "kind": "clinic", "postal_code": "5200044", "is_administrator": false },
            "highest_tier": "district", "effective_date": "2027-04-01",
            "categories": { "district": "B" }, "contact": { "phone": "09012345678" }
        }));
        for (field, expected) in [
            (Field::FacilityKind, "診療所"),
            (Field::WorkplacePostalCode, "520-0044"),
            (Field::IsAdministrator, "いいえ"),
            (Field::District, "大津市医師会"),
            (Field::DistrictCategory, "B会員（勤務医）"),
            (Field::EffectiveDate, "令和9年4月1日（2027年）"),
            (Field::ContactPhone, "090-1234-5678"),
            (Field::Note, ""),
        ] {
            assert_eq!(value(Locale::ja, &change, field), expected);
        }
    }

    #[test]
    fn tiers_that_are_not_joined_are_not_shown() {
        let fields = |tier: &str| shown(&change(serde_json::json!({ "highest_tier": tier }))).collect::<Vec<_>>();
        assert!(!fields("district").contains(&Field::PrefecturalCategory));
        assert!(fields("prefectural").contains(&Field::PrefecturalCategory));
        assert!(!fields("prefectural").contains(&Field::InsuranceExcluded));
        assert!(fields("national").contains(&Field::InsuranceExcluded));
        assert!(!fields("national").contains(&Field::Municipality));
    }
}
