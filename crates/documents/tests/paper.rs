//! What comes out of the press: pages, QR codes that scanners read, names as they were typed.

#![expect(clippy::unwrap_used, reason = "a PDF that cannot be read ends the test")]

use chrono::NaiveDate;
use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::kurbo::{Affine, BezPath, Point, Rect};
use hayro::{RenderCache, RenderSettings, render};
use mamis_documents::{DocumentError, Notice, Poster, PosterSection, TemporaryLetter};
use mamis_documents::{joint_use_banner, notices, poster, temporary_letters};

const MM: f64 = 72.0 / 25.4;

fn day(year: i32, month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, date).unwrap()
}

/// Made-up log-ins: letters of which none looks like another.
fn made_up(number: u32, length: u32) -> String {
    let letters = b"ACDEFGHJKMNPQRTUVWXY34679";
    let place = |place: u32| (number.wrapping_mul(7_919) >> (place % 5)).wrapping_add(place * 31 + number) % 25;
    (0..length).map(|at| char::from(letters[place(at) as usize])).collect()
}

fn letter(number: u32) -> TemporaryLetter {
    let id = made_up(number, 8);
    TemporaryLetter {
        recipient_name: format!("髙橋　花子{number}"),
        postal_code: "5200003".into(),
        address_lines: vec!["滋賀県大津市栄町一丁目２番３号".into(), "湖畔マンション１０５号室".into()],
        association_name: "大津市医師会".into(),
        association_contact: vec!["〒520-0003 滋賀県大津市栄町4-5".into(), "電話 077-500-0000（平日9〜17時）".into()],
        enrolment_url: format!("https://mamis.example.jp/enrol?id={id}"),
        temporary_login_id: id,
        temporary_password: made_up(number + 77, 12),
        valid_until: day(2027, 1, 22),
        issued_on: day(2026, 11, 23),
        issue_number: 1,
    }
}

/// A letter on a page with where it stands, in millimetres from the upper left corner.
struct Printed {
    text: String,
    at: Point,
}

/// Notes the letters of a page in the order in which they are drawn.
#[derive(Default)]
struct Reader(Vec<Printed>);

impl Device<'_> for Reader {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_glyph(&mut self, glyph: &Glyph<'_>, page: Affine, own: Affine, _: &Paint<'_>, _: &GlyphDrawMode) {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(letter)) => letter.to_string(),
            Some(BfString::String(letters)) => letters,
            None => String::new(),
        };
        let at = page * own * Point::ORIGIN;
        self.0.push(Printed { text, at: Point::new(at.x / MM, at.y / MM) });
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The letters of each page.
fn read(pdf: &[u8]) -> Vec<Vec<Printed>> {
    let pdf = Pdf::new(pdf.to_vec()).unwrap();
    let (cache, settings) = (InterpreterCache::new(), InterpreterSettings::default());
    let page = |page| {
        let page: &hayro::hayro_syntax::page::Page<'_> = page;
        let mut reader = Reader::default();
        let upright = page.initial_transform(true).to_kurbo();
        let all = Rect::new(0.0, 0.0, 1000.0, 1000.0);
        interpret_page(page, &mut Context::new(upright, all, &cache, page.xref(), settings.clone()), &mut reader);
        reader.0
    };
    pdf.pages().iter().map(page).collect()
}

fn text(page: &[Printed]) -> String {
    page.iter().map(|printed| printed.text.as_str()).collect()
}

/// What a scanner reads on each page, at 100 dots an inch, coarser than any printer.
fn scan(pdf: &[u8], pages: usize) -> Vec<String> {
    let pdf = Pdf::new(pdf.to_vec()).unwrap();
    let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
    let scale = 100.0 / 72.0;
    let look = RenderSettings { x_scale: scale, y_scale: scale, bg_color: WHITE, ..RenderSettings::default() };
    let page = |page| {
        let seen = render(page, &cache, &settings, &look);
        let (width, height) = (usize::from(seen.width()), usize::from(seen.height()));
        let grey = |x: usize, y: usize| seen.data()[y * width + x].g;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
        match image.detect_grids().as_slice() {
            [one] => one.decode().unwrap().1,
            found => panic!("{} QR codes on a page", found.len()),
        }
    };
    pdf.pages().iter().take(pages).map(page).collect()
}

