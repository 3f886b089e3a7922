//! What can be done to the registry. Persons are read through a [`Scope`](crate::identity::Scope); so far only the system
//! itself writes here, and concluded cases.

use mamis_kernel::{AssociationId, Role, codes};

use crate::identity::{Actor, Denied, Permit};

codes! {
    /// What can be done to the registry.
    RegistryAction {
        /// See a person's record.
        ReadPerson => "read_person",
        /// Look for members of an association.
        ReadMembers => "read_members",
        /// Take a list of members out of the system.
        ExportMembers => "export_members",
        /// Load reference data.
        ImportReference => "import_reference",
        /// Load an old system's roster.
        ImportRoster => "import_roster",
        /// Fill an empty system with made-up data.
        Seed => "seed",
    }
}

/// Whether somebody may look at an association's members as a list, or take that list away.
///
/// Rule VIS-1 (a list shows the members of an association to its own clerks; it leaves the system with an operator or higher);
/// source: docs/rules/registry.md#vis-1.
///
/// # Errors
/// [`Denied::Hidden`] to who is no clerk there; [`Denied::Forbidden`] to a clerk below the role.
pub fn authorize_members(
    actor: &Actor,
    action: RegistryAction,
    association: AssociationId,
) -> Result<Permit<RegistryAction>, Denied> {
    let least = match action {
        RegistryAction::ReadMembers => Role::Viewer,
        RegistryAction::ExportMembers => Role::Operator,
        RegistryAction::ReadPerson
        | RegistryAction::ImportReference
        | RegistryAction::ImportRoster
        | RegistryAction::Seed => return Err(Denied::Forbidden),
    };
    if actor.is_clerk(association, least) {
        Ok(Permit::grant(actor, action, Some(association)))
    } else if actor.is_clerk(association, Role::Viewer) {
        Err(Denied::Forbidden)
    } else {
        Err(Denied::Hidden)
    }
}

/// Whether somebody sees members' birth dates, telephone numbers and mail addresses, and may look for members by them.
///
/// Rule VIS-2; source: docs/rules/registry.md#vis-2.
#[must_use]
pub fn sees_sensitive(actor: &Actor, association: AssociationId) -> bool {
    actor.is_clerk(association, Role::Operator)
}
