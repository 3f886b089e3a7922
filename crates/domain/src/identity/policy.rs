//! Who may appoint clerks, look at accounts and suspend them, as data. Printed as docs/authz-matrix.md and compared by a
//! test.

use mamis_kernel::{AccountId, AssociationId, PersonId, Role, SuspensionReason, Tier, codes};

use super::{Actor, Denied, Permit, Place};

codes! {
    /// What can be done to clerks' roles and to accounts.
    IdentityAction {
        /// See who is clerk of an association, or organiser of an organisation.
        ListClerks => "list_clerks",
        /// Invite somebody to a role, see open invitations and take them back.
        InviteClerk => "invite_clerk",
        /// Change a role or its days.
        ChangeClerk => "change_clerk",
        /// End a role.
        EndClerk => "end_clerk",
        /// See who has no account yet, which letters were printed, and whose proof of identity did not match.
        ReadLetters => "read_letters",
        /// Issue letters with temporary log-ins, fetch their file and say that it was printed.
        IssueLetters => "issue_letters",
        /// Decide about somebody whose proof of identity did not match.
        DecideMismatch => "decide_mismatch",
        /// See an organisation.
        ReadOrganisation => "read_organisation",
        /// See why somebody cannot sign in.
        ReadAccount => "read_account",
        /// Suspend an account, and lift it again, because its owner left or was expelled.
        SuspendLeftOrExpelled => "suspend_left_or_expelled",
        /// The same because its owner is said to have died.
        SuspendDeath => "suspend_death",
        /// The same because the terms were broken.
        SuspendBreachOfTerms => "suspend_breach_of_terms",
        /// The same because the national association judges so.
        SuspendNationalJudgement => "suspend_national_judgement",
    }
}

impl IdentityAction {
    /// Suspending for this reason, and lifting it.
    #[must_use]
    pub const fn suspend(reason: SuspensionReason) -> Self {
        match reason {
            SuspensionReason::LeftOrExpelled => Self::SuspendLeftOrExpelled,
            SuspensionReason::Death => Self::SuspendDeath,
            SuspensionReason::BreachOfTerms => Self::SuspendBreachOfTerms,
            SuspensionReason::NationalJudgement => Self::SuspendNationalJudgement,
        }
    }
}

codes! {
    /// What an actor is to a place with clerks, or to a person whose account it is.
    IdentityRelation {
        /// A clerk of any role of the association, or an organiser of the organisation.
        ClerkHere => "clerk_here",
        /// A clerk of the association who keys in, or of a higher role.
        OperatorHere => "operator_here",
        /// An administrator of the association.
        AdministratorHere => "administrator_here",
        /// An administrator of the association above, while this one has no administrator.
        AdministratorAboveAVacancy => "administrator_above_a_vacancy",
        /// An administrator of the association that looks after the organisation.
        AdministratorInCharge => "administrator_in_charge",
        /// The physician whose account it is.
        Owner => "owner",
        /// A clerk of an association that sees the person.
        ClerkOfPerson => "clerk_of_person",
        /// An administrator of an association that answers for the person.
        AdministratorOfPerson => "administrator_of_person",
        /// The same of a prefecture, of the nation, or of the highest association the person is with.
        HigherAdministratorOfPerson => "higher_administrator_of_person",
        /// The same of the nation.
        NationalAdministratorOfPerson => "national_administrator_of_person",
    }
}

use IdentityRelation as R;

/// Who may do what.
pub const GRANTS: &[(IdentityAction, &[IdentityRelation])] = &[
    (IdentityAction::ListClerks, &[R::AdministratorHere, R::AdministratorInCharge]),
    (IdentityAction::InviteClerk, &[R::AdministratorHere, R::AdministratorAboveAVacancy, R::AdministratorInCharge]),
    (IdentityAction::ChangeClerk, &[R::AdministratorHere, R::AdministratorInCharge]),
    (IdentityAction::EndClerk, &[R::AdministratorHere, R::AdministratorInCharge]),
    (IdentityAction::ReadLetters, &[R::ClerkHere]),
    (IdentityAction::IssueLetters, &[R::OperatorHere]),
    (IdentityAction::DecideMismatch, &[R::OperatorHere]),
    (IdentityAction::ReadOrganisation, &[R::ClerkHere, R::AdministratorInCharge]),
    (IdentityAction::ReadAccount, &[R::ClerkOfPerson]),
    (IdentityAction::SuspendLeftOrExpelled, &[R::AdministratorOfPerson]),
    (IdentityAction::SuspendDeath, &[R::AdministratorOfPerson]),
    (IdentityAction::SuspendBreachOfTerms, &[R::HigherAdministratorOfPerson]),
    (IdentityAction::SuspendNationalJudgement, &[R::NationalAdministratorOfPerson]),
];

