//! The four faces of what a page reads: loading, problem, empty, content.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Button, ButtonKind};
use crate::api::Failure;
use crate::i18n::{Text, use_language};
use crate::tr;

/// Something is being read. Said to screen readers once; the grey lines appear only when it takes a while.
#[component]
pub fn Loading() -> impl IntoView {
    let text = tr!(common.loading);
    view! {
        <div class="ui-loading" role="status">
            <p class="ui-loading__text">{text}</p>
            <div class="ui-skeleton" aria-hidden="true"></div>
            <div class="ui-skeleton" aria-hidden="true"></div>
            <div class="ui-skeleton ui-skeleton--short" aria-hidden="true"></div>
        </div>
    }
}

/// There is nothing to show, and why that is so.
#[component]
pub fn Empty(
    /// The sentence.
    #[prop(into)]
    text: Text,
    /// What one could do instead.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="ui-empty">
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Why something could not be read, in the place where it would stand, with a button to try again.
#[component]
pub fn FailureNote(
    /// The failure.
    failure: Failure,
    /// Tries again.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let request_id = failure.request_id().map(str::to_owned);
    let text = Memo::new({
        let failure = failure.clone();
        move |_| failure.text(language.locale())
    });
    let (tell, again) = (tr!(common.request_id), tr!(common.load_again));
    view! {
        <div class="ui-banner ui-banner--problem" role="alert">
            <p class="ui-banner__title">{move || text.get().title}</p>
            <div class="ui-banner__body">
                <p>{move || text.get().advice}</p>
                {request_id
                    .map(|id| {
                        view! {
                            <p class="ui-banner__small">
                                {tell} <code>{id}</code>
                            </p>
                        }
                    })}
                <Button kind=ButtonKind::Secondary on_press=retry>
                    {again}
                </Button>
            </div>
        </div>
    }
}

/// Shows what a resource reads: loading, its failure with a button to try again, or the content. While it is read anew,
/// the old content stays.
pub fn loaded<T, V>(
    data: LocalResource<Result<T, Failure>>,
    content: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + 'static,
    V: IntoView + 'static,
{
    let retry = Callback::new(move |()| data.refetch());
    frame(Arc::new(move || match data.get() {
        None => ().into_any(),
        Some(Ok(value)) => content(value).into_any(),
        Some(Err(failure)) => view! { <FailureNote failure retry /> }.into_any(),
    }))
}

/// Apart from [`loaded`], so that it is compiled once and not for every kind of content.
fn frame(shown: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    view! { <Transition fallback=|| view! { <Loading /> }>{move || shown()}</Transition> }.into_any()
}
