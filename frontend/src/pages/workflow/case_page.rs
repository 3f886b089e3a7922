//! A case as its physician follows it.

use leptos::prelude::*;
use mamis_contract::registry::MembershipView;
use mamis_contract::workflow::{ApplicationAction, ApplicationState, ApplicationView};
use mamis_kernel::{ApplicationId, PersonId};

use super::answers::Answers;
use super::case::{History, Receipt, Retract, Returned, case_steps};
use super::links;
use super::sections::Section;
use super::training::{Attachments, is_training};
use crate::api::{MembershipFilter, Versioned, use_api};
use crate::components::{ButtonKind, ButtonLink, PageHeading, Steps, TableFrame, loaded};
use crate::format;
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::with_id::with_id;
use crate::{routes, say, tr};

/// A case as its physician follows it.
#[component]
pub fn CasePage() -> impl IntoView {
    with_id(|id| view! { <Case id /> }.into_any())
}

#[component]
fn Case(id: ApplicationId) -> impl IntoView {
    let api = use_api();
    let case = LocalResource::new(move || api.application(id));
    let training = Memo::new(move |_| case.get().and_then(Result::ok).is_some_and(|read| is_training(&read.value)));
    let title = in_language(move |locale| {
        if training.get() { say!(locale, workflow.training_case_title) } else { say!(locale, workflow.case_title) }
    });
    view! {
        <PageHeading title=title />
        {loaded(
            case,
            move |read| {
                let reload = Callback::new(move |()| case.refetch());
                view! { <CaseContent read reload /> }
            },
        )}
    }
}

#[component]
fn CaseContent(read: Versioned<ApplicationView>, reload: Callback<()>) -> impl IntoView {
    let Versioned { value: case, etag } = read;
    let (id, state) = (case.id, case.state);
    let may = |action| case.allowed_actions.contains(&action);
    let (can_save, can_submit, can_retract) =
        (may(ApplicationAction::Save), may(ApplicationAction::Submit), may(ApplicationAction::Retract));
    let steps = Signal::stored(case_steps(&case));
    let is_draft = state == ApplicationState::Draft;
    let training = is_training(&case);
    let draft_links = (is_draft && can_save).then(|| {
        view! {
            <div class="ui-actions">
                <ButtonLink
                    href=if training { routes::training_form(id) } else { links::edit(id, Section::Workplace) }
                    kind=ButtonKind::Primary
                    label=tr!(workflow.draft_continue)
                />
                {(can_submit && !training)
                    .then(|| {
                        view! {
                            <ButtonLink
                                href=routes::check_application(id)
                                kind=ButtonKind::Secondary
                                label=tr!(workflow.check_step)
                            />
                        }
                    })}
            </div>
        }
    });
    let joined = (state == ApplicationState::Completed && !training).then_some(case.applicant.as_ref()).flatten();
    let memberships = joined.map(|person| view! { <Memberships person=person.id id /> });
    let attachments = case.attachments.clone();
    view! {
        {(state == ApplicationState::Returned).then(|| view! { <Returned case=case.clone() /> })}
        <Receipt case=case.clone() />
        {draft_links}
        <section class="wf-block" aria-labelledby="steps-title">
            <h2 class="ui-subheading" id="steps-title">
                {tr!(workflow.steps_title)}
            </h2>
            <Steps label=tr!(workflow.steps_title) steps />
        </section>
        {memberships}
        <History entries=case.timeline.clone() />
        <section class="wf-block" aria-labelledby="asked-title">
            <h2 class="ui-subheading" id="asked-title">
                {tr!(workflow.asked_title)}
            </h2>
            {case.changes.into_iter().map(|change| view! { <Answers change /> }).collect_view()}
            <Attachments attachments />
        </section>
        {can_retract
            .then(|| {
                view! {
                    <section class="wf-block ui-no-print" aria-labelledby="retract-title">
                        <h2 class="ui-subheading" id="retract-title">
                            {if is_draft { tr!(workflow.discard) } else { tr!(workflow.retract) }}
                        </h2>
                        <p>{if is_draft { tr!(workflow.discard_text) } else { tr!(workflow.retract_text) }}</p>
                        <Retract id etag is_draft reload />
                    </section>
                }
            })}
    }
}

/// The memberships that the case brought about.
#[component]
fn Memberships(person: PersonId, id: ApplicationId) -> impl IntoView {
    let api = use_api();
    let list = LocalResource::new(move || api.memberships(person, MembershipFilter::default()));
    view! {
        <section class="wf-block" aria-labelledby="memberships-title">
            <h2 class="ui-subheading" id="memberships-title">
                {tr!(workflow.memberships_title)}
            </h2>
            {loaded(
                list,
                move |list| {
                    let items: Vec<MembershipView> = list
                        .items
                        .into_iter()
                        .filter(|membership| membership.application_id == Some(id))
                        .collect();
                    view! { <MembershipTable items /> }
                },
            )}
        </section>
    }
}

#[component]
fn MembershipTable(items: Vec<MembershipView>) -> impl IntoView {
    let language = use_language();
    let column = move |key: fn(crate::i18n::Locale) -> String| move || key(language.locale());
    let rows = items.into_iter().map(move |membership| {
        let (from, state) = (membership.valid_from, membership.state);
        let category = membership.category.map(|category| category.label).unwrap_or_default();
        view! {
            <tr>
                <th scope="row">{membership.association.name}</th>
                <td data-label=column(|locale| say!(locale, workflow.column_category))>{category}</td>
                <td data-label=column(|locale| say!(locale, workflow.column_from))>
                    {move || format::date(language.locale(), from)}
                </td>
                <td data-label=column(|locale| say!(locale, workflow.column_state))>
                    {move || state.label(language.locale())}
                </td>
            </tr>
        }
    });
    view! {
        <TableFrame caption=tr!(workflow.memberships_caption) caption_hidden=true stacked=true>
            <thead>
                <tr>
                    <th scope="col">{tr!(workflow.column_association)}</th>
                    <th scope="col">{tr!(workflow.column_category)}</th>
                    <th scope="col">{tr!(workflow.column_from)}</th>
                    <th scope="col">{tr!(workflow.column_state)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </TableFrame>
    }
}
