//! What can be done to the registry. Persons are read through a [`Scope`](crate::identity::Scope).

use chrono::NaiveDate;
use mamis_kernel::{AccountId, AssociationId, Period, PersonId, Role, codes};

use super::SavedListFacts;
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
        /// Change a person's record.
        ChangePerson => "change_person",
        /// See what is masked of a person's record.
        RevealPerson => "reveal_person",
        /// See which records may be one person's, and say that two are not.
        SortDuplicates => "sort_duplicates",
        /// Make one record of two, or take that back.
        MergePersons => "merge_persons",
        /// Look through all records for a second one of somebody.
        FindDuplicates => "find_duplicates",
        /// Fetch a list that was taken out of the system, or take it back.
        FetchExport => "fetch_export",
        /// Look at a list that was kept.
        ReadSavedList => "read_saved_list",
        /// Keep a list for oneself, or change it.
        KeepList => "keep_list",
        /// Keep a list for all clerks of the association.
        ShareList => "share_list",
        /// Throw a kept list away.
        RemoveList => "remove_list",
        /// Change members by a file.
        ImportMembers => "import_members",
        /// Load reference data.
        ImportReference => "import_reference",
        /// Load an old system's roster.
        ImportRoster => "import_roster",
        /// Fill an empty system with made-up data.
        Seed => "seed",
    }
}

