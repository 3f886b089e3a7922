//! The terms of use, for everybody.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use mamis_contract::identity::TermsView;
use mamis_kernel::texts::{TermsText, TextSection};

use crate::api::GuestApi;
use crate::components::{PageHeading, loaded};
use crate::format;
use crate::i18n::{Locale, use_language};
use crate::state::use_session;
use crate::tr;

/// The terms of use in force, or the version in the address.
#[component]
pub fn TermsPage() -> impl IntoView {
    let params = use_params_map();
    let api = GuestApi::new(use_session());
    let terms = LocalResource::new(move || {
        let version = params.with(|params| params.get("version"));
        async move { api.terms(version.as_deref()).await }
    });
    view! {
        <PageHeading title=tr!(identity.terms_title) />
        {loaded(
            terms,
            |terms| {
                view! {
                    <TermsHead terms=terms.clone() />
                    <TermsBody terms />
                }
            },
        )}
    }
}

/// Which version it is, and what is different.
#[component]
pub(super) fn TermsHead(terms: TermsView) -> impl IntoView {
    let language = use_language();
    let (version, from) = (terms.version.clone(), terms.effective_from);
    let changes = move || text_in(&terms, language.locale()).changes;
    view! {
        <p>
            {tr!(identity.terms_version, version = version.clone())} "　"
            {tr!(identity.terms_effective, day = format::date(language.locale(), from))}
        </p>
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(identity.terms_changes)}</h2>
            {move || list(changes())}
        </section>
    }
}

/// The articles.
#[component]
pub(super) fn TermsBody(terms: TermsView) -> impl IntoView {
    let language = use_language();
    move || {
        let text = text_in(&terms, language.locale());
        let sections: Vec<_> = text.sections.into_iter().map(section).collect();
        view! {
            {paragraphs(text.lead)}
            {sections}
        }
    }
}

fn text_in(terms: &TermsView, locale: Locale) -> TermsText {
    match locale {
        Locale::ja => terms.ja.clone(),
        Locale::en => terms.en.clone(),
    }
}

fn section(section: TextSection) -> AnyView {
    view! {
        <section class="ui-section">
            <h2 class="ui-subheading">{section.heading}</h2>
            {paragraphs(section.paragraphs)}
            {(!section.items.is_empty()).then(|| list(section.items))}
        </section>
    }
    .into_any()
}

fn paragraphs(texts: Vec<String>) -> Vec<AnyView> {
    texts.into_iter().map(|text| view! { <p>{text}</p> }.into_any()).collect()
}

/// A list of sentences.
pub(crate) fn list(texts: Vec<String>) -> AnyView {
    let items: Vec<_> = texts.into_iter().map(|text| view! { <li>{text}</li> }).collect();
    view! { <ul class="ui-list">{items}</ul> }.into_any()
}
