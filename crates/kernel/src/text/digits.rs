//! Numbers people know by heart: accepted in full width with any dash, stored as ASCII digits (N-5).

use std::fmt;

use super::width::{fold_char, is_dash, is_space};

/// 医籍登録番号, the number in the national medical register: 1–7 digits, compared and shown without leading zeros.
///
/// It is an attribute with history, never a key: it changes, for example, with nationality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistrationNumber(u32);

/// Why a text is not a registration number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationNumberError {
    /// Nothing there.
    Empty,
    /// Something other than digits (`12A456`, `第123456号`).
    NotDigits,
    /// More than seven digits without leading zeros.
    TooLong,
    /// Zeros only.
    Zero,
}

impl RegistrationNumber {
    /// Reads a number in digits of either width; surrounding spaces and leading zeros are dropped.
    ///
    /// Rule REG-1, docs/rules/registry.md.
    ///
    /// # Errors
    /// See [`RegistrationNumberError`].
    pub fn parse(text: &str) -> Result<Self, RegistrationNumberError> {
        let text = text.trim_matches(is_space);
        if text.is_empty() {
            return Err(RegistrationNumberError::Empty);
        }
        let mut value: u32 = 0;
        let mut too_long = false;
        for c in text.chars() {
            let digit = fold_char(c).to_digit(10).ok_or(RegistrationNumberError::NotDigits)?;
            value = value.saturating_mul(10).saturating_add(digit);
            too_long |= value > 9_999_999;
        }
        match value {
            _ if too_long => Err(RegistrationNumberError::TooLong),
            0 => Err(RegistrationNumberError::Zero),
            value => Ok(Self(value)),
        }
    }

    /// The number itself, 1 to 9,999,999.
    pub fn value(self) -> u32 {
        self.0
    }
}

impl fmt::Display for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for RegistrationNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty registration number",
            Self::NotDigits => "registration number is not digits only",
            Self::TooLong => "registration number has more than 7 digits",
            Self::Zero => "registration number is zero",
        })
    }
}

impl std::error::Error for RegistrationNumberError {}

/// 郵便番号: seven digits. It never determines an address, it only proposes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostalCode(u32);

/// Why a text is not a postal code: it has not exactly seven digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostalCodeError;

impl PostalCode {
    /// Reads `520-0043`, `5200043`, `５２０－００４３`, `〒520 0043`.
    ///
    /// # Errors
    /// [`PostalCodeError`] unless exactly seven digits remain.
    pub fn parse(text: &str) -> Result<Self, PostalCodeError> {
        let (mut value, mut count) = (0_u32, 0_u32);
        for c in text.chars() {
            match fold_char(c).to_digit(10) {
                Some(digit) if count < 7 => (value, count) = (value * 10 + digit, count + 1),
                Some(_) => return Err(PostalCodeError),
                None if is_dash(c) || is_space(c) || (c == '〒' && count == 0) => {}
                None => return Err(PostalCodeError),
            }
        }
        if count == 7 { Ok(Self(value)) } else { Err(PostalCodeError) }
    }

    /// As printed on letters: `520-0043`.
    pub fn hyphenated(self) -> String {
        format!("{:03}-{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

/// Seven digits, as stored.
impl fmt::Display for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:07}", self.0)
    }
}

impl fmt::Display for PostalCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a postal code has seven digits")
    }
}

impl std::error::Error for PostalCodeError {}

/// A Japanese telephone number: 10 or 11 digits beginning with 0, without separators.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// Why a text is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing there.
    Empty,
    /// Something other than digits, dashes, spaces and parentheses.
    NotDigits,
    /// Not 10 or 11 digits beginning with 0.
    Length,
}

