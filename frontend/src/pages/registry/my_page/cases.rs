//! The state of one's applications.

use leptos::prelude::*;
use mamis_contract::workflow::{ApplicationState, ApplicationSummary};

use super::case_steps;
use crate::api::use_api;
use crate::components::{Button, ButtonKind, Empty, Steps};
use crate::i18n::codes::Label;
use crate::i18n::{Locale, in_language, use_language};
use crate::{format, routes, say, tr};

/// The state of one's applications, latest first. Drafts are tasks and not shown here.
#[component]
pub(super) fn Cases(applications: Vec<ApplicationSummary>, more: Option<Callback<()>>) -> impl IntoView {
    let sent: Vec<_> = applications.into_iter().filter(|case| case.state != ApplicationState::Draft).collect();
    if sent.is_empty() {
        return view! { <Empty text=tr!(registry.cases_none) /> }.into_any();
    }
    view! {
        {sent.into_iter().map(|case| view! { <CaseCard case /> }).collect_view()}
        {more
            .map(|more| {
                view! {
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Secondary on_press=more>
                            {tr!(registry.cases_more)}
                        </Button>
                    </div>
                }
            })}
    }
    .into_any()
}

#[component]
fn CaseCard(case: ApplicationSummary) -> impl IntoView {
    let (api, language, id) = (use_api(), use_language(), case.id);
    let coarse = case_steps::of_summary(&case);
    // The associations by name, for the cases that go on; until they are read, and if they cannot be, the coarse steps do.
    let detail = goes_on(case.state).then(|| LocalResource::new(move || api.application(id)));
    let steps = Memo::new(move |_| {
        let read = detail
            .and_then(|detail| detail.with(|read| Some(case_steps::of_view(&read.as_ref()?.as_ref().ok()?.value))));
        read.unwrap_or_else(|| coarse.clone())
    });
    let number = case.number.clone();
    let (kinds, state) = (case.kinds.clone(), case.state);
    let title = in_language(move |locale| title_of(locale, &kinds));
    let details = move || say!(language.locale(), registry.case_open_what, what = title.get());
    let day = case.effective_date.map(|day| {
        in_language(move |locale| {
            let date = format::date(locale, day);
            if state == ApplicationState::Completed {
                say!(locale, registry.case_effective, date = date)
            } else {
                say!(locale, registry.case_wished, date = date)
            }
        })
    });
    view! {
        <article class="ui-card">
            <div class="ui-card__head">
                <h3 class="ui-card__title">{title}</h3>
                <span class=badge_of(state)>{state.text()}</span>
                {case
                    .number
                    .map(|number| {
                        view! {
                            <span class="ui-soft">{tr!(registry.case_number, number = number.clone())}</span>
                        }
                    })}
            </div>
            <Steps label=title steps=steps />
            {day.map(|day| view! { <p>{day}</p> })}
            <p class="ui-no-print">
                <a class="ui-standalone" href=routes::application(id)>
                    {details} {number.map(|number| view! { <span class="ui-visually-hidden">" "{number}</span> })}
                </a>
            </p>
        </article>
    }
}

fn title_of(locale: Locale, kinds: &[mamis_contract::workflow::ChangeKind]) -> String {
    let separator = match locale {
        Locale::ja => "・",
        Locale::en => ", ",
    };
    let kinds = kinds.iter().map(|kind| kind.label(locale)).collect::<Vec<_>>().join(separator);
    say!(locale, registry.case_title, kind = kinds)
}

fn goes_on(state: ApplicationState) -> bool {
    matches!(state, ApplicationState::Submitted | ApplicationState::InReview | ApplicationState::Returned)
}

fn badge_of(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::Draft | ApplicationState::Retracted => "ui-badge",
        ApplicationState::Submitted | ApplicationState::InReview => "ui-badge ui-badge--key",
        ApplicationState::Returned => "ui-badge ui-badge--warning",
        ApplicationState::Completed => "ui-badge ui-badge--good",
        ApplicationState::Rejected => "ui-badge ui-badge--bad",
    }
}
