//! Lists that come back: comma-separated values, or the first sheet of a workbook, as headings and rows of text.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use chrono::{NaiveDate, TimeDelta};
use thiserror::Error;
use zip::ZipArchive;

/// What a workbook may be when it is unpacked. A small file can hold a great deal of nothing.
const UNPACKED_AT_MOST: u64 = 128 * 1024 * 1024;

/// Headings, and the rows below them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The first row, without blanks around its cells.
    pub headings: Vec<String>,
    /// The others. Rows of empty cells are none. Each with its number in the file: the headings are 1.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// Why a file is not a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TableError {
    /// It is not what it seems to be.
    #[error("the file cannot be read as a table")]
    Unreadable,
    /// Nothing in it.
    #[error("the file has no headings")]
    Empty,
    /// More rows than are taken.
    #[error("the file has too many rows")]
    TooManyRows,
}

impl Table {
    fn take(&mut self, number: u32, mut row: Vec<String>, most_rows: usize) -> Result<(), TableError> {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if self.headings.is_empty() {
            while row.last().is_some_and(|cell| cell.trim().is_empty()) {
                row.pop();
            }
            self.headings = row.iter().map(|cell| cell.trim().to_owned()).collect();
        } else if self.rows.len() >= most_rows {
            return Err(TableError::TooManyRows);
        } else {
            // Cells behind the last heading that say nothing are no cells.
            while row.len() > self.headings.len() && row.last().is_some_and(|cell| cell.trim().is_empty()) {
                row.pop();
            }
            self.rows.push((number, row));
        }
        Ok(())
    }

    fn whole(self) -> Result<Self, TableError> {
        if self.headings.is_empty() { Err(TableError::Empty) } else { Ok(self) }
    }
}

/// Reads comma-separated values.
///
/// # Errors
/// [`TableError`]
pub fn read_csv(text: &str, most_rows: usize) -> Result<Table, TableError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut table = Table::default();
    for (number, record) in (1_u32..).zip(reader.records()) {
        let record = record.map_err(|_| TableError::Unreadable)?;
        table.take(number, record.iter().map(str::to_owned).collect(), most_rows)?;
    }
    table.whole()
}

/// Reads the first sheet of a workbook. Numbers and days become the texts that people would have typed.
///
/// # Errors
/// [`TableError`]
pub fn read_xlsx(bytes: &[u8], most_rows: usize) -> Result<Table, TableError> {
    unpacks_in_bounds(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| TableError::Unreadable)?;
    let sheet = book.worksheet_range_at(0).ok_or(TableError::Empty)?.map_err(|_| TableError::Unreadable)?;
    let (first_row, first_column) = sheet.start().unwrap_or_default();
    let mut table = Table::default();
    for (number, cells) in (first_row.saturating_add(1)..).zip(sheet.rows()) {
        let before = std::iter::repeat_n(String::new(), usize::try_from(first_column).unwrap_or_default());
        let mut row: Vec<String> = before.chain(cells.iter().map(text_of)).collect();
        // A workbook keeps no empty cells at the end of a row.
        if row.len() < table.headings.len() {
            row.resize(table.headings.len(), String::new());
        }
        table.take(number, row, most_rows)?;
    }
    table.whole()
}

fn unpacks_in_bounds(bytes: &[u8]) -> Result<(), TableError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableError::Unreadable)?;
    let mut left = UNPACKED_AT_MOST;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| TableError::Unreadable)?;
        let mut entry = entry.take(left);
        let read = std::io::copy(&mut entry, &mut std::io::sink()).map_err(|_| TableError::Unreadable)?;
        left = left.saturating_sub(read);
        if left == 0 {
            return Err(TableError::Unreadable);
        }
    }
    Ok(())
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        // Without an exponent, and without a fraction where there is none.
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(time) => day_of(time.as_f64()).unwrap_or_else(|| time.as_f64().to_string()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
    }
}

/// A spreadsheet counts days from the end of 1899; a fraction would be a time of day.
fn day_of(count: f64) -> Option<String> {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    // Floats become whole numbers by their nearest in range.
    let whole = (count.fract() == 0.0 && (1.0..=2_958_465.0).contains(&count)).then_some(count as i64)?;
    Some(first.checked_add_signed(TimeDelta::try_days(whole)?)?.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::XlsxFile;

    #[test]
    fn a_file_of_values_is_read_row_by_row() {
        let table = read_csv(" 姓 ,住所,\r\n髙橋,\"大津市\n1-2, 3\",\r\n\r\n,,\r\n𠮷野\r\n", 10).unwrap();
        assert_eq!(table.headings, ["姓", "住所"]);
        let rows: Vec<(u32, Vec<&str>)> =
            table.rows.iter().map(|(number, row)| (*number, row.iter().map(String::as_str).collect())).collect();
        assert_eq!(rows, [(2, vec!["髙橋", "大津市\n1-2, 3"]), (4, vec!["𠮷野"])]);
        assert_eq!(read_csv("a\r\n1\r\n2\r\n", 1), Err(TableError::TooManyRows));
        assert_eq!(read_csv("\r\n,\r\n", 1), Err(TableError::Empty));
    }

    #[test]
    fn a_workbook_gives_back_the_texts_that_were_written() {
        let hostile = ["=1+1", "<b>&", "\u{202E}abc", "𠮷野", "葛\u{E0100}", "\u{FA19}", "0775000001", "改\n行"];
        let mut file = XlsxFile::new("会員", ["氏名"; 8]).unwrap();
        file.line(hostile).unwrap();
        file.line([""; 8]).unwrap();
        file.line(["髙橋", "", "", "", "", "", "", ""]).unwrap();
        let table = read_xlsx(&file.finish().unwrap(), 10).unwrap();
        assert_eq!(table.headings, ["氏名"; 8]);
        assert_eq!(table.rows[0], (2, hostile.map(str::to_owned).to_vec()));
        assert_eq!((table.rows[1].0, table.rows[1].1.len()), (4, 8), "cells at the end that are empty are there");
        assert_eq!(table.rows.len(), 2);
    }

    #[test]
    fn numbers_and_days_of_a_spreadsheet_become_what_people_would_have_typed() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "番号").unwrap();
        sheet.write_string(0, 1, "日").unwrap();
        sheet.write_number(1, 0, 506_762.0).unwrap();
        let day = ExcelDateTime::from_ymd(1980, 7, 5).unwrap();
        sheet.write_datetime_with_format(1, 1, &day, &Format::new().set_num_format("yyyy/mm/dd")).unwrap();
        let table = read_xlsx(&book.save_to_buffer().unwrap(), 10).unwrap();
        assert_eq!(table.rows, [(2, vec!["506762".to_owned(), "1980-07-05".to_owned()])]);
    }

    #[test]
    fn what_is_no_workbook_or_unpacks_without_end_is_refused() {
        assert_eq!(read_xlsx(b"PK\x03\x04nothing", 10), Err(TableError::Unreadable));
        let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
        bomb.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
        let nothing = vec![0_u8; 1024 * 1024];
        for _ in 0..129 {
            bomb.write_all(&nothing).unwrap();
        }
        let bomb = bomb.finish().unwrap().into_inner();
        assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
        assert_eq!(read_xlsx(&bomb, 10), Err(TableError::Unreadable));
    }
}
