//! Letters with temporary log-ins: to whom, printing them, and those whose proof of identity did not match.

mod issue;
mod letter_to;
mod log;
mod mismatches;

pub use letter_to::LetterTo;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use mamis_contract::registry::AssociationRef;
use mamis_kernel::{AssociationId, Role};

use self::issue::Issue;
use self::log::Log;
use self::mismatches::Mismatches;
use crate::components::{Tab, Tabs};
use crate::pages::desk::for_association;
use crate::tr;

const ISSUE: &str = "issue";
const LOG: &str = "log";
const CHECK: &str = "check";

/// The letters of the association whose clerk one is.
#[component]
pub fn LettersPage() -> impl IntoView {
    for_association(tr!(letters.title), Role::Operator, tr!(letters.not_operator), |association: AssociationRef| {
        view! { <Letters association=association.id /> }.into_any()
    })
}

#[component]
fn Letters(association: AssociationId) -> impl IntoView {
    let asks_for_log = use_location().search.with_untracked(|search| search.contains("view=log"));
    let view = RwSignal::new(if asks_for_log { LOG } else { ISSUE });
    let tabs = vec![
        Tab { key: ISSUE, label: tr!(letters.tab_issue) },
        Tab { key: LOG, label: tr!(letters.tab_log) },
        Tab { key: CHECK, label: tr!(letters.tab_check) },
    ];
    view! {
        <Tabs label=tr!(letters.title) tabs selected=view />
        <div
            role="tabpanel"
            id=move || format!("panel-{}", view.get())
            aria-labelledby=move || format!("tab-{}", view.get())
        >
            {move || match view.get() {
                LOG => view! { <Log association /> }.into_any(),
                CHECK => view! { <Mismatches association /> }.into_any(),
                _ => view! { <Issue association on_issued=Callback::new(move |()| view.set(LOG)) /> }.into_any(),
            }}
        </div>
    }
}
