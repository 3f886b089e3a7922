//! A case as a clerk decides it.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// A case as a clerk decides it.
#[component]
pub fn WorkCasePage() -> impl IntoView {
    view! { <PageHeading title=tr!(workflow.new_title) /> }
}
