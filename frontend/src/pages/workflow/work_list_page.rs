//! A clerk's work list.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// A clerk's work list.
#[component]
pub fn WorkListPage() -> impl IntoView {
    view! { <PageHeading title=tr!(workflow.new_title) /> }
}
