//! A roster file, read record by record (RO-2).

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::decode::{self, DecodeError, RosterEncoding};
use super::record::{COLUMN_COUNT, Column, RosterRecord};

/// Why a roster cannot be read at all. Nothing of it has been judged then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterFileError {
    /// The bytes are not text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Columns are missing from the header.
    #[error("read as {encoding}, the header lacks {}", columns.join(", "))]
    MissingColumns {
        /// The encoding the header was read in: a wrong one shows here first.
        encoding: &'static str,
        /// The missing headers.
        columns: Vec<&'static str>,
    },
    /// A column stands twice, so which of the two counts would be a guess.
    #[error("the column {column} stands twice in the header")]
    DoubleColumn {
        /// The header.
        column: &'static str,
    },
    /// The CSV reader gave up.
    #[error("record {line_of_record} is not CSV: {detail}")]
    Csv {
        /// The record's number, the header being 1.
        line_of_record: u64,
        /// What the reader said.
        detail: String,
    },
}

/// A roster with its header read. The CSV is split before it is decoded, which CP932 allows (none of its second bytes is
/// a quote, a comma or a line break), so that only one record at a time is held as text.
#[derive(Debug)]
pub struct RosterFile<'a> {
    reader: Reader<&'a [u8]>,
    encoding: RosterEncoding,
    /// Where each column of [`Column::ALL`] stands in this file.
    positions: [usize; COLUMN_COUNT],
    width: usize,
    ignored: Vec<String>,
    raw: ByteRecord,
    line_of_record: u64,
}

impl<'a> RosterFile<'a> {
    /// Detects the encoding of the whole file and reads its header. Columns may stand in any order; unknown ones are
    /// ignored and named in [`RosterFile::ignored_columns`].
    ///
    /// # Errors
    /// See [`RosterFileError`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, RosterFileError> {
        let encoding = decode::detect(bytes)?;
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(encoding.body(bytes));
        let mut raw = ByteRecord::new();
        read_raw(&mut reader, &mut raw, 1)?;
        let headers = raw
            .iter()
            .map(|cell| {
                let mut header = String::new();
                decode::append_cell(encoding, cell, &mut header);
                header.trim().to_owned()
            })
            .collect::<Vec<_>>();

        let mut positions = [0; COLUMN_COUNT];
        let mut missing = Vec::new();
        for (column, position) in Column::ALL.into_iter().zip(&mut positions) {
            let mut found = headers.iter().enumerate().filter(|(_, header)| *header == column.header());
            match (found.next(), found.next()) {
                (Some((index, _)), None) => *position = index,
                (None, _) => missing.push(column.header()),
                (Some(_), Some(_)) => return Err(RosterFileError::DoubleColumn { column: column.header() }),
            }
        }
        if !missing.is_empty() {
            return Err(RosterFileError::MissingColumns { encoding: encoding.name(), columns: missing });
        }
        let ignored = headers.iter().filter(|header| Column::ALL.iter().all(|column| column.header() != *header));
        let (width, ignored) = (headers.len(), ignored.cloned().collect());
        Ok(Self { reader, encoding, positions, width, ignored, raw, line_of_record: 1 })
    }

    /// The encoding, to be named to the operator.
    pub fn encoding(&self) -> RosterEncoding {
        self.encoding
    }

    /// Headers this import does not know.
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored
    }

    /// How many bytes have been read, for a progress bar against the file's size.
    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }

    /// Reads the next record into `record`; false at the end of the file. Empty lines are not records.
    ///
    /// # Errors
    /// [`RosterFileError::Csv`], after which nothing more can be read.
    pub fn read(&mut self, record: &mut RosterRecord) -> Result<bool, RosterFileError> {
        let line_of_record = self.line_of_record + 1;
        if !read_raw(&mut self.reader, &mut self.raw, line_of_record)? {
            return Ok(false);
        }
        self.line_of_record = line_of_record;
        record.begin(line_of_record);
        for (column, position) in Column::ALL.into_iter().zip(self.positions) {
            let cell = self.raw.get(position).unwrap_or_default();
            if !decode::append_cell(self.encoding, cell, record.text_mut()) {
                return Err(
                    DecodeError::Undecodable { line: self.raw.position().map_or(0, csv::Position::line) }.into()
                );
            }
            record.end_cell(column);
        }
        if self.raw.len() != self.width {
            record.set_ragged(self.raw.len());
        }
        Ok(true)
    }
}

fn read_raw(reader: &mut Reader<&[u8]>, raw: &mut ByteRecord, line_of_record: u64) -> Result<bool, RosterFileError> {
    reader.read_byte_record(raw).map_err(|error| RosterFileError::Csv { line_of_record, detail: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> String {
        Column::ALL.map(Column::header).join(",")
    }

    #[test]
    fn ro_2_columns_are_found_by_their_header_in_any_order() {
        let mut headers = Column::ALL.map(Column::header).to_vec();
        headers.reverse();
        let mut cells = Column::ALL.map(Column::field).to_vec();
        cells.reverse();
        let text = format!("{},備考\r\n{},x\r\n", headers.join(","), cells.join(","));
        let mut file = RosterFile::open(text.as_bytes()).unwrap();
        let mut record = RosterRecord::default();
        assert!(file.read(&mut record).unwrap());
        for column in Column::ALL {
            assert_eq!(record.cell(column), column.field());
        }
        assert_eq!((record.line_of_record(), record.ragged()), (2, None));
        assert_eq!(file.ignored_columns(), ["備考"]);
        assert!(!file.read(&mut record).unwrap());
    }

    #[test]
    fn ro_2_a_missing_or_double_column_is_named() {
        let text = header().replace("氏名,", "").replace("性別,", "");
        assert_eq!(
            RosterFile::open(text.as_bytes()).unwrap_err(),
            RosterFileError::MissingColumns { encoding: "UTF-8", columns: vec!["氏名", "性別"] }
        );
        let text = header() + ",氏名";
        assert_eq!(RosterFile::open(text.as_bytes()).unwrap_err(), RosterFileError::DoubleColumn { column: "氏名" });
    }

    #[test]
    fn a_record_with_line_breaks_inside_quotes_counts_as_one() {
        let quoted = format!("\"a\r\nb\"{}", ",".repeat(COLUMN_COUNT - 1));
        let text = format!("{}\r\n{quoted}\r\n\r\nx,y\r\n", header());
        let mut file = RosterFile::open(text.as_bytes()).unwrap();
        let mut record = RosterRecord::default();
        assert!(file.read(&mut record).unwrap());
        assert_eq!(record.cell(Column::JmaMemberId), "a\r\nb");
        assert!(file.read(&mut record).unwrap());
        assert_eq!((record.line_of_record(), record.ragged()), (3, Some(2)));
        assert_eq!((record.cell(Column::Name), record.cell(Column::Journal)), ("y", ""));
    }

    #[test]
    fn the_same_record_has_one_fingerprint_in_every_encoding() {
        let row = format!("{}髙橋　德子{}", ",", ",".repeat(COLUMN_COUNT - 2));
        let utf8 = format!("{}\n{row}\n", header());
        let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(&utf8);
        assert!(!lost);
        let fingerprints = [utf8.as_bytes(), &cp932].map(|bytes| {
            let mut record = RosterRecord::default();
            assert!(RosterFile::open(bytes).unwrap().read(&mut record).unwrap());
            record.fingerprint()
        });
        assert_eq!(fingerprints[0], fingerprints[1]);
    }
}
