use chrono::{Datelike, NaiveDate};
use mamis_kernel::{AffiliationId, BusinessType, Employment, FacilityId, FieldErrorCode, Period, RecordField};

use super::{RecordChange, differing};
use crate::workflow::FieldFault;

/// No physician at work was born before; what lies further ahead is a slip of the pen.
const EARLIEST_YEAR: i32 = 1900;
const YEARS_AHEAD: i32 = 10;

/// A stretch of one person's work at one facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffiliationFacts {
    /// Where.
    pub facility: FacilityId,
    /// Its name, for the history.
    pub facility_name: String,
    /// 役職, in the facility's own words.
    pub role: Option<String>,
    /// As what.
    pub business_type: Option<BusinessType>,
    /// Full or part time.
    pub employment: Option<Employment>,
    /// 主たる勤務先
    pub is_main: bool,
    /// When.
    pub period: Period,
}

/// One that is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affiliation {
    /// Its row.
    pub id: AffiliationId,
    /// What it says.
    pub facts: AffiliationFacts,
}

/// Whether a stretch of work may stand beside the others of the person.
///
/// Rules REC-2 (one main workplace on a day) and REC-3 (the same workplace once on a day); source:
/// docs/rules/registry.md#rec-2.
///
/// # Errors
/// Every fault, at its field.
pub fn check_affiliation<'a>(
    wanted: &AffiliationFacts,
    others: impl IntoIterator<Item = &'a AffiliationFacts>,
    today: NaiveDate,
) -> Result<(), Vec<FieldFault>> {
    let mut faults = Vec::new();
    let possible = |day: NaiveDate| (EARLIEST_YEAR..=today.year() + YEARS_AHEAD).contains(&day.year());
    if !possible(wanted.period.valid_from()) {
        faults.push(FieldFault::new("/valid_from", FieldErrorCode::OutOfRange));
    }
    if wanted.period.last_day().is_some_and(|day| !possible(day)) {
        faults.push(FieldFault::new("/last_day", FieldErrorCode::OutOfRange));
    }
    let (mut main, mut same) = (false, false);
    for other in others.into_iter().filter(|other| other.period.overlaps(&wanted.period)) {
        main |= other.is_main && wanted.is_main;
        same |= other.facility == wanted.facility;
    }
    if main {
        faults.push(FieldFault::new("/is_main", FieldErrorCode::MainOverlaps));
    }
    if same {
        faults.push(FieldFault::new("/valid_from", FieldErrorCode::Overlapping));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// One of the fields, as the wire has it.
type Value = fn(&AffiliationFacts) -> Option<String>;

/// What a stretch of work becomes, field by field; `None` where there is, or will be, none.
#[must_use]
pub fn affiliation_changes(before: Option<&AffiliationFacts>, after: Option<&AffiliationFacts>) -> Vec<RecordChange> {
    let of = after.or(before).map(|facts| facts.facility_name.as_str());
    let both = |value: Value| (before.and_then(value), after.and_then(value));
    let fields: [(RecordField, Value); 7] = [
        (RecordField::AffiliationFacility, |facts| Some(facts.facility_name.clone())),
        (RecordField::AffiliationRole, |facts| facts.role.clone()),
        (RecordField::AffiliationBusinessType, |facts| facts.business_type.map(|code| code.to_string())),
        (RecordField::AffiliationEmployment, |facts| facts.employment.map(|code| code.to_string())),
        (RecordField::AffiliationIsMain, |facts| Some(facts.is_main.to_string())),
        (RecordField::AffiliationFrom, |facts| Some(facts.period.valid_from().to_string())),
        (RecordField::AffiliationLastDay, |facts| facts.period.last_day().map(|day| day.to_string())),
    ];
    differing(
        of,
        fields.into_iter().map(|(field, value)| {
            let (before, after) = both(value);
            (field, before, after)
        }),
    )
}

/// What becomes of the workplaces of a person when another one becomes the main one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// Rows that are no longer believed, with what succeeds them.
    pub closed: Vec<(Affiliation, Option<AffiliationFacts>)>,
    /// The new row.
    pub opened: AffiliationFacts,
}

/// The main workplace is this one from the first day of `wanted` on; `None` when that is so already.
///
/// Rule REC-4 (the one before ends the day before; one that is known to begin later follows it); source:
/// docs/rules/registry.md#rec-4.
#[must_use]
pub fn make_main(held: &[Affiliation], wanted: &AffiliationFacts) -> Option<Succession> {
    let first = wanted.period.valid_from();
    let runs = |held: &&Affiliation| held.facts.period.valid_to().is_none_or(|end| end > first);
    let mut mains: Vec<&Affiliation> = held.iter().filter(|held| held.facts.is_main).filter(runs).collect();
    mains.sort_by_key(|held| held.facts.period.valid_from());
    let since = |held: &Affiliation| held.facts.period.valid_from();
    if mains.iter().any(|held| held.facts.facility == wanted.facility && since(held) <= first) {
        return None;
    }
    let until = mains.iter().map(|held| since(held)).find(|since| *since >= first);
    if until == Some(first) {
        return None;
    }
    let opened = AffiliationFacts { period: Period::new(first, until).ok()?, is_main: true, ..wanted.clone() };
    let ended = |held: &Affiliation| {
        let period = Period::new(since(held), Some(first)).ok()?;
        Some(AffiliationFacts { period, ..held.facts.clone() })
    };
    let in_the_way = |held: &&Affiliation| {
        let same = held.facts.facility == wanted.facility;
        (held.facts.is_main || same) && held.facts.period.overlaps(&opened.period)
    };
    let closed = held.iter().filter(in_the_way).map(|held| (held.clone(), ended(held))).collect();
    Some(Succession { closed, opened })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn works(facility: u128, is_main: bool, from: &str, last: Option<&str>) -> AffiliationFacts {
        let period = match last {
            Some(last) => Period::through(day(from), day(last)).unwrap(),
            None => Period::open(day(from)),
        };
        AffiliationFacts {
            facility: FacilityId::from_uuid(Uuid::from_u128(facility)),
            facility_name: format!("第{facility}病院"),
            role: None,
            business_type: None,
            employment: None,
            is_main,
            period,
        }
    }

    fn faults(wanted: &AffiliationFacts, others: &[AffiliationFacts]) -> Vec<(String, FieldErrorCode)> {
        let found = check_affiliation(wanted, others, day("2026-11-23")).err().unwrap_or_default();
        found.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn rec_2_one_workplace_is_the_main_one_on_a_day() {
        let main = works(1, true, "2020-04-01", Some("2026-03-31"));
        let overlapping = vec![("/is_main".to_owned(), FieldErrorCode::MainOverlaps)];
        assert_eq!(faults(&works(2, true, "2026-03-31", None), std::slice::from_ref(&main)), overlapping);
        assert_eq!(faults(&works(2, true, "2026-04-01", None), std::slice::from_ref(&main)), []);
        assert_eq!(faults(&works(2, false, "2020-04-01", None), &[main]), []);
    }

    #[test]
    fn rec_3_a_workplace_stands_once_on_a_day() {
        let beside = works(1, false, "2020-04-01", None);
        let again = works(1, false, "2026-04-01", None);
        assert_eq!(faults(&again, &[beside]), [("/valid_from".to_owned(), FieldErrorCode::Overlapping)]);
        let far = works(1, false, "2126-04-01", None);
        assert_eq!(faults(&far, &[]), [("/valid_from".to_owned(), FieldErrorCode::OutOfRange)]);
    }

    #[test]
    fn rec_4_a_new_main_workplace_ends_the_one_before_and_gives_way_to_the_one_after() {
        let held = |id: u128, facts| Affiliation { id: AffiliationId::from_uuid(Uuid::from_u128(id)), facts };
        let before = held(1, works(1, true, "2020-04-01", None));
        let succession = make_main(std::slice::from_ref(&before), &works(2, false, "2026-12-01", None)).unwrap();
        assert_eq!(succession.opened, works(2, true, "2026-12-01", None));
        let ended = works(1, true, "2020-04-01", Some("2026-11-30"));
        assert_eq!(succession.closed, [(before.clone(), Some(ended))]);

        let after = held(2, works(3, true, "2027-04-01", None));
        let succession = make_main(std::slice::from_ref(&after), &works(2, true, "2026-12-01", None)).unwrap();
        assert_eq!(succession.opened, works(2, true, "2026-12-01", Some("2027-03-31")));
        assert_eq!(succession.closed, []);

        assert_eq!(make_main(&[before], &works(1, true, "2026-12-01", None)), None, "it is already");
        // Work beside the main one, at the same place, becomes the main one.
        let beside = held(3, works(2, false, "2024-04-01", None));
        let succession = make_main(std::slice::from_ref(&beside), &works(2, true, "2026-12-01", None)).unwrap();
        let ended = works(2, false, "2024-04-01", Some("2026-11-30"));
        assert_eq!(succession.closed, [(beside, Some(ended))]);
    }

    #[test]
    fn his_1_only_what_differs_is_a_change() {
        let before = works(1, true, "2020-04-01", None);
        let after = AffiliationFacts { role: Some("院長".to_owned()), ..before.clone() };
        let changes = affiliation_changes(Some(&before), Some(&after));
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].field, changes[0].of.as_deref()), (RecordField::AffiliationRole, Some("第1病院")));
        assert_eq!((changes[0].before.as_deref(), changes[0].after.as_deref()), (None, Some("院長")));
        assert_eq!(affiliation_changes(Some(&after), Some(&after)), []);
        let begun: Vec<RecordField> = affiliation_changes(None, Some(&before)).iter().map(|c| c.field).collect();
        let expected = [RecordField::AffiliationFacility, RecordField::AffiliationIsMain, RecordField::AffiliationFrom];
        assert_eq!(begun, expected);
    }
}
