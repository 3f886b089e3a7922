//! Where notes that pass by are shown and said.

use leptos::prelude::*;

use crate::state::use_toasts;

/// One a page, in the shell: a live region has to be there before its words are.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="ui-toasts" role="status">
            {move || toasts.current().map(|text| view! { <p class="ui-toast">{text}</p> })}
        </div>
    }
}
