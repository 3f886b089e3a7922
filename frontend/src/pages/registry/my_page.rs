//! My page, for now its heading.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// A physician's own page.
#[component]
pub fn MyPage() -> impl IntoView {
    view! { <PageHeading title=tr!(registry.my_title) /> }
}
