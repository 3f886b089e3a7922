//! Two records of one person: what speaks for it, and how much.

use mamis_kernel::DuplicateReason;

/// What each sign weighs, in points.
///
/// Rule DUP-1; source: docs/rules/registry.md#dup-1.
pub const WEIGHTS: [(DuplicateReason, i32); 7] = [
    (DuplicateReason::SameNumber, 50),
    (DuplicateReason::SameBirthDate, 25),
    (DuplicateReason::SameKana, 25),
    (DuplicateReason::SameName, 20),
    (DuplicateReason::SamePhone, 15),
    (DuplicateReason::SameEmail, 15),
    (DuplicateReason::DifferentNumbers, -20),
];

/// From here on two records are shown to a clerk.
pub const SHOWN_FROM: i32 = 50;

/// More records than this with one telephone number or mail address say nothing: it is a switchboard's.
pub const SHARED_BY_AT_MOST: i64 = 5;

/// Why two records may be one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// Points; more is likelier.
    pub score: i32,
    /// What speaks for it, and against.
    pub reasons: Vec<DuplicateReason>,
}

/// Weighs what two records have in common; `None` when it is too little to bother anybody.
///
/// Rule DUP-1; source: docs/rules/registry.md#dup-1.
#[must_use]
pub fn suspicion(holds: impl Fn(DuplicateReason) -> bool) -> Option<Suspicion> {
    let held: Vec<(DuplicateReason, i32)> = WEIGHTS.into_iter().filter(|(reason, _)| holds(*reason)).collect();
    let score = held.iter().map(|(_, points)| points).sum();
    (score >= SHOWN_FROM).then(|| Suspicion { score, reasons: held.into_iter().map(|(reason, _)| reason).collect() })
}

#[cfg(test)]
mod tests {
    use DuplicateReason::{DifferentNumbers, SameBirthDate, SameEmail, SameKana, SameName, SameNumber, SamePhone};

    use super::*;

    fn points(held: &[DuplicateReason]) -> Option<i32> {
        suspicion(|reason| held.contains(&reason)).map(|found| found.score)
    }

    #[test]
    fn dup_1_birth_date_and_reading_are_enough_and_a_name_alone_is_not() {
        assert_eq!(points(&[SameBirthDate, SameKana]), Some(50));
        assert_eq!(points(&[SameKana, SameName]), None, "there are many 佐藤 誠");
        assert_eq!(points(&[SamePhone, SameEmail]), None, "a couple shares both");
        assert_eq!(points(&[SameKana, SameName, SamePhone]), Some(60), "one of the birth dates is a slip");
    }

    #[test]
    fn dup_1_a_number_that_was_another_record_s_is_enough() {
        assert_eq!(points(&[SameNumber]), Some(50));
    }

    #[test]
    fn dup_1_two_numbers_speak_against_it_but_do_not_settle_it() {
        assert_eq!(points(&[SameBirthDate, SameKana, DifferentNumbers]), None);
        assert_eq!(points(&[SameBirthDate, SameKana, SameName, DifferentNumbers]), Some(50), "one may be a slip");
    }
}
