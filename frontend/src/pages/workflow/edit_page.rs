//! The form of a draft or returned case, a section a page.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use mamis_contract::workflow::{ApplicationAction, ApplicationView};
use mamis_kernel::ApplicationId;

use super::kept::use_kept;
use super::links;
use super::sections::Section;
use super::wizard::{Draft, Fields, Finder, SectionPage, form_of};
use crate::api::{Versioned, use_api};
use crate::components::{Banner, BannerKind, ButtonLink, PageHeading, Step, StepMark, Steps, loaded};
use crate::i18n::use_language;
use crate::pages::with_id::with_id;
use crate::{routes, say, tr};

/// The form of a draft or returned case.
#[component]
pub fn EditPage() -> impl IntoView {
    with_id(|id| view! { <Editing id /> }.into_any())
}

#[component]
fn Editing(id: ApplicationId) -> impl IntoView {
    let (api, params, language) = (use_api(), use_params_map(), use_language());
    let section = Memo::new(move |_| {
        let slug = params.with(|params| params.get("section"));
        slug.as_deref().and_then(Section::from_slug).unwrap_or(Section::Workplace)
    });
    let case = LocalResource::new(move || api.application(id));
    view! {
        {move || {
            let section = section.get();
            let number = Signal::derive(move || {
                say!(
                    language.locale(),
                    workflow.step_of,
                    number = section.number(),
                    total = Section::ALL.len()
                )
            });
            view! { <PageHeading title=section.text() caption=number /> }
        }}
        {loaded(case, move |case| view! { <Wizard id case section /> })}
    }
}

#[component]
fn Wizard(id: ApplicationId, case: Versioned<ApplicationView>, section: Memo<Section>) -> impl IntoView {
    if !case.value.allowed_actions.contains(&ApplicationAction::Save) {
        return view! {
            <Banner kind=BannerKind::Information title=tr!(workflow.not_editable_title)>
                <p>{tr!(workflow.not_editable_text)}</p>
                <ButtonLink href=routes::application(id) label=tr!(workflow.see_case) />
            </Banner>
        }
        .into_any();
    }
    let (api, kept) = (use_api(), use_kept());
    let theirs = form_of(&case.value);
    let mine = kept.take_unsaved(id, &case.etag).unwrap_or_else(|| theirs.clone());
    let fields = Fields::of(mine);
    let draft = Draft {
        id,
        fields,
        finder: Finder::new(api, fields),
        etag: RwSignal::new(case.etag),
        saved: RwSignal::new(theirs),
        case: RwSignal::new(case.value),
    };
    let is_dirty = move || draft.fields.form_now() != draft.saved.get_untracked();
    // Going elsewhere in the application keeps what was typed; leaving it asks first.
    on_cleanup(move || {
        if let (Some(saved), Some(etag)) = (draft.saved.try_get_untracked(), draft.etag.try_get_untracked()) {
            let typed = draft.fields.form_now();
            if typed != saved {
                kept.keep_unsaved(id, etag, typed);
            }
        }
    });
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if is_dirty() {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());
    let steps = Signal::derive(move || {
        let (here, typed) = (section.get(), draft.saved.get());
        let step = |section: Section| {
            let mark = if section == here {
                StepMark::Current
            } else if typed.faults(section).is_empty() && section < here {
                StepMark::Done
            } else {
                StepMark::Upcoming
            };
            let step = Step::new(section.text(), mark);
            if section == here { step } else { step.with_href(links::edit(id, section)) }
        };
        let check = Step::new(tr!(workflow.check_step), StepMark::Upcoming).with_href(routes::check_application(id));
        Section::ALL.into_iter().map(step).chain([check]).collect::<Vec<_>>()
    });
    view! {
        <div class="wf-progress">
            <Steps steps />
        </div>
        {move || {
            let section = section.get();
            view! { <SectionPage draft section /> }
        }}
    }
    .into_any()
}
