//! Names and values, as on a check page or a record.

use leptos::prelude::*;

use crate::i18n::Text;
use crate::tr;

/// Rows of names and values; holds [`SummaryRow`]s.
#[component]
pub fn SummaryList(
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! { <dl class="ui-summary">{children()}</dl> }
}

/// One name with its value; an empty value says so in words.
#[component]
pub fn SummaryRow(
    /// The name.
    #[prop(into)]
    name: Text,
    /// The value; line breaks stay.
    #[prop(into)]
    value: Text,
    /// Where the value can be changed.
    #[prop(optional, into)]
    change: Option<String>,
) -> impl IntoView {
    let (nothing, verb) = (tr!(common.not_given), tr!(common.change));
    let whole = tr!(common.change_what, what = name.get());
    let value = move || Some(value.get()).filter(|value| !value.is_empty()).unwrap_or_else(|| nothing.get());
    view! {
        <div class="ui-summary__row">
            <dt class="ui-summary__name">{name}</dt>
            <dd class="ui-summary__value">{value}</dd>
            {change
                .map(|href| {
                    view! {
                        <dd class="ui-summary__change">
                            <a href=href aria-label=whole>
                                {verb}
                            </a>
                        </dd>
                    }
                })}
        </div>
    }
}
