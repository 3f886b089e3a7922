//! Who else read or changed one's own record.

use leptos::prelude::*;
use mamis_contract::identity::RecordAccessView;
use mamis_contract::page::PageQuery;
use mamis_kernel::ActingKind;

use crate::api::use_api;
use crate::components::{Button, Empty, SummaryList, SummaryRow, loaded};
use crate::i18n::codes::Label;
use crate::i18n::in_language;
use crate::{format, say, tr};

const FIRST: u32 = 10;
const MOST: u32 = 200;

/// Who else read or changed one's own record, latest first.
#[component]
pub(super) fn RecordAccesses() -> impl IntoView {
    let (api, limit) = (use_api(), RwSignal::new(FIRST));
    let list =
        LocalResource::new(move || api.record_accesses(PageQuery { limit: Some(limit.get()), ..PageQuery::default() }));
    view! {
        <p>{tr!(identity.accesses_text)}</p>
        {loaded(
            list,
            move |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=tr!(identity.accesses_none) /> }.into_any();
                }
                let more = page.next_cursor.is_some() && limit.get_untracked() < MOST;
                view! {
                    <SummaryList>{page.items.into_iter().map(row).collect_view()}</SummaryList>
                    {more
                        .then(|| {
                            view! {
                                <div class="ui-actions">
                                    <Button on_press=Callback::new(move |()| limit.set(MOST))>
                                        {tr!(identity.accesses_more)}
                                    </Button>
                                </div>
                            }
                        })}
                }
                    .into_any()
            },
        )}
    }
}

fn row(access: RecordAccessView) -> AnyView {
    let at = access.at;
    let name = in_language(move |locale| format::date_and_time(locale, at));
    let value = in_language(move |locale| {
        let who = match (&access.association, &access.by) {
            (Some(association), Some(by)) => {
                say!(locale, identity.access_as, association = association.name.clone(), name = by.clone())
            }
            (Some(association), None) => association.name.clone(),
            (None, Some(by)) => by.clone(),
            (None, None) => say!(locale, identity.access_system),
        };
        let who = match access.acting {
            Some(ActingKind::OnBehalf) => say!(locale, identity.access_for_you, who = who),
            Some(ActingKind::Assistant) => say!(locale, identity.access_assistant, name = who),
            None => who,
        };
        format!("{who}\n{}", access.kind.label(locale))
    });
    view! { <SummaryRow name value /> }.into_any()
}
