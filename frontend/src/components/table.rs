//! The frame of a table: caption, sideways scrolling with the keyboard, a shadow where more is hidden.

use leptos::prelude::*;

use crate::i18n::Text;

/// Around `<thead>` and `<tbody>`. Row headers are the names (`<th scope="row">`); numbers have the class `ui-number`.
/// With `stacked`, a phone shows each row as a block; cells then carry `data-label`.
#[component]
pub fn TableFrame(
    /// What the table lists.
    #[prop(into)]
    caption: Text,
    /// Whether a phone shows each row as a block of its own.
    #[prop(optional)]
    stacked: bool,
    /// Whether the caption is for screen readers only, because a heading above says the same.
    #[prop(optional)]
    caption_hidden: bool,
    /// `<thead>` and `<tbody>`.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="ui-table-frame" role="region" tabindex="0" aria-label=caption>
            <table class="ui-table" class=("ui-table--stacked", stacked)>
                <caption class="ui-table__caption" class=("ui-visually-hidden", caption_hidden)>
                    {caption}
                </caption>
                {children()}
            </table>
        </div>
    }
}
