use std::fmt;

use mamis_domain::registry::roster::Outcome;

use super::plan::Planned;

/// The header of the report.
pub const REPORT_HEADER: [&str; 5] = ["line_of_record", "outcome", "field", "message", "warnings"];

/// What the report says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The record's number, the header being 1.
    pub line_of_record: u64,
    /// `accepted`, `rejected`, `duplicate` or `conflict`.
    pub outcome: &'static str,
    /// The culprit; empty for an accepted record.
    pub field: &'static str,
    /// What is wrong and what to do, or `already stored`.
    pub message: String,
    /// Codes separated by spaces.
    pub warnings: String,
    /// Whether an earlier run stored it.
    pub already_stored: bool,
}

/// A soft fault that shows only against what the database knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportWarning {
    /// The person was known: only what was missing is added, and nothing is changed (RO-17).
    PersonAlreadyKnown,
    /// The 日医会員ID is somebody else's; not stored (RO-20).
    MemberIdOfAnotherPerson,
}

impl fmt::Display for ImportWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PersonAlreadyKnown => "person_already_known",
            Self::MemberIdOfAnotherPerson => "jma_member_id_of_another_person",
        })
    }
}

impl ReportRow {
    pub(super) fn judged(line_of_record: u64, outcome: &Outcome) -> Self {
        Self {
            line_of_record,
            outcome: outcome.as_str(),
            field: outcome.field(),
            message: outcome.message(),
            warnings: outcome.warning_codes(),
            already_stored: false,
        }
    }

    pub(super) fn already_stored(line_of_record: u64, outcome: &Outcome) -> Self {
        Self {
            line_of_record,
            outcome: "accepted",
            field: "",
            message: "already stored".to_owned(),
            warnings: outcome.warning_codes(),
            already_stored: true,
        }
    }

    pub(super) fn planned(line_of_record: u64, outcome: &Outcome, planned: Option<Planned>) -> Self {
        let row = Self::judged(line_of_record, outcome);
        let conflict = |field, message: &str| Self {
            outcome: "conflict",
            field,
            message: message.to_owned(),
            warnings: String::new(),
            ..row.clone()
        };
        match planned {
            Some(Planned::Stored(more)) => {
                let codes = Some(row.warnings.clone()).filter(|codes| !codes.is_empty()).into_iter();
                let warnings = codes.chain(more.iter().map(ImportWarning::to_string)).collect::<Vec<_>>().join(" ");
                Self { warnings, ..row }
            }
            Some(Planned::AnotherBirthDate) => Self::judged(line_of_record, &Outcome::Conflict { earlier: None }),
            Some(Planned::MembershipOverlaps) => conflict(
                "membership_overlaps",
                "この人の同じ医師会の会員歴が、内容の異なる期間ですでに登録されています。どちらが正しいか事務担当者が確認してください。",
            ),
            None => row,
        }
    }

    /// The cells under [`REPORT_HEADER`].
    #[must_use]
    pub fn cells(&self) -> [String; 5] {
        let Self { line_of_record, outcome, field, message, warnings, already_stored: _ } = self;
        [line_of_record.to_string(), (*outcome).to_owned(), (*field).to_owned(), message.clone(), warnings.clone()]
    }
}

/// How many records became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RosterSummary {
    /// Stored, or to be stored.
    pub accepted: u64,
    /// Of these, stored by an earlier run.
    pub already_stored: u64,
    /// Not stored: against a rule.
    pub rejected: u64,
    /// Not stored again.
    pub duplicate: u64,
    /// Not stored: for a clerk to resolve.
    pub conflict: u64,
    /// Accepted with warnings.
    pub with_warnings: u64,
}

impl RosterSummary {
    pub(super) fn add(&mut self, row: &ReportRow) {
        match row.outcome {
            "accepted" => self.accepted += 1,
            "rejected" => self.rejected += 1,
            "duplicate" => self.duplicate += 1,
            _ => self.conflict += 1,
        }
        self.already_stored += u64::from(row.already_stored);
        self.with_warnings += u64::from(!row.warnings.is_empty());
    }

    /// All records.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.accepted + self.rejected + self.duplicate + self.conflict
    }
}
