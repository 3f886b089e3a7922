//! Small ids and actors for this crate's own tests.

use mamis_kernel::{
    AccountId, AssociationId, Assurance, DelegationId, DelegationScope, OnBehalfId, PersonId, Role, SessionId,
};
use uuid::Uuid;

use crate::identity::{Acting, Actor, Basis, Capability, Place, Standing};

pub(crate) fn association(n: u128) -> AssociationId {
    AssociationId::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn account(n: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn actor_clerk(association: AssociationId, role: Role) -> Actor {
    Actor {
        account: account(100),
        session: SessionId::from_uuid(Uuid::from_u128(100)),
        person: None,
        assurance: Assurance::SecondFactor,
        held_back: Vec::new(),
        capabilities: vec![Capability { role, place: Some(Place::Association(association)) }],
        standing: Standing::Full,
        acting: None,
    }
}

pub(crate) fn actor_physician(person: PersonId) -> Actor {
    Actor {
        account: account(200),
        session: SessionId::from_uuid(Uuid::from_u128(200)),
        person: Some(person),
        assurance: Assurance::SecondFactor,
        held_back: Vec::new(),
        capabilities: vec![Capability { role: Role::Physician, place: None }],
        standing: Standing::Full,
        acting: None,
    }
}

pub(crate) fn actor_assistant(person: PersonId, scopes: &[DelegationScope]) -> Actor {
    let basis = Basis::Delegation {
        id: DelegationId::from_uuid(Uuid::from_u128(300)),
        scopes: scopes.to_vec(),
        ends_on: Default::default(),
    };
    actor_physician(self::person(300)).acting_for(Acting { person, basis })
}

pub(crate) fn actor_on_behalf(association: AssociationId, person: PersonId) -> Actor {
    let basis = Basis::OnBehalf {
        grant: OnBehalfId::from_uuid(Uuid::from_u128(400)),
        association,
        ends_at: Default::default(),
    };
    actor_clerk(association, Role::Administrator).acting_for(Acting { person, basis })
}
