//! What happened to a case, oldest first.

use leptos::prelude::*;
use mamis_contract::workflow::TimelineEntry;
use mamis_kernel::ActingKind;

use crate::format;
use crate::i18n::codes::Label;
use crate::i18n::use_language;
use crate::pages::workflow::sections::name_at;
use crate::{say, tr};

/// What happened to a case.
#[component]
pub(in crate::pages::workflow) fn History(entries: Vec<TimelineEntry>) -> impl IntoView {
    view! {
        <section class="wf-block" aria-labelledby="history-title">
            <h2 class="ui-subheading" id="history-title">
                {tr!(workflow.history_title)}
            </h2>
            <ol class="wf-history">{entries.into_iter().map(|entry| view! { <Entry entry /> }).collect_view()}</ol>
        </section>
    }
}

#[component]
fn Entry(entry: TimelineEntry) -> impl IntoView {
    let language = use_language();
    let TimelineEntry { at, event, association, effective_date, comment, field_comments, proxy } = entry;
    let who = association.map(|association| association.name);
    let proxy = proxy.map(|proxy| {
        view! {
            <p>
                {move || {
                    let (locale, name) = (language.locale(), proxy.name.clone());
                    match proxy.kind {
                        ActingKind::OnBehalf => say!(locale, workflow.history_on_behalf, name = name),
                        ActingKind::Assistant => say!(locale, workflow.history_assistant, name = name),
                    }
                }}
            </p>
        }
    });
    let what = move || {
        let (locale, event) = (language.locale(), event.label(language.locale()));
        match &who {
            Some(who) => say!(locale, workflow.history_by, who = who.clone(), what = event),
            None => event.to_owned(),
        }
    };
    let day = effective_date.map(|day| {
        view! {
            <p>
                {move || {
                    let locale = language.locale();
                    say!(locale, workflow.history_day, date = format::date(locale, day))
                }}
            </p>
        }
    });
    let comments = field_comments.into_iter().map(|comment| {
        let pointer = comment.pointer;
        view! {
            <li>
                <strong>{move || name_at(language.locale(), &pointer)}</strong>
                <span class="wf-pre">"　" {comment.comment}</span>
            </li>
        }
    });
    let comments: Vec<_> = comments.collect();
    view! {
        <li class="wf-history__entry">
            <time class="wf-history__time" datetime=at.to_rfc3339()>
                {move || format::date_and_time(language.locale(), at)}
            </time>
            <div>
                <p class="wf-history__what">{what}</p>
                {proxy}
                {day}
                {comment.map(|comment| view! { <p class="wf-pre">{comment}</p> })}
                {(!comments.is_empty()).then(|| view! { <ul class="ui-list">{comments}</ul> })}
            </div>
        </li>
    }
}
