//! All answers before a draft is sent.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// All answers before a draft is sent.
#[component]
pub fn CheckPage() -> impl IntoView {
    view! { <PageHeading title=tr!(workflow.new_title) /> }
}