/// Kept for looking at: `pdftoppm -r 80 -png target/documents/….pdf page`.
fn keep(name: &str, pdf: &[u8]) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("documents");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), pdf).unwrap();
}

#[test]
fn fifty_letters_are_fifty_pages_whose_qr_codes_open_the_enrolment_page_with_the_id_filled_in() {
    let letters: Vec<TemporaryLetter> = (1..=50).map(letter).collect();
    let pdf = temporary_letters(&letters).unwrap();
    keep("letters.pdf", &pdf);
    let pages = read(&pdf);
    assert_eq!(pages.len(), 50);
    let urls: Vec<String> = letters.iter().map(|letter| letter.enrolment_url.clone()).collect();
    assert_eq!(scan(&pdf, 50), urls);
    for (page, letter) in pages.iter().zip(&letters) {
        let page = text(page);
        for printed in [&letter.recipient_name, "520-0003", "令和9年1月22日", "2027年1月22日", "大津市医師会"]
        {
            assert!(page.contains(printed), "{printed} is missing in: {page}");
        }
        for group in [&letter.temporary_login_id[..4], &letter.temporary_login_id[4..], &letter.temporary_password[8..]]
        {
            assert!(page.contains(group), "{group}");
        }
        assert!(!page.contains("再発行"));
    }
}

#[test]
fn names_with_markup_quotes_and_rare_glyphs_are_printed_as_typed() {
    let names = [
        "#panic(\"x\")",
        "*太字* _斜体_ $x^2$",
        "`code` \\ \\u{41} @ref <label>",
        "\"quoted\" 'single' ]} )",
        "𠮷田 髙志",
        "﨑德 隆",
    ];
    let letters: Vec<TemporaryLetter> = names
        .iter()
        .map(|name| TemporaryLetter {
            recipient_name: (*name).into(),
            address_lines: vec![format!("{name}町1-2"), "= 見出し\n- 箇条".into()],
            association_name: format!("{name}医師会"),
            ..letter(1)
        })
        .collect();
    let pages = read(&temporary_letters(&letters).unwrap());
    assert_eq!(pages.len(), names.len());
    for (page, name) in pages.iter().zip(names) {
        let page = text(page);
        assert!(page.contains(&format!("{name}　様")), "{name} in: {page}");
        assert!(page.contains("= 見出し - 箇条"), "{page}");
    }
}

#[test]
fn the_envelopes_window_shows_the_address_and_nothing_else() {
    let long = TemporaryLetter {
        recipient_name: "勅使河原　𠮷右衛門之助".into(),
        address_lines: vec![
            "北海道虻田郡留寿都村字三ノ原１２３４番地５６コーポラスるすつ高原リゾートヒルズ".into(),
            "サウスウイング２号棟１０１２号室".into(),
            "医療法人社団さくら会るすつ高原総合診療クリニック 気付".into(),
        ],
        ..letter(1)
    };
    for (letter, lines) in [(letter(1), 2), (long, 3)] {
        let pdf = temporary_letters(std::slice::from_ref(&letter)).unwrap();
        keep(&format!("window-{lines}.pdf"), &pdf);
        let pages = read(&pdf);
        let inside = |printed: &&Printed| printed.at.x < 110.0 && printed.at.y < 57.0;
        let seen: String = pages[0].iter().filter(inside).map(|printed| printed.text.as_str()).collect();
        let expected = format!("〒520-0003{}{}　様", letter.address_lines.concat(), letter.recipient_name);
        let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
        assert_eq!(letters(&seen), letters(&expected));
        let lowest = pages[0].iter().filter(inside).map(|printed| printed.at.y).fold(0.0, f64::max);
        assert!(lowest <= 56.0, "the address ends {lowest} mm down");
    }
}

