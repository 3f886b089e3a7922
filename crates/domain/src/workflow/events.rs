use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{AccountId, ActingKind, AssociationId, codes};
use serde::{Deserialize, Serialize};

codes! {
    /// What happened to a case.
    CaseEventKind {
        /// The draft was begun.
        Created => "created",
        /// It was filed.
        Submitted => "submitted",
        /// An association approved.
        Approved => "approved",
        /// An association sent it back.
        Returned => "returned",
        /// It was corrected and sent again.
        Corrected => "corrected",
        /// An association refused.
        Rejected => "rejected",
        /// The physician took it back.
        Retracted => "retracted",
        /// It took effect.
        Completed => "completed",
    }
}

/// A clerk's comment on one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldComment {
    /// A JSON pointer into the case.
    pub pointer: String,
    /// What is wrong with it.
    pub comment: String,
}

/// One line of the timeline: who, when, as which association, with what words (W-11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEvent {
    /// What.
    pub kind: CaseEventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Whose hand.
    pub account: AccountId,
    /// Which association decided.
    pub association: Option<AssociationId>,
    /// The day that was decided.
    pub effective_date: Option<NaiveDate>,
    /// Reason or comment.
    pub comment: Option<String>,
    /// Comments on fields.
    pub field_comments: Vec<FieldComment>,
    /// How the hand acted for the physician, when it was not the physician's own.
    pub proxy: Option<ActingKind>,
}

impl CaseEvent {
    /// An event without an association or words.
    #[must_use]
    pub const fn plain(kind: CaseEventKind, at: DateTime<Utc>, account: AccountId) -> Self {
        Self {
            kind,
            at,
            account,
            association: None,
            effective_date: None,
            comment: None,
            field_comments: Vec::new(),
            proxy: None,
        }
    }
}
