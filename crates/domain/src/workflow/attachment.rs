use chrono::{DateTime, Utc};
use mamis_kernel::text::{LineBreaks, first_private_use, reject_controls};
use mamis_kernel::{AttachmentId, AttachmentPurpose, MediaType};

/// Files a case may have at once \[GK\].
pub const ATTACHMENTS_A_CASE: i64 = 10;

/// The longest name that is kept; file systems take no more than 255 bytes.
const LONGEST_NAME: usize = 80;

/// A file that belongs to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file.
    pub id: AttachmentId,
    /// What it shows.
    pub purpose: AttachmentPurpose,
    /// What its owner called it: text, never a path.
    pub file_name: String,
    /// By its content.
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its content.
    pub sha256: Vec<u8>,
    /// When it had arrived whole.
    pub received_at: DateTime<Utc>,
}

/// The name under which a file is kept and given back: no folders, nothing that hides how it ends, and an ending that tells
/// what the content is. A page that calls itself a photograph must not become a page on the reader's disk.
///
/// Rule W-21; source: docs/rules/workflow.md#w-21.
#[must_use]
pub fn kept_file_name(given: &str, media_type: MediaType) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |c: &char| {
        let mut text = [0; 4];
        let text: &str = c.encode_utf8(&mut text);
        let forbidden = matches!(c, '"' | '<' | '>' | '|' | '*' | '?' | ':' | ';' | '%' | '\u{FFFD}');
        !forbidden && reject_controls(text, LineBreaks::Forbidden).is_ok() && first_private_use(text).is_none()
    };
    let clean: String = last.chars().filter(harmless).collect();
    let clean = clean.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let endings: &[&str] = match media_type {
        MediaType::Jpeg => &[".jpg", ".jpeg"],
        MediaType::Png => &[".png"],
        MediaType::Pdf => &[".pdf"],
    };
    let lowered = clean.to_lowercase();
    let ending = endings.iter().find(|ending| lowered.ends_with(**ending)).copied();
    // Endings are ASCII, so that lower case is as long as what was given.
    let stem = ending.map_or(clean, |ending| &clean[..clean.len() - ending.len()]);
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    let stem = if stem.is_empty() { "file".to_owned() } else { stem };
    format!("{stem}{}", ending.unwrap_or(endings[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w_21_a_name_keeps_no_path_and_ends_as_its_content() {
        for (given, kept) in [
            ("免許証.jpg", "免許証.jpg"),
            ("IMG_0001.JPEG", "IMG_0001.jpeg"),
            ("../../etc/passwd", "passwd.jpg"),
            ("..\\..\\boot.ini", "boot.ini.jpg"),
            ("C:\\写真\\a.jpg", "a.jpg"),
            ("page.html", "page.html.jpg"),
            ("photo.jpg.exe", "photo.jpg.exe.jpg"),
            ("..", "file.jpg"),
            (".jpg", "jpg.jpg"),
            ("", "file.jpg"),
            ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie x=1.jpg"),
            ("a\"; filename=\"b.html", "a filename=b.html.jpg"),
            ("gnp.\u{202e}exe.jpg", "gnp.exe.jpg"),
            ("nul\0.jpg", "nul.jpg"),
        ] {
            assert_eq!(kept_file_name(given, MediaType::Jpeg), kept, "{given:?}");
        }
        assert_eq!(kept_file_name(&"医".repeat(500), MediaType::Pdf).chars().count(), 84);
    }

    #[test]
    fn letters_whose_lower_case_is_longer_do_not_kill_anybody() {
        assert_eq!(kept_file_name("İİİİ.PNG", MediaType::Png), "İİİİ.png");
        assert_eq!(kept_file_name("İ", MediaType::Png), "İ.png");
    }
}
