use chrono::NaiveDate;
use mamis_kernel::{PersonId, codes};

use super::Identity;
use crate::workflow::WorkflowError;

codes! {
    /// How sure the registry is of a person.
    Standing {
        /// Known from a case or a session by the registration number alone; nobody has checked yet.
        Provisional => "provisional",
        /// A record like any other.
        Confirmed => "confirmed",
        /// Found to be somebody else's second record.
        Merged => "merged",
    }
}

/// Who has a registration number in the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberHolder {
    /// The person.
    pub person: PersonId,
    /// How sure the registry is.
    pub standing: Standing,
    /// Whether an account speaks for the person.
    pub has_account: bool,
    /// As recorded.
    pub birth_date: NaiveDate,
    /// As recorded.
    pub registered_on: NaiveDate,
    /// Whether the recorded name is the one of the case, variants of glyphs apart.
    pub same_name: bool,
}

impl NumberHolder {
    /// Whether the recorded birth date is the one of the case.
    #[must_use]
    pub fn same_birth_date(&self, identity: &Identity) -> bool {
        self.birth_date == identity.birth_date
    }
}

/// For whom an approved account speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// A provisional person becomes a record with what the case says.
    Confirm {
        /// Who.
        person: PersonId,
    },
    /// A record that was there before; what it says stays.
    Link {
        /// Who.
        person: PersonId,
    },
}

impl Claim {
    /// The person.
    #[must_use]
    pub const fn person(self) -> PersonId {
        match self {
            Self::Confirm { person } | Self::Link { person } => person,
        }
    }
}

/// Says for whom the account of an approved case speaks: `own` is the case's provisional person, `holder` who has its
/// registration number.
///
/// Rule W-26 (never a second person for one number; never somebody else's record); source: docs/rules/workflow.md#w-26.
///
/// # Errors
/// [`WorkflowError::PersonHasAccount`] when an account speaks for that person already;
/// [`WorkflowError::IdentityMismatch`] when the record has another birth date.
pub fn claim(own: PersonId, holder: Option<&NumberHolder>, identity: &Identity) -> Result<Claim, WorkflowError> {
    let Some(holder) = holder else { return Ok(Claim::Confirm { person: own }) };
    if holder.has_account {
        return Err(WorkflowError::PersonHasAccount);
    }
    match holder.standing {
        Standing::Provisional => Ok(Claim::Confirm { person: holder.person }),
        Standing::Confirmed | Standing::Merged if !holder.same_birth_date(identity) => {
            Err(WorkflowError::IdentityMismatch)
        }
        Standing::Confirmed | Standing::Merged => Ok(Claim::Link { person: holder.person }),
    }
}
