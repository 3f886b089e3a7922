use chrono::{DateTime, Utc};
use mamis_documents::DocumentError;
use mamis_domain::identity::Denied;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_persistence::{Conflict, StoreError};
use thiserror::Error;

/// Why a use case did not do what was asked.
#[derive(Debug, Error)]
pub enum AppError {
    /// No session, or an ended one.
    #[error("not signed in")]
    NotSignedIn,
    /// Wrong login id or password, or an account that is not active; which of them is not said.
    #[error("the log-in failed")]
    LoginFailed,
    /// What one acted on for somebody is over, or was never one's own; which of them is not said.
    #[error("acting for somebody is over")]
    ActingEnded,
    /// Not for somebody else: only the physician does this, signed in with the own account.
    #[error("not while acting for somebody")]
    NotWhileActing,
    /// The login id belongs to somebody else.
    #[error("the login id is taken")]
    LoginIdTaken,
    /// Too many failures; wait.
    #[error("too many failed log-ins")]
    LoginThrottled {
        /// Seconds to wait.
        seconds: i64,
    },
    /// What was to be answered has run out, was answered already, or was never asked: begin again.
    #[error("the challenge is over")]
    ChallengeOver,
    /// Who one is must be proved again first (ID-23).
    #[error("a recent proof is required")]
    ProofRequired,
    /// The account has not accepted the terms of use in force (ID-40).
    #[error("the terms of use in force are not accepted")]
    TermsNotAccepted,
    /// Nothing there, or not yours to know.
    #[error("not found")]
    NotFound,
    /// The policy said no.
    #[error("the policy said no: {0:?}")]
    Denied(Denied),
    /// A rule said no.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
    /// The person has another open case with one of these associations (W-6).
    #[error("the person has another open case about the same membership")]
    ParallelApplication,
    /// The person is a member there in the same days.
    #[error("the person is a member there in the same days")]
    PeriodOverlaps,
    /// The association would be left without an administrator (ID-62).
    #[error("the association would be left without an administrator")]
    LastAdministrator,
    /// The account holds a role there in these days.
    #[error("the account holds a role there in these days")]
    AlreadyClerk,
    /// The invitation is unknown, expired, used, taken back, or lapsed (ID-64); which of them is not said.
    #[error("the invitation cannot be used")]
    InvitationUnusable,
    /// The letter has expired, was used, or another one has taken its place (ID-71). Said only to who has its password.
    #[error("the letter works no longer")]
    LetterOver,
    /// The account's state allows no such step (ID-65).
    #[error("the account is not in a state for this")]
    AccountState,
    /// What was to be taken back is no longer as it was left (MERGE-5).
    #[error("it was changed since")]
    ChangedSince,
    /// The write is based on another version.
    #[error("the write is based on another version")]
    StaleVersion,
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// A file is larger than what is taken.
    #[error("the file is too large")]
    TooLarge,
    /// The sender stopped in the middle of a file.
    #[error("the sender stopped in the middle of the file")]
    BrokenOff,
    /// The server has more to do than it can.
    #[error("the server is too busy")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// What nobody foresaw.
    #[error("{0}")]
    Internal(&'static str),
}

impl From<Denied> for AppError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<DocumentError> for AppError {
    fn from(error: DocumentError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "a document could not be made");
        Self::Internal("a document could not be made")
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::StaleVersion => Self::StaleVersion,
            StoreError::Conflict { conflict: Conflict::MembershipOverlaps, .. } => Self::PeriodOverlaps,
            StoreError::Conflict { conflict: Conflict::ApplicationOpen, .. } => Self::ParallelApplication,
            StoreError::Conflict { conflict: Conflict::RoleOverlaps, .. } => Self::AlreadyClerk,
            StoreError::Conflict { conflict: Conflict::LoginIdTaken, .. } => Self::LoginIdTaken,
            other => Self::Store(other),
        }
    }
}

impl AppError {
    /// A wait until `until`.
    pub(crate) fn throttled(until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self::LoginThrottled { seconds: (until - now).num_seconds() + 1 }
    }

    /// Whether somebody was stopped at what they may not do: the audit keeps it.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Denied(_)
                | Self::LastAdministrator
                | Self::InvitationUnusable
                | Self::ActingEnded
                | Self::NotWhileActing
        )
    }

    /// Faults of single fields.
    #[must_use]
    pub fn field_faults(&self) -> &[FieldFault] {
        match self {
            Self::Workflow(WorkflowError::InvalidFields(faults)) => faults,
            _ => &[],
        }
    }
}
