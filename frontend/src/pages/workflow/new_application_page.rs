//! What joining is, and its start.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// What joining is, and its start.
#[component]
pub fn NewApplicationPage() -> impl IntoView {
    view! { <PageHeading title=tr!(workflow.new_title) /> }
}
