use chrono::NaiveDate;
use mamis_kernel::{Period, Role};

/// Days after which an invitation no longer works.
pub const INVITATION_DAYS: i64 = 7;

/// A role with its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatedRole {
    /// The role.
    pub role: Role,
    /// When it is held.
    pub period: Period,
}

/// The change would lie in the past, or end before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImpossibleTerm {
    /// The first day.
    First,
    /// The last day.
    Last,
}

/// What takes the place of a role that becomes `role` from `from` on, to the end of `last_day`: one row or two, in order.
///
/// Rule ID-60 (roles are dated rows, closed and succeeded); source: docs/rules/identity.md#id-60.
///
/// # Errors
/// [`ImpossibleTerm`] for days in the past, or a last day before the first.
pub fn change_role(
    before: DatedRole,
    role: Role,
    from: NaiveDate,
    last_day: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Vec<DatedRole>, ImpossibleTerm> {
    // A role that has begun keeps its first day, whatever is said of it.
    let same = role == before.role;
    let begun = before.period.valid_from() <= today;
    if from < today && !(begun && from == before.period.valid_from()) {
        return Err(ImpossibleTerm::First);
    }
    let from = if begun && same { before.period.valid_from() } else { from.max(today) };
    if last_day.is_some_and(|last| last < today || last < from) {
        return Err(ImpossibleTerm::Last);
    }
    let until = last_day.and_then(|last| last.succ_opt());
    let after = DatedRole { role, period: Period::new(from, until).map_err(|_| ImpossibleTerm::Last)? };
    let kept = Period::new(before.period.valid_from(), Some(from)).ok().filter(|_| begun);
    let kept = kept.map(|period| DatedRole { period, ..before });
    Ok(kept.into_iter().chain([after]).collect())
}

/// What is left of a role that ends with `last_day`, or at once: nothing of one that has not begun.
///
/// # Errors
/// [`ImpossibleTerm::Last`] for a day in the past, or after the end the role has anyway.
pub fn end_role(
    before: DatedRole,
    last_day: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Option<DatedRole>, ImpossibleTerm> {
    let end = match last_day {
        Some(last) if last < today => return Err(ImpossibleTerm::Last),
        Some(last) => last.succ_opt().ok_or(ImpossibleTerm::Last)?,
        None => today,
    };
    if before.period.valid_to().is_some_and(|known| end > known) {
        return Err(ImpossibleTerm::Last);
    }
    Ok(Period::new(before.period.valid_from(), Some(end)).ok().map(|period| DatedRole { period, ..before }))
}

/// Whether a day from `today` on that had an administrator would have none.
///
/// Rule ID-62 (nobody removes the last administrator); source: docs/rules/identity.md#id-62.
#[must_use]
pub fn loses_last_administrator(before: &[Period], after: &[Period], today: NaiveDate) -> bool {
    // Whoever is missing is missing first on today, on a first day of before, or on the day after an end of after.
    let begins = before.iter().map(Period::valid_from);
    let ends = after.iter().filter_map(Period::valid_to);
    let mut days = std::iter::once(today).chain(begins).chain(ends).filter(|day| *day >= today);
    let covered = |periods: &[Period], day| periods.iter().any(|period| period.contains(day));
    days.any(|day| covered(before, day) && !covered(after, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, last: &str) -> Period {
        if last.is_empty() { Period::open(day(from)) } else { Period::through(day(from), day(last)).unwrap() }
    }

    fn viewer(from: &str, last: &str) -> DatedRole {
        DatedRole { role: Role::Viewer, period: period(from, last) }
    }

    const TODAY: &str = "2026-11-23";

    #[test]
    fn id_60_a_changed_role_succeeds_the_one_before_without_gap_or_overlap() {
        let change = |before, role, from, last: &str| {
            let last = (!last.is_empty()).then(|| day(last));
            change_role(before, role, day(from), last, day(TODAY))
        };
        let before = viewer("2025-04-01", "");
        let approver = |from, last| DatedRole { role: Role::Approver, period: period(from, last) };
        assert_eq!(
            change(before, Role::Approver, "2027-01-01", "2027-12-31").unwrap(),
            [viewer("2025-04-01", "2026-12-31"), approver("2027-01-01", "2027-12-31")]
        );
        assert_eq!(
            change(before, Role::Approver, TODAY, "").unwrap(),
            [viewer("2025-04-01", "2026-11-22"), approver(TODAY, "")]
        );
        assert_eq!(change(before, Role::Viewer, TODAY, "2027-03-31").unwrap(), [viewer("2025-04-01", "2027-03-31")]);
        assert_eq!(change(viewer(TODAY, ""), Role::Approver, TODAY, "").unwrap(), [approver(TODAY, "")]);
        assert_eq!(
            change(viewer("2027-01-01", ""), Role::Approver, "2026-12-01", "").unwrap(),
            [approver("2026-12-01", "")],
            "what has not begun is replaced"
        );
        assert_eq!(change(before, Role::Approver, "2026-11-22", ""), Err(ImpossibleTerm::First));
        assert_eq!(change(before, Role::Approver, "2026-12-01", "2026-11-30"), Err(ImpossibleTerm::Last));
    }

    #[test]
    fn id_60_a_role_ends_at_once_or_with_a_day() {
        let end = |before, last: &str| end_role(before, (!last.is_empty()).then(|| day(last)), day(TODAY));
        assert_eq!(end(viewer("2025-04-01", ""), ""), Ok(Some(viewer("2025-04-01", "2026-11-22"))));
        assert_eq!(end(viewer("2025-04-01", ""), TODAY), Ok(Some(viewer("2025-04-01", TODAY))));
        assert_eq!(end(viewer(TODAY, ""), ""), Ok(None));
        assert_eq!(end(viewer("2025-04-01", ""), "2026-11-22"), Err(ImpossibleTerm::Last));
        assert_eq!(end(viewer("2025-04-01", "2026-12-31"), "2027-01-01"), Err(ImpossibleTerm::Last));
    }

    #[test]
    fn id_62_no_day_that_has_an_administrator_loses_the_last_one() {
        let open = period("2025-04-01", "");
        let spring = period("2025-04-01", "2027-03-31");
        let loses = |before: &[Period], after: &[Period]| loses_last_administrator(before, after, day(TODAY));
        assert!(loses(&[open], &[]));
        assert!(!loses(&[open, open], &[open]));
        assert!(!loses(&[open, open], &[open, spring]));
        assert!(loses(&[open, spring], &[spring]), "from April on nobody is left");
        assert!(loses(&[open, spring], &[spring, period("2025-04-01", "2026-12-31")]));
        assert!(!loses(&[], &[]), "a vacancy is none's doing");
        assert!(!loses(&[spring], &[spring, open]));
        assert!(loses(&[spring], &[period("2025-04-01", "2027-02-28")]));
        assert!(!loses(&[period("2020-01-01", "2026-01-01")], &[]), "the past is past");
        assert!(loses(&[period("2027-04-01", "")], &[]), "the one who will be is the last one too");
    }
}
