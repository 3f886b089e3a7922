//! Numbers people know by heart.

use mamis_kernel::text::PostalCode;

/// `213,000`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `520-0044`; whatever is not a postal code stays as it is.
#[must_use]
pub fn postal_code(digits: &str) -> String {
    PostalCode::parse(digits).map_or_else(|_| digits.to_owned(), PostalCode::hyphenated)
}

/// Groups a mobile number (`090-0000-0000`) and those of the largest area codes (`03-0000-0000`); other area codes have
/// two to five digits and are left alone rather than split wrongly.
#[must_use]
pub fn phone(digits: &str) -> String {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let groups = match (digits.len(), digits.get(..3), digits.get(..2)) {
        (11, Some("050" | "070" | "080" | "090"), _) => (3, 7),
        (10, _, Some("03" | "06")) => (2, 6),
        _ if digits.len() == 10 && digits.starts_with("0120") => (4, 7),
        _ => return digits.to_owned(),
    };
    match (digits.get(..groups.0), digits.get(groups.0..groups.1), digits.get(groups.1..)) {
        (Some(area), Some(exchange), Some(number)) => format!("{area}-{exchange}-{number}"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, shown) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (213_456, "213,456"), (1_000_000, "1,000,000")]
        {
            assert_eq!(count(number), shown);
        }
    }

    #[test]
    fn numbers_are_grouped_only_where_the_groups_are_certain() {
        for (stored, shown) in [
            ("09012345678", "090-1234-5678"),
            ("0312345678", "03-1234-5678"),
            ("0120123456", "0120-123-456"),
            ("0775220000", "0775220000"),
            ("+81 77", "+81 77"),
            ("", ""),
        ] {
            assert_eq!(phone(stored), shown);
        }
        assert_eq!(postal_code("5200044"), "520-0044");
        assert_eq!(postal_code("52"), "52");
    }
}
