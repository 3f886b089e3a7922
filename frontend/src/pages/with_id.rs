//! The thing that an address names.

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::NotFoundPage;

/// Shows the page of the thing that `:id` in the address names; a new page when it names another.
pub(in crate::pages) fn with_id<I>(page: impl Fn(I) -> AnyView + Send + 'static) -> impl IntoView
where
    I: FromStr + Clone + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<I>().ok())));
    move || match id.get() {
        Some(id) => page(id),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}