/// What the policy needs to know of a place with clerks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceFacts {
    /// The place.
    pub place: Place,
    /// The association above it, or the one that looks after the organisation.
    pub above: Option<AssociationId>,
    /// Whether somebody is, or will be, administrator there.
    pub has_administrator: bool,
}

impl PlaceFacts {
    fn relations_of(&self, actor: &Actor) -> Vec<IdentityRelation> {
        let mut held = Vec::new();
        let above = self.above.is_some_and(|above| actor.is_clerk(above, Role::Administrator));
        match self.place {
            Place::Association(association) => {
                if actor.is_clerk(association, Role::Viewer) {
                    held.push(R::ClerkHere);
                }
                if actor.is_clerk(association, Role::Operator) {
                    held.push(R::OperatorHere);
                }
                if actor.is_clerk(association, Role::Administrator) {
                    held.push(R::AdministratorHere);
                }
                if above && !self.has_administrator {
                    held.push(R::AdministratorAboveAVacancy);
                }
            }
            Place::Organisation(organisation) => {
                if actor.organisations().any(|own| own == organisation) {
                    held.push(R::ClerkHere);
                }
                if above {
                    held.push(R::AdministratorInCharge);
                }
            }
        }
        held
    }

    fn acting_association(&self, actor: &Actor) -> Option<AssociationId> {
        let own = self.place.association().filter(|here| actor.is_clerk(*here, Role::Viewer));
        own.or_else(|| self.above.filter(|above| actor.is_clerk(*above, Role::Viewer)))
    }
}

/// Decides whether the actor may do this to clerks of the place.
///
/// # Errors
/// [`Denied::Hidden`] to those who have nothing to do with it, [`Denied::Forbidden`] to others.
pub fn authorize_place(
    actor: &Actor,
    action: IdentityAction,
    facts: &PlaceFacts,
) -> Result<Permit<IdentityAction>, Denied> {
    decide(actor, action, &facts.relations_of(actor), facts.acting_association(actor))
}

/// Decides whether the actor may do this with the letters of an association.
///
/// Rule ID-70 (letters are the affair of the association's own clerks); source: docs/rules/identity.md#id-70.
///
/// # Errors
/// [`Denied::Hidden`] to those who are no clerks there, [`Denied::Forbidden`] to clerks of a lower role.
pub fn authorize_letters(
    actor: &Actor,
    action: IdentityAction,
    association: AssociationId,
) -> Result<Permit<IdentityAction>, Denied> {
    // Nobody is anything here from above.
    let facts = PlaceFacts { place: Place::Association(association), above: None, has_administrator: true };
    authorize_place(actor, action, &facts)
}

/// Decides whether the actor may give this role in the place.
///
/// Rule ID-61 (nobody gives more than one holds, nor outside one's association); source: docs/rules/identity.md#id-61.
///
/// # Errors
/// Those of [`authorize_place`]; [`Denied::Forbidden`] for a role above one's own, one that the place does not have, or,
/// from above, any but the first administrator's.
pub fn authorize_grant(actor: &Actor, facts: &PlaceFacts, role: Role) -> Result<Permit<IdentityAction>, Denied> {
    let permit = authorize_place(actor, IdentityAction::InviteClerk, facts)?;
    let allowed = match facts.place {
        Place::Association(association) => match actor.clerk_role(association) {
            Some(Role::Administrator) => role >= Role::Viewer && role <= Role::Administrator,
            // From above: the first administrator and nobody else.
            Some(_) | None => role == Role::Administrator,
        },
        Place::Organisation(_) => role == Role::Organiser,
    };
    if allowed { Ok(permit) } else { Err(Denied::Forbidden) }
}

/// Decides whether an invitation still stands when somebody accepts it: whoever invited must still be allowed to, and
/// nobody accepts an own invitation. `inviter` is `None` for the one that whoever runs the installation made.
///
/// Rule ID-64 (an invitation lapses with the right to give it); source: docs/rules/identity.md#id-64.
///
/// # Errors
/// Those of [`authorize_grant`], about the inviter.
pub fn authorize_acceptance(
    inviter: Option<&Actor>,
    facts: &PlaceFacts,
    role: Role,
    acceptor: AccountId,
) -> Result<Permit<IdentityAction>, Denied> {
    match inviter {
        Some(inviter) => {
            authorize_grant(inviter, facts, role)?;
            if inviter.account == acceptor {
                return Err(Denied::Forbidden);
            }
        }
        None if facts.has_administrator => return Err(Denied::Forbidden),
        None => {}
    }
    let acceptor = Actor::absent(acceptor, Vec::new());
    Ok(Permit::grant(&acceptor, IdentityAction::InviteClerk, facts.place.association()))
}

