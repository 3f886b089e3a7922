use mamis_kernel::{AccountId, AssociationId, DelegationScope, PersonId};

use super::Actor;

/// Work that no person asked for. The names stand in the audit; search for them to find every bypass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SystemActor {
    /// `mamis import reference`
    ReferenceImport,
    /// `mamis import roster`
    RosterImport,
    /// `mamis seed` and the demonstration
    Seed,
    /// The worker
    Worker,
    /// Nobody yet: a log-in being tried
    Visitor,
    /// Whoever runs the installation, on its command line
    CommandLine,
}

impl SystemActor {
    /// As it stands in the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReferenceImport => "system:reference_import",
            Self::RosterImport => "system:roster_import",
            Self::Seed => "system:seed",
            Self::Worker => "system:worker",
            Self::Visitor => "system:visitor",
            Self::CommandLine => "system:command_line",
        }
    }
}

/// Whose hand it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// A signed-in account.
    Account(AccountId),
    /// The system itself.
    System(SystemActor),
}

/// Proof that a policy said yes to one write. Only policies make one; every write of `persistence` asks for it and
/// writes the audit event from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit<A> {
    by: By,
    on_behalf_of: Option<PersonId>,
    as_clerk_of: Option<AssociationId>,
    action: A,
}

impl<A: Copy> Permit<A> {
    /// For policies alone.
    pub(crate) fn grant(actor: &Actor, action: A, as_clerk_of: Option<AssociationId>) -> Self {
        let acting = actor.acting.as_ref();
        Self {
            by: By::Account(actor.account),
            on_behalf_of: acting.map(|acting| acting.person),
            as_clerk_of: acting.and_then(super::Acting::as_clerk_of).or(as_clerk_of),
            action,
        }
    }

    /// The system's own work, past the policies.
    #[must_use]
    pub const fn system(actor: SystemActor, action: A) -> Self {
        Self { by: By::System(actor), on_behalf_of: None, as_clerk_of: None, action }
    }

    /// An account's own affair, past the policies: for the slices' own constructors alone.
    pub(super) const fn of_account(account: AccountId, action: A) -> Self {
        Self { by: By::Account(account), on_behalf_of: None, as_clerk_of: None, action }
    }

    /// The same hand for this person, as clerk of this association: for what is done about acting itself.
    #[must_use]
    pub const fn for_person(self, person: PersonId, as_clerk_of: Option<AssociationId>) -> Self {
        Self { by: self.by, on_behalf_of: Some(person), as_clerk_of, action: self.action }
    }

    /// Whose hand it is.
    #[must_use]
    pub const fn by(&self) -> By {
        self.by
    }

    /// The account, when it is not the system.
    #[must_use]
    pub const fn by_account(&self) -> Option<AccountId> {
        match self.by {
            By::Account(account) => Some(account),
            By::System(_) => None,
        }
    }

    /// For whom a clerk or assistant acts.
    #[must_use]
    pub const fn on_behalf_of(&self) -> Option<PersonId> {
        self.on_behalf_of
    }

    /// As clerk of which association.
    #[must_use]
    pub const fn as_clerk_of(&self) -> Option<AssociationId> {
        self.as_clerk_of
    }

    /// What was allowed.
    #[must_use]
    pub const fn action(&self) -> A {
        self.action
    }
}

impl Permit<()> {
    /// An account's own session: signing in and out needs no policy beyond the secret that was shown. It allows no write
    /// that names an action.
    #[must_use]
    pub const fn session(account: AccountId) -> Self {
        Self::of_account(account, ())
    }

    /// Allows nothing; it carries whose hand a refusal stopped into the audit.
    #[must_use]
    pub fn refusal(actor: &Actor) -> Self {
        Self::grant(actor, (), None)
    }
}

/// A policy said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The asker has nothing to do with it and must not learn that it exists (404).
    Hidden,
    /// The asker may know of it, but not do this (403).
    Forbidden,
    /// The case is on the asker's route, but it is another association's turn (403).
    NotYourStep,
}

/// The part of the world that a list or a record may show. It becomes a `where`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One's own.
    Own(PersonId),
    /// What has to do with these associations.
    Associations(Vec<AssociationId>),
    /// One's own and that of one's associations.
    OwnAndAssociations(PersonId, Vec<AssociationId>),
    /// Nothing.
    Nothing,
}

impl Scope {
    /// What the actor may see: the own person, or the one acted for, and what the associations see in which the actor is a clerk.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        let own = actor.speaks_for().filter(|_| actor.acting_allows(DelegationScope::View));
        let associations = actor.clerk_associations();
        match (own, associations.is_empty()) {
            (Some(person), true) => Self::Own(person),
            (Some(person), false) => Self::OwnAndAssociations(person, associations),
            (None, false) => Self::Associations(associations),
            (None, true) => Self::Nothing,
        }
    }

    /// The own person, if it is in the scope.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Own(person) | Self::OwnAndAssociations(person, _) => Some(*person),
            Self::Associations(_) | Self::Nothing => None,
        }
    }

    /// The associations in the scope.
    #[must_use]
    pub fn associations(&self) -> &[AssociationId] {
        match self {
            Self::Associations(ids) | Self::OwnAndAssociations(_, ids) => ids,
            Self::Own(_) | Self::Nothing => &[],
        }
    }
}
