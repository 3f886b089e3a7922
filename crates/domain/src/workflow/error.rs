use mamis_kernel::FieldErrorCode;
use thiserror::Error;

/// One field of a case breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// A JSON pointer into the case, `/changes/0/payload/workplace/name` for example.
    pub pointer: String,
    /// How.
    pub code: FieldErrorCode,
}

impl FieldFault {
    /// A fault at a pointer.
    #[must_use]
    pub fn new(pointer: impl Into<String>, code: FieldErrorCode) -> Self {
        Self { pointer: pointer.into(), code }
    }
}

/// Why a case cannot go that way.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorkflowError {
    /// The case is not in a state in which this can be done.
    #[error("the case is not in a state for this")]
    WrongState,
    /// The first association has approved already (W-4).
    #[error("the case cannot be taken back after the first approval")]
    AlreadyApproved,
    /// Fields break their rules.
    #[error("fields of the case break their rules")]
    InvalidFields(Vec<FieldFault>),
    /// An account speaks already for the person who has this registration number (W-26).
    #[error("the person with this registration number has an account")]
    PersonHasAccount,
    /// The record with this registration number has another birth date (W-26).
    #[error("the record with this registration number says something else")]
    IdentityMismatch,
    /// The case has as many files as it may (W-22).
    #[error("the case has as many files as it may")]
    TooManyAttachments,
    /// The route's data lead nowhere.
    #[error("there is no route for this case on that day")]
    NoRoute,
}
