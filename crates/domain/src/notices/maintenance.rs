use chrono::{DateTime, TimeDelta, Utc};
use mamis_kernel::{MaintenanceKind, MaintenanceWindowId};

/// How long before its beginning a stop is announced.
pub const LONGEST_NOTICE_DAYS: i64 = 14;

/// A planned stop, from its first instant until before its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintenanceWindow {
    /// The stop.
    pub id: MaintenanceWindowId,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When everything works again.
    pub ends_at: DateTime<Utc>,
    /// What it stops.
    pub kind: MaintenanceKind,
    /// Why, in Japanese.
    pub message_ja: String,
    /// Why, in English.
    pub message_en: String,
}

impl MaintenanceWindow {
    /// The one that is on at an instant. Rule ID-43; source: docs/rules/identity.md#id-43.
    #[must_use]
    pub fn current(windows: &[Self], now: DateTime<Utc>) -> Option<&Self> {
        windows.iter().find(|window| window.starts_at <= now && now < window.ends_at)
    }

    /// The next one to announce. Rule ID-43.
    #[must_use]
    pub fn announced(windows: &[Self], now: DateTime<Utc>) -> Option<&Self> {
        let soon =
            |window: &&Self| window.starts_at > now && window.starts_at <= now + TimeDelta::days(LONGEST_NOTICE_DAYS);
        windows.iter().filter(soon).min_by_key(|window| window.starts_at)
    }

    /// Whether two stops share an instant.
    #[must_use]
    pub fn overlaps(&self, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> bool {
        self.starts_at < ends_at && starts_at < self.ends_at
    }

    /// Seconds until it is over, one at least.
    #[must_use]
    pub fn seconds_left(&self, now: DateTime<Utc>) -> i64 {
        (self.ends_at - now).num_seconds().max(1)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn id_43_a_stop_is_announced_two_weeks_ahead_and_lasts_until_before_its_end() {
        let window = MaintenanceWindow {
            id: MaintenanceWindowId::from_uuid(Uuid::nil()),
            starts_at: at("2026-12-01T13:00:00Z"),
            ends_at: at("2026-12-01T21:00:00Z"),
            kind: MaintenanceKind::Full,
            message_ja: String::new(),
            message_en: String::new(),
        };
        let windows = [window.clone()];
        for (now, current, announced) in [
            ("2026-11-17T12:59:59Z", false, false),
            ("2026-11-17T13:00:00Z", false, true),
            ("2026-12-01T12:59:59Z", false, true),
            ("2026-12-01T13:00:00Z", true, false),
            ("2026-12-01T20:59:59Z", true, false),
            ("2026-12-01T21:00:00Z", false, false),
        ] {
            let now = at(now);
            assert_eq!(MaintenanceWindow::current(&windows, now).is_some(), current, "{now}");
            assert_eq!(MaintenanceWindow::announced(&windows, now).is_some(), announced, "{now}");
        }
        assert!(window.overlaps(at("2026-12-01T20:00:00Z"), at("2026-12-02T00:00:00Z")));
        assert!(!window.overlaps(at("2026-12-01T21:00:00Z"), at("2026-12-02T00:00:00Z")));
    }
}
