//! `bench letters`: how fast a batch of letters with temporary log-ins becomes one PDF.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use mamis_documents::{TemporaryLetter, temporary_letters};

use crate::report::{Aim, Line};

const PAGES: usize = 5_000;

/// Needs neither database nor server: the letters are made up and the PDF is only weighed.
pub(crate) fn run() -> Result<()> {
    let letters: Vec<TemporaryLetter> = (0..PAGES).map(letter).collect::<Option<_>>().context("making up letters")?;
    let start = Instant::now();
    let pdf = temporary_letters(&letters)?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(pdf.starts_with(b"%PDF-"), "what came out is no PDF");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    #[expect(clippy::cast_precision_loss, reason = "counts of pages and bytes are far below 2^52")]
    let (pages, bytes) = (PAGES as f64, pdf.len() as f64);
    let pages_per_s = pages / seconds;
    Line::new("letters")
        .with("pages", PAGES)
        .number("pages_per_s", pages_per_s)
        .number("seconds", seconds)
        .number("pdf_mib", bytes / 1_048_576.0)
        .number("peak_rss_mib", peak.unwrap_or(f64::NAN) / 1024.0)
        .aims(&[("pages_per_s", pages_per_s, Aim::AtLeast(20.0))])
        .print_alone(PAGES as u64);
    Ok(())
}

/// Names, addresses and log-ins of different letters and lengths, rare ones among them.
fn letter(number: usize) -> Option<TemporaryLetter> {
    const FAMILY: [&str; 8] = ["髙橋", "佐藤", "𠮷田", "勅使河原", "渡邉", "小山﨑", "森", "長谷川"];
    const GIVEN: [&str; 7] = ["花子", "一郎", "德之助", "さくら", "健", "美智子", "右衛門"];
    const LETTERS: &[u8] = b"ACDEFGHJKMNPQRTUVWXY34679";
    let made_up = |salt: usize, length: usize| -> String {
        let letter = |at: usize| LETTERS[(number.wrapping_mul(2_654_435_761) / (at * 7 + salt) + at) % LETTERS.len()];
        (0..length).map(|at| char::from(letter(at))).collect()
    };
    let id = made_up(3, 8);
    Some(TemporaryLetter {
        recipient_name: format!("{}　{}", FAMILY[number % FAMILY.len()], GIVEN[number % GIVEN.len()]),
        postal_code: format!("520{:04}", number % 10_000),
        address_lines: vec![
            format!("滋賀県大津市栄町{}丁目{}番{}号", number % 9 + 1, number % 31 + 1, number % 17 + 1),
            if number.is_multiple_of(3) {
                format!("湖畔ハイツ{}号室", number % 900 + 101)
            } else {
                String::new()
            },
        ],
        association_name: "大津市医師会".to_owned(),
        association_contact: vec!["〒520-0003 滋賀県大津市栄町4-5".to_owned(), "電話 077-500-0000".to_owned()],
        enrolment_url: format!("https://mamis.example.jp/enrol?id={id}"),
        temporary_login_id: id,
        temporary_password: made_up(11, 16),
        valid_until: NaiveDate::from_ymd_opt(2027, 1, 22)?,
        issued_on: NaiveDate::from_ymd_opt(2026, 11, 23)?,
        issue_number: u32::from(number.is_multiple_of(20)) + 1,
    })
}
