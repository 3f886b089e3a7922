//! Typst with a world of two files and four fonts: the template and the data, nothing from disk or network.

use std::sync::{LazyLock, OnceLock};

use serde::Serialize;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use typst_svg::SvgOptions;

use crate::DocumentError;

/// In the order in which a glyph is looked for; the last is for letters alone that tell people apart (ids, passwords).
const FONT_FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/BIZUDPGothic-Regular.ttf"),
    include_bytes!("../fonts/BIZUDPGothic-Bold.ttf"),
    include_bytes!("../fonts/NotoSansCJKjp-Rare.otf"),
    include_bytes!("../fonts/BIZUDGothic-Bold-Latin.ttf"),
];

/// What Japanese printers set where a glyph is missing.
const GETA: char = '〓';

const COMMON: &str = include_str!("../templates/common.typ");

static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FONT_FILES.iter().filter_map(|file| Font::new(Bytes::new(*file), 0)).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// A template and its data.
struct Sheet {
    template: Source,
    common: &'static Source,
    data: Bytes,
    data_id: FileId,
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id {
            id if id == self.template.id() => Ok(self.template.clone()),
            id if id == self.common.id() => Ok(self.common.clone()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// There is no clock here: days are data.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets a template with its data and writes the PDF.
pub(crate) fn print(template: &str, data: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
    // Untagged: these pages are for printing, and tags of 5,000 letters are a third of the work and of the file.
    let options =
        PdfOptions { creator: Smart::Custom(Some("MAMIS".to_owned())), tagged: false, ..PdfOptions::default() };
    with_pages(template, data, |document| typst_pdf::pdf(document, &options).map_err(|faults| setting(&faults)))
}

/// Sets a template without data and draws its first page as an SVG.
pub(crate) fn draw(template: &str) -> Result<String, DocumentError> {
    with_pages(template, &(), |document| {
        let page = document.pages().first().ok_or(DocumentError::Empty)?;
        Ok(typst_svg::svg(page, &SvgOptions::default()))
    })
}

fn with_pages<T>(
    template: &str,
    data: &impl Serialize,
    write: impl FnOnce(&PagedDocument) -> Result<T, DocumentError>,
) -> Result<T, DocumentError> {
    static SHARED: OnceLock<Option<Source>> = OnceLock::new();
    let common = SHARED.get_or_init(|| Some(Source::new(file_id("common.typ").ok()?, COMMON.to_owned())));
    let sheet = Sheet {
        template: Source::new(file_id("main.typ")?, template.to_owned()),
        common: common.as_ref().ok_or(DocumentError::BuiltIn("the shared template"))?,
        data: Bytes::new(serde_json::to_vec(data)?),
        data_id: file_id("data.json")?,
    };
    if FONTS.len() != FONT_FILES.len() {
        return Err(DocumentError::BuiltIn("a font"));
    }
    let set = typst::compile::<PagedDocument>(&sheet).output.map_err(|faults| setting(&faults));
    let written = set.and_then(|document| write(&document));
    // What the compiler remembers for the next time holds names and passwords.
    typst::comemo::evict(0);
    written
}

fn setting(faults: &[typst::diag::SourceDiagnostic]) -> DocumentError {
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    DocumentError::Setting(said.join("; "))
}

fn file_id(name: &str) -> Result<FileId, DocumentError> {
    let path = VirtualPath::new(name).map_err(|_| DocumentError::BuiltIn("a file name"))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

/// The letters of a text that no font here has, each once, in their order. They are printed as 〓.
#[must_use]
pub fn unprintable(text: &str) -> Vec<char> {
    let mut missing: Vec<char> = Vec::new();
    for letter in text.chars() {
        if !has_glyph(letter) && !letter.is_control() && !missing.contains(&letter) {
            missing.push(letter);
        }
    }
    missing
}

/// A text as it can be printed: control characters are spaces, what has no glyph is 〓.
pub(crate) fn printable(text: &str) -> String {
    let shown = |letter: char| match letter {
        letter if letter.is_control() => ' ',
        letter if has_glyph(letter) => letter,
        _ => GETA,
    };
    text.trim().chars().map(shown).collect()
}

fn has_glyph(letter: char) -> bool {
    // Variation selectors choose a form of the letter before them; fonts have them in another table.
    let selects_a_form = matches!(letter, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    let covers = |font: &Font| font.info().coverage.contains(letter as u32);
    selects_a_form || [0, 2].iter().filter_map(|index| FONTS.get(*index)).any(covers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_letters_of_names_have_glyphs() {
        for name in ["髙橋", "﨑", "𠮷田", "德", "辻\u{E0100}", "渡邉󠄂", "Ōno", "ヷ", "①"] {
            assert_eq!(unprintable(name), Vec::<char>::new(), "{name}");
            assert_eq!(printable(name), name);
        }
    }

    #[test]
    fn what_no_font_has_is_named_and_printed_as_geta() {
        assert_eq!(unprintable("山\u{E000}田\u{E000}"), ['\u{E000}']);
        assert_eq!(printable("山\u{E000}田\n太郎"), "山〓田 太郎");
    }
}
