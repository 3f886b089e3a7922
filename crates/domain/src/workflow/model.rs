use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{AccountId, ApplicationId, AssociationId, PersonId, StepKind, StepState, Tier, codes};
use serde::{Deserialize, Serialize};

use super::{
    Attachment, CaseEvent, JoinNew, JoinNewDraft, Places, TrainingAccount, TrainingAccountDraft,
    join_new::{Contact, Workplace},
    training_account::Identity,
};
use crate::identity::Actor;

codes! {
    /// What a change is about.
    ChangeKind {
        /// 新規入会
        JoinNew => "join_new",
        /// 研修用アカウント
        TrainingAccount => "training_account",
    }
}

/// One change a case asks for, as far as it has been filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Change {
    /// 新規入会
    JoinNew(JoinNewDraft),
    /// 研修用アカウント
    TrainingAccount(TrainingAccountDraft),
}

impl Change {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::JoinNew(_) => ChangeKind::JoinNew,
            Self::TrainingAccount(_) => ChangeKind::TrainingAccount,
        }
    }

    /// The wished day, in kinds that have one.
    #[must_use]
    pub const fn wished_date(&self) -> Option<NaiveDate> {
        match self {
            Self::JoinNew(join) => join.effective_date,
            Self::TrainingAccount(_) => None,
        }
    }
}

impl ChangeKind {
    /// The middle of the receipt number.
    #[must_use]
    pub const fn number_part(self) -> &'static str {
        match self {
            Self::JoinNew => "JOIN",
            Self::TrainingAccount => "TRAIN",
        }
    }

    /// Whether this is what one asks for who is no person of the registry yet, and nobody else.
    #[must_use]
    pub const fn makes_its_applicant(self) -> bool {
        match self {
            Self::JoinNew => false,
            Self::TrainingAccount => true,
        }
    }
}

/// A change that was found complete and sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sound {
    /// 新規入会
    JoinNew(JoinNew),
    /// 研修用アカウント
    TrainingAccount(TrainingAccount),
}

impl Sound {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::JoinNew(_) => ChangeKind::JoinNew,
            Self::TrainingAccount(_) => ChangeKind::TrainingAccount,
        }
    }

    /// How far up its route goes.
    #[must_use]
    pub const fn highest_tier(&self) -> Tier {
        match self {
            Self::JoinNew(join) => join.highest_tier,
            Self::TrainingAccount(_) => Tier::Prefectural,
        }
    }

    /// Which associations the route's places are.
    #[must_use]
    pub fn places(&self) -> Places {
        match self {
            Self::JoinNew(join) => join.places(),
            Self::TrainingAccount(training) => training.places(),
        }
    }
}

/// Whom a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicant {
    /// A person of the registry, who speaks through the own account.
    Person(PersonId),
    /// A self-registered account. Its person, provisional, is there from the moment of filing (W-25).
    Account {
        /// The account.
        account: AccountId,
        /// The person, once the case was filed.
        person: Option<PersonId>,
    },
}

impl Applicant {
    /// The person; nobody yet in the draft of a self-registered account.
    #[must_use]
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Account { person, .. } => person,
        }
    }

    /// Whether the actor is the one the case is about.
    #[must_use]
    pub fn is(self, actor: &Actor) -> bool {
        match self {
            Self::Person(person) => actor.is_physician(person),
            Self::Account { account, .. } => actor.acting.is_none() && actor.account == account,
        }
    }
}

impl From<PersonId> for Applicant {
    fn from(person: PersonId) -> Self {
        Self::Person(person)
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
    pub applicant: Applicant,
    /// Whose hand filed it.
    pub filed_by: AccountId,
    /// Where it stands.
    pub state: ApplicationState,
    /// What it asks for; at least one.
    pub changes: Vec<Change>,
    /// The files that belong to it, oldest first.
    pub attachments: Vec<Attachment>,
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
        approved.or_else(|| self.changes.iter().find_map(Change::wished_date))
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
    /// A provisional person becomes a record with this identity.
    ConfirmPerson {
        /// Who.
        person: PersonId,
        /// As the case says.
        identity: Identity,
    },
    /// The account is active and speaks for the person, at once.
    OpenTrainingAccount {
        /// Which.
        account: AccountId,
        /// For whom.
        person: PersonId,
        /// For the page's head.
        display_name: String,
        /// First day.
        since: NaiveDate,
    },
    /// Letters and calls go here, at once.
    SetContact {
        /// Whose.
        person: PersonId,
        /// Where to.
        contact: Contact,
    },
}

impl Effect {
    /// Whose record it changes.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        match self {
            Self::BeginMembership { person, .. }
            | Self::SetMainWorkplace { person, .. }
            | Self::ConfirmPerson { person, .. }
            | Self::OpenTrainingAccount { person, .. }
            | Self::SetContact { person, .. } => *person,
        }
    }
}
