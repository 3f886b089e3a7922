//! One section of the form with its buttons: every way on saves, and no failure loses what was typed.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use mamis_contract::problem::ProblemCode;
use mamis_contract::workflow::{ApplicationView, ChangeView};
use mamis_kernel::{ApplicationId, Tier};

use super::association_section::AssociationSection;
use super::category_section::CategorySection;
use super::contact_section::ContactSection;
use super::date_section::DateSection;
use super::role_section::RoleSection;
use super::workplace_section::WorkplaceSection;
use super::{Fields, Finder};
use crate::api::{ETag, Failure, use_api};
use crate::components::{Button, ButtonKind, ButtonLink, ErrorSummary, FailureBanner, TextArea};
use crate::forms::Form;
use crate::i18n::use_language;
use crate::pages::workflow::join_form::JoinForm;
use crate::pages::workflow::links::{self, FROM, FROM_CHECK};
use crate::pages::workflow::sections::{Field, Section, comments_in};
use crate::pages::workflow::stale::StaleNotice;
use crate::state::use_toasts;
use crate::{dom, routes, say, tr};

/// A draft under the reader's hands, whichever section is shown.
#[derive(Clone, Copy)]
pub(in crate::pages::workflow) struct Draft {
    pub(in crate::pages::workflow) id: ApplicationId,
    pub(in crate::pages::workflow) fields: Fields,
    pub(in crate::pages::workflow) finder: Finder,
    /// The version it is based on.
    pub(in crate::pages::workflow) etag: RwSignal<ETag>,
    /// What the server has.
    pub(in crate::pages::workflow) saved: RwSignal<JoinForm>,
    /// The case as it was last answered.
    pub(in crate::pages::workflow) case: RwSignal<ApplicationView>,
}

/// Where to go when it is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    On,
    Out,
}

