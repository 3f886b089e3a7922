//! Paper: letters with temporary log-ins, notices by post and the poster of joint use, each as PDF; lists as files of
//! comma-separated values. Data in, bytes out.
//!
//! - [`temporary_letters`]: one A4 page a person, folded into a window envelope (長形3号), all in one file.
//! - [`notices()`]: what the others get by mail, for members without an address.
//! - [`CsvBlock`], [`XlsxFile`]: lines of a list, safe to open in a spreadsheet.
//! - [`read_csv`], [`read_xlsx`]: such files back in.
//! - [`poster()`]: the public page of joint use for a notice board.
//!
//! Typst sets the pages by the templates under `templates/`. What people are called reaches a template as data, never as
//! markup: `#`, `*` and `"` in a name are letters like others. Glyphs come from the fonts in `fonts/`, which are compiled
//! in; [`unprintable`] names what none of them has, and such a letter is printed as 〓 (docs/adr/0010).

mod csv_block;
mod error;
mod letters;
mod notices;
mod poster;
mod press;
mod qr;
mod table;
mod xlsx_file;

pub use csv_block::{CsvBlock, CsvEncoding, GETA, LostCell, as_cp932};
pub use error::DocumentError;
pub use letters::{TemporaryLetter, temporary_letters};
pub use notices::{Notice, notices};
pub use poster::{Poster, PosterSection, joint_use_banner, poster};
pub use press::unprintable;
pub use table::{Table, TableError, read_csv, read_xlsx};
pub use xlsx_file::XlsxFile;
