//! Changing a member's record: who somebody is, where they work, how they are reached.

mod contact_page;
mod person_page;
mod workplace_page;

pub use contact_page::ContactPage;
pub use person_page::EditPersonPage;
pub use workplace_page::WorkplacePage;

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use mamis_contract::problem::{FieldErrorCode, ProblemCode};
use mamis_contract::registry::PersonView;
use mamis_kernel::{PersonId, RecordAction};

use crate::api::{Api, ETag, Failure, Versioned, use_api};
use crate::components::{Banner, BannerKind, Empty, ErrorSummary, FailureBanner, PageHeading, loaded};
use crate::forms::{DateParts, Fault, Form};
use crate::i18n::{Language, Text, use_language};
use crate::pages::with_id::with_id;
use crate::state::{Toasts, use_toasts};
use crate::{dom, routes, say, tr};

const STALE_ID: &str = "stale";

/// What the forms about a record share.
#[derive(Clone, Copy)]
struct Editing {
    id: PersonId,
    api: Api,
    form: Form,
    failure: RwSignal<Option<Failure>>,
    /// The record as it was last read.
    person: RwSignal<PersonView>,
    etag: RwSignal<ETag>,
    /// Whether somebody else was faster.
    is_stale: RwSignal<bool>,
    back: Callback<()>,
    toasts: Toasts,
    language: Language,
}

impl Editing {
    fn new(read: Versioned<PersonView>) -> Self {
        let (navigate, id) = (use_navigate(), read.value.id);
        Self {
            id,
            api: use_api(),
            form: Form::new(),
            failure: RwSignal::new(None),
            person: RwSignal::new(read.value),
            etag: RwSignal::new(read.etag),
            is_stale: RwSignal::new(false),
            back: Callback::new(move |()| navigate(&routes::member(id), Default::default())),
            toasts: use_toasts(),
            language: use_language(),
        }
    }

    /// Before something is sent.
    fn begin(self) {
        self.failure.set(None);
        self.is_stale.set(false);
        self.form.clear();
    }

    /// After it was sent: back to the record, or what is wrong. Nothing typed is lost; when somebody else was faster, the next
    /// try is based on what they wrote.
    async fn settle<T>(self, sent: Result<T, Failure>) {
        if self.failure.is_disposed() {
            return;
        }
        let Err(refused) = sent else {
            self.toasts.show(say!(self.language.locale_now(), record.saved));
            return self.back.run(());
        };
        if refused.code() != Some(ProblemCode::StaleVersion) {
            return self.form.refuse(refused, self.failure);
        }
        let fresh = self.api.record(self.id).await;
        if self.failure.is_disposed() {
            return;
        }
        match fresh {
            Ok(fresh) => {
                self.person.set(fresh.value);
                self.etag.set(fresh.etag);
                self.is_stale.set(true);
                request_animation_frame(|| dom::focus(STALE_ID));
            }
            Err(failure) => self.failure.set(Some(failure)),
        }
    }
}

/// A page that changes the record of the person in the address.
fn page(title: Text, content: fn(Editing) -> AnyView) -> impl IntoView {
    with_id(move |id: PersonId| {
        let api = use_api();
        let record = LocalResource::new(move || api.record(id));
        view! {
            <PageHeading title />
            {loaded(
                record,
                move |read| {
                    let name = read.value.display_name.clone();
                    if !read.value.allowed_actions.contains(&RecordAction::Change) {
                        return view! { <Empty text=tr!(record.may_not) /> }.into_any();
                    }
                    let editing = Editing::new(read);
                    view! {
                        <p class="wf-who">
                            <strong>{name}</strong>
                        </p>
                        <Notices editing />
                        {content(editing)}
                        <p class="ui-no-print">
                            <a href=routes::member(id)>{tr!(record.back)}</a>
                        </p>
                    }
                        .into_any()
                },
            )}
        }
        .into_any()
    })
}

/// The part of the record that the address names; nothing when it is to be a new one.
fn part<I: std::str::FromStr>() -> Option<I> {
    use_params_map().with_untracked(|params| params.get("part").and_then(|part| part.parse().ok()))
}

#[component]
fn Notices(editing: Editing) -> impl IntoView {
    let Editing { id, form, failure, is_stale, .. } = editing;
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <div role="alert" tabindex="-1" id=STALE_ID>
            {move || {
                is_stale
                    .get()
                    .then(|| {
                        view! {
                            <Banner kind=BannerKind::Warning title=tr!(record.stale_title)>
                                <p>{tr!(record.stale_text)}</p>
                                <p>
                                    <a href=routes::member(id) target="_blank">
                                        {tr!(record.stale_open)}
                                    </a>
                                </p>
                            </Banner>
                        }
                    })
            }}
        </div>
    }
}

/// A day that was typed; what is wrong goes to the faults.
fn day(parts: RwSignal<DateParts>, pointer: &str, faults: &mut Vec<Fault>) -> Option<chrono::NaiveDate> {
    parts.with_untracked(DateParts::check).unwrap_or_else(|code| {
        faults.push(Fault::new(pointer, code));
        None
    })
}

fn required<T>(value: Option<T>, pointer: &str, faults: &mut Vec<Fault>) -> Option<T> {
    if value.is_none() && !faults.iter().any(|fault| fault.pointer == pointer) {
        faults.push(Fault::new(pointer, FieldErrorCode::Required));
    }
    value
}
