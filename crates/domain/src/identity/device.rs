use mamis_kernel::{Browser, System};

/// What a session runs on, as far as its owner needs to recognise it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// The browser's family.
    pub browser: Browser,
    /// The operating system's family.
    pub system: System,
}

impl Device {
    /// Reads the `User-Agent` header. Browsers name those they resemble, so the order matters.
    #[must_use]
    pub fn of_user_agent(header: &str) -> Self {
        let first = |marks: &[(&str, usize)]| marks.iter().find(|(mark, _)| header.contains(mark)).map(|(_, at)| *at);
        let browsers =
            [("Edg", 0), ("EdgiOS", 0), ("Firefox", 1), ("FxiOS", 1), ("Chrome", 2), ("CriOS", 2), ("Safari", 3)];
        let browser = first(&browsers)
            .and_then(|at| [Browser::Edge, Browser::Firefox, Browser::Chrome, Browser::Safari].get(at).copied());
        let systems = [("iPhone", 0), ("iPad", 0), ("Android", 1), ("Windows", 2), ("Mac OS X", 3), ("Linux", 4)];
        let system = first(&systems).and_then(|at| {
            [System::Ios, System::Android, System::Windows, System::Macos, System::Linux].get(at).copied()
        });
        Self { browser: browser.unwrap_or(Browser::Other), system: system.unwrap_or(System::Other) }
    }

    /// Whether its owner is told of a log-in on it: the account was used before, and never on such a device.
    ///
    /// Rule ID-26; source: docs/rules/identity.md#id-26.
    #[must_use]
    pub fn is_new_beside(self, known: &[Self]) -> bool {
        !known.is_empty() && !known.contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_26_a_device_is_new_beside_others_and_not_at_the_first_log_in() {
        let [phone, desk] = ["iPhone Safari", "Windows Chrome"].map(Device::of_user_agent);
        assert!(!phone.is_new_beside(&[]));
        assert!(!phone.is_new_beside(&[desk, phone]));
        assert!(phone.is_new_beside(&[desk]));
    }

    #[test]
    fn a_browser_is_known_though_it_names_those_it_resembles() {
        for (header, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36 Edg/141.0",
                Browser::Edge,
                System::Windows,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                Browser::Safari,
                System::Ios,
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
                Browser::Chrome,
                System::Android,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
                Browser::Firefox,
                System::Macos,
            ),
            ("curl/8.5.0", Browser::Other, System::Other),
            ("", Browser::Other, System::Other),
        ] {
            assert_eq!(Device::of_user_agent(header), Device { browser, system }, "{header}");
        }
    }
}
