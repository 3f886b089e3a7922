//! A case as steps: sent, each association, completed.

use leptos::prelude::*;
use mamis_contract::workflow::{ApplicationState, ApplicationSummary, ApplicationView, StepView};
use mamis_kernel::StepState;

use crate::components::{Step, StepMark};
use crate::i18n::codes::Label;
use crate::i18n::{Text, in_language};
use crate::{dom, format, say, tr};

/// The steps as far as a list knows them.
pub(super) fn of_summary(case: &ApplicationSummary) -> Vec<Step> {
    let (review, done) = match case.state {
        ApplicationState::Draft => (StepMark::Upcoming, StepMark::Upcoming),
        ApplicationState::Submitted | ApplicationState::InReview | ApplicationState::Returned => {
            (StepMark::Current, StepMark::Upcoming)
        }
        ApplicationState::Completed => (StepMark::Done, StepMark::Done),
        ApplicationState::Rejected | ApplicationState::Retracted => (StepMark::Stopped, StepMark::Upcoming),
    };
    let mut reviewed = Step::new(tr!(registry.step_review), review);
    if let Some(association) = &case.current_association {
        reviewed = reviewed.with_note(Signal::stored(association.name.clone()));
    }
    vec![Step::new(tr!(registry.step_sent), StepMark::Done), reviewed, Step::new(tr!(registry.step_done), done)]
}

/// The steps of a case read in full: each association with its state and since when.
pub(super) fn of_view(case: &ApplicationView) -> Vec<Step> {
    let sent = match case.submitted_at {
        Some(at) => Step::new(tr!(registry.step_sent), StepMark::Done).with_note(day_of(at)),
        None => Step::new(tr!(registry.step_sent), StepMark::Current),
    };
    let done = match case.state {
        ApplicationState::Completed => StepMark::Done,
        ApplicationState::Draft
        | ApplicationState::Submitted
        | ApplicationState::InReview
        | ApplicationState::Returned
        | ApplicationState::Rejected
        | ApplicationState::Retracted => StepMark::Upcoming,
    };
    let associations = case.steps.iter().map(|step| {
        let label: Text = Signal::stored(step.association.name.clone());
        Step::new(label, mark_of(step.state)).with_note(note_of(step))
    });
    std::iter::once(sent).chain(associations).chain([Step::new(tr!(registry.step_done), done)]).collect()
}

fn mark_of(state: StepState) -> StepMark {
    match state {
        StepState::Waiting => StepMark::Upcoming,
        StepState::Open | StepState::Returned => StepMark::Current,
        StepState::Approved | StepState::Confirmed => StepMark::Done,
        StepState::Rejected | StepState::Skipped => StepMark::Stopped,
    }
}

fn note_of(step: &StepView) -> Text {
    let (state, at) = (step.state, step.decided_at.or(step.opened_at));
    in_language(move |locale| match at.map(dom::tokyo_day).map(|day| format::date_short(locale, day)) {
        Some(date) if state == StepState::Open => {
            format!("{}\n{}", state.label(locale), say!(locale, registry.case_since, date = date))
        }
        Some(date) => format!("{}\n{date}", state.label(locale)),
        None => state.label(locale).to_owned(),
    })
}

fn day_of(at: chrono::DateTime<chrono::Utc>) -> Text {
    in_language(move |locale| format::date_short(locale, dom::tokyo_day(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_association_at_a_time_is_the_current_one() {
        let marks: Vec<StepMark> = StepState::ALL.iter().map(|state| mark_of(*state)).collect();
        assert_eq!(marks.iter().filter(|mark| **mark == StepMark::Current).count(), 2, "open, and returned");
        assert_eq!(mark_of(StepState::Waiting), StepMark::Upcoming);
        assert_eq!(mark_of(StepState::Rejected), StepMark::Stopped);
    }
}