/// What a role is changed from or to; `None` when it ends at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleTerm {
    /// The role.
    pub role: Role,
    /// Its last day; `None` while no end is set.
    pub last_day: Option<chrono::NaiveDate>,
}

/// Whether a change makes a role higher or longer.
fn raises(before: RoleTerm, after: RoleTerm) -> bool {
    let longer = match (before.last_day, after.last_day) {
        (Some(before), Some(after)) => after > before,
        (Some(_), None) => true,
        (None, _) => false,
    };
    after.role > before.role || longer
}

/// Decides whether the actor may change somebody's role.
///
/// Rules ID-61, ID-63 (nobody raises oneself); source: docs/rules/identity.md.
///
/// # Errors
/// Those of [`authorize_grant`]; [`Denied::Forbidden`] for raising oneself.
pub fn authorize_change(
    actor: &Actor,
    facts: &PlaceFacts,
    holder: AccountId,
    before: RoleTerm,
    after: Option<RoleTerm>,
) -> Result<Permit<IdentityAction>, Denied> {
    let Some(after) = after else { return authorize_place(actor, IdentityAction::EndClerk, facts) };
    let permit = authorize_place(actor, IdentityAction::ChangeClerk, facts)?;
    authorize_grant(actor, facts, after.role)?;
    if holder == actor.account && raises(before, after) {
        return Err(Denied::Forbidden);
    }
    Ok(permit)
}

/// What the policy needs to know of the person whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerFacts {
    /// The person.
    pub person: PersonId,
    /// The associations that see the person: members' and those on the routes of filed cases.
    pub seen_by: Vec<AssociationId>,
    /// The associations that answer for the person: where it is a member; else where it last was; else those on the
    /// routes of its cases.
    pub with: Vec<(AssociationId, Tier)>,
}

impl OwnerFacts {
    fn relations_of(&self, actor: &Actor) -> Vec<IdentityRelation> {
        let mut held = Vec::new();
        if actor.is_physician(self.person) {
            held.push(R::Owner);
        }
        if self.seen_by.iter().any(|association| actor.is_clerk(*association, Role::Viewer)) {
            held.push(R::ClerkOfPerson);
        }
        let highest = self.with.iter().map(|(_, tier)| *tier).max();
        for (association, tier) in &self.with {
            if !actor.is_clerk(*association, Role::Administrator) {
                continue;
            }
            held.push(R::AdministratorOfPerson);
            if *tier >= Tier::Prefectural || Some(*tier) == highest {
                held.push(R::HigherAdministratorOfPerson);
            }
            if *tier == Tier::National {
                held.push(R::NationalAdministratorOfPerson);
            }
        }
        held
    }

    /// As clerk of which association the actor acts: the highest one, which decides.
    #[must_use]
    pub fn acting_association(&self, actor: &Actor) -> Option<AssociationId> {
        let with = self.with.iter().filter(|(id, _)| actor.is_clerk(*id, Role::Viewer));
        let highest = with.max_by_key(|(_, tier)| *tier).map(|(id, _)| *id);
        highest.or_else(|| self.seen_by.iter().copied().find(|id| actor.is_clerk(*id, Role::Viewer)))
    }

    /// The reasons for which the actor may suspend the person's account.
    #[must_use]
    pub fn reasons_of(&self, actor: &Actor) -> Vec<SuspensionReason> {
        let may = |reason: &SuspensionReason| authorize_owner(actor, IdentityAction::suspend(*reason), self).is_ok();
        SuspensionReason::ALL.iter().copied().filter(may).collect()
    }
}

/// Decides whether the actor may do this to the person's account.
///
/// Rule ID-66 (the tier that may suspend follows from the reason); source: docs/rules/identity.md#id-66.
///
/// # Errors
/// [`Denied::Hidden`] to those who have nothing to do with the person, [`Denied::Forbidden`] to others.
pub fn authorize_owner(
    actor: &Actor,
    action: IdentityAction,
    facts: &OwnerFacts,
) -> Result<Permit<IdentityAction>, Denied> {
    decide(actor, action, &facts.relations_of(actor), facts.acting_association(actor))
}

