//! The merges that were done.

use leptos::prelude::*;
use mamis_contract::registry::DoneMergeView;
use mamis_kernel::AssociationId;

use super::may_merge;
use super::undo::Undo;
use crate::api::use_api;
use crate::i18n::in_language;
use crate::pages::identity::paged::paged;
use crate::{format, routes, say, tr};

/// The list, latest first, each to be taken back.
#[component]
pub(super) fn Done(association: AssociationId) -> impl IntoView {
    let (api, changed, merges) = (use_api(), RwSignal::new(0_u32), may_merge(association));
    let on_undone = Callback::new(move |()| changed.update(|count| *count = count.wrapping_add(1)));
    paged(
        move |page| {
            changed.track();
            api.merges(association, page)
        },
        tr!(merges.done_none),
        move |merge| view! { <Entry merge merges on_undone /> }.into_any(),
    )
}

#[component]
fn Entry(merge: DoneMergeView, merges: bool, on_undone: Callback<()>) -> impl IntoView {
    let DoneMergeView { id, kept, given_up, merged_by, merged_at, undone_at } = merge;
    let (name, other) = (kept.display_name.clone(), given_up.display_name);
    let text = tr!(merges.receipt, given_up = other.clone(), kept = name.clone());
    let by = in_language(move |locale| {
        say!(locale, merges.done_by, time = format::date_and_time(locale, merged_at), name = merged_by.clone())
    });
    view! {
        <li class="ui-card">
            <h3 class="ui-card__title">
                <a href=routes::member(kept.id)>{kept.display_name}</a>
            </h3>
            <p>{text}</p>
            <p>{by}</p>
            {match undone_at {
                Some(at) => {
                    let text = in_language(move |locale| {
                        say!(locale, merges.undone_at, time = format::date_and_time(locale, at))
                    });
                    view! { <p>{text}</p> }.into_any()
                }
                None => merges.then(|| view! { <Undo merge=id on_undone /> }).into_any(),
            }}
        </li>
    }
}
