//! For an assistant: the physicians one may act for.

use leptos::prelude::*;
use mamis_contract::acting::HeldDelegationView;

use super::act;
use crate::api::use_api;
use crate::components::{Button, ButtonKind, ButtonLink, Empty, PageHeading, SummaryList, SummaryRow, loaded};
use crate::i18n::codes::Label;
use crate::i18n::in_language;
use crate::{format, routes, tr};

/// The physicians one may act for.
#[component]
pub fn HeldPage() -> impl IntoView {
    let api = use_api();
    let list = LocalResource::new(move || api.held_delegations());
    view! {
        <PageHeading title=tr!(identity.held_title) />
        <p>{tr!(identity.held_text)}</p>
        {loaded(
            list,
            |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=tr!(identity.held_none) /> }.into_any();
                }
                let items = page.items.into_iter().map(|item| view! { <Entry item /> }).collect_view();
                view! { <ul class="ui-tasks">{items}</ul> }.into_any()
            },
        )}
        <div class="ui-actions">
            <ButtonLink href=routes::assistant_invitation() label=tr!(identity.held_enter_code) />
        </div>
    }
}

#[component]
fn Entry(item: HeldDelegationView) -> impl IntoView {
    let HeldDelegationView { id, person, scopes, ends_on } = item;
    let name = person.display_name.clone();
    let scopes = in_language(move |locale| {
        let words: Vec<_> = scopes.iter().map(|scope| scope.label(locale)).collect();
        words.join("\n")
    });
    view! {
        <li class="ui-card">
            <h2 class="ui-card__title">{person.display_name}</h2>
            <SummaryList>
                <SummaryRow name=tr!(identity.assistant_scopes) value=scopes />
                <SummaryRow
                    name=tr!(identity.assistant_ends)
                    value=in_language(move |locale| format::date(locale, ends_on))
                />
            </SummaryList>
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary on_press=Callback::new(move |()| act(&id.to_string()))>
                    {tr!(identity.held_act, name = name.clone())}
                </Button>
            </div>
        </li>
    }
}