#[test]
fn a_reissued_letter_says_that_the_one_before_is_void() {
    let pdf = temporary_letters(&[TemporaryLetter { issue_number: 3, ..letter(1) }]).unwrap();
    keep("reissued.pdf", &pdf);
    let page = text(&read(&pdf)[0]);
    assert!(page.contains("再発行　3") && page.contains("もう使えません"), "{page}");
}

#[test]
fn the_password_is_not_in_the_qr_code_and_the_typed_address_has_no_query() {
    let letter = letter(5);
    let pdf = temporary_letters(std::slice::from_ref(&letter)).unwrap();
    assert!(!scan(&pdf, 1)[0].contains(&letter.temporary_password));
    let page = text(&read(&pdf)[0]);
    assert!(page.contains("https://mamis.example.jp/enrol") && !page.contains("?id="), "{page}");
}

#[test]
fn notices_begin_on_pages_of_their_own_and_run_on() {
    let notice = |name: &str, paragraphs: usize| Notice {
        recipient_name: name.into(),
        postal_code: "520-0003".into(),
        address_lines: vec!["滋賀県大津市栄町1-2".into()],
        association_name: "大津市医師会".into(),
        association_contact: vec!["電話 077-500-0000".into()],
        subject: "入会申請が承認されました".into(),
        paragraphs: (0..paragraphs).map(|number| format!("{number}番目の段落です。\n#改行も*残ります*。")).collect(),
        issued_on: day(2026, 11, 23),
    };
    let pdf = notices(&[notice("𠮷田 一郎", 3), notice("髙橋 花子", 60), notice("Müller <b>", 1)]).unwrap();
    keep("notices.pdf", &pdf);
    let pages: Vec<String> = read(&pdf).iter().map(|page| text(page)).collect();
    assert!(pages[0].contains("𠮷田 一郎　様") && pages[0].contains("#改行も*残ります*。"), "{}", pages[0]);
    assert!(pages[1].contains("髙橋 花子　様") && pages[2].contains("番目の段落です"));
    assert!(pages.last().unwrap().contains("Müller <b>　様"));
}

#[test]
fn a_poster_is_one_page_with_a_qr_code() {
    let section = |heading: &str, count: usize| PosterSection {
        heading: heading.into(),
        items: (0..count).map(|number| format!("医師会の会員区分、入会・異動・退会の状況 その{number}")).collect(),
    };
    let pdf = poster(&Poster {
        title: "個人データの共同利用について".into(),
        lead: "医師会は、会員の皆さまの個人データを共同で利用しています。".into(),
        sections: vec![section("項目", 14), section("範囲", 1), section("目的", 14), section("責任者", 3)],
        url: "https://mamis.example.jp/joint-use".into(),
        url_caption: "くわしくはこちら".into(),
        publisher: "日本医師会".into(),
    })
    .unwrap();
    keep("poster.pdf", &pdf);
    assert_eq!(read(&pdf).len(), 1);
    assert_eq!(scan(&pdf, 1), ["https://mamis.example.jp/joint-use"]);
}

#[test]
fn nothing_to_print_is_refused() {
    assert!(matches!(temporary_letters(&[]), Err(DocumentError::Empty)));
    assert!(matches!(notices(&[]), Err(DocumentError::Empty)));
}

#[test]
fn the_banner_is_a_drawing_without_letters_of_any_font() {
    let svg = joint_use_banner().unwrap();
    keep("banner.svg", svg.as_bytes());
    assert!(svg.starts_with("<svg") && svg.contains("<path") && !svg.contains("<text"), "{}", &svg[..200]);
}
