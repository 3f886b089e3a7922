use chrono::{DateTime, TimeDelta, Utc};

/// How failed log-ins slow down further ones. Configurable \[GK\].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThrottleRule {
    /// Failures that cost nothing.
    pub free_failures: u32,
    /// Seconds of the first wait; each further failure doubles it.
    pub first_wait_seconds: u32,
    /// The longest wait: a victim of guessing is never locked out for longer than this.
    pub longest_wait_seconds: u32,
    /// Failures are forgotten when none came for this long.
    pub forgotten_after_seconds: u32,
}

impl ThrottleRule {
    /// For one account.
    pub const ACCOUNT: Self =
        Self { free_failures: 5, first_wait_seconds: 5, longest_wait_seconds: 300, forgotten_after_seconds: 3600 };
    /// For codes sent to addresses: so that nobody's mailbox is filled by us.
    pub const CODES: Self =
        Self { free_failures: 5, first_wait_seconds: 60, longest_wait_seconds: 1800, forgotten_after_seconds: 3600 };
    /// For one address, behind which a whole hospital may sit.
    pub const ADDRESS: Self =
        Self { free_failures: 50, first_wait_seconds: 5, longest_wait_seconds: 300, forgotten_after_seconds: 3600 };
}

/// Until when log-ins are refused after the `failures`-th failure in a row at `now`; `None` while they are free.
///
/// Rule ID-1 (guessing gets slow, nobody is locked out for ever); source: docs/rules/identity.md#id-1.
#[must_use]
pub fn blocked_until(rule: &ThrottleRule, failures: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let beyond = failures.checked_sub(rule.free_failures).filter(|n| *n > 0)?;
    let doubled = u64::from(rule.first_wait_seconds) << u64::from(beyond - 1).min(20);
    let wait = doubled.min(u64::from(rule.longest_wait_seconds));
    Some(now + TimeDelta::seconds(i64::try_from(wait).unwrap_or(i64::from(u32::MAX))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_1_guessing_gets_slow_and_nobody_is_locked_out_for_ever() {
        let now = DateTime::UNIX_EPOCH;
        let wait =
            |failures| blocked_until(&ThrottleRule::ACCOUNT, failures, now).map(|until| (until - now).num_seconds());
        assert_eq!(wait(0), None);
        assert_eq!(wait(5), None);
        assert_eq!(wait(6), Some(5));
        assert_eq!(wait(7), Some(10));
        assert_eq!(wait(8), Some(20));
        assert_eq!(wait(100), Some(300));
        assert_eq!(wait(u32::MAX), Some(300));
    }
}