fn decide(
    actor: &Actor,
    action: IdentityAction,
    held: &[IdentityRelation],
    acting: Option<AssociationId>,
) -> Result<Permit<IdentityAction>, Denied> {
    let granted = GRANTS.iter().any(|(a, any_of)| *a == action && any_of.iter().any(|r| held.contains(r)));
    match (granted, held.is_empty()) {
        (true, _) => Ok(Permit::grant(actor, action, acting)),
        (false, true) => Err(Denied::Hidden),
        (false, false) => Err(Denied::Forbidden),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, actor_clerk, actor_physician, association, person};

    fn district(has_administrator: bool) -> PlaceFacts {
        PlaceFacts { place: Place::Association(association(1)), above: Some(association(2)), has_administrator }
    }

    fn day(text: &str) -> Option<chrono::NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn id_70_letters_are_the_affair_of_the_associations_own_clerks() {
        let clerk = |at, role| actor_clerk(association(at), role);
        let ask = |actor: &Actor, action| authorize_letters(actor, action, association(1)).map(|_| ());
        for action in [IdentityAction::IssueLetters, IdentityAction::DecideMismatch] {
            assert_eq!(ask(&clerk(1, Role::Operator), action), Ok(()));
            assert_eq!(ask(&clerk(1, Role::Viewer), action), Err(Denied::Forbidden));
            assert_eq!(ask(&clerk(2, Role::Administrator), action), Err(Denied::Hidden), "not from above either");
            assert_eq!(ask(&actor_physician(person(1)), action), Err(Denied::Hidden));
        }
        assert_eq!(ask(&clerk(1, Role::Viewer), IdentityAction::ReadLetters), Ok(()));
    }

    #[test]
    fn every_action_has_a_row() {
        for action in IdentityAction::ALL {
            assert_eq!(GRANTS.iter().filter(|(a, _)| a == action).count(), 1, "{action}");
        }
    }

    #[test]
    fn id_61_an_administrator_gives_roles_in_the_own_association_and_others_give_none() {
        use Role::{Administrator, Approver, Operator, Viewer};
        let here = actor_clerk(association(1), Administrator);
        for role in [Viewer, Operator, Approver, Administrator] {
            assert!(authorize_grant(&here, &district(true), role).is_ok(), "{role}");
        }
        for role in [Role::Physician, Role::Organiser] {
            assert_eq!(authorize_grant(&here, &district(true), role).map(|_| ()), Err(Denied::Forbidden));
        }
        for role in [Viewer, Operator, Approver] {
            let clerk = actor_clerk(association(1), role);
            assert_eq!(authorize_grant(&clerk, &district(true), Viewer).map(|_| ()), Err(Denied::Forbidden));
        }
        let elsewhere = actor_clerk(association(9), Administrator);
        assert_eq!(authorize_grant(&elsewhere, &district(false), Viewer).map(|_| ()), Err(Denied::Hidden));
    }

    #[test]
    fn id_61_the_upper_tier_appoints_the_first_administrator_and_nobody_else() {
        let above = actor_clerk(association(2), Role::Administrator);
        assert!(authorize_grant(&above, &district(false), Role::Administrator).is_ok());
        assert_eq!(authorize_grant(&above, &district(false), Role::Viewer).map(|_| ()), Err(Denied::Forbidden));
        assert_eq!(authorize_grant(&above, &district(true), Role::Administrator).map(|_| ()), Err(Denied::Hidden));
        let approver = actor_clerk(association(2), Role::Approver);
        assert_eq!(authorize_grant(&approver, &district(false), Role::Administrator).map(|_| ()), Err(Denied::Hidden));
        assert_eq!(
            authorize_place(&above, IdentityAction::ListClerks, &district(false)).map(|_| ()),
            Err(Denied::Forbidden),
            "an administrator sees clerks of the own association only"
        );
    }

    #[test]
    fn id_64_an_invitation_lapses_with_the_right_to_give_it_and_nobody_accepts_an_own_one() {
        let here = actor_clerk(association(1), Role::Administrator);
        let accept = |inviter: Option<&Actor>, facts: &PlaceFacts, acceptor| {
            authorize_acceptance(inviter, facts, Role::Administrator, acceptor).map(|_| ())
        };
        assert_eq!(accept(Some(&here), &district(true), account(7)), Ok(()));
        assert_eq!(accept(Some(&here), &district(true), here.account), Err(Denied::Forbidden));
        let demoted = actor_clerk(association(1), Role::Approver);
        assert_eq!(accept(Some(&demoted), &district(true), account(7)), Err(Denied::Forbidden));
        let above = actor_clerk(association(2), Role::Administrator);
        assert_eq!(accept(Some(&above), &district(false), account(7)), Ok(()));
        assert_eq!(accept(Some(&above), &district(true), account(7)), Err(Denied::Hidden), "no vacancy any more");
        assert_eq!(accept(None, &district(false), account(7)), Ok(()));
        assert_eq!(accept(None, &district(true), account(7)), Err(Denied::Forbidden));
    }

    #[test]
    fn id_63_nobody_raises_oneself_in_role_or_in_time() {
        let own = actor_clerk(association(1), Role::Administrator);
        let term = |role, last_day| RoleTerm { role, last_day };
        let change =
            |holder, before, after| authorize_change(&own, &district(true), holder, before, Some(after)).map(|_| ());
        let (march, april) = (day("2027-03-31"), day("2027-04-30"));
        let administrator = |last_day| term(Role::Administrator, last_day);
        assert_eq!(change(own.account, administrator(march), administrator(april)), Err(Denied::Forbidden));
        assert_eq!(change(own.account, administrator(march), administrator(None)), Err(Denied::Forbidden));
        assert_eq!(change(own.account, term(Role::Viewer, None), administrator(None)), Err(Denied::Forbidden));
        assert_eq!(change(own.account, administrator(None), administrator(march)), Ok(()));
        assert_eq!(change(own.account, administrator(None), term(Role::Viewer, None)), Ok(()));
        assert_eq!(change(account(7), term(Role::Viewer, march), administrator(None)), Ok(()));
    }

    #[test]
    fn id_69_an_organisations_user_sees_the_own_organisation_and_appoints_nobody() {
        let organisation = mamis_kernel::OrganisationId::from_uuid(uuid::Uuid::from_u128(5));
        let facts = PlaceFacts {
            place: Place::Organisation(organisation),
            above: Some(association(3)),
            has_administrator: false,
        };
        let mut organiser = actor_physician(person(1));
        organiser.person = None;
        organiser.capabilities =
            vec![super::super::Capability { role: Role::Organiser, place: Some(Place::Organisation(organisation)) }];
        assert!(authorize_place(&organiser, IdentityAction::ReadOrganisation, &facts).is_ok());
        for action in [IdentityAction::ListClerks, IdentityAction::InviteClerk, IdentityAction::EndClerk] {
            assert_eq!(authorize_place(&organiser, action, &facts).map(|_| ()), Err(Denied::Forbidden), "{action}");
        }
        assert!(organiser.clerk_associations().is_empty());
        let nation = actor_clerk(association(3), Role::Administrator);
        assert!(authorize_grant(&nation, &facts, Role::Organiser).is_ok());
        assert_eq!(authorize_grant(&nation, &facts, Role::Administrator).map(|_| ()), Err(Denied::Forbidden));
    }

    #[test]
    fn id_66_the_reason_decides_which_tier_may_suspend() {
        use SuspensionReason::{BreachOfTerms, Death, LeftOrExpelled, NationalJudgement};
        let tiers =
            [(association(1), Tier::District), (association(2), Tier::Prefectural), (association(3), Tier::National)];
        let member = OwnerFacts { person: person(1), seen_by: tiers.map(|(id, _)| id).to_vec(), with: tiers.to_vec() };
        let reasons = |facts: &OwnerFacts, n, role| facts.reasons_of(&actor_clerk(association(n), role));
        assert_eq!(reasons(&member, 1, Role::Administrator), [LeftOrExpelled, Death]);
        assert_eq!(reasons(&member, 2, Role::Administrator), [LeftOrExpelled, Death, BreachOfTerms]);
        assert_eq!(reasons(&member, 3, Role::Administrator), [LeftOrExpelled, Death, BreachOfTerms, NationalJudgement]);
        assert_eq!(reasons(&member, 3, Role::Approver), []);
        assert_eq!(reasons(&member, 9, Role::Administrator), []);
        let district_only = OwnerFacts {
            person: person(1),
            seen_by: vec![association(1)],
            with: vec![(association(1), Tier::District)],
        };
        assert_eq!(reasons(&district_only, 1, Role::Administrator), [LeftOrExpelled, Death, BreachOfTerms]);
        let own = actor_physician(person(1));
        assert_eq!(authorize_owner(&own, IdentityAction::ReadAccount, &member).map(|_| ()), Err(Denied::Forbidden));
        let other = actor_physician(person(2));
        assert_eq!(authorize_owner(&other, IdentityAction::ReadAccount, &member).map(|_| ()), Err(Denied::Hidden));
    }
}
