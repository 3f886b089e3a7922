//! A case that came back: who wants what, with a link to each field.

use leptos::prelude::*;
use mamis_contract::workflow::{ApplicationAction, ApplicationView, TimelineEvent};

use crate::components::{ButtonKind, ButtonLink};
use crate::i18n::use_language;
use crate::pages::workflow::links;
use crate::pages::workflow::sections::{Field, Section, name_at};
use crate::pages::workflow::training::{is_training, training_field};
use crate::{routes, say, tr};

/// What is to be corrected, and the ways to do it.
#[component]
pub(in crate::pages::workflow) fn Returned(case: ApplicationView) -> impl IntoView {
    let (language, id) = (use_language(), case.id);
    let last = case.timeline.iter().rev().find(|entry| entry.event == TimelineEvent::Returned);
    let reason = last.and_then(|entry| entry.comment.clone());
    let who = last.and_then(|entry| entry.association.as_ref()).map(|association| association.name.clone());
    let title = move || {
        let locale = language.locale();
        match &who {
            Some(who) => say!(locale, workflow.returned_by, who = who.clone()),
            None => say!(locale, workflow.returned_title),
        }
    };
    let can_correct = case.allowed_actions.contains(&ApplicationAction::Save);
    let first = case.field_comments.iter().find_map(|comment| Field::at(&comment.pointer));
    let training = is_training(&case);
    let field_link = move |field| if training { training_field(id, field) } else { links::edit_field(id, field) };
    let correct = match first {
        Some(field) => field_link(field),
        None if training => routes::training_form(id),
        None => links::edit_from_check(id, Section::Workplace),
    };
    let comments: Vec<_> = case
        .field_comments
        .into_iter()
        .map(|comment| {
            let (field, pointer) = (Field::at(&comment.pointer), comment.pointer);
            let name = move || name_at(language.locale(), &pointer);
            let name = match field.filter(|_| can_correct) {
                Some(field) => view! { <a href=field_link(field)>{name}</a> }.into_any(),
                None => view! { <strong>{name}</strong> }.into_any(),
            };
            view! {
                <li class="wf-comment">
                    <p>{name}</p>
                    <p class="wf-pre">{comment.comment}</p>
                </li>
            }
        })
        .collect();
    view! {
        <section class="wf-returned ui-banner ui-banner--warning" aria-labelledby="returned-title">
            <h2 class="ui-banner__title" id="returned-title">
                {title}
            </h2>
            <div class="ui-banner__body">
                {reason.map(|reason| view! { <p class="wf-pre">{reason}</p> })}
                {(!comments.is_empty())
                    .then(|| {
                        view! {
                            <h3 class="ui-subheading--small">{tr!(workflow.returned_fields)}</h3>
                            <ul class="wf-comments">{comments}</ul>
                        }
                    })}
                {can_correct
                    .then(|| {
                        view! {
                            <div class="wf-row ui-no-print">
                                <ButtonLink href=correct kind=ButtonKind::Primary label=tr!(workflow.correct) />
                                {(!training)
                                    .then(|| {
                                        view! {
                                            <ButtonLink
                                                href=routes::check_application(id)
                                                kind=ButtonKind::Secondary
                                                label=tr!(workflow.correct_done)
                                            />
                                        }
                                    })}
                            </div>
                        }
                    })}
            </div>
        </section>
    }
}
