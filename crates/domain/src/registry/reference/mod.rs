//! Reference data as its publishers write it: text in, rows out.
//!
//! - [`postal`]: Japan Post's postal codes (`utf_ken_all.csv`), with the town cells that are not names cleaned (REF-1).
//! - [`municipality`]: JIS X 0402 codes with their check digits (REF-2).
//! - [`association`]: the associations of all tiers with the municipalities they serve (REF-3).
//! - [`school`]: medical schools.
//! - [`organisation`]: specialist bodies, 日本医学会 and its societies.
//!
//! A file is read whole or not at all; an error names file, line and field. Files come from `reference/`, whose README
//! names their origin.

pub mod association;
mod error;
pub mod municipality;
pub mod organisation;
pub mod postal;
pub mod school;
mod table;

pub use association::{Association, parse_associations};
pub use error::ReferenceError;
pub use municipality::{Municipality, municipality_check_digit, parse_municipalities};
pub use organisation::{Organisation, parse_organisations};
pub use postal::{PostalTown, parse_postal_codes};
pub use school::{MedicalSchool, parse_medical_schools};