impl PhoneNumber {
    /// Reads a number in digits of either width with dashes, dots, spaces and parentheses anywhere; `+81` stands for the leading 0.
    ///
    /// # Errors
    /// See [`PhoneError`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim_matches(is_space);
        if text.is_empty() {
            return Err(PhoneError::Empty);
        }
        let (international, rest) = match text.strip_prefix(['+', '＋']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut digits = String::with_capacity(12);
        for c in rest.chars() {
            match fold_char(c) {
                d @ '0'..='9' => digits.push(d),
                '(' | ')' | '.' => {}
                _ if is_dash(c) || is_space(c) => {}
                _ => return Err(PhoneError::NotDigits),
            }
        }
        if international {
            let national = digits.strip_prefix("81").ok_or(PhoneError::Length)?;
            digits = format!("0{}", national.trim_start_matches('0'));
        }
        if digits.starts_with('0') && matches!(digits.len(), 10 | 11) {
            Ok(Self(digits))
        } else {
            Err(PhoneError::Length)
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty telephone number",
            Self::NotDigits => "telephone number with other characters than digits",
            Self::Length => "telephone number without 10 or 11 digits beginning with 0",
        })
    }
}

impl std::error::Error for PhoneError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_registration_number_is_read_in_either_width_without_leading_zeros() {
        for (typed, stored) in [
            ("506762", "506762"),
            ("５０６７６２", "506762"),
            ("０２０２７０", "20270"),
            (" 7 ", "7"),
            ("0009999999", "9999999"),
        ] {
            assert_eq!(RegistrationNumber::parse(typed).unwrap().to_string(), stored, "{typed}");
        }
    }

    #[test]
    fn what_is_not_a_registration_number_is_refused() {
        for (typed, why) in [
            ("1234567890", RegistrationNumberError::TooLong),
            ("99999999999999999999", RegistrationNumberError::TooLong),
            ("12A456", RegistrationNumberError::NotDigits),
            ("第123456号", RegistrationNumberError::NotDigits),
            ("12 34", RegistrationNumberError::NotDigits),
            ("一二三", RegistrationNumberError::NotDigits),
            ("", RegistrationNumberError::Empty),
            ("　", RegistrationNumberError::Empty),
            ("000", RegistrationNumberError::Zero),
        ] {
            assert_eq!(RegistrationNumber::parse(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn n_5_a_postal_code_is_seven_digits_however_it_is_typed() {
        for typed in ["0393175", "039-3175", "０３９－３１７５", "〒039ー3175", "039 3175", "039−3175"] {
            let code = PostalCode::parse(typed).unwrap();
            assert_eq!(code.to_string(), "0393175", "{typed}");
            assert_eq!(code.hyphenated(), "039-3175");
        }
        for typed in ["", "039317", "03931750", "039-31A5", "０３９３１７〒5"] {
            assert_eq!(PostalCode::parse(typed), Err(PostalCodeError), "{typed}");
        }
    }

    #[test]
    fn n_5_a_telephone_number_is_stored_as_digits() {
        for (typed, stored) in [
            ("077-522-1234", "0775221234"),
            ("０７７（５２２）１２３４", "0775221234"),
            ("090ー1234―5678", "09012345678"),
            ("+81-77-522-1234", "0775221234"),
            ("0120 123 456", "0120123456"),
        ] {
            assert_eq!(PhoneNumber::parse(typed).unwrap().as_str(), stored, "{typed}");
        }
        assert_eq!(PhoneNumber::parse("077-522-1234 内線5"), Err(PhoneError::NotDigits));
        assert_eq!(PhoneNumber::parse("522-1234"), Err(PhoneError::Length));
        assert_eq!(PhoneNumber::parse("1234567890"), Err(PhoneError::Length));
        assert_eq!(PhoneNumber::parse(" "), Err(PhoneError::Empty));
    }

    proptest! {
        #[test]
        fn numbers_never_panic_and_read_themselves_again(text in "\\PC{0,24}|[0-9０-９ー()+-]{0,24}") {
            if let Ok(number) = RegistrationNumber::parse(&text) {
                prop_assert_eq!(RegistrationNumber::parse(&number.to_string()), Ok(number));
            }
            if let Ok(code) = PostalCode::parse(&text) {
                prop_assert_eq!(PostalCode::parse(&code.hyphenated()), Ok(code));
            }
            if let Ok(phone) = PhoneNumber::parse(&text) {
                prop_assert_eq!(PhoneNumber::parse(phone.as_str()), Ok(phone.clone()));
            }
        }
    }
}
