//! The page's heading: names the window, and takes the focus when one comes from another page.

use leptos::html;
use leptos::prelude::*;

use crate::dom;
use crate::i18n::Text;
use crate::state::use_page_head;

/// The only `h1` of a page. Every page has one, also while it loads.
#[component]
pub fn PageHeading(
    /// The title, also of the window.
    #[prop(into)]
    title: Text,
    /// A line above it: which part of what.
    #[prop(optional, into)]
    caption: Option<Text>,
) -> impl IntoView {
    let (heading, head) = (NodeRef::<html::H1>::new(), use_page_head());
    let moved = head.enter(title);
    Effect::new(move |_| {
        if let Some(heading) = heading.get()
            && moved
        {
            dom::focus_element(&heading);
        }
    });
    view! {
        <h1 class="ui-heading" node_ref=heading tabindex="-1">
            {caption.map(|caption| view! { <span class="ui-heading__caption">{caption}</span> })}
            {title}
        </h1>
    }
}
