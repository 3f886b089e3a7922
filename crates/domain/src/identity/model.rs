use mamis_kernel::{AccountId, AssociationId, Assurance, DelegationScope, OrganisationId, PersonId, Role, SessionId};

use super::Acting;

/// Where a role is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// An association: its clerks.
    Association(AssociationId),
    /// Another organisation: its organisers.
    Organisation(OrganisationId),
}

impl Place {
    /// The association, if it is one.
    #[must_use]
    pub const fn association(self) -> Option<AssociationId> {
        match self {
            Self::Association(id) => Some(id),
            Self::Organisation(_) => None,
        }
    }

    /// The organisation, if it is one.
    #[must_use]
    pub const fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::Association(_) => None,
            Self::Organisation(id) => Some(id),
        }
    }
}

/// A role in its place, in force today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capability {
    /// What.
    pub role: Role,
    /// Where; `None` for physicians, who speak for themselves alone.
    pub place: Option<Place>,
}

impl Capability {
    /// The association in which it is held.
    #[must_use]
    pub fn association(&self) -> Option<AssociationId> {
        self.place.and_then(Place::association)
    }
}

/// How far an account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Standing {
    /// It may do what its capabilities say.
    #[default]
    Full,
    /// 仮登録: it registered itself, and nobody has looked at its owner's licence yet (ID-51).
    Provisional,
}

/// A signed-in account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The session it speaks in.
    pub session: SessionId,
    /// The account's own person, for physicians. Nobody's while acting for somebody.
    pub person: Option<PersonId>,
    /// How sure the session is of who opened it.
    pub assurance: Assurance,
    /// Roles in force today. None while acting for somebody.
    pub capabilities: Vec<Capability>,
    /// How far the account has come.
    pub standing: Standing,
    /// Roles that wait until a second factor is shown (ID-20).
    pub held_back: Vec<Capability>,
    /// For whom the account acts in this request, and on what basis.
    pub acting: Option<Acting>,
}

impl Actor {
    /// An account in no session of its own, for asking whether it still may what it began.
    #[must_use]
    pub fn absent(account: AccountId, capabilities: Vec<Capability>) -> Self {
        Self {
            account,
            session: SessionId::from_uuid(uuid::Uuid::nil()),
            person: None,
            assurance: Assurance::Password,
            capabilities,
            standing: Standing::Full,
            held_back: Vec::new(),
            acting: None,
        }
    }

    /// The same account acting for somebody: nothing of its own goes with it.
    ///
    /// Rule ID-30 (never with the own roles at the same time); source: docs/rules/identity.md#id-30.
    #[must_use]
    pub fn acting_for(&self, acting: Acting) -> Self {
        Self {
            account: self.account,
            session: self.session,
            person: None,
            assurance: self.assurance,
            capabilities: Vec::new(),
            standing: self.standing,
            held_back: Vec::new(),
            acting: Some(acting),
        }
    }

    /// Whom the account speaks for: itself as a physician, or the one it acts for.
    #[must_use]
    pub fn speaks_for(&self) -> Option<PersonId> {
        let own = self.person.filter(|_| self.capabilities.iter().any(|c| c.role == Role::Physician));
        self.acting.as_ref().map(|acting| acting.person).or(own)
    }

    /// Whether the account is this physician's own, and acts for nobody else.
    #[must_use]
    pub fn is_own(&self, person: PersonId) -> bool {
        self.acting.is_none() && self.person == Some(person)
    }

    /// Whether the account speaks for this person, as that physician or for that physician.
    #[must_use]
    pub fn is_physician(&self, person: PersonId) -> bool {
        self.speaks_for() == Some(person)
    }

    /// Whether what the account acts on allows this; one's own hands may do everything.
    #[must_use]
    pub fn acting_allows(&self, scope: DelegationScope) -> bool {
        self.acting.as_ref().is_none_or(|acting| acting.allows(scope))
    }

    /// The highest clerk's role held in an association. Clerks' roles include those below them.
    #[must_use]
    pub fn clerk_role(&self, association: AssociationId) -> Option<Role> {
        let held = self.capabilities.iter().filter(|c| c.association() == Some(association));
        held.map(|c| c.role).filter(|role| *role >= Role::Viewer).max()
    }

    /// Whether the actor is clerk of the association with this role or a higher one.
    #[must_use]
    pub fn is_clerk(&self, association: AssociationId, at_least: Role) -> bool {
        self.clerk_role(association).is_some_and(|role| role >= at_least)
    }

    /// The associations in which some clerk's role is held, each once.
    #[must_use]
    pub fn clerk_associations(&self) -> Vec<AssociationId> {
        let mut found: Vec<_> =
            self.capabilities.iter().filter(|c| c.role >= Role::Viewer).filter_map(Capability::association).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The organisations in which the actor is an organiser.
    pub fn organisations(&self) -> impl Iterator<Item = OrganisationId> {
        self.capabilities.iter().filter_map(|c| c.place.and_then(Place::organisation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{actor_clerk, actor_physician, association, person};

    #[test]
    fn a_clerks_role_holds_in_its_association_alone() {
        let clerk = actor_clerk(association(1), Role::Approver);
        assert!(clerk.is_clerk(association(1), Role::Viewer));
        assert!(clerk.is_clerk(association(1), Role::Approver));
        assert!(!clerk.is_clerk(association(1), Role::Administrator));
        assert!(!clerk.is_clerk(association(2), Role::Viewer));
    }

    #[test]
    fn a_physician_is_clerk_nowhere_and_speaks_for_nobody_else() {
        let physician = actor_physician(person(1));
        assert!(physician.is_physician(person(1)));
        assert!(!physician.is_physician(person(2)));
        assert!(physician.clerk_associations().is_empty());
    }
}
