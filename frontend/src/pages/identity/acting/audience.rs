//! Which associations can see one's own record, and why.

use leptos::prelude::*;

use crate::api::use_api;
use crate::components::{Empty, SummaryList, SummaryRow, loaded};
use crate::i18n::codes::Label;
use crate::i18n::in_language;
use crate::tr;

/// Which associations can see one's own record, and why.
#[component]
pub(in crate::pages::identity) fn Audience() -> impl IntoView {
    let api = use_api();
    let list = LocalResource::new(move || api.record_audience());
    view! {
        <p>{tr!(identity.audience_text)}</p>
        {loaded(
            list,
            |audience| {
                if audience.items.is_empty() {
                    return view! { <Empty text=tr!(identity.audience_none) /> }.into_any();
                }
                let rows = audience.items.into_iter().map(|item| {
                    let reasons = item.reasons;
                    let value = in_language(move |locale| {
                        let words: Vec<_> = reasons.iter().map(|reason| reason.label(locale)).collect();
                        words.join("\n")
                    });
                    view! { <SummaryRow name=Signal::stored(item.association.name) value /> }
                });
                view! { <SummaryList>{rows.collect_view()}</SummaryList> }.into_any()
            },
        )}
    }
}
