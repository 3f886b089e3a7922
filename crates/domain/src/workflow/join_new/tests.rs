use super::*;
use crate::testing::{association, person};

pub(crate) fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

pub(crate) fn draft() -> JoinNewDraft {
    JoinNewDraft {
        workplace: WorkplaceDraft {
            facility: None,
            name: Some("湖南内科医院".into()),
            kind: Some(FacilityKind::Clinic),
            postal_code: Some("5200044".into()),
            municipality_code: Some("25201".into()),
            address: Some("滋賀県大津市京町三丁目1-1".into()),
            phone: Some("0775220000".into()),
            business_type: Some(BusinessType::ClinicEmployee),
            is_administrator: Some(false),
            employment: Some(Employment::FullTime),
        },
        district_association: Some(association(1)),
        highest_tier: Some(Tier::National),
        is_clinical_resident: Some(false),
        insurance_excluded: Some(false),
        categories: ChosenCategories {
            district: Some("B".into()),
            prefectural: Some("B".into()),
            national: Some("A2B".into()),
        },
        effective_date: Some("2027-04-01".parse().unwrap()),
        contact: ContactDraft {
            postal_code: Some("5200044".into()),
            address: Some("滋賀県大津市京町一丁目2-3".into()),
            phone: Some("09000000000".into()),
            email: None,
        },
        note: None,
    }
}

pub(crate) fn facts() -> JoinNewFacts {
    let option = |code: &str| CategoryOption { code: code.into(), label: code.into(), jma_category_hints: vec![] };
    JoinNewFacts {
        district: Some(DistrictFacts {
            id: association(1),
            tier: Tier::District,
            kind: AssociationKind::Municipal,
            serves_workplace: true,
            serves_contact: false,
            prefecture: Some(association(2)),
            nation: Some(association(3)),
        }),
        municipality_exists: true,
        facility_exists: false,
        options: vec![
            (Tier::District, vec![option("A"), option("B")]),
            (Tier::Prefectural, vec![option("A"), option("B")]),
            (Tier::National, vec![option("A1"), option("A2B"), option("B")]),
        ],
    }
}

fn faults(draft: &JoinNewDraft, facts: &JoinNewFacts) -> Vec<(String, FieldErrorCode)> {
    draft.complete("", facts, today()).unwrap_err().into_iter().map(|f| (f.pointer, f.code)).collect()
}

#[test]
fn m_1_joining_the_nation_joins_district_and_prefecture_with_it() {
    let join = draft().complete("", &facts(), today()).unwrap();
    let expected = [
        (Tier::District, association(1), "B".to_owned()),
        (Tier::Prefectural, association(2), "B".to_owned()),
        (Tier::National, association(3), "A2B".to_owned()),
    ];
    assert_eq!(join.joins, expected);
    let effects = join.effects(person(1), today());
    let joined = effects.iter().filter(|effect| matches!(effect, Effect::BeginMembership { .. })).count();
    assert_eq!((joined, effects.len()), (3, 5));
}

#[test]
fn m_3_stopping_at_the_district_asks_for_nothing_above() {
    let mut draft = draft();
    draft.highest_tier = Some(Tier::District);
    draft.categories = ChosenCategories { district: Some("A".into()), ..ChosenCategories::default() };
    draft.insurance_excluded = None;
    let join = draft.complete("", &facts(), today()).unwrap();
    assert_eq!(join.joins, [(Tier::District, association(1), "A".to_owned())]);
}

#[test]
fn j_1_an_empty_draft_names_every_field_that_must_be_given() {
    let found = faults(&JoinNewDraft::default(), &JoinNewFacts::default());
    assert!(found.iter().all(|(_, code)| *code == FieldErrorCode::Required), "{found:?}");
    for field in ["/workplace/name", "/contact/phone", "/district_association_id", "/highest_tier", "/effective_date"] {
        assert!(found.iter().any(|(pointer, _)| pointer == field), "{field} is missing from {found:?}");
    }
}

#[test]
fn j_1_blanks_are_no_answer() {
    let mut draft = draft();
    draft.workplace.name = Some(" \u{3000} ".into());
    assert_eq!(faults(&draft, &facts()), [("/workplace/name".to_owned(), FieldErrorCode::Required)]);
}

#[test]
fn m_2_the_district_serves_the_workplace_or_the_home_unless_one_belongs_to_it() {
    let with = |kind, serves_workplace, serves_contact, tier| {
        let mut facts = facts();
        if let Some(district) = facts.district.as_mut() {
            (district.kind, district.tier) = (kind, tier);
            (district.serves_workplace, district.serves_contact) = (serves_workplace, serves_contact);
        }
        draft().complete("", &facts, today()).is_ok()
    };
    assert!(with(AssociationKind::Municipal, true, false, Tier::District));
    assert!(with(AssociationKind::Municipal, false, true, Tier::District));
    assert!(!with(AssociationKind::Municipal, false, false, Tier::District));
    assert!(with(AssociationKind::University, false, false, Tier::District));
    assert!(!with(AssociationKind::Prefectural, true, true, Tier::Prefectural));
}

#[test]
fn m_16_the_day_may_lie_back_or_ahead_within_reason() {
    for (day, fine) in [
        ("2016-01-01", true),
        ("2028-12-31", true),
        ("2015-12-31", false),
        ("2029-01-01", false),
        ("1868-01-25", false),
    ] {
        let draft = JoinNewDraft { effective_date: Some(day.parse().unwrap()), ..draft() };
        assert_eq!(draft.complete("", &facts(), today()).is_ok(), fine, "{day}");
    }
}

#[test]
fn cat_1_the_national_category_agrees_with_the_wish_about_the_insurance() {
    let mut excluded = draft();
    excluded.insurance_excluded = Some(true);
    let conflict = [("/categories/national".to_owned(), FieldErrorCode::Conflicting)];
    assert_eq!(faults(&excluded, &facts()), conflict);
    excluded.categories.national = Some("B".into());
    assert!(excluded.complete("", &facts(), today()).is_ok());
    excluded.insurance_excluded = Some(false);
    assert_eq!(faults(&excluded, &facts()), conflict);
}

#[test]
fn cat_2_a_founder_who_wished_to_leave_the_insurance_joins_as_a1() {
    let mut founder = draft();
    founder.workplace.business_type = Some(BusinessType::ClinicFounder);
    founder.insurance_excluded = Some(true);
    founder.categories.national = Some("A1".into());
    assert!(founder.complete("", &facts(), today()).is_ok());
}

#[test]
fn a_category_the_association_does_not_have_is_refused() {
    let mut draft = draft();
    draft.categories.district = Some("Z".into());
    assert_eq!(faults(&draft, &facts()), [("/categories/district".to_owned(), FieldErrorCode::UnknownValue)]);
}
