//! Pages about an association one is a clerk of, and which those are.

use leptos::prelude::*;
use mamis_contract::registry::AssociationRef;
use mamis_kernel::Role;

use crate::components::{Choice, Empty, PageHeading, SelectField};
use crate::forms::Form;
use crate::i18n::Text;
use crate::state::use_session;
use crate::tr;

/// Shows a page for the one association in which one holds the role or more; with several, one chooses.
pub(in crate::pages) fn for_association(
    title: Text,
    least: Role,
    none: Text,
    page: fn(AssociationRef) -> AnyView,
) -> AnyView {
    let own = own_associations(least);
    let Some(first) = own.first().cloned() else {
        return view! {
            <PageHeading title />
            <Empty text=none />
        }
        .into_any();
    };
    if own.len() == 1 {
        let caption = Signal::stored(first.name.clone());
        return view! {
            <PageHeading title caption />
            {page(first)}
        }
        .into_any();
    }
    let chosen = RwSignal::new(first.id.to_string());
    let choices = choices_of(&own);
    let association = move || own.iter().find(|association| association.id.to_string() == chosen.get()).cloned();
    view! {
        <PageHeading title />
        <SelectField form=Form::new() pointer="/association" label=tr!(clerks.association) value=chosen choices />
        {move || association().map(page)}
    }
    .into_any()
}

/// The associations in which one holds the role or more.
pub(in crate::pages) fn own_associations(least: Role) -> Vec<AssociationRef> {
    let held = use_session().account_now().map(|account| account.capabilities).unwrap_or_default();
    let mut own: Vec<AssociationRef> = Vec::new();
    for association in held.into_iter().filter(|held| held.role >= least).filter_map(|held| held.association) {
        if !own.contains(&association) {
            own.push(association);
        }
    }
    own
}

/// To choose one of them, by id.
pub(in crate::pages) fn choices_of(own: &[AssociationRef]) -> Signal<Vec<Choice>> {
    let choice = |association: &AssociationRef| {
        Choice::new(association.id.to_string(), Signal::stored(association.name.clone()))
    };
    Signal::stored(own.iter().map(choice).collect())
}
