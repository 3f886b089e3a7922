//! Whose turn it is, and the steps of a case.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::Signal;
use mamis_contract::registry::AssociationRef;
use mamis_contract::workflow::{ApplicationState, ApplicationView, StepView, TimelineEvent};
use mamis_kernel::StepState;

use crate::components::{Step, StepMark};
use crate::dom;
use crate::format;
use crate::i18n::{Locale, Text, in_language};
use crate::pages::workflow::training::is_training;
use crate::{say, tr};

/// With whom a case is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::workflow) enum Turn {
    /// With an association, since then.
    Association(AssociationRef, Option<DateTime<Utc>>),
    /// With the physician, who is to correct it, or has not sent it yet.
    Physician(Option<DateTime<Utc>>),
    /// With nobody: it has ended.
    Nobody,
}

/// With whom a case is now.
pub(in crate::pages::workflow) fn turn(case: &ApplicationView) -> Turn {
    match case.state {
        ApplicationState::Draft => Turn::Physician(Some(case.created_at)),
        ApplicationState::Returned => {
            let returned = case.timeline.iter().rev().find(|entry| entry.event == TimelineEvent::Returned);
            Turn::Physician(returned.map(|entry| entry.at))
        }
        ApplicationState::Submitted | ApplicationState::InReview => {
            match case.steps.iter().find(|step| step.state == StepState::Open) {
                Some(step) => Turn::Association(step.association.clone(), step.opened_at),
                None => Turn::Nobody,
            }
        }
        ApplicationState::Completed | ApplicationState::Rejected | ApplicationState::Retracted => Turn::Nobody,
    }
}

/// The day a clerk is most likely to approve: the one that the associations before agreed on, else the one wished for.
pub(in crate::pages::workflow) fn day_to_propose(case: &ApplicationView) -> Option<NaiveDate> {
    let approved = case.steps.iter().rev().find(|step| step.state == StepState::Approved);
    let known = approved.and_then(|step| step.effective_date).or(case.effective_date);
    known.or_else(|| is_training(case).then(dom::today))
}

/// The steps of a case: sent, each association, in force.
pub(in crate::pages::workflow) fn case_steps(case: &ApplicationView) -> Vec<Step> {
    let sent = match case.submitted_at {
        Some(at) => Step::new(tr!(workflow.step_sent), StepMark::Done).with_note(on_day(at)),
        None if case.state == ApplicationState::Retracted => Step::new(tr!(workflow.step_sent), StepMark::Stopped),
        None => Step::new(tr!(workflow.step_sent), StepMark::Current).with_note(tr!(workflow.step_not_sent)),
    };
    let last = if is_training(case) { tr!(workflow.step_usable) } else { tr!(workflow.step_member) };
    let done = match (case.state, case.effective_date) {
        (ApplicationState::Completed, Some(day)) => {
            let words = in_language(move |locale| {
                say!(locale, workflow.step_effective, date = format::date_short(locale, day))
            });
            Step::new(last, StepMark::Done).with_note(words)
        }
        (ApplicationState::Completed, None) => Step::new(last, StepMark::Done),
        (ApplicationState::Rejected | ApplicationState::Retracted, _) => Step::new(last, StepMark::Stopped),
        (
            ApplicationState::Draft
            | ApplicationState::Submitted
            | ApplicationState::InReview
            | ApplicationState::Returned,
            _,
        ) => Step::new(last, StepMark::Upcoming),
    };
    let middle = case.steps.iter().map(step_of);
    std::iter::once(sent).chain(middle).chain([done]).collect()
}

fn step_of(step: &StepView) -> Step {
    let mark = match step.state {
        StepState::Approved | StepState::Confirmed => StepMark::Done,
        StepState::Open | StepState::Returned => StepMark::Current,
        StepState::Waiting => StepMark::Upcoming,
        StepState::Rejected | StepState::Skipped => StepMark::Stopped,
    };
    let name = step.association.name.clone();
    Step::new(Signal::stored(name), mark).with_note(note_of(step))
}

