use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{AccountId, ApplicationId, AssociationId, PersonId, StepKind, StepState, Tier, codes};
use serde::{Deserialize, Serialize};

use super::{
    CaseEvent, JoinNewDraft,
    join_new::{Contact, Workplace},
};

codes! {
    /// What a change is about.
    ChangeKind {
        /// 新規入会
        JoinNew => "join_new",
    }
}

/// One change a case asks for, as far as it has been filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Change {
    /// 新規入会
    JoinNew(JoinNewDraft),
}

impl Change {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::JoinNew(_) => ChangeKind::JoinNew,
        }
    }
}

/// Where a case stands. The variants hold only the facts that exist there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationState {
    /// With the physician, not filed.
    Draft,
    /// With the association whose step is open.
    InReview,
    /// With the physician, to be corrected; the step that returned it has the state `returned`.
    Returned,
    /// Decided and written.
    Completed {
        /// The common day from which its changes hold.
        effective_date: NaiveDate,
    },
    /// Refused.
    Rejected,
    /// Taken back.
    Retracted,
}

/// One association's part in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// 1 for the first.
    pub position: u32,
    /// Whose.
    pub association: AssociationId,
    /// How it takes part.
    pub kind: StepKind,
    /// Where it stands.
    pub state: StepState,
    /// Since when it has been that association's turn.
    pub opened_at: Option<DateTime<Utc>>,
    /// When and by whom it was decided.
    pub decision: Option<Decision>,
}

/// What an association decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose hand.
    pub by: AccountId,
    /// For which day; with approvals.
    pub effective_date: Option<NaiveDate>,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The case.
    pub id: ApplicationId,
    /// 受付番号, given on submitting.
    pub number: Option<String>,
    /// Whom it is about.
    pub applicant: PersonId,
    /// Whose hand filed it.
    pub filed_by: AccountId,
    /// Where it stands.
    pub state: ApplicationState,
    /// What it asks for; at least one.
    pub changes: Vec<Change>,
    /// Who decides, in order; empty in a draft.
    pub steps: Vec<Step>,
    /// What happened, oldest first.
    pub events: Vec<CaseEvent>,
    /// When the draft was begun.
    pub created_at: DateTime<Utc>,
    /// When it was filed.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub concluded_at: Option<DateTime<Utc>>,
}

impl Application {
    /// The step whose turn it is.
    #[must_use]
    pub fn open_step(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.state == StepState::Open)
    }

    /// Whether an association has approved.
    #[must_use]
    pub fn has_an_approval(&self) -> bool {
        self.steps.iter().any(|step| step.state == StepState::Approved)
    }

    /// The decided day, else the one that was last approved, else the wished one.
    #[must_use]
    pub fn effective_date(&self) -> Option<NaiveDate> {
        if let ApplicationState::Completed { effective_date } = self.state {
            return Some(effective_date);
        }
        let approved = self.steps.iter().rev().find_map(|step| step.decision.and_then(|d| d.effective_date));
        approved.or_else(|| self.changes.iter().find_map(|Change::JoinNew(join)| join.effective_date))
    }
}

/// What a concluded case does to the registry. Writing effects and concluding are one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A membership begins, perhaps on a day to come.
    BeginMembership {
        /// Whose.
        person: PersonId,
        /// Where.
        association: AssociationId,
        /// At which tier, for the order of writing.
        tier: Tier,
        /// As what, in that association's own codes.
        category: String,
        /// First day in force.
        valid_from: NaiveDate,
    },
    /// The main workplace is this one from the day on.
    SetMainWorkplace {
        /// Whose.
        person: PersonId,
        /// Where and as what.
        workplace: Workplace,
        /// First day.
        valid_from: NaiveDate,
    },
    /// Letters and calls go here, at once.
    SetContact {
        /// Whose.
        person: PersonId,
        /// Where to.
        contact: Contact,
    },
}
