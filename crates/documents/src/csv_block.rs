//! Lines of a list, as RFC 4180 writes them, safe to open in a spreadsheet.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use encoding_rs::SHIFT_JIS;
use mamis_kernel::text::guarded;

use crate::DocumentError;

/// What stands for a character that the encoding does not have.
pub const GETA: char = '〓';

/// How a file of comma-separated values is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvEncoding {
    /// UTF-8 with a mark at the beginning, without which spreadsheets take it for something else.
    Utf8,
    /// Code page 932.
    Cp932,
}

/// A cell that the encoding cannot hold as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostCell {
    /// The line in its block, from 0, the columns' names not counted.
    pub line: usize,
    /// The cell in its line, from 0.
    pub cell: usize,
    /// What it should say.
    pub value: String,
    /// What was written instead.
    pub written: String,
}

/// Some lines of a file. The first block of a file begins with [`CsvBlock::first`].
pub struct CsvBlock {
    writer: Writer<Vec<u8>>,
    encoding: CsvEncoding,
    marked: bool,
    lines: usize,
    lost: Vec<LostCell>,
}

impl CsvBlock {
    /// The block with which a file begins: its mark, and the names of the columns.
    ///
    /// # Errors
    /// [`DocumentError`] when a line cannot be written.
    pub fn first<'a>(encoding: CsvEncoding, columns: impl IntoIterator<Item = &'a str>) -> Result<Self, DocumentError> {
        let mut block = Self { marked: encoding == CsvEncoding::Utf8, ..Self::next(encoding) };
        block.line(columns)?;
        Ok(Self { lines: 0, ..block })
    }

    /// A block that goes on.
    #[must_use]
    pub fn next(encoding: CsvEncoding) -> Self {
        let writer = WriterBuilder::new()
            .quote_style(QuoteStyle::Necessary)
            .terminator(Terminator::CRLF)
            .from_writer(Vec::with_capacity(64 * 1024));
        Self { writer, encoding, marked: false, lines: 0, lost: Vec::new() }
    }

    /// Adds a line. Cells that a spreadsheet would take for a formula are guarded.
    ///
    /// # Errors
    /// [`DocumentError`] when it cannot be written.
    pub fn line<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), DocumentError> {
        for (number, cell) in cells.into_iter().enumerate() {
            match self.encoding {
                CsvEncoding::Utf8 => self.writer.write_field(guarded(cell).as_bytes())?,
                CsvEncoding::Cp932 => {
                    let written = as_cp932(cell);
                    self.writer.write_field(&SHIFT_JIS.encode(&guarded(&written)).0)?;
                    if let Cow::Owned(written) = written {
                        let value = cell.to_owned();
                        self.lost.push(LostCell { line: self.lines, cell: number, value, written });
                    }
                }
            }
        }
        self.writer.write_record(None::<&[u8]>)?;
        self.lines = self.lines.saturating_add(1);
        Ok(())
    }

    /// The bytes, and the cells that the encoding could not hold as they were.
    ///
    /// # Errors
    /// [`DocumentError`] when they cannot be written.
    pub fn finish(self) -> Result<(Vec<u8>, Vec<LostCell>), DocumentError> {
        let lines = self.writer.into_inner().map_err(|error| DocumentError::Csv(error.into_error().into()))?;
        let bytes = if self.marked { [&b"\xEF\xBB\xBF"[..], &lines].concat() } else { lines };
        Ok((bytes, self.lost))
    }
}

/// What code page 932 makes of a cell: the cell itself where it holds every character; the nearest one it has where it lacks one;
/// else 〓. A variation selector falls away, for the glyph it chooses is lost anyhow.
#[must_use]
pub fn as_cp932(cell: &str) -> Cow<'_, str> {
    // The encoder takes these for their neighbours without a word.
    let quietly_changed = ['\u{2212}', '\u{A5}', '\u{203E}'];
    let holds = |text: &str| !SHIFT_JIS.encode(text).2 && !text.contains(quietly_changed);
    if cell.is_ascii() || holds(cell) {
        return Cow::Borrowed(cell);
    }
    let mut written = String::with_capacity(cell.len());
    for c in cell.chars() {
        match c {
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {}
            '\u{301C}' => written.push('～'),
            '\u{2212}' => written.push('－'),
            '\u{2014}' => written.push('―'),
            '\u{2016}' => written.push('∥'),
            '\u{203E}' => written.push('￣'),
            '\u{A2}' => written.push('￠'),
            '\u{A3}' => written.push('￡'),
            '\u{A5}' => written.push('￥'),
            '\u{AC}' => written.push('￢'),
            c => written.push(if holds(c.encode_utf8(&mut [0; 4])) { c } else { GETA }),
        }
    }
    Cow::Owned(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(encoding: CsvEncoding, cells: &[&str]) -> (Vec<u8>, Vec<LostCell>) {
        let mut block = CsvBlock::first(encoding, cells.iter().map(|_| "氏名")).unwrap();
        block.line(cells.iter().copied()).unwrap();
        block.finish().unwrap()
    }

    #[test]
    fn a_file_begins_with_a_mark_and_its_columns() {
        let (bytes, lost) = file(CsvEncoding::Utf8, &["髙橋, \"花子\"", "𠮷野"]);
        let text = "\u{FEFF}氏名,氏名\r\n\"髙橋, \"\"花子\"\"\",𠮷野\r\n";
        assert_eq!((String::from_utf8(bytes).unwrap().as_str(), lost), (text, Vec::new()));
        let mut further = CsvBlock::next(CsvEncoding::Utf8);
        further.line([""]).unwrap();
        assert_eq!(further.finish().unwrap().0, b"\"\"\r\n");
    }

    #[test]
    fn exp_4_every_cell_that_the_code_page_cannot_hold_is_named_with_what_stands_in_its_place() {
        let cells = ["𠮷野𠮷", "髙橋", "①", "德", "葛\u{E0100}", "神\u{FA19}", "一〜二−三", "\u{202E}x", "＝𠮷"];
        let (bytes, lost) = file(CsvEncoding::Cp932, &cells);
        let (text, _, broken) = SHIFT_JIS.decode(&bytes);
        assert!(!broken);
        let line = text.lines().nth(1).unwrap();
        assert_eq!(line, "〓野〓,髙橋,①,德,葛,神\u{FA19},一～二－三,〓x,'＝〓");
        let lost: Vec<(usize, &str, &str)> =
            lost.iter().map(|lost| (lost.cell, lost.value.as_str(), lost.written.as_str())).collect();
        let expected = [
            (0, cells[0], "〓野〓"),
            (4, cells[4], "葛"),
            (6, cells[6], "一～二－三"),
            (7, cells[7], "〓x"),
            (8, cells[8], "＝〓"),
        ];
        assert_eq!(lost, expected);
    }
}
