//! A case as its physician follows it.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// A case as its physician follows it.
#[component]
pub fn CasePage() -> impl IntoView {
    view! { <PageHeading title=tr!(workflow.new_title) /> }
}