fn note_of(step: &StepView) -> Text {
    let (state, opened, decided) = (step.state, step.opened_at, step.decided_at);
    in_language(move |locale| {
        let day =
            |at: Option<DateTime<Utc>>| at.map(|at| format::date_short(locale, dom::tokyo_day(at))).unwrap_or_default();
        match state {
            StepState::Waiting => say!(locale, workflow.step_waiting),
            StepState::Open => say!(locale, workflow.step_open, date = day(opened)),
            StepState::Approved => say!(locale, workflow.step_approved, date = day(decided)),
            StepState::Returned => say!(locale, workflow.step_returned, date = day(decided)),
            StepState::Rejected => say!(locale, workflow.step_rejected, date = day(decided)),
            StepState::Skipped => say!(locale, workflow.step_skipped),
            StepState::Confirmed => say!(locale, workflow.step_confirmed, date = day(decided)),
        }
    })
}

fn on_day(at: DateTime<Utc>) -> Text {
    in_language(move |locale| day_of(locale, at))
}

/// The day in Tokyo on which something happened.
pub(super) fn day_of(locale: Locale, at: DateTime<Utc>) -> String {
    format::date_short(locale, dom::tokyo_day(at))
}

#[cfg(test)]
pub(in crate::pages::workflow) mod tests {
    use leptos::prelude::Owner;
    use serde_json::{Value, json};

    use super::*;

    fn association(number: u8, name: &str, tier: &str) -> Value {
        json!({ "id": format!("ast_0190000000007000800000000000000{number}"), "code": "25001", "name": name, "tier": tier })
    }

    /// A case whose district has approved and whose prefecture is in the state given.
    pub(in crate::pages::workflow) fn case(state: &str, prefecture: &str) -> ApplicationView {
        serde_json::from_value(json!({
            "id": "app_01900000000070008000000000000001", "number": "2026-JOIN-00000001", "state": state,
            "applicant": {
                "id": "per_01900000000070008000000000000001", "display_name": "髙橋　花子", "name_kana": "タカハシ ハナコ"
            },
            "changes": [], "attachments": [], "field_comments": [], "allowed_actions": [], "effective_date": "2027-04-01",
            "created_at": "2026-11-01T00:00:00Z", "submitted_at": "2026-11-02T00:00:00Z",
            "steps": [
                {
                    "position": 1, "association": association(1, "大津市医師会", "district"), "kind": "approve",
                    "state": "approved", "opened_at": "2026-11-02T00:00:00Z", "decided_at": "2026-11-09T15:00:00Z",
                    "effective_date": "2027-05-01"
                },
                {
                    "position": 2, "association": association(2, "滋賀県医師会", "prefectural"), "kind": "approve",
                    "state": prefecture, "opened_at": "2026-11-09T15:00:00Z"
                },
                {
                    "position": 3, "association": association(3, "日本医師会", "national"), "kind": "approve",
                    "state": "waiting"
                }
            ],
            "timeline": [
                { "at": "2026-11-02T00:00:00Z", "event": "submitted" },
                { "at": "2026-11-12T00:00:00Z", "event": "returned", "comment": "電話番号" }
            ]
        }))
        .unwrap()
    }

    #[test]
    fn w_7_one_case_is_always_with_somebody_until_it_ends() {
        let Turn::Association(whose, since) = turn(&case("in_review", "open")) else { panic!("with the prefecture") };
        assert_eq!(whose.name, "滋賀県医師会");
        assert_eq!(since, "2026-11-09T15:00:00Z".parse().ok());
        assert_eq!(turn(&case("returned", "returned")), Turn::Physician("2026-11-12T00:00:00Z".parse().ok()));
        assert_eq!(turn(&case("completed", "approved")), Turn::Nobody);
    }

    #[test]
    fn the_day_agreed_before_goes_before_the_day_wished_for() {
        let mut case = case("in_review", "open");
        assert_eq!(day_to_propose(&case), "2027-05-01".parse().ok());
        case.steps.clear();
        assert_eq!(day_to_propose(&case), "2027-04-01".parse().ok());
    }

    #[test]
    fn w_1_exactly_one_step_is_current_while_a_case_is_open() {
        let owner = Owner::new();
        owner.with(|| {
            for (state, prefecture, current) in [
                ("in_review", "open", 1),
                ("returned", "returned", 1),
                ("rejected", "rejected", 0),
                ("completed", "approved", 0),
            ] {
                let steps = case_steps(&case(state, prefecture));
                assert_eq!(steps.iter().filter(|step| step.mark == StepMark::Current).count(), current, "{state}");
                assert_eq!(steps.len(), 5);
            }
        });
    }
}
