//! One part of the form.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// One part of the form.
#[component]
pub fn EditPage() -> impl IntoView {
    view! { <PageHeading title=tr!(workflow.new_title) /> }
}
