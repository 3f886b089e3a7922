//! Second records of somebody: found, compared, made one, and two again.

mod compare;
mod done;
mod pairs;
mod undo;

pub use compare::ComparePage;

use leptos::prelude::*;
use mamis_contract::registry::AssociationRef;
use mamis_kernel::{AssociationId, Role};

use self::done::Done;
use self::pairs::Pairs;
use crate::components::{Tab, Tabs};
use crate::pages::desk::{for_association, own_associations};
use crate::tr;

const PAIRS: &str = "pairs";
const DONE: &str = "done";

/// Possible duplicates of the association whose clerk one is, and the merges that were done.
#[component]
pub fn DuplicatesPage() -> impl IntoView {
    for_association(tr!(merges.title), Role::Operator, tr!(merges.not_operator), |association: AssociationRef| {
        view! { <Duplicates association=association.id /> }.into_any()
    })
}

#[component]
fn Duplicates(association: AssociationId) -> impl IntoView {
    let view = RwSignal::new(PAIRS);
    let tabs = vec![Tab { key: PAIRS, label: tr!(merges.tab_pairs) }, Tab { key: DONE, label: tr!(merges.tab_done) }];
    view! {
        <Tabs label=tr!(merges.title) tabs selected=view />
        <div
            role="tabpanel"
            id=move || format!("panel-{}", view.get())
            aria-labelledby=move || format!("tab-{}", view.get())
        >
            {move || match view.get() {
                DONE => view! { <Done association /> }.into_any(),
                _ => view! { <Pairs association /> }.into_any(),
            }}
        </div>
    }
}

/// Whether one may merge as clerk of an association (MERGE-1).
fn may_merge(association: AssociationId) -> bool {
    own_associations(Role::Approver).iter().any(|own| own.id == association)
}
