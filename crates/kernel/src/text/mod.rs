//! Japanese text: what is accepted at the edge, what is stored, and what is only compared.
//!
//! The words of this module and the rules behind them (docs/rules/registry.md):
//!
//! - [`name`]: what was typed is what is stored (N-1); a glyph is never normalised away.
//! - [`search_key`]: derived keys for comparing names and readings (N-2), never shown.
//! - [`kana`]: readings as full-width katakana; half-width and hiragana are converted.
//! - [`digits`]: numbers are accepted in full width and stored as ASCII (N-5).
//! - [`width`]: the one table of full-width forms and dashes the others share.
//! - [`guard`]: what a spreadsheet would calculate, made harmless and back.
//! - [`controls`]: characters that may not be stored at all (N-1).
//! - `graphemes` (feature `graphemes`): lengths as a reader counts them (N-4).
//!
//! Everything here is total: no input makes it panic. The tables are small on purpose, because this crate
//! travels to the browser; what needs Unicode's own tables sits behind the features `search` and `graphemes`.

pub mod controls;
pub mod digits;
mod email;
#[cfg(feature = "graphemes")]
pub mod graphemes;
pub mod guard;
pub mod kana;
pub mod name;
pub mod search_key;
pub mod width;

pub use controls::{LineBreaks, TextError, first_private_use, reject_controls};
pub use digits::{PhoneError, PhoneNumber, PostalCode, PostalCodeError, RegistrationNumber, RegistrationNumberError};
pub use email::{looks_like_email, masked_email};
pub use guard::{guarded, unguarded};
pub use kana::{KanaError, parse_kana};
pub use name::{NameError, SplitName, split_name};
pub use width::{ascii_digits, fold_width};
