//! Notices at the top of a page, and failures of what was just tried.

use leptos::prelude::*;

use crate::api::Failure;
use crate::dom;
use crate::i18n::{Text, use_language};
use crate::state::use_page_head;
use crate::tr;

/// What a notice is about. Never an error: those are [`FailureBanner`] and the error summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BannerKind {
    /// Good to know.
    #[default]
    Information,
    /// It worked.
    Success,
    /// Look at this before going on.
    Warning,
}

/// One notice at the top of a page; at most one.
#[component]
pub fn Banner(
    /// What it is about.
    #[prop(optional)]
    kind: BannerKind,
    /// Its heading.
    #[prop(into)]
    title: Text,
    /// The rest.
    children: Children,
) -> impl IntoView {
    let class = match kind {
        BannerKind::Information => "ui-banner",
        BannerKind::Success => "ui-banner ui-banner--success",
        BannerKind::Warning => "ui-banner ui-banner--warning",
    };
    view! {
        <div class=class role="region" aria-label=title>
            <p class="ui-banner__title">{title}</p>
            <div class="ui-banner__body">{children()}</div>
        </div>
    }
}

const FAILURE_ID: &str = "failure";

/// Why what was just tried did not work; takes the focus when it appears.
#[component]
pub fn FailureBanner(
    /// The failure, while there is one.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
) -> impl IntoView {
    let language = use_language();
    let request_id = tr!(common.request_id);
    let head = use_page_head();
    Effect::new(move |_| {
        if failure.with(Option::is_some) {
            head.set_has_faults(true);
            request_animation_frame(|| dom::focus(FAILURE_ID));
        }
    });
    move || {
        failure.get().map(|failure| {
            let text = failure.text(language.locale());
            let id = failure.request_id().map(str::to_owned);
            view! {
                <div class="ui-banner ui-banner--problem" role="alert" tabindex="-1" id=FAILURE_ID>
                    <p class="ui-banner__title">{text.title}</p>
                    <div class="ui-banner__body">
                        <p>{text.advice}</p>
                        {id
                            .map(|id| {
                                view! {
                                    <p class="ui-banner__small">
                                        {request_id} <code>{id}</code>
                                    </p>
                                }
                            })}
                    </div>
                </div>
            }
        })
    }
}
