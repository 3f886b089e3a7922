//! Lines of a list, as RFC 4180 writes them, safe to open in a spreadsheet.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use encoding_rs::{EncoderResult, SHIFT_JIS};

use crate::DocumentError;

/// What stands for a character that the encoding does not have.
const GETA: char = '〓';

/// How a file of comma-separated values is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvEncoding {
    /// UTF-8 with a mark at the beginning, without which spreadsheets take it for something else.
    Utf8,
    /// Code page 932.
    Cp932,
}

/// Some lines of a file. The first block of a file begins with [`CsvBlock::first`].
pub struct CsvBlock {
    writer: Writer<Vec<u8>>,
    encoding: CsvEncoding,
    marked: bool,
    unwritable: u64,
}

impl CsvBlock {
    /// The block with which a file begins: its mark, and the names of the columns.
    ///
    /// # Errors
    /// [`DocumentError`] when a line cannot be written.
    pub fn first<'a>(encoding: CsvEncoding, columns: impl IntoIterator<Item = &'a str>) -> Result<Self, DocumentError> {
        let mut block = Self { marked: encoding == CsvEncoding::Utf8, ..Self::next(encoding) };
        block.line(columns)?;
        Ok(block)
    }

    /// A block that goes on.
    #[must_use]
    pub fn next(encoding: CsvEncoding) -> Self {
        let writer = WriterBuilder::new()
            .quote_style(QuoteStyle::Necessary)
            .terminator(Terminator::CRLF)
            .from_writer(Vec::with_capacity(64 * 1024));
        Self { writer, encoding, marked: false, unwritable: 0 }
    }

    /// Adds a line. Cells that a spreadsheet would take for a formula are guarded.
    ///
    /// # Errors
    /// [`DocumentError`] when it cannot be written.
    pub fn line<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), DocumentError> {
        for cell in cells {
            match (guarded(cell), self.encoding) {
                (cell, CsvEncoding::Utf8) => self.writer.write_field(cell.as_bytes())?,
                (cell, CsvEncoding::Cp932) => {
                    let (bytes, lost) = cp932(&cell);
                    self.unwritable = self.unwritable.saturating_add(u64::from(lost));
                    self.writer.write_field(bytes)?;
                }
            }
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// The bytes, and how many cells hold a 〓 for a character that the encoding does not have.
    ///
    /// # Errors
    /// [`DocumentError`] when they cannot be written.
    pub fn finish(self) -> Result<(Vec<u8>, u64), DocumentError> {
        let lines = self.writer.into_inner().map_err(|error| DocumentError::Csv(error.into_error().into()))?;
        let bytes = if self.marked { [&b"\xEF\xBB\xBF"[..], &lines].concat() } else { lines };
        Ok((bytes, self.unwritable))
    }
}

/// A cell with an apostrophe before what a spreadsheet would take for a formula, in full width too; and before an apostrophe that
/// stands before such a sign, so that taking one off always gives back what was there.
#[must_use]
pub fn guarded(cell: &str) -> Cow<'_, str> {
    let begins_formula =
        |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\u{2212}']);
    if begins_formula(cell.trim_start_matches('\'')) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The bytes, and whether a character was lost.
fn cp932(cell: &str) -> (Vec<u8>, bool) {
    let mut encoder = SHIFT_JIS.new_encoder();
    let mut rest = cell;
    let mut bytes = Vec::with_capacity(cell.len().saturating_add(8));
    let mut lost = false;
    loop {
        let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            EncoderResult::InputEmpty => return (bytes, lost),
            EncoderResult::OutputFull => bytes.reserve(rest.len().saturating_mul(2).saturating_add(8)),
            EncoderResult::Unmappable(_) => {
                lost = true;
                bytes.extend_from_slice(&SHIFT_JIS.encode(GETA.encode_utf8(&mut [0; 4])).0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(encoding: CsvEncoding, cells: &[&str]) -> (Vec<u8>, u64) {
        let mut block = CsvBlock::first(encoding, cells.iter().map(|_| "氏名")).unwrap();
        block.line(cells.iter().copied()).unwrap();
        block.finish().unwrap()
    }

    #[test]
    fn a_file_begins_with_a_mark_and_its_columns() {
        let (bytes, unwritable) = file(CsvEncoding::Utf8, &["髙橋, \"花子\"", "𠮷野"]);
        let text = "\u{FEFF}氏名,氏名\r\n\"髙橋, \"\"花子\"\"\",𠮷野\r\n";
        assert_eq!((String::from_utf8(bytes).unwrap().as_str(), unwritable), (text, 0));
        let mut further = CsvBlock::next(CsvEncoding::Utf8);
        further.line([""]).unwrap();
        assert_eq!(further.finish().unwrap().0, b"\"\"\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_calculate_is_guarded_and_comes_back_by_taking_one_guard_off() {
        for cell in ["=1+1", "+81", "-1", "@SUM", "\t=1", "＝１", "＋", "－", "＠", "'=1", "''-2"] {
            let guarded = guarded(cell);
            assert_eq!(guarded.strip_prefix('\''), Some(cell), "{cell:?}");
        }
        for cell in ["", "0775-00-0000", "髙橋", "'90年卒", "a=b"] {
            assert_eq!(guarded(cell), cell);
        }
    }

    #[test]
    fn characters_that_the_code_page_lacks_are_counted_by_cell() {
        let (bytes, unwritable) = file(CsvEncoding::Cp932, &["𠮷野𠮷", "髙橋", "①", "德"]);
        let (text, _, broken) = SHIFT_JIS.decode(&bytes);
        assert!(!broken);
        assert_eq!((text.as_ref(), unwritable), ("氏名,氏名,氏名,氏名\r\n〓野〓,髙橋,①,德\r\n", 1));
    }
}
