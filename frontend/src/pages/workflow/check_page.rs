//! All answers before a case is sent, what is missing, the declaration, and the act itself.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::problem::{FieldErrorCode, ProblemCode};
use mamis_contract::workflow::{ApplicationAction, ApplicationState, ApplicationView};
use mamis_kernel::ApplicationId;

use super::answers::Answers;
use super::kept::use_kept;
use super::links;
use super::registered::Registered;
use super::sections::{Field, Section, name_at};
use super::stale::StaleNotice;
use super::wizard::form_of;
use crate::api::{Failure, Intent, Versioned, use_api};
use crate::components::{Banner, BannerKind, Button, ButtonKind, ButtonLink, FailureBanner, PageHeading, loaded};
use crate::forms::{Fault, Form, SUMMARY_ID, field_id};
use crate::i18n::problems::field_text;
use crate::i18n::use_language;
use crate::pages::with_id::with_id;
use crate::{dom, routes, say, tr};

const DECLARATION: &str = "/declaration";

/// All answers before a case is sent.
#[component]
pub fn CheckPage() -> impl IntoView {
    with_id(|id| view! { <Checking id /> }.into_any())
}

#[component]
fn Checking(id: ApplicationId) -> impl IntoView {
    let api = use_api();
    let case = LocalResource::new(move || api.application(id));
    view! {
        <PageHeading title=tr!(workflow.check_title) />
        {loaded(
            case,
            move |read| {
                let reload = Callback::new(move |()| case.refetch());
                view! { <Check read reload /> }
            },
        )}
    }
}

#[component]
fn Check(read: Versioned<ApplicationView>, reload: Callback<()>) -> impl IntoView {
    let Versioned { value: case, etag } = read;
    let id = case.id;
    if !case.allowed_actions.contains(&ApplicationAction::Submit) {
        return view! {
            <Banner title=tr!(workflow.not_sendable_title)>
                <p>{tr!(workflow.not_sendable_text)}</p>
                <ButtonLink href=routes::application(id) label=tr!(workflow.see_case) />
            </Banner>
        }
        .into_any();
    }
    let (api, navigate, language, form, intent) =
        (use_api(), use_navigate(), use_language(), Form::new(), Intent::new());
    let (failure, stale) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let declared = RwSignal::new(false);
    let faults = RwSignal::new(Vec::<Fault>::new());
    let unsaved = use_kept().take_unsaved(id, &etag);
    if let Some(typed) = unsaved.clone() {
        // It stays kept for the form, where it is saved.
        use_kept().keep_unsaved(id, etag.clone(), typed);
    }
    let missing = form_of(&case).all_faults();
    let submit = Action::new_local(move |(): &()| {
        let (etag, navigate) = (etag.clone(), navigate.clone());
        async move {
            let result = api.submit_application(id, &etag, &intent.key()).await;
            intent.settle(&result);
            if stale.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match result {
                Ok(_) => {
                    navigate(&routes::application(id), NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(refused) if refused.code() == Some(ProblemCode::StaleVersion) => stale.set(true),
                Err(refused) => {
                    faults.set(refused.field_errors().iter().map(Fault::from).collect());
                    form.refuse(refused, failure);
                }
            }
        }
    });
    let press = {
        let missing = missing.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            if submit.pending().get_untracked() {
                return;
            }
            failure.set(None);
            let mut found = missing.clone();
            if !declared.get_untracked() {
                found.push(Fault::new(DECLARATION, FieldErrorCode::Required));
            }
            faults.set(found.clone());
            if found.is_empty() {
                form.clear();
                submit.dispatch(());
            } else {
                form.show(found);
            }
        }
    };
    let is_returned = case.state == ApplicationState::Returned;
    let (act, back) = if is_returned {
        (tr!(workflow.submit_again), routes::application(id))
    } else {
        (tr!(workflow.submit), links::edit(id, Section::Note))
    };
    let addressees = case.changes.first().map(|change| {
        change.associations.iter().map(|association| association.name.clone()).collect::<Vec<_>>().join("、")
    });
    let addressees = addressees.unwrap_or_default();
    let sent_to = move || {
        let (locale, names) = (language.locale(), addressees.clone());
        if names.is_empty() { String::new() } else { say!(locale, workflow.sent_to, names = names) }
    };
    let has_missing = !missing.is_empty();
    view! {
        <p class="wf-lead">{tr!(workflow.check_lead)}</p>
        <FaultLinks id faults />
        <FailureBanner failure />
        {move || stale.get().then(|| view! { <StaleNotice pending=false on_reload=reload /> })}
        {unsaved
            .map(|_| {
                view! {
                    <Banner kind=BannerKind::Warning title=tr!(workflow.unsaved_title)>
                        <p>{tr!(workflow.unsaved_text)}</p>
                        <ButtonLink href=links::edit_from_check(id, Section::Workplace) label=tr!(workflow.unsaved_go) />
                    </Banner>
                }
            })}
        {has_missing.then(|| view! { <Missing id missing=missing.clone() /> })}
        <Registered />
        <section class="wf-block" aria-labelledby="asked-title">
            <h2 class="ui-subheading" id="asked-title">
                {tr!(workflow.asked_title)}
            </h2>
            {case.changes.into_iter().map(|change| view! { <Answers change editable=id /> }).collect_view()}
        </section>
        <form class="wf-block wf-send" novalidate on:submit=press>
            <h2 class="ui-subheading">{tr!(workflow.declaration_title)}</h2>
            <p>{tr!(workflow.declaration_text)}</p>
            <p>{sent_to}</p>
            <Declaration declared faults />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=submit.pending()>
                    {move || act.get()}
                </Button>
                <ButtonLink href=back kind=ButtonKind::Secondary label=tr!(common.back) />
            </div>
        </form>
    }
    .into_any()
}

/// What is wrong, each with a link to where it can be put right. Takes the focus as every error summary does.
#[component]
fn FaultLinks(id: ApplicationId, faults: RwSignal<Vec<Fault>>) -> impl IntoView {
    let (language, title) = (use_language(), tr!(common.summary_title));
    move || {
        let found = faults.get();
        (!found.is_empty()).then(|| {
            let locale = language.locale();
            let lines = found.into_iter().map(|fault| fault_line(id, &fault, move |label| field_text(locale, fault.code, &label), locale));
            view! {
                <div class="ui-error-summary" id=SUMMARY_ID tabindex="-1" role="alert" aria-labelledby="error-summary-title">
                    <h2 class="ui-error-summary__title" id="error-summary-title">
                        {move || title.get()}
                    </h2>
                    <ul class="ui-error-summary__list">{lines.collect_view()}</ul>
                </div>
            }
        })
    }
}

fn fault_line(
    id: ApplicationId,
    fault: &Fault,
    text: impl Fn(String) -> String,
    locale: crate::i18n::Locale,
) -> AnyView {
    if fault.pointer == DECLARATION {
        let target = field_id(DECLARATION);
        let words = say!(locale, workflow.declaration_missing);
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            dom::focus(&field_id(DECLARATION));
        };
        return view! {
            <li>
                <a href=format!("#{target}") on:click=go>
                    {words}
                </a>
            </li>
        }
        .into_any();
    }
    let words = text(name_at(locale, &fault.pointer));
    match Field::at(&fault.pointer) {
        Some(field) => view! {
            <li>
                <a href=links::edit_field(id, field)>{words}</a>
            </li>
        }
        .into_any(),
        None => view! { <li>{words}</li> }.into_any(),
    }
}

