use serde::Serialize;

use crate::press::{draw, print, printable};
use crate::{DocumentError, qr};

const TEMPLATE: &str = include_str!("../templates/poster.typ");

/// A page for a notice board, with a QR code to where more is said.
#[derive(Debug, Clone)]
pub struct Poster {
    /// The heading.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub lead: String,
    /// What has to be said.
    pub sections: Vec<PosterSection>,
    /// Behind the QR code.
    pub url: String,
    /// What one finds there.
    pub url_caption: String,
    /// Who answers for it.
    pub publisher: String,
}

/// A heading with its points.
#[derive(Debug, Clone)]
pub struct PosterSection {
    /// The heading.
    pub heading: String,
    /// One a line, or one after the other where there are many.
    pub items: Vec<String>,
}

/// As the template reads it.
#[derive(Serialize)]
struct Sheet {
    title: String,
    lead: String,
    sections: Vec<Section>,
    url: String,
    url_caption: String,
    publisher: String,
    qr: String,
}

#[derive(Serialize)]
struct Section {
    heading: String,
    items: Vec<String>,
}

/// The poster as a PDF of one A4 page.
///
/// # Errors
/// [`DocumentError`]
pub fn poster(poster: &Poster) -> Result<Vec<u8>, DocumentError> {
    let section = |section: &PosterSection| Section {
        heading: printable(&section.heading),
        items: section.items.iter().map(|item| printable(item)).collect(),
    };
    let sheet = Sheet {
        title: printable(&poster.title),
        lead: printable(&poster.lead),
        sections: poster.sections.iter().map(section).collect(),
        url: poster.url.clone(),
        url_caption: printable(&poster.url_caption),
        publisher: printable(&poster.publisher),
        qr: qr::svg(&poster.url)?,
    };
    print(TEMPLATE, &sheet)
}

/// The banner that associations put on their own sites: an SVG whose letters are outlines.
///
/// # Errors
/// [`DocumentError`]
pub fn joint_use_banner() -> Result<String, DocumentError> {
    draw(include_str!("../templates/banner.typ"))
}
