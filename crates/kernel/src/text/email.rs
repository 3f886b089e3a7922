/// Something before and something after the one `@`, no blanks: legacy carrier addresses break stricter rules.
#[must_use]
pub fn looks_like_email(text: &str) -> bool {
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    plain
        && text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && host.contains('.')
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        })
}

/// The address with most of it hidden, to remind its owner: `h***@example.jp`.
#[must_use]
pub fn masked_email(address: &str) -> String {
    let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let first = local.chars().next().map(String::from).unwrap_or_default();
    format!("{first}***@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_of_old_carriers_are_accepted() {
        for (text, fine) in [
            ("a..b.@docomo.example.jp", true),
            ("x@example.jp", true),
            ("x@localhost", false),
            ("@example.jp", false),
            ("a b@example.jp", false),
            ("a@b@example.jp", false),
        ] {
            assert_eq!(looks_like_email(text), fine, "{text}");
        }
    }

    #[test]
    fn a_masked_address_shows_its_first_letter_and_its_host() {
        assert_eq!(masked_email("hanako@example.jp"), "h***@example.jp");
    }
}
