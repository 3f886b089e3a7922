//! Which encoding a roster is in (RO-1): a byte order mark, else strict UTF-8, else CP932. Never a silent guess: the
//! encoding is named to the operator, and what is none of the three is refused with the place.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, SHIFT_JIS};

/// The encoding of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RosterEncoding {
    /// UTF-8 that says so by a byte order mark.
    Utf8WithBom,
    /// Every byte reads as UTF-8.
    Utf8,
    /// Shift_JIS as Japanese Windows uses it, with ①, 髙 and 﨑.
    Cp932,
}

impl RosterEncoding {
    /// The name for the operator.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8WithBom => "UTF-8 (BOM)",
            Self::Utf8 => "UTF-8",
            Self::Cp932 => "CP932 (Shift_JIS)",
        }
    }

    /// The bytes after the byte order mark, if there is one.
    pub(super) fn body(self, bytes: &[u8]) -> &[u8] {
        match self {
            Self::Utf8WithBom => bytes.get(UTF8_BOM.len()..).unwrap_or_default(),
            Self::Utf8 | Self::Cp932 => bytes,
        }
    }
}

/// Why bytes are not text in an encoding a roster can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// A file of another kind, known by its first bytes.
    #[error("the file is {what}, not a CSV file")]
    OtherFormat {
        /// What it is: `a PNG image`.
        what: &'static str,
    },
    /// UTF-16, which no old roster uses and which Excel writes as "Unicode text".
    #[error("the file is in UTF-16; save it as CSV in UTF-8")]
    Utf16,
    /// NUL bytes: data, not text.
    #[error("line {line} holds NUL bytes: this is not a text file")]
    Binary {
        /// Line in the file, from 1.
        line: u64,
    },
    /// Neither UTF-8 nor CP932.
    #[error("line {line} can be read neither as UTF-8 nor as CP932")]
    Undecodable {
        /// Line in the file, from 1.
        line: u64,
    },
}

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

const SIGNATURES: &[(&[u8], &str)] = &[
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook (.xlsx)"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls)"),
    (b"\x1F\x8B", "a gzip archive"),
];

/// Names the encoding of a whole file (RO-1). Reads every byte, keeps none.
///
/// # Errors
/// See [`DecodeError`].
pub fn detect(bytes: &[u8]) -> Result<RosterEncoding, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Err(DecodeError::OtherFormat { what });
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(DecodeError::Utf16);
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(DecodeError::Binary { line: line_at(bytes, at) });
    }
    let marked = bytes.starts_with(UTF8_BOM);
    match (std::str::from_utf8(bytes), marked) {
        (Ok(_), true) => Ok(RosterEncoding::Utf8WithBom),
        (Ok(_), false) => Ok(RosterEncoding::Utf8),
        (Err(error), true) => Err(DecodeError::Undecodable { line: line_at(bytes, error.valid_up_to()) }),
        (Err(_), false) => match first_not_cp932(bytes) {
            None => Ok(RosterEncoding::Cp932),
            Some(at) => Err(DecodeError::Undecodable { line: line_at(bytes, at) }),
        },
    }
}

/// The whole text with the name of its encoding, without a byte order mark. Borrows when the bytes are UTF-8.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, RosterEncoding), DecodeError> {
    let encoding = detect(bytes)?;
    let body = encoding.body(bytes);
    let text = match encoding {
        RosterEncoding::Utf8WithBom | RosterEncoding::Utf8 => std::str::from_utf8(body).map(Cow::Borrowed).ok(),
        RosterEncoding::Cp932 => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(body),
    };
    text.map(|text| (text, encoding)).ok_or(DecodeError::Undecodable { line: 1 })
}

/// Appends one cell to `text`; false when it cannot be read, which [`detect`] has ruled out for a whole file.
pub(super) fn append_cell(encoding: RosterEncoding, cell: &[u8], text: &mut String) -> bool {
    if encoding != RosterEncoding::Cp932 || cell.is_ascii() {
        return std::str::from_utf8(cell).map(|cell| text.push_str(cell)).is_ok();
    }
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let Some(most) = decoder.max_utf8_buffer_length_without_replacement(cell.len()) else { return false };
    text.reserve(most);
    matches!(decoder.decode_to_string_without_replacement(cell, text, true), (DecoderResult::InputEmpty, _))
}

fn first_not_cp932(bytes: &[u8]) -> Option<usize> {
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let mut scratch = vec![0_u8; 64 * 1024];
    let mut done = 0;
    loop {
        let rest = bytes.get(done..)?;
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut scratch, true);
        done += read;
        match result {
            DecoderResult::InputEmpty => return None,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return Some(done.saturating_sub(1)),
        }
    }
}

fn line_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(..at).unwrap_or(bytes).iter().fold(1, |line, byte| line + u64::from(*byte == b'\n'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ro_1_the_encoding_is_named() {
        assert_eq!(detect("氏名\r\n髙橋".as_bytes()), Ok(RosterEncoding::Utf8));
        assert_eq!(detect(b"\xEF\xBB\xBF\x61"), Ok(RosterEncoding::Utf8WithBom));
        // 髙 and ① in CP932.
        assert_eq!(detect(b"\xFB\xFC\x87\x40"), Ok(RosterEncoding::Cp932));
        assert_eq!(decode(b"\xFB\xFC\x87\x40").unwrap().0, "髙①");
        assert_eq!(decode(b"\xEF\xBB\xBF\xE9\xAB\x99").unwrap().0, "髙");
        // 外字 of the user's own font come through as private use, for the name rule to stop.
        assert_eq!(decode(b"\xF0\x40\x82\xA0").unwrap().0, "\u{E000}あ");
    }

    #[test]
    fn ro_1_what_is_not_text_is_refused_by_name() {
        assert_eq!(detect(b""), Err(DecodeError::Empty));
        assert_eq!(detect(b"\x89PNG\r\n\x1A\n"), Err(DecodeError::OtherFormat { what: "a PNG image" }));
        assert!(matches!(detect(b"PK\x03\x04abc"), Err(DecodeError::OtherFormat { .. })));
        assert_eq!(detect(b"\xFF\xFEa\0"), Err(DecodeError::Utf16));
        assert_eq!(detect(b"a\nb\nc\0"), Err(DecodeError::Binary { line: 3 }));
        assert_eq!(detect(b"a\n\xFF"), Err(DecodeError::Undecodable { line: 2 }));
        assert_eq!(detect(b"\xEF\xBB\xBFa\n\n\x82\xA0"), Err(DecodeError::Undecodable { line: 3 }));
        assert_eq!(detect(b"a\n\x82"), Err(DecodeError::Undecodable { line: 2 }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_what_is_detected_decodes(bytes in any::<Vec<u8>>()) {
            prop_assert_eq!(detect(&bytes).is_ok(), decode(&bytes).is_ok());
        }
    }
}
