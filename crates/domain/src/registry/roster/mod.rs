//! The judgement of an old system's member roster.
//!
//! One record is one person's standing in one branch: a district association, its prefecture, the nation. Every record
//! is judged by itself and against what came before it, and becomes exactly one [`Outcome`]. Nothing is stored here: the
//! caller stores what was accepted and prints the rest for the operator.
//!
//! - [`decode`]: which encoding the file is in, named rather than guessed (RO-1).
//! - [`file`](mod@file) and [`record`]: the columns by their header, in any order (RO-2).
//! - [`judge`]: duplicates and conflicts, which need memory (RO-3, RO-4).
//! - [`rules`] and [`fields`]: the rules of one record, in their order (RO-5 to RO-16).
//! - [`directory`]: associations by name, names that repeat in several prefectures included.
//! - [`model`]: what is to be stored; [`outcome`]: what the report says.
//!
//! Rules and their sources: docs/rules/registry.md.

pub mod decode;
pub mod directory;
pub mod fields;
pub mod file;
pub mod judge;
pub mod model;
pub mod outcome;
pub mod record;
pub mod rules;

pub use decode::{DecodeError, RosterEncoding};
pub use directory::{DirectoryEntry, RosterDirectory};
pub use file::{RosterFile, RosterFileError};
pub use judge::RosterJudge;
pub use model::{AcceptedRecord, ContactFacts, FacilityFacts, JoinedOn, JournalDelivery, MailTo, MembershipEnd};
pub use outcome::{Outcome, Place, Rejection, RosterField, Warning};
pub use record::{Column, Fingerprint, RosterRecord};
