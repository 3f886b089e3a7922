//! Municipalities and wards (JIS X 0402).

use super::error::ReferenceError;
use super::table::{is_code, read_rows};

/// One municipality or ward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// Five digits: prefecture and municipality.
    pub code: String,
    /// The sixth digit of the 団体コード.
    pub check_digit: char,
    /// JIS X 0401 code.
    pub prefecture_code: String,
    /// Name of the prefecture.
    pub prefecture: String,
    /// Name, wards with their city: 札幌市中央区.
    pub name: String,
    /// Reading in full-width katakana.
    pub name_kana: String,
}

/// The check digit of a five-digit JIS X 0402 code; `None` when it is not five digits (REF-2).
///
/// Weights 6, 5, 4, 3, 2; the digit is the last of 11 − (sum mod 11), of 11 − sum below 11.
pub fn municipality_check_digit(code: &str) -> Option<char> {
    if !is_code(code, 5) {
        return None;
    }
    let digits = code.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits.zip([6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    char::from_digit((11 - sum % 11) % 10, 10)
}

/// Reads `municipalities.csv`: `code,check_digit,prefecture_code,prefecture,name,name_kana` with a header.
///
/// # Errors
/// The first cell that is not what it should be, check digits included.
pub fn parse_municipalities(file: &str, text: &str) -> Result<Vec<Municipality>, ReferenceError> {
    let header = ["code", "check_digit", "prefecture_code", "prefecture", "name", "name_kana"];
    read_rows(file, text, Some(&header), |row| {
        let code = row.digits(0, "code", 5)?;
        let check_digit = row.digits(1, "check_digit", 1)?.chars().next();
        let prefecture_code = row.prefecture(2, "prefecture_code")?;
        let expected = municipality_check_digit(code);
        let Some(check_digit) = check_digit.filter(|digit| Some(*digit) == expected) else {
            return Err(row.error("check_digit", format!("does not belong to {code}")));
        };
        if !code.starts_with(prefecture_code) {
            return Err(row.error("prefecture_code", format!("{prefecture_code} is not the prefecture of {code}")));
        }
        Ok(Municipality {
            code: code.to_owned(),
            check_digit,
            prefecture_code: prefecture_code.to_owned(),
            prefecture: row.filled(3, "prefecture")?.to_owned(),
            name: row.filled(4, "name")?.to_owned(),
            name_kana: row.filled(5, "name_kana")?.to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ref_2_check_digits_of_known_cities() {
        for (code, digit) in [
            ("01100", '2'),
            ("13101", '6'),
            ("13104", '1'),
            ("23100", '2'),
            ("27100", '4'),
            ("40130", '7'),
            ("47201", '8'),
        ] {
            assert_eq!(municipality_check_digit(code), Some(digit), "{code}");
        }
        assert_eq!(municipality_check_digit("1310"), None);
        assert_eq!(municipality_check_digit("１３１０１"), None);
    }

    #[test]
    fn ref_2_an_error_names_file_line_and_field() {
        let text = "code,check_digit,prefecture_code,prefecture,name,name_kana\n01101,1,01,北海道,札幌市中央区,サッポロシチュウオウク\n01102,0,01,北海道,札幌市北区,サッポロシキタク\n";
        let error = parse_municipalities("municipalities.csv", text).unwrap_err();
        assert_eq!(error.to_string(), "municipalities.csv, line 3, check_digit: does not belong to 01102");
        let error = parse_municipalities("m.csv", "code,name\n").unwrap_err();
        assert_eq!((error.line, error.field), (1, "header"));
    }
}
