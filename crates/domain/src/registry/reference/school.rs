//! Medical schools.

use super::error::ReferenceError;
use super::table::read_rows;

/// One medical school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MedicalSchool {
    /// JIS X 0401 code of where it is.
    pub prefecture_code: String,
    /// Name without 医学部.
    pub name: String,
}

/// Reads `medical_schools.csv`: `prefecture_code,name` with a header.
///
/// # Errors
/// The first cell that is not what it should be.
pub fn parse_medical_schools(file: &str, text: &str) -> Result<Vec<MedicalSchool>, ReferenceError> {
    read_rows(file, text, Some(&["prefecture_code", "name"]), |row| {
        Ok(MedicalSchool {
            prefecture_code: row.prefecture(0, "prefecture_code")?.to_owned(),
            name: row.filled(1, "name")?.to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefecture_that_does_not_exist_is_refused() {
        let error = parse_medical_schools("s.csv", "prefecture_code,name\n48,北海道大学\n").unwrap_err();
        assert_eq!((error.line, error.field), (2, "prefecture_code"));
    }
}