/// One section of the form.
#[component]
pub(in crate::pages::workflow) fn SectionPage(draft: Draft, section: Section) -> impl IntoView {
    let Draft { id, fields, finder, etag, saved, case } = draft;
    let (api, form, language, toasts, navigate) =
        (use_api(), Form::new(), use_language(), use_toasts(), use_navigate());
    let from_check = use_query_map().with_untracked(|query| query.get(FROM).as_deref() == Some(FROM_CHECK));
    let failure = RwSignal::new(None::<Failure>);
    let stale = RwSignal::new(None::<Way>);
    let target = move |way: Way| match (way, section.next()) {
        (Way::Out, _) => routes::my_page(),
        (Way::On, Some(next)) if !from_check => links::edit(id, next),
        (Way::On, _) => routes::check_application(id),
    };
    let save = Action::new_local(move |way: &Way| {
        let (way, typed, navigate) = (*way, fields.form_now(), navigate.clone());
        async move {
            match api.save_application(id, &etag.get_untracked(), &typed.to_command()).await {
                Ok(answer) => {
                    etag.set(answer.etag);
                    saved.set(typed);
                    case.set(answer.value);
                    if stale.is_disposed() {
                        // The reader has gone elsewhere meanwhile.
                        return;
                    }
                    if way == Way::Out {
                        toasts.show(say!(language.locale_now(), workflow.saved_for_later));
                    }
                    navigate(&target(way), NavigateOptions::default());
                }
                Err(refused) if refused.code() == Some(ProblemCode::StaleVersion) => stale.set(Some(way)),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let start = move |way: Way| {
        if save.pending().get_untracked() {
            return;
        }
        failure.set(None);
        stale.set(None);
        if section == Section::Workplace
            && way == Way::On
            && let Err(faults) = finder.settle(fields)
        {
            form.show(faults);
            return;
        }
        let typed = fields.form_now();
        let faults = match way {
            Way::On => typed.faults(section),
            Way::Out => typed.malformed(section),
        };
        if faults.is_empty() {
            form.clear();
            save.dispatch(way);
        } else {
            form.show(faults);
        }
    };
    // Another version is there: take it, or put this one over it.
    let refresh = Action::new_local(move |keep: &bool| {
        let keep = *keep;
        async move {
            match api.application(id).await {
                Ok(_) if stale.is_disposed() => {}
                Ok(answer) => {
                    let way = stale.get_untracked().unwrap_or(Way::On);
                    stale.set(None);
                    etag.set(answer.etag);
                    if keep {
                        save.dispatch(way);
                    } else {
                        let theirs = form_of(&answer.value);
                        saved.set(theirs.clone());
                        fields.fill(theirs);
                    }
                    case.set(answer.value);
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    focus_named_field();
    let back = match section.previous() {
        _ if from_check => routes::check_application(id),
        Some(previous) => links::edit(id, previous),
        None => routes::my_page(),
    };
    let back_words = match section.previous() {
        Some(_) => tr!(common.back),
        None if from_check => tr!(common.back),
        None => tr!(workflow.back_to_my_page),
    };
    let next_words = if from_check { tr!(workflow.save_and_check) } else { tr!(common.next) };
    let pause_words = tr!(workflow.save_and_stop);
    let body = match section {
        Section::Workplace => view! { <WorkplaceSection form fields finder /> }.into_any(),
        Section::Role => view! { <RoleSection form fields /> }.into_any(),
        Section::Association => {
            let chosen = case.with_untracked(|case| district_of(case.changes.first()));
            view! { <AssociationSection form fields chosen /> }.into_any()
        }
        Section::Category => view! { <CategorySection form fields id /> }.into_any(),
        Section::Date => view! { <DateSection form fields /> }.into_any(),
        Section::Contact => view! { <ContactSection form fields /> }.into_any(),
        Section::Note => view! {
            <TextArea
                form
                pointer=Field::Note.pointer()
                label=Field::Note.text()
                hint=tr!(workflow.note_hint)
                value=fields.note
                rows=6
            />
        }
        .into_any(),
    };
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        {move || {
            stale
                .get()
                .map(|_| {
                    view! {
                        <StaleNotice
                            pending=refresh.pending()
                            on_reload=Callback::new(move |()| {
                                refresh.dispatch(false);
                            })
                            on_keep=Callback::new(move |()| {
                                refresh.dispatch(true);
                            })
                        />
                    }
                })
        }}
        <Comments case section />
        <form
            class="ui-form"
            novalidate
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                start(Way::On);
            }
        >
            {body}
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=save.pending()>
                    {move || next_words.get()}
                </Button>
                <ButtonLink href=back kind=ButtonKind::Secondary label=back_words />
                <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| start(Way::Out))>
                    {move || pause_words.get()}
                </Button>
            </div>
        </form>
    }
}

/// What the association wrote about fields of this section, when the case came back.
#[component]
fn Comments(case: RwSignal<ApplicationView>, section: Section) -> impl IntoView {
    let title = tr!(workflow.comments_title);
    move || {
        let comments = case.with(|case| comments_in(case, section));
        (!comments.is_empty()).then(|| {
            let items = comments.into_iter().map(|(field, comment)| {
                let name = field.text();
                view! {
                    <li>
                        <strong>{move || name.get()}</strong>
                        <p class="wf-pre">{comment}</p>
                    </li>
                }
            });
            view! {
                <div class="ui-banner ui-banner--warning" role="region" aria-label=move || title.get()>
                    <p class="ui-banner__title">{move || title.get()}</p>
                    <ul class="ui-banner__body wf-comments">{items.collect_view()}</ul>
                </div>
            }
        })
    }
}

/// The joining form of a case; an empty one when it has none.
pub(in crate::pages::workflow) fn form_of(case: &ApplicationView) -> JoinForm {
    use crate::pages::workflow::answers::joining;
    case.changes.first().map(|change| JoinForm::from_input(&joining(change))).unwrap_or_default()
}

fn district_of(change: Option<&ChangeView>) -> Option<mamis_contract::registry::AssociationRef> {
    change?.associations.iter().find(|association| association.tier == Tier::District).cloned()
}

/// Focuses the field that the address names behind `#`, once it is there.
fn focus_named_field() {
    let hash = use_location().hash;
    Effect::new(move |_| {
        let target = hash.get();
        if let Some(id) = target.strip_prefix('#').filter(|id| id.starts_with("f-")) {
            focus_when_there(id.to_owned(), FRAMES_TO_WAIT);
        }
    });
}

/// The section may still wait for something that it reads.
const FRAMES_TO_WAIT: u16 = 600;

fn focus_when_there(id: String, frames: u16) {
    request_animation_frame(move || {
        if dom::is_there(&id) {
            // After the heading, which takes the focus first.
            request_animation_frame(move || dom::focus(&id));
        } else if frames > 0 {
            focus_when_there(id, frames - 1);
        }
    });
}
