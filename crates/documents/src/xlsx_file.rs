//! Lines of a list as a workbook of one sheet, every cell a text: nothing is calculated, no number loses its zeros, no day is
//! turned round.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::DocumentError;

/// What most cells of a list need.
const COLUMN_WIDTH: f64 = 16.0;

/// A workbook that grows by a line at a time. Lines behind the last one lie on disk, so that a long list costs no memory.
pub struct XlsxFile {
    workbook: Workbook,
    text: Format,
    next: u32,
}

impl XlsxFile {
    /// A workbook with its columns' names, which stay in sight.
    ///
    /// # Errors
    /// [`DocumentError`] when they cannot be written.
    pub fn new<'a>(sheet: &str, columns: impl IntoIterator<Item = &'a str>) -> Result<Self, DocumentError> {
        let mut workbook = Workbook::new();
        let worksheet = workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(sheet)?;
        worksheet.set_freeze_panes(1, 0)?;
        let head = Format::new().set_bold();
        for (column, name) in (0_u16..).zip(columns) {
            worksheet.set_column_width(column, COLUMN_WIDTH)?;
            worksheet.write_string_with_format(0, column, name, &head)?;
        }
        Ok(Self { workbook, text: Format::new().set_num_format("@"), next: 1 })
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`DocumentError`] when it cannot be written, or a sheet holds no more lines.
    pub fn line<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), DocumentError> {
        let (row, text) = (self.next, self.text.clone());
        let sheet = self.sheet()?;
        for (column, cell) in (0_u16..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string_with_format(row, column, cell, &text)?;
            }
        }
        self.next = row.saturating_add(1);
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// [`DocumentError`] when it cannot be written.
    pub fn finish(mut self) -> Result<Vec<u8>, DocumentError> {
        Ok(self.workbook.save_to_buffer()?)
    }

    fn sheet(&mut self) -> Result<&mut Worksheet, XlsxError> {
        self.workbook.worksheet_from_index(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn cells_come_back_as_the_texts_that_they_were() {
        let mut file = XlsxFile::new("会員", ["氏名", "電話番号", "備考"]).unwrap();
        let line = ["髙橋　𠮷子", "0775000001", "=1+1 <b>&\"\u{E0101}"];
        file.line(line).unwrap();
        file.line(["", "1980-07-05", "改\n行"]).unwrap();
        let mut book = Xlsx::new(Cursor::new(file.finish().unwrap())).unwrap();
        let sheet = book.worksheet_range("会員").unwrap();
        let row = |number: usize| sheet.rows().nth(number).unwrap().to_vec();
        let text = |text: &str| Data::String(text.to_owned());
        assert_eq!(row(0), ["氏名", "電話番号", "備考"].map(text));
        assert_eq!(row(1), line.map(text));
        assert_eq!(row(2), [Data::Empty, text("1980-07-05"), text("改\n行")]);
    }
}
