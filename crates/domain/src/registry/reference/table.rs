//! Reading CSV with errors that name the place.

use csv::{ReaderBuilder, StringRecord};

use super::error::ReferenceError;

/// One row while it is being read.
pub(super) struct Row<'a> {
    file: &'a str,
    line: u64,
    cells: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The cell of column `index`, without surrounding spaces.
    pub(super) fn cell(&self, index: usize, field: &'static str) -> Result<&'a str, ReferenceError> {
        self.cells.get(index).map(str::trim).ok_or_else(|| self.error(field, "the column is missing"))
    }

    /// A cell that may not be empty.
    pub(super) fn filled(&self, index: usize, field: &'static str) -> Result<&'a str, ReferenceError> {
        let cell = self.cell(index, field)?;
        if cell.is_empty() { Err(self.error(field, "must not be empty")) } else { Ok(cell) }
    }

    /// A cell of exactly `length` ASCII digits.
    pub(super) fn digits(&self, index: usize, field: &'static str, length: usize) -> Result<&'a str, ReferenceError> {
        let cell = self.cell(index, field)?;
        if is_code(cell, length) {
            Ok(cell)
        } else {
            Err(self.error(field, format!("{cell:?} is not a code of {length} digits")))
        }
    }

    /// A JIS X 0401 prefecture code, 01 to 47.
    pub(super) fn prefecture(&self, index: usize, field: &'static str) -> Result<&'a str, ReferenceError> {
        let cell = self.digits(index, field, 2)?;
        if ("01"..="47").contains(&cell) {
            Ok(cell)
        } else {
            Err(self.error(field, format!("{cell:?} is not a prefecture code")))
        }
    }

    pub(super) fn error(&self, field: &'static str, problem: impl Into<String>) -> ReferenceError {
        ReferenceError { file: self.file.to_owned(), line: self.line, field, problem: problem.into() }
    }
}

/// Whether `cell` is exactly `length` ASCII digits.
pub(super) fn is_code(cell: &str, length: usize) -> bool {
    cell.len() == length && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads every row with `read`. With a `header`, the first line has to be it.
pub(super) fn read_rows<T>(
    file: &str,
    text: &str,
    header: Option<&[&'static str]>,
    mut read: impl FnMut(&Row<'_>) -> Result<T, ReferenceError>,
) -> Result<Vec<T>, ReferenceError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut cells = StringRecord::new();
    let mut rows = Vec::new();
    let mut expected = header;
    loop {
        let line = reader.position().line();
        let more = reader.read_record(&mut cells).map_err(|error| ReferenceError {
            file: file.to_owned(),
            line,
            field: "record",
            problem: error.to_string(),
        })?;
        if !more {
            break;
        }
        let row = Row { file, line: cells.position().map_or(line, csv::Position::line), cells: &cells };
        if let Some(header) = expected.take() {
            if !cells.iter().map(str::trim).eq(header.iter().copied()) {
                return Err(row.error("header", format!("expected {}", header.join(","))));
            }
            continue;
        }
        rows.push(read(&row)?);
    }
    if rows.is_empty() {
        let problem = "the file has no rows".to_owned();
        return Err(ReferenceError { file: file.to_owned(), line: 1, field: "record", problem });
    }
    Ok(rows)
}
