use mamis_contract::identity::{AccountView, CapabilityView};
use mamis_domain::identity::Capability;
use mamis_domain::registry::Directory;
use mamis_usecases::identity::AccountFacts;

use crate::registry::wire::{association_ref, person_ref};

/// Who is signed in.
pub fn account_view(facts: AccountFacts, directory: &Directory) -> AccountView {
    let capability = |capability: Capability| CapabilityView {
        role: capability.role,
        association: capability.association.and_then(|id| association_ref(directory, id)),
    };
    AccountView {
        id: facts.account.id,
        login_id: facts.account.login_id,
        display_name: facts.account.display_name,
        person: facts.person.map(person_ref),
        capabilities: facts.capabilities.into_iter().map(capability).collect(),
    }
}
