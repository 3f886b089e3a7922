use chrono::NaiveDate;
use serde::Serialize;

use crate::DocumentError;
use crate::letters::{both_calendars, fits, lines, postal_code};
use crate::press::{print, printable};

const TEMPLATE: &str = include_str!("../templates/notices.typ");

/// A notice for somebody who reads no mail.
#[derive(Debug, Clone)]
pub struct Notice {
    /// As typed; 様 is added.
    pub recipient_name: String,
    /// Seven digits, with or without a hyphen.
    pub postal_code: String,
    /// One to four lines.
    pub address_lines: Vec<String>,
    /// Who sends it.
    pub association_name: String,
    /// Address, telephone, hours: one a line.
    pub association_contact: Vec<String>,
    /// The heading.
    pub subject: String,
    /// What it says; line breaks inside a paragraph are kept.
    pub paragraphs: Vec<String>,
    /// The day on the letter.
    pub issued_on: NaiveDate,
}

/// As the template reads it.
#[derive(Serialize)]
struct Sheet {
    name: String,
    postal_code: String,
    address: Vec<String>,
    association: String,
    contact: Vec<String>,
    subject: String,
    paragraphs: Vec<Vec<String>>,
    issued_on: [String; 2],
    fits: bool,
}

/// All notices in one PDF; each begins on a page of its own and takes as many as it needs.
///
/// # Errors
/// [`DocumentError`]; nothing is printed when one notice cannot be.
pub fn notices(notices: &[Notice]) -> Result<Vec<u8>, DocumentError> {
    if notices.is_empty() {
        return Err(DocumentError::Empty);
    }
    let sheets: Vec<Sheet> = notices.iter().map(sheet).collect();
    print(TEMPLATE, &sheets)
}

fn sheet(notice: &Notice) -> Sheet {
    Sheet {
        name: printable(&notice.recipient_name),
        postal_code: postal_code(&notice.postal_code),
        address: lines(&notice.address_lines),
        association: printable(&notice.association_name),
        contact: lines(&notice.association_contact),
        subject: printable(&notice.subject),
        paragraphs: notice.paragraphs.iter().map(|paragraph| paragraph.lines().map(printable).collect()).collect(),
        issued_on: both_calendars(notice.issued_on),
        fits: fits(&notice.recipient_name, &notice.address_lines),
    }
}