/// The box to tick before sending.
#[component]
fn Declaration(declared: RwSignal<bool>, faults: RwSignal<Vec<Fault>>) -> impl IntoView {
    let id = field_id(DECLARATION);
    let error_id = format!("{id}-error");
    let missing = Memo::new(move |_| faults.with(|faults| faults.iter().any(|fault| fault.pointer == DECLARATION)));
    let (words, prefix, required) = (tr!(workflow.declaration_missing), tr!(common.error_prefix), tr!(common.required));
    let described_by = error_id.clone();
    view! {
        <div class="ui-field" class=("ui-field--error", move || missing.get())>
            {move || {
                missing
                    .get()
                    .then(|| {
                        view! {
                            <p class="ui-field__error" id=error_id.clone()>
                                <span class="ui-visually-hidden">{move || prefix.get()}</span>
                                {move || words.get()}
                            </p>
                        }
                    })
            }}
            <div class="ui-choice">
                <input
                    class="ui-choice__control"
                    type="checkbox"
                    id=id.clone()
                    prop:checked=move || declared.get()
                    on:change=move |event| declared.set(event_target_checked(&event))
                    aria-describedby=move || missing.get().then(|| described_by.clone())
                    aria-invalid=move || missing.get().then_some("true")
                />
                <label class="ui-choice__label" for=id>
                    {tr!(workflow.declaration)}
                    " "
                    <span class="ui-need ui-need--required">{move || required.get()}</span>
                </label>
            </div>
        </div>
    }
}

/// What is still missing, before anybody has tried to send it.
#[component]
fn Missing(id: ApplicationId, missing: Vec<Fault>) -> impl IntoView {
    let items = missing.into_iter().filter_map(|fault| Field::at(&fault.pointer)).map(move |field| {
        let name = field.text();
        view! {
            <li>
                <a href=links::edit_field(id, field)>{move || name.get()}</a>
            </li>
        }
    });
    view! {
        <Banner kind=BannerKind::Warning title=tr!(workflow.missing_title)>
            <ul class="ui-list wf-links">{items.collect_view()}</ul>
        </Banner>
    }
}
