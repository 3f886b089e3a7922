//! A list that grows by a page at a time.

use leptos::prelude::*;
use mamis_contract::page::{Page, PageQuery};

use crate::api::Failure;
use crate::components::{Button, Empty, FailureBanner, loaded};
use crate::i18n::Text;
use crate::tr;

/// Shows a list in all its states: loading, failure, empty, rows, and a button for the next page while there is one. It is
/// read anew from the beginning when what `read` depends on changes.
pub(in crate::pages) fn paged<T, R>(
    read: impl Fn(PageQuery) -> R + Copy + Send + Sync + 'static,
    empty: Text,
    row: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    R: Future<Output = Result<Page<T>, Failure>> + 'static,
{
    let first = LocalResource::new(move || read(PageQuery::default()));
    loaded(first, move |page| {
        if page.items.is_empty() {
            return view! { <Empty text=empty /> }.into_any();
        }
        let (further, next) = (RwSignal::new(Vec::<T>::new()), RwSignal::new(page.next_cursor));
        let failure = RwSignal::new(None::<Failure>);
        let go_on = Action::new_local(move |(): &()| async move {
            let query = PageQuery { cursor: next.get_untracked(), ..PageQuery::default() };
            let answer = untrack(|| read(query)).await;
            if failure.is_disposed() {
                return;
            }
            match answer {
                Ok(page) => {
                    failure.set(None);
                    further.update(|items| items.extend(page.items));
                    next.set(page.next_cursor);
                }
                Err(refused) => failure.set(Some(refused)),
            }
        });
        let more = Callback::new(move |()| {
            go_on.dispatch(());
        });
        view! {
            <ul class="ui-tasks">
                {page.items.into_iter().map(row).collect_view()}
                {move || further.get().into_iter().map(row).collect_view()}
            </ul>
            <FailureBanner failure />
            {move || {
                next.with(Option::is_some)
                    .then(|| {
                        view! {
                            <div class="ui-actions">
                                <Button pending=go_on.pending() on_press=more>
                                    {tr!(clerks.more)}
                                </Button>
                            </div>
                        }
                    })
            }}
        }
        .into_any()
    })
}
