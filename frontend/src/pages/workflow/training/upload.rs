//! The licence: chosen or photographed, sent with its progress, shown, replaced.

use leptos::prelude::*;
use mamis_contract::problem::{FieldErrorCode, ProblemCode};
use mamis_contract::workflow::AttachmentView;
use mamis_kernel::{ApplicationId, AttachmentPurpose};
use wasm_bindgen::JsCast;

use super::attachments::Bytes;
use crate::api::{Failure, use_api};
use crate::components::FailureBanner;
use crate::forms::{Fault, Form};
use crate::i18n::use_language;
use crate::pages::workflow::sections::Field;
use crate::{say, tr};

/// What the server takes, so that a longer wait can be spared.
const LARGEST: f64 = 10.0 * 1024.0 * 1024.0;
const ACCEPT: &str = "image/jpeg,image/png,application/pdf";

/// The licence's field.
#[component]
pub(super) fn LicenceField(
    form: Form,
    id: ApplicationId,
    /// What has been sent.
    licence: RwSignal<Option<AttachmentView>>,
) -> impl IntoView {
    let (api, language) = (use_api(), use_language());
    let (failure, progress) = (RwSignal::new(None::<Failure>), RwSignal::new(None::<f64>));
    let pointer = Field::MedicalLicense.pointer();
    let field = form.register_choice(&pointer, Field::MedicalLicense.text());
    let (input_id, invalid, error) = (field.id.clone(), field.invalid(), field.error);
    let send = Action::new_local(move |file: &web_sys::File| {
        let file = file.clone();
        async move {
            failure.set(None);
            progress.set(Some(0.0));
            let told = move |part| {
                let _ = progress.try_set(Some(part));
            };
            let sent = api.add_attachment(id, AttachmentPurpose::MedicalLicense, &file, told).await;
            if progress.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            progress.set(None);
            match sent {
                Ok(attachment) => {
                    form.clear();
                    let before = licence.get_untracked().filter(|before| before.id != attachment.id);
                    licence.set(Some(attachment));
                    if let Some(before) = before {
                        // One that stays is only one too many.
                        let _ = api.remove_attachment(before.id).await;
                    }
                }
                Err(refused) if refused.code() == Some(ProblemCode::InvalidFields) => {
                    let code = refused.field_errors().first().map(|error| error.code);
                    let code = code.unwrap_or(FieldErrorCode::UnsupportedFile);
                    form.show(vec![Fault::new(Field::MedicalLicense.pointer(), code)]);
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let chosen = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            return;
        };
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again after a failure.
        input.set_value("");
        match file {
            Some(file) if file.size() > LARGEST => {
                form.show(vec![Fault::new(Field::MedicalLicense.pointer(), FieldErrorCode::TooLong)]);
            }
            Some(file) => {
                send.dispatch(file);
            }
            None => {}
        }
    };
    let percent = move || progress.get().map(|part| format!("{:.0}", part * 100.0));
    let status = move || {
        let locale = language.locale();
        match percent() {
            Some(percent) => say!(locale, workflow.licence_sending, percent = percent),
            None if licence.with(Option::is_some) => say!(locale, workflow.licence_sent),
            None => String::new(),
        }
    };
    let has_one = Memo::new(move |_| licence.with(Option::is_some));
    let (camera, other, replace, choose) = (
        tr!(workflow.licence_camera),
        tr!(workflow.licence_other),
        tr!(workflow.licence_replace),
        tr!(workflow.licence_choose),
    );
    let hint_id = format!("{input_id}-hint");
    let error_id = format!("{input_id}-error");
    let described_by = format!("{hint_id} {error_id}");
    let camera_id = format!("{input_id}-camera");
    view! {
        <div class="ui-field" class=("ui-field--error", move || invalid.get().is_some())>
            <p class="ui-field__label" id=format!("{input_id}-label")>
                {Field::MedicalLicense.text()}
                <span class="ui-need ui-need--required">{tr!(common.required)}</span>
            </p>
            <p class="ui-field__hint" id=hint_id>
                {tr!(workflow.licence_hint)}
            </p>
            <p class="ui-field__error" id=error_id>
                {move || error.get()}
            </p>
            <FailureBanner failure />
            {move || {
                licence
                    .get()
                    .map(|file| {
                        view! {
                            <figure class="wf-file">
                                <Bytes
                                    id=file.id
                                    media_type=file.media_type
                                    file_name=file.file_name.clone()
                                    purpose=file.purpose
                                />
                                <figcaption class="ui-soft">{file.file_name}</figcaption>
                            </figure>
                        }
                    })
            }}
            <div class="wf-row">
                <label class="ui-button ui-button--secondary wf-file__pick" for=camera_id.clone()>
                    {move || camera.get()}
                </label>
                <label class="ui-button ui-button--secondary wf-file__pick" for=input_id.clone()>
                    {move || if has_one.get() { replace.get() } else { choose.get() }}
                </label>
            </div>
            <input
                class="ui-visually-hidden"
                type="file"
                id=camera_id
                accept="image/jpeg,image/png"
                capture="environment"
                aria-label=move || other.get()
                on:change=chosen
                disabled=move || send.pending().get()
            />
            <input
                class="ui-visually-hidden"
                type="file"
                id=input_id
                accept=ACCEPT
                on:change=chosen
                aria-describedby=described_by
                aria-invalid=invalid
                disabled=move || send.pending().get()
            />
            <p class="wf-status" role="status">
                {status}
            </p>
            {move || {
                progress
                    .get()
                    .map(|part| view! { <progress class="wf-file__progress" max="1" value=part.to_string()></progress> })
            }}
        </div>
    }
}
