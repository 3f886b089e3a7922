use chrono::{DateTime, TimeDelta, Utc};

/// Tries before a mail is given up: with the waits below, about two days.
const TRIES: u32 = 14;
/// Seconds before the second try; each further one doubles it.
const FIRST_WAIT: u32 = 30;
/// The longest wait between two tries.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);

/// What becomes of a mail that could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextTry {
    /// It is tried again then.
    At(DateTime<Utc>),
    /// It is given up.
    Never,
}

/// What becomes of a mail after its `tries`-th failed try.
///
/// Rule ID-8 (a mail that is refused for the moment is tried again for two days, one that is refused for good is not);
/// source: docs/rules/identity.md#id-8.
#[must_use]
pub fn next_try(tries: u32, for_good: bool, now: DateTime<Utc>) -> NextTry {
    if for_good || tries >= TRIES {
        return NextTry::Never;
    }
    let seconds = u64::from(FIRST_WAIT) << tries.saturating_sub(1).min(20);
    let wait = TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::from(u32::MAX))).min(LONGEST_WAIT);
    NextTry::At(now + wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_8_a_mail_is_tried_again_for_two_days_unless_it_is_refused_for_good() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(next_try(1, false, now), NextTry::At(now + TimeDelta::seconds(30)));
        assert_eq!(next_try(2, false, now), NextTry::At(now + TimeDelta::seconds(60)));
        assert_eq!(next_try(1, true, now), NextTry::Never);
        assert_eq!(next_try(14, false, now), NextTry::Never);
        let mut waited = TimeDelta::zero();
        for tries in 1..14 {
            let NextTry::At(at) = next_try(tries, false, now) else { panic!("given up after {tries}") };
            waited += at - now;
        }
        assert!(waited > TimeDelta::hours(24) && waited < TimeDelta::hours(48), "{waited}");
    }
}
