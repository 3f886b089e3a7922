//! The receipt: the number large, who has the case, how long it takes, what happens next.

use chrono::NaiveDate;
use leptos::prelude::*;
use mamis_contract::workflow::{ApplicationState, ApplicationView, TimelineEvent};

use super::progress::{Turn, day_of, turn};
use crate::components::{Button, ButtonKind, ButtonLink, SummaryList, SummaryRow};
use crate::i18n::codes::Label;
use crate::i18n::{Text, in_language};
use crate::pages::workflow::training::is_training;
use crate::{dom, format, routes, say, tr};

/// The receipt of a case that was sent, or what became of it.
#[component]
pub(in crate::pages::workflow) fn Receipt(case: ApplicationView) -> impl IntoView {
    let training = is_training(&case);
    let (title, next) = if training { training_words(&case) } else { words(&case, dom::today()) };
    let print = tr!(workflow.print);
    let (state, effective) = (case.state, case.effective_date);
    let is_completed = state == ApplicationState::Completed;
    let day = effective.filter(|_| !training).map(|day| {
        let name = if is_completed { tr!(workflow.member_from) } else { tr!(workflow.wished_day) };
        view! { <SummaryRow name=name value=in_language(move |locale| format::date(locale, day)) /> }
    });
    let submitted = case.submitted_at.map(|at| {
        view! { <SummaryRow name=tr!(workflow.sent_on) value=in_language(move |locale| format::date_and_time(locale, at)) /> }
    });
    let refusal = case.timeline.iter().rev().find(|entry| entry.event == TimelineEvent::Rejected);
    let reason = refusal.and_then(|entry| entry.comment.clone()).map(|reason| {
        view! { <SummaryRow name=tr!(workflow.rejected_reason) value=Signal::stored(reason) /> }
    });
    let number = case.number.clone();
    let back = if training {
        (routes::training(), tr!(workflow.training_back))
    } else {
        (routes::my_page(), tr!(workflow.back_to_my_page))
    };
    view! {
        <section class="wf-receipt" aria-labelledby="receipt-title">
            <h2 class="ui-subheading" id="receipt-title">
                {move || title.get()}
            </h2>
            {number
                .map(|number| {
                    view! {
                        <p class="wf-receipt__number">
                            <span class="wf-receipt__label">{tr!(workflow.receipt_number)}</span>
                            <strong class="wf-receipt__digits">{number}</strong>
                        </p>
                    }
                })}
            <SummaryList>
                <SummaryRow name=tr!(workflow.state) value=state.text() />
                {holder(&case).map(|text| view! { <SummaryRow name=tr!(workflow.holder) value=text /> })}
                {reason}
                {submitted}
                {day}
            </SummaryList>
            {next.into_iter().map(|text| view! { <p>{move || text.get()}</p> }).collect_view()}
            <div class="ui-actions">
                <Button on_press=Callback::new(|()| dom::print())>{move || print.get()}</Button>
                <ButtonLink href=back.0 kind=ButtonKind::Quiet label=back.1 />
            </div>
        </section>
    }
}

/// With whom the case is and since when, in words.
fn holder(case: &ApplicationView) -> Option<Text> {
    match turn(case) {
        Turn::Association(association, since) => Some(in_language(move |locale| {
            let name = association.name.clone();
            match since {
                Some(since) => say!(locale, workflow.turn_since, who = name, date = day_of(locale, since)),
                None => name,
            }
        })),
        Turn::Physician(since) => Some(in_language(move |locale| {
            let name = say!(locale, workflow.turn_you);
            match since {
                Some(since) => say!(locale, workflow.turn_since, who = name, date = day_of(locale, since)),
                None => name,
            }
        })),
        Turn::Nobody => None,
    }
}

/// The same for an account for training.
fn training_words(case: &ApplicationView) -> (Text, Vec<Text>) {
    match case.state {
        ApplicationState::Draft => (tr!(workflow.receipt_draft), vec![tr!(workflow.training_draft_text)]),
        ApplicationState::Submitted | ApplicationState::InReview => {
            (tr!(workflow.receipt_submitted), vec![tr!(workflow.training_waits_text), tr!(workflow.next_keep)])
        }
        ApplicationState::Returned => (tr!(workflow.receipt_returned), vec![tr!(workflow.training_returned_text)]),
        ApplicationState::Completed => (tr!(workflow.training_done), vec![tr!(workflow.training_done_text)]),
        ApplicationState::Rejected => (tr!(workflow.training_rejected), vec![tr!(workflow.training_rejected_next)]),
        ApplicationState::Retracted => (tr!(workflow.receipt_retracted), vec![tr!(workflow.training_retracted_text)]),
    }
}

/// The heading, and what happens next.
fn words(case: &ApplicationView, today: NaiveDate) -> (Text, Vec<Text>) {
    match case.state {
        ApplicationState::Draft => (tr!(workflow.receipt_draft), vec![tr!(workflow.next_draft)]),
        ApplicationState::Submitted => (
            tr!(workflow.receipt_submitted),
            vec![tr!(workflow.next_review), tr!(workflow.next_duration), tr!(workflow.next_keep)],
        ),
        ApplicationState::InReview => (
            tr!(workflow.receipt_in_review),
            vec![tr!(workflow.next_review), tr!(workflow.next_duration), tr!(workflow.next_keep)],
        ),
        ApplicationState::Returned => (tr!(workflow.receipt_returned), vec![tr!(workflow.next_returned)]),
        ApplicationState::Completed => match case.effective_date.filter(|day| *day > today) {
            Some(day) => {
                let text =
                    in_language(move |locale| say!(locale, workflow.next_future, date = format::date(locale, day)));
                (tr!(workflow.receipt_completed), vec![text])
            }
            None => (tr!(workflow.receipt_completed), vec![tr!(workflow.next_completed)]),
        },
        ApplicationState::Rejected => (tr!(workflow.receipt_rejected), vec![tr!(workflow.next_rejected)]),
        ApplicationState::Retracted => (tr!(workflow.receipt_retracted), vec![tr!(workflow.next_retracted)]),
    }
}
