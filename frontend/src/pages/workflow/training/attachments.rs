//! The files of a case, and the copy of the licence beside what the clerk compares it with.

use leptos::prelude::*;
use mamis_contract::workflow::{AttachmentView, KnownNumberView};
use mamis_kernel::{AttachmentId, AttachmentPurpose, MediaType};

use crate::api::{BlobUrl, Failure, use_api};
use crate::components::{Banner, BannerKind, FailureNote, Loading};
use crate::i18n::in_language;
use crate::i18n::use_language;
use crate::{say, tr};

/// The files of a case, under a heading; nothing where there are none.
#[component]
pub(in crate::pages::workflow) fn Attachments(attachments: Vec<AttachmentView>) -> impl IntoView {
    (!attachments.is_empty()).then(|| {
        view! {
            <section class="wf-answers" aria-labelledby="attachments-title">
                <h3 class="ui-subheading ui-subheading--small" id="attachments-title">
                    {tr!(workflow.attachments_title)}
                </h3>
                {attachments.into_iter().map(|attachment| view! { <File attachment /> }).collect_view()}
            </section>
        }
    })
}

/// Beside the answers: the licence, and what the registry knows of the number.
#[component]
pub(in crate::pages::workflow) fn LicenceAside(
    attachments: Vec<AttachmentView>,
    known_number: Option<KnownNumberView>,
) -> impl IntoView {
    view! {
        <section class="wf-side" aria-labelledby="licence-title">
            <h2 class="ui-subheading" id="licence-title">
                {tr!(workflow.licence_title)}
            </h2>
            <p class="ui-soft">{tr!(workflow.licence_compare)}</p>
            {known_number.map(|known| view! { <Known known /> })}
            {attachments.into_iter().map(|attachment| view! { <File attachment /> }).collect_view()}
        </section>
    }
}

#[component]
fn Known(known: KnownNumberView) -> impl IntoView {
    let language = use_language();
    let blocked = known.has_account || !known.same_birth_date;
    let kind = if blocked { BannerKind::Warning } else { BannerKind::Information };
    let text = move || {
        let locale = language.locale();
        if known.has_account {
            say!(locale, workflow.known_has_account)
        } else if known.same_birth_date {
            say!(locale, workflow.known_will_link)
        } else {
            say!(locale, workflow.known_other_birth_date)
        }
    };
    let mark = move |same: bool| {
        let locale = language.locale();
        if same { say!(locale, workflow.known_same) } else { say!(locale, workflow.known_differs) }
    };
    view! {
        <Banner kind title=tr!(workflow.known_title)>
            <p>{text}</p>
            <ul class="ui-list">
                <li>{tr!(registry.name)} "："{move || mark(known.same_name)}</li>
                <li>{tr!(registry.birth_date)} "："{move || mark(known.same_birth_date)}</li>
                <li>{tr!(registry.registered_on)} "："{move || mark(known.same_registered_on)}</li>
            </ul>
        </Banner>
    }
}

/// One file: a picture is shown, anything else can be saved.
#[component]
fn File(attachment: AttachmentView) -> impl IntoView {
    let name = attachment.file_name.clone();
    let title = purpose_text(attachment.purpose);
    view! {
        <figure class="wf-file">
            <Bytes id=attachment.id media_type=attachment.media_type file_name=name.clone() purpose=attachment.purpose />
            <figcaption class="ui-soft">{title} "　" {name}</figcaption>
        </figure>
    }
}

pub(super) fn purpose_text(purpose: AttachmentPurpose) -> crate::i18n::Text {
    in_language(move |locale| match purpose {
        AttachmentPurpose::MedicalLicense => say!(locale, workflow.field.medical_license),
        AttachmentPurpose::SupportingDocument => say!(locale, workflow.supporting_document),
    })
}

/// The bytes themselves, read with the access token.
#[component]
pub(super) fn Bytes(
    id: AttachmentId,
    media_type: MediaType,
    file_name: String,
    purpose: AttachmentPurpose,
) -> impl IntoView {
    let api = use_api();
    let read = RwSignal::new_local(None::<Result<BlobUrl, Failure>>);
    let load = Action::new_local(move |(): &()| async move {
        let found = api.attachment(id).await;
        let _ = read.try_set(Some(found));
    });
    load.dispatch(());
    let alt = purpose_text(purpose);
    move || {
        read.with(|read| match read {
            None => view! { <Loading /> }.into_any(),
            Some(Err(failure)) => {
                let retry = Callback::new(move |()| {
                    load.dispatch(());
                });
                view! { <FailureNote failure=failure.clone() retry /> }.into_any()
            }
            Some(Ok(url)) => {
                let (src, href) = (url.as_str().to_owned(), url.as_str().to_owned());
                let save = view! {
                    <a class="ui-standalone ui-no-print" href=href download=file_name.clone()>
                        {tr!(workflow.attachment_save)}
                    </a>
                };
                match media_type {
                    MediaType::Jpeg | MediaType::Png => view! {
                        <img class="wf-file__picture" src=src alt=alt />
                        {save}
                    }
                    .into_any(),
                    MediaType::Pdf => save.into_any(),
                }
            }
        })
    }
}