/// Whether somebody may look at an association's members as a list, take that list away, or sort out second records.
///
/// Rule VIS-1 (a list shows the members of an association to its own clerks; it leaves the system with an operator or higher);
/// source: docs/rules/registry.md#vis-1. Rule MERGE-1 (an approver makes one record of two); docs/rules/registry.md#merge-1.
///
/// # Errors
/// [`Denied::Hidden`] to who is no clerk there; [`Denied::Forbidden`] to a clerk below the role.
pub fn authorize_members(
    actor: &Actor,
    action: RegistryAction,
    association: AssociationId,
) -> Result<Permit<RegistryAction>, Denied> {
    let least = match action {
        RegistryAction::ReadMembers | RegistryAction::KeepList => Role::Viewer,
        RegistryAction::ExportMembers
        | RegistryAction::ShareList
        | RegistryAction::ImportMembers
        | RegistryAction::SortDuplicates => Role::Operator,
        RegistryAction::MergePersons => Role::Approver,
        RegistryAction::FetchExport
        | RegistryAction::ReadSavedList
        | RegistryAction::RemoveList
        | RegistryAction::ReadPerson
        | RegistryAction::ChangePerson
        | RegistryAction::RevealPerson
        | RegistryAction::FindDuplicates
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

/// Whether somebody may change the record of a person whom the scope shows.
///
/// Rule REC-1 (operators and higher of an association in which the person is a member on the day or later; of somebody who is a
/// member nowhere any more, those of the former associations); source: docs/rules/registry.md#rec-1.
///
/// # Errors
/// [`Denied::Forbidden`] to everybody else who may know of the person.
pub fn authorize_record(
    actor: &Actor,
    memberships: &[(AssociationId, Period)],
    today: NaiveDate,
) -> Result<Permit<RegistryAction>, Denied> {
    let runs = |period: &Period| period.valid_to().is_none_or(|end| end > today);
    let any_runs = memberships.iter().any(|(_, period)| runs(period));
    let mut standing = memberships.iter().filter(|(_, period)| !any_runs || runs(period));
    match standing.find(|(association, _)| actor.is_clerk(*association, Role::Operator)) {
        Some((association, _)) => Ok(Permit::grant(actor, RegistryAction::ChangePerson, Some(*association))),
        None => Err(Denied::Forbidden),
    }
}

/// Whether somebody may see what is masked of a person's record; `seen_by` are the associations that see the person.
///
/// Rule VIS-3; source: docs/rules/registry.md#vis-3.
///
/// # Errors
/// [`Denied::Forbidden`] to who is no clerk of one of them.
pub fn authorize_reveal(actor: &Actor, seen_by: &[AssociationId]) -> Result<Permit<RegistryAction>, Denied> {
    match seen_by.iter().find(|association| actor.is_clerk(**association, Role::Viewer)) {
        Some(association) => Ok(Permit::grant(actor, RegistryAction::RevealPerson, Some(*association))),
        None => Err(Denied::Forbidden),
    }
}

/// Whether somebody sees a person's record without a mask: the person, and operators or higher of an association that sees it.
///
/// Rule VIS-3 (birth date, addresses, telephone numbers and mail addresses are masked for viewers); source:
/// docs/rules/registry.md#vis-3.
#[must_use]
pub fn sees_unmasked(actor: &Actor, person: PersonId, seen_by: &[AssociationId]) -> bool {
    actor.is_physician(person) || seen_by.iter().any(|association| sees_sensitive(actor, *association))
}

/// Whether somebody may fetch a file that was asked for, or take it back.
///
/// Rule EXP-2 (only who asked for it, and only while an operator there); source: docs/rules/registry.md#exp-2.
///
/// # Errors
/// [`Denied::Hidden`] to everybody else; [`Denied::Forbidden`] to who asked for it and is no operator there any more.
pub fn authorize_export(
    actor: &Actor,
    association: AssociationId,
    requested_by: AccountId,
) -> Result<Permit<RegistryAction>, Denied> {
    if actor.account != requested_by || actor.acting.is_some() {
        Err(Denied::Hidden)
    } else if actor.is_clerk(association, Role::Operator) {
        Ok(Permit::grant(actor, RegistryAction::FetchExport, Some(association)))
    } else {
        Err(Denied::Forbidden)
    }
}

/// Whether somebody may see, change or throw away a list that was kept.
///
/// Rule LIST-2 (a private list is its owner's alone; a shared one is seen by every clerk of the association, changed by its owner,
/// and thrown away by its owner or an administrator); source: docs/rules/registry.md#list-2.
///
/// # Errors
/// [`Denied::Hidden`] to who does not see it, [`Denied::Forbidden`] to who only sees it.
pub fn authorize_saved_list(
    actor: &Actor,
    action: RegistryAction,
    list: &SavedListFacts,
) -> Result<Permit<RegistryAction>, Denied> {
    let is_own = actor.account == list.owner;
    if !actor.is_clerk(list.association, Role::Viewer) || !(is_own || list.shared) {
        return Err(Denied::Hidden);
    }
    let allowed = match action {
        RegistryAction::ReadSavedList => true,
        RegistryAction::KeepList => is_own,
        RegistryAction::ShareList => is_own && actor.is_clerk(list.association, Role::Operator),
        RegistryAction::RemoveList => is_own || actor.is_clerk(list.association, Role::Administrator),
        RegistryAction::ReadMembers
        | RegistryAction::ExportMembers
        | RegistryAction::FetchExport
        | RegistryAction::ImportMembers
        | RegistryAction::ReadPerson
        | RegistryAction::ChangePerson
        | RegistryAction::RevealPerson
        | RegistryAction::SortDuplicates
        | RegistryAction::MergePersons
        | RegistryAction::FindDuplicates
        | RegistryAction::ImportReference
        | RegistryAction::ImportRoster
        | RegistryAction::Seed => false,
    };
    if allowed { Ok(Permit::grant(actor, action, Some(list.association))) } else { Err(Denied::Forbidden) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{actor_clerk, actor_on_behalf, actor_physician, association, person};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn rec_1_the_associations_of_today_change_a_record_and_former_ones_only_when_there_is_none() {
        let today = day("2026-11-23");
        let left = Period::through(day("2010-04-01"), day("2026-11-22")).unwrap();
        let running = [(association(1), left), (association(2), Period::open(day("2027-04-01")))];
        let operator = |n| actor_clerk(association(n), Role::Operator);
        assert_eq!(authorize_record(&operator(1), &running, today), Err(Denied::Forbidden));
        let permit = authorize_record(&operator(2), &running, today).unwrap();
        assert_eq!(permit.as_clerk_of(), Some(association(2)));
        assert!(authorize_record(&operator(1), &running[..1], today).is_ok(), "a member nowhere any more");
        let viewer = actor_clerk(association(2), Role::Viewer);
        assert_eq!(authorize_record(&viewer, &running, today), Err(Denied::Forbidden));
        assert_eq!(authorize_record(&actor_physician(person(1)), &running, today), Err(Denied::Forbidden));
        let on_behalf = actor_on_behalf(association(2), person(1));
        assert_eq!(authorize_record(&on_behalf, &running, today), Err(Denied::Forbidden));
    }

    #[test]
    fn vis_3_viewers_see_a_mask_and_may_lift_it_where_they_see_the_person() {
        let seen_by = [association(1)];
        let viewer = actor_clerk(association(1), Role::Viewer);
        assert!(!sees_unmasked(&viewer, person(1), &seen_by));
        assert!(authorize_reveal(&viewer, &seen_by).is_ok());
        assert!(sees_unmasked(&actor_clerk(association(1), Role::Operator), person(1), &seen_by));
        let elsewhere = actor_clerk(association(2), Role::Administrator);
        assert!(!sees_unmasked(&elsewhere, person(1), &seen_by));
        assert_eq!(authorize_reveal(&elsewhere, &seen_by), Err(Denied::Forbidden));
        assert!(sees_unmasked(&actor_physician(person(1)), person(1), &[]));
        assert!(!sees_unmasked(&actor_physician(person(2)), person(1), &[]));
    }

    #[test]
    fn exp_2_a_file_is_for_who_asked_for_it_while_an_operator_there() {
        let clerk = actor_clerk(association(1), Role::Operator);
        assert!(authorize_export(&clerk, association(1), clerk.account).is_ok());
        assert_eq!(authorize_export(&clerk, association(2), clerk.account), Err(Denied::Forbidden));
        let viewer = actor_clerk(association(1), Role::Viewer);
        assert_eq!(authorize_export(&viewer, association(1), viewer.account), Err(Denied::Forbidden));
        let another = AccountId::from_uuid(uuid::Uuid::from_u128(99));
        assert_eq!(authorize_export(&clerk, association(1), another), Err(Denied::Hidden));
    }

    #[test]
    fn list_2_a_private_list_is_its_owners_and_a_shared_one_every_clerks_to_see() {
        let (own, another) =
            (actor_clerk(association(1), Role::Viewer), AccountId::from_uuid(uuid::Uuid::from_u128(99)));
        let list = |owner, shared| SavedListFacts { association: association(1), owner, shared };
        let asked = |list: &SavedListFacts, action| authorize_saved_list(&own, action, list).map(|_| ());
        assert_eq!(asked(&list(another, false), RegistryAction::ReadSavedList), Err(Denied::Hidden));
        assert_eq!(asked(&list(another, true), RegistryAction::ReadSavedList), Ok(()));
        assert_eq!(asked(&list(another, true), RegistryAction::KeepList), Err(Denied::Forbidden));
        assert_eq!(asked(&list(own.account, false), RegistryAction::KeepList), Ok(()));
        assert_eq!(asked(&list(own.account, false), RegistryAction::ShareList), Err(Denied::Forbidden));
        let administrator = actor_clerk(association(1), Role::Administrator);
        let removal = authorize_saved_list(&administrator, RegistryAction::RemoveList, &list(another, true));
        assert!(removal.is_ok());
        let elsewhere = actor_clerk(association(2), Role::Administrator);
        let seen = authorize_saved_list(&elsewhere, RegistryAction::ReadSavedList, &list(another, true));
        assert_eq!(seen, Err(Denied::Hidden));
    }
}
