//! The form of an application for a training account, on one page.

use leptos::ev::{self, SubmitEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::problem::ProblemCode;
use mamis_contract::workflow::{ApplicationAction, ApplicationView};
use mamis_kernel::{ApplicationId, AttachmentPurpose, Sex};

use super::form::{TrainingFields, input_of};
use super::upload::LicenceField;
use crate::api::{ETag, Failure, Intent, Versioned, use_api};
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, ButtonLink, Choice, DateField, ErrorSummary, FailureBanner, Fieldset,
    PageHeading, RadioGroup, TextArea, TextField, loaded,
};
use crate::forms::Form;
use crate::i18n::codes::Label;
use crate::i18n::use_language;
use crate::pages::with_id::with_id;
use crate::pages::workflow::sections::{Field, name_at};
use crate::pages::workflow::stale::StaleNotice;
use crate::pages::workflow::wizard::{ContactSection, Finder, WorkplaceSection};
use crate::state::use_toasts;
use crate::{routes, say, tr};

/// The form of an application for a training account.
#[component]
pub fn TrainingFormPage() -> impl IntoView {
    with_id(|id| view! { <Editing id /> }.into_any())
}

#[component]
fn Editing(id: ApplicationId) -> impl IntoView {
    let api = use_api();
    let case = LocalResource::new(move || api.application(id));
    view! {
        <PageHeading title=tr!(workflow.training_form_title) />
        {loaded(
            case,
            move |read| {
                let reload = Callback::new(move |()| case.refetch());
                view! { <TrainingForm id read reload /> }
            },
        )}
    }
}

/// What to do when the form is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Keep it for later.
    Keep,
    /// Send it to the association.
    Send,
}

