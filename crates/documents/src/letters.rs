use chrono::{Datelike, NaiveDate};
use mamis_kernel::wareki::wareki;
use serde::Serialize;

use crate::press::{print, printable};
use crate::{DocumentError, qr};

const TEMPLATE: &str = include_str!("../templates/temporary_letters.typ");
/// How many letters of a log-in stand together.
const GROUP: usize = 4;
/// What people take for one another on paper.
const ALIKE: [char; 9] = ['0', 'O', 'o', '1', 'I', 'l', '5', 'S', 's'];

/// What somebody needs for the first log-in.
#[derive(Debug, Clone)]
pub struct TemporaryLetter {
    /// As typed, rare glyphs and all; 様 is added.
    pub recipient_name: String,
    /// Seven digits, with or without a hyphen.
    pub postal_code: String,
    /// One to four lines.
    pub address_lines: Vec<String>,
    /// Who sends it.
    pub association_name: String,
    /// Address, telephone, hours: one a line.
    pub association_contact: Vec<String>,
    /// For the first log-in only.
    pub temporary_login_id: String,
    /// For the first log-in only; printed here and nowhere else.
    pub temporary_password: String,
    /// The enrolment page, with or without the id in its query. Never holds the password.
    pub enrolment_url: String,
    /// The last day on which it works.
    pub valid_until: NaiveDate,
    /// The day on the letter.
    pub issued_on: NaiveDate,
    /// 1 for the first letter, more for 再発行.
    pub issue_number: u32,
}

/// As the template reads it.
#[derive(Serialize)]
struct Sheet {
    name: String,
    postal_code: String,
    address: Vec<String>,
    association: String,
    contact: Vec<String>,
    login_id: Vec<String>,
    password: Vec<String>,
    case: &'static str,
    fits: bool,
    look_alikes: bool,
    typed_url: String,
    qr: String,
    valid_until: [String; 2],
    issued_on: [String; 2],
    issue_number: u32,
}

/// All letters in one PDF, a page each, in their order.
///
/// # Errors
/// [`DocumentError`]; nothing is printed when one letter cannot be.
pub fn temporary_letters(letters: &[TemporaryLetter]) -> Result<Vec<u8>, DocumentError> {
    if letters.is_empty() {
        return Err(DocumentError::Empty);
    }
    let sheets: Vec<Sheet> = letters.iter().map(sheet).collect::<Result<_, _>>()?;
    print(TEMPLATE, &sheets)
}

fn sheet(letter: &TemporaryLetter) -> Result<Sheet, DocumentError> {
    let both = || letter.temporary_login_id.chars().chain(letter.temporary_password.chars());
    Ok(Sheet {
        name: printable(&letter.recipient_name),
        postal_code: postal_code(&letter.postal_code),
        address: lines(&letter.address_lines),
        association: printable(&letter.association_name),
        contact: lines(&letter.association_contact),
        login_id: groups(&letter.temporary_login_id),
        password: groups(&letter.temporary_password),
        case: case(&format!("{}{}", letter.temporary_login_id, letter.temporary_password)),
        fits: fits(&letter.recipient_name, &letter.address_lines),
        look_alikes: both().any(|letter| ALIKE.contains(&letter)),
        typed_url: letter.enrolment_url.split('?').next().unwrap_or_default().to_owned(),
        qr: qr::svg(&letter.enrolment_url)?,
        valid_until: both_calendars(letter.valid_until),
        issued_on: both_calendars(letter.issued_on),
        issue_number: letter.issue_number,
    })
}

/// Which letters a log-in has, so that the paper can say it.
fn case(log_in: &str) -> &'static str {
    match (log_in.chars().any(char::is_lowercase), log_in.chars().any(char::is_uppercase)) {
        (true, true) => "mixed",
        (true, false) => "lower",
        (false, true) => "upper",
        (false, false) => "digits",
    }
}

/// Whether an address surely fits the window in the largest size; measuring each would take longer than setting the page.
pub(crate) fn fits(name: &str, address: &[String]) -> bool {
    let short = |text: &str, most: usize| text.chars().count() <= most;
    address.len() <= 3 && address.iter().all(|line| short(line, 18)) && short(name, 13)
}

/// A log-in in groups of four, its own hyphens and spaces left out.
fn groups(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().filter(|letter| *letter != '-' && !letter.is_whitespace()).collect();
    letters.chunks(GROUP).map(|group| group.iter().collect()).collect()
}

/// Wareki, and the Gregorian day beside it.
pub(crate) fn both_calendars(day: NaiveDate) -> [String; 2] {
    [wareki(day), format!("{}年{}月{}日", day.year(), day.month(), day.day())]
}

/// `5200003` and `520-0003` as `520-0003`; what is neither stays as it is.
pub(crate) fn postal_code(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.split_at_checked(3) {
        Some((area, town)) if town.len() == 4 => format!("{area}-{town}"),
        Some(_) | None => printable(text),
    }
}

/// Lines with something in them.
pub(crate) fn lines(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| printable(line)).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_ins_stand_in_groups_of_four() {
        assert_eq!(groups("KX4Q7M2P"), ["KX4Q", "7M2P"]);
        assert_eq!(groups("KX4Q-7M2P-9"), ["KX4Q", "7M2P", "9"]);
    }

    #[test]
    fn postal_codes_have_one_hyphen() {
        for (typed, printed) in [("5200003", "520-0003"), ("520-0003", "520-0003"), ("〒520", "〒520")] {
            assert_eq!(postal_code(typed), printed);
        }
    }
}
