//! The way from a posted letter to a log-in.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mamis_kernel::EnrolmentStep;

/// Days for which a temporary password holds. Configurable \[GK\].
pub const LETTER_DAYS: u32 = 60;
/// How long a printed file is kept when nobody says that it was printed.
pub const LETTER_FILE_HOLDS: TimeDelta = TimeDelta::hours(24);
/// How long what was begun with a letter waits to be finished.
pub const ENROLMENT_HOLDS: TimeDelta = TimeDelta::hours(24);
/// Proofs of identity that may fail with one letter before a clerk has to look.
pub const IDENTITY_TRIES: i32 = 5;
/// How long a link to a new password holds.
pub const RECOVERY_HOLDS: TimeDelta = TimeDelta::minutes(30);

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterDates {
    /// Until when its password holds.
    pub expires_at: DateTime<Utc>,
    /// When it led to a log-in.
    pub used_at: Option<DateTime<Utc>>,
    /// When another letter took its place.
    pub voided_at: Option<DateTime<Utc>>,
}

impl LetterDates {
    /// A letter issued now.
    #[must_use]
    pub fn issued(now: DateTime<Utc>, days: u32) -> Self {
        Self { expires_at: now + TimeDelta::days(i64::from(days)), used_at: None, voided_at: None }
    }

    /// Whether its password opens the door at `now`.
    ///
    /// Rule ID-71 (a temporary password works once, for sixty days, and not after a reissue); source:
    /// docs/rules/identity.md#id-71.
    #[must_use]
    pub fn opens(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.voided_at.is_none() && now < self.expires_at
    }
}

/// What somebody with a letter has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnrolmentFacts {
    /// Who it is was shown, to the record or to a clerk.
    pub proved: bool,
    /// An address was confirmed, or it was said that there is none, or one is known.
    pub contact_settled: bool,
    /// A password was chosen.
    pub password_chosen: bool,
}

impl EnrolmentFacts {
    /// What comes next.
    ///
    /// Rule ID-72 (identity, then mail, then a password, then the terms; what was done stays done); source:
    /// docs/rules/identity.md#id-72.
    #[must_use]
    pub const fn next(self) -> EnrolmentStep {
        match self {
            Self { proved: false, .. } => EnrolmentStep::Identity,
            Self { contact_settled: false, .. } => EnrolmentStep::Email,
            Self { password_chosen: false, .. } => EnrolmentStep::Password,
            Self { proved: true, contact_settled: true, password_chosen: true } => EnrolmentStep::Finish,
        }
    }

    /// Whether a step may be taken: the next one, or again one that was taken.
    #[must_use]
    pub fn allow(self, step: EnrolmentStep) -> bool {
        step <= self.next()
    }
}

/// What identifies a physician in the record, or is said to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProof {
    /// 医籍登録番号, digits without leading zeros.
    pub medical_registration_number: String,
    /// 医籍登録年月日
    pub registered_on: NaiveDate,
    /// 生年月日
    pub birth_date: NaiveDate,
}

/// Whether what somebody says is what the record says; a record without a registration never matches.
///
/// Rule ID-73 (all three must match, and which one did not is not said); source: docs/rules/identity.md#id-73.
#[must_use]
pub fn proves_identity(record: Option<&IdentityProof>, shown: &IdentityProof) -> bool {
    record == Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_71_a_temporary_password_works_once_for_sixty_days_and_not_after_a_reissue() {
        let now = DateTime::UNIX_EPOCH;
        let fresh = LetterDates::issued(now, LETTER_DAYS);
        assert!(fresh.opens(now));
        assert!(fresh.opens(now + TimeDelta::days(60) - TimeDelta::seconds(1)));
        assert!(!fresh.opens(now + TimeDelta::days(60)));
        assert!(!LetterDates { used_at: Some(now), ..fresh }.opens(now));
        assert!(!LetterDates { voided_at: Some(now), ..fresh }.opens(now));
    }

    #[test]
    fn id_72_the_steps_follow_one_another_and_can_be_taken_again_but_not_skipped() {
        let facts =
            |proved, contact_settled, password_chosen| EnrolmentFacts { proved, contact_settled, password_chosen };
        assert_eq!(facts(false, false, false).next(), EnrolmentStep::Identity);
        assert_eq!(facts(false, true, true).next(), EnrolmentStep::Identity, "nothing replaces the proof");
        assert_eq!(facts(true, false, true).next(), EnrolmentStep::Email);
        assert_eq!(facts(true, true, false).next(), EnrolmentStep::Password);
        assert_eq!(facts(true, true, true).next(), EnrolmentStep::Finish);
        assert!(facts(true, true, false).allow(EnrolmentStep::Email));
        assert!(!facts(true, false, false).allow(EnrolmentStep::Password));
        assert!(!facts(true, true, false).allow(EnrolmentStep::Finish));
    }

    #[test]
    fn id_73_number_date_and_birth_date_must_all_match_the_record() {
        let day = |text: &str| text.parse().unwrap();
        let record = IdentityProof {
            medical_registration_number: "500001".into(),
            registered_on: day("2005-04-20"),
            birth_date: day("1980-07-05"),
        };
        assert!(proves_identity(Some(&record), &record));
        assert!(!proves_identity(None, &record));
        for wrong in [
            IdentityProof { medical_registration_number: "500002".into(), ..record.clone() },
            IdentityProof { registered_on: day("2005-04-21"), ..record.clone() },
            IdentityProof { birth_date: day("1980-07-06"), ..record.clone() },
        ] {
            assert!(!proves_identity(Some(&record), &wrong));
        }
    }
}
