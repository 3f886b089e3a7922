//! An address without a page.

use leptos::prelude::*;

use crate::components::{ButtonLink, PageHeading};
use crate::{routes, tr};

/// An address without a page, or something that is not there for this reader.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <PageHeading title=tr!(common.not_found_title) />
        <p>{tr!(common.not_found_text)}</p>
        <div class="ui-actions">
            <ButtonLink href=routes::home() label=tr!(common.go_home) />
        </div>
    }
}
