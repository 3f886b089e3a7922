//! From page to page of a list.

use leptos::prelude::*;

use super::{Button, ButtonKind};
use crate::tr;

/// Previous, which page, next. Lists are never endless.
#[component]
pub fn Pagination(
    /// The page at hand, 1 for the first.
    #[prop(into)]
    number: Signal<u32>,
    /// Whether there is one after it.
    #[prop(into)]
    has_next: Signal<bool>,
    /// Goes one back.
    #[prop(into)]
    on_previous: Callback<()>,
    /// Goes one on.
    #[prop(into)]
    on_next: Callback<()>,
) -> impl IntoView {
    let (label, previous, next) = (tr!(common.pagination_label), tr!(common.page_previous), tr!(common.page_next));
    let page = tr!(common.page_number, number = number.get());
    view! {
        <nav class="ui-pagination" aria-label=label>
            {move || {
                (number.get() > 1)
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Secondary on_press=on_previous>
                                {previous}
                            </Button>
                        }
                    })
            }}
            <span class="ui-pagination__page" aria-current="page">
                {page}
            </span>
            {move || {
                has_next
                    .get()
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Secondary on_press=on_next>
                                {next}
                            </Button>
                        }
                    })
            }}
        </nav>
    }
}
