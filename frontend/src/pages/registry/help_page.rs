//! Help and contact.

use leptos::prelude::*;

use crate::components::PageHeading;
use crate::tr;

/// Help and contact; needs no session.
#[component]
pub fn HelpPage() -> impl IntoView {
    view! {
        <PageHeading title=tr!(registry.help_title) />
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(registry.help_who_title)}</h2>
            <p>{tr!(registry.help_who_text)}</p>
        </section>
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(registry.help_steps_title)}</h2>
            <ol class="ui-list">
                <li>{tr!(registry.help_step_1)}</li>
                <li>{tr!(registry.help_step_2)}</li>
                <li>{tr!(registry.help_step_3)}</li>
                <li>{tr!(registry.help_step_4)}</li>
            </ol>
        </section>
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(registry.help_paper_title)}</h2>
            <p>{tr!(registry.help_paper_text)}</p>
        </section>
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(registry.help_keys_title)}</h2>
            <p>{tr!(registry.help_keys_text)}</p>
        </section>
    }
}