#[component]
fn TrainingForm(id: ApplicationId, read: Versioned<ApplicationView>, reload: Callback<()>) -> impl IntoView {
    let Versioned { value: case, etag } = read;
    if !case.allowed_actions.contains(&ApplicationAction::Save) {
        return view! {
            <Banner kind=BannerKind::Information title=tr!(workflow.not_editable_title)>
                <p>{tr!(workflow.not_editable_text)}</p>
                <ButtonLink href=routes::application(id) label=tr!(workflow.see_case) />
            </Banner>
        }
        .into_any();
    }
    let (api, navigate, language, toasts) = (use_api(), use_navigate(), use_language(), use_toasts());
    let (form, intent) = (Form::new(), Intent::new());
    let (failure, stale) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let etag = RwSignal::new(etag);
    let fields = TrainingFields::of(&input_of(&case));
    let finder = Finder::new(api, fields.place);
    let saved = RwSignal::new(fields.input());
    let of_licence = |purpose| purpose == AttachmentPurpose::MedicalLicense;
    let licence = RwSignal::new(case.attachments.iter().rev().find(|file| of_licence(file.purpose)).cloned());
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if fields.input() != saved.get_untracked() {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());
    let send = Action::new_local(move |way: &Way| {
        let (way, navigate) = (*way, navigate.clone());
        async move {
            let sent = save_and_send(api, id, (fields, etag, saved), (way, &intent)).await;
            if failure.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match sent {
                Ok(()) => match way {
                    Way::Keep => {
                        toasts.show(say!(language.locale_now(), workflow.training_kept));
                        navigate(&routes::training(), NavigateOptions::default());
                    }
                    Way::Send => navigate(
                        &routes::application(id),
                        NavigateOptions { replace: true, ..NavigateOptions::default() },
                    ),
                },
                Err(refused) if refused.code() == Some(ProblemCode::StaleVersion) => stale.set(true),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let start = move |way: Way| {
        if send.pending().get_untracked() {
            return;
        }
        failure.set(None);
        if way == Way::Send {
            if let Err(faults) = finder.settle(fields.place) {
                form.show(faults);
                return;
            }
            let faults = fields.faults(licence.with_untracked(Option::is_some));
            if !faults.is_empty() {
                form.show(faults);
                return;
            }
        }
        form.clear();
        send.dispatch(way);
    };
    let sexes = Signal::derive(|| Sex::ALL.iter().map(|sex| Choice::new(sex.as_str(), sex.text())).collect::<Vec<_>>());
    let place = fields.place;
    let (keep_words, send_words) = (tr!(workflow.save_and_stop), tr!(workflow.training_send));
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        {move || {
            stale
                .get()
                .then(|| view! { <StaleNotice pending=false on_reload=Callback::new(move |()| reload.run(())) /> })
        }}
        <Comments case />
        <p>{tr!(workflow.training_form_lead)}</p>
        <form
            class="ui-form"
            novalidate
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                start(Way::Send);
            }
        >
            <Fieldset legend=tr!(workflow.training_who)>
                <Plain form field=Field::FamilyName value=fields.family_name autocomplete="family-name" />
                <Plain form field=Field::GivenName value=fields.given_name autocomplete="given-name" />
                <Plain form field=Field::FamilyNameKana value=fields.family_name_kana autocomplete="off" />
                <Plain form field=Field::GivenNameKana value=fields.given_name_kana autocomplete="off" />
                <DateField
                    form
                    pointer=Field::BirthDate.pointer()
                    legend=Field::BirthDate.text()
                    value=fields.birth_date
                    required=true
                />
                <RadioGroup
                    form
                    pointer=Field::Sex.pointer()
                    legend=Field::Sex.text()
                    value=fields.sex
                    choices=sexes
                    required=true
                />
            </Fieldset>
            <Fieldset legend=tr!(workflow.training_licence)>
                <TextField
                    form
                    pointer=Field::RegistrationNumber.pointer()
                    label=Field::RegistrationNumber.text()
                    hint=tr!(workflow.training_number_hint)
                    value=fields.registration_number
                    required=true
                    inputmode="numeric"
                    width=7
                />
                <DateField
                    form
                    pointer=Field::RegisteredOn.pointer()
                    legend=Field::RegisteredOn.text()
                    value=fields.registered_on
                    required=true
                />
                <LicenceField form id licence />
            </Fieldset>
            <Fieldset legend=tr!(workflow.section.workplace)>
                <WorkplaceSection form fields=place finder />
            </Fieldset>
            <Fieldset legend=tr!(workflow.section.contact)>
                <ContactSection form fields=place />
            </Fieldset>
            <TextArea
                form
                pointer=Field::Note.pointer()
                label=Field::Note.text()
                hint=tr!(workflow.note_hint)
                value=place.note
                rows=3
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=send.pending()>
                    {move || send_words.get()}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| start(Way::Keep))>
                    {move || keep_words.get()}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

type Kept = RwSignal<mamis_contract::workflow::TrainingAccountInput>;

async fn save_and_send(
    api: crate::api::Api,
    id: ApplicationId,
    (fields, etag, saved): (TrainingFields, RwSignal<ETag>, Kept),
    (way, intent): (Way, &Intent),
) -> Result<(), Failure> {
    let input = fields.input();
    let answer = api.save_application(id, &etag.get_untracked(), &fields.command()).await?;
    let _ = saved.try_set(input);
    let _ = etag.try_set(answer.etag.clone());
    match way {
        Way::Keep => Ok(()),
        Way::Send => {
            let sent = api.submit_application(id, &answer.etag, &intent.key()).await;
            intent.settle(&sent);
            sent.map(|_| ())
        }
    }
}

#[component]
fn Plain(form: Form, field: Field, value: RwSignal<String>, autocomplete: &'static str) -> impl IntoView {
    view! {
        <TextField form pointer=field.pointer() label=field.text() value required=true autocomplete width=12 />
    }
}

/// What the association wrote, when the case came back.
#[component]
fn Comments(case: ApplicationView) -> impl IntoView {
    let (language, title) = (use_language(), tr!(workflow.comments_title));
    (!case.field_comments.is_empty()).then(|| {
        let items = case.field_comments.into_iter().map(|comment| {
            let pointer = comment.pointer;
            view! {
                <li>
                    <strong>{move || name_at(language.locale(), &pointer)}</strong>
                    <p class="wf-pre">{comment.comment}</p>
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
