//! Lists of members that leave the system as files.

use chrono::{NaiveDate, TimeDelta};
use mamis_kernel::{ExportFormat, FieldErrorCode, MemberColumn};

use crate::workflow::FieldFault;

/// A file is kept so long, unless the installation says otherwise.
///
/// Rule EXP-1; source: docs/rules/registry.md#exp-1.
pub const EXPORT_HOLDS: TimeDelta = TimeDelta::hours(24);

/// The columns of a file, in the order asked for; all of them when nobody said.
///
/// Rule EXP-3 (each once); source: docs/rules/registry.md#exp-3.
///
/// # Errors
/// A fault at `/columns` when one stands twice.
pub fn chosen_columns(asked: Option<Vec<MemberColumn>>) -> Result<Vec<MemberColumn>, FieldFault> {
    let Some(columns) = asked.filter(|columns| !columns.is_empty()) else { return Ok(MemberColumn::ALL.to_vec()) };
    let mut sorted = columns.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() == columns.len() {
        Ok(columns)
    } else {
        Err(FieldFault::new("/columns", FieldErrorCode::Conflicting))
    }
}

/// What a file is called.
#[must_use]
pub fn export_file_name(day: NaiveDate, format: ExportFormat) -> String {
    let ending = match format {
        ExportFormat::Csv | ExportFormat::CsvCp932 => "csv",
        ExportFormat::Xlsx => "xlsx",
    };
    format!("members-{}.{ending}", day.format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_3_columns_stand_as_asked_for_and_none_twice() {
        let asked = vec![MemberColumn::Phone, MemberColumn::FamilyName];
        assert_eq!(chosen_columns(Some(asked.clone())), Ok(asked));
        assert_eq!(chosen_columns(None).unwrap().len(), 20);
        assert_eq!(chosen_columns(Some(Vec::new())), chosen_columns(None));
        assert!(chosen_columns(Some(vec![MemberColumn::Phone, MemberColumn::Phone])).is_err());
    }

    #[test]
    fn a_file_is_called_by_its_day() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(export_file_name(day, ExportFormat::CsvCp932), "members-20261123.csv");
        assert_eq!(export_file_name(day, ExportFormat::Xlsx), "members-20261123.xlsx");
    }
}
