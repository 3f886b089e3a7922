//! How far something has come, as steps in a row (on a phone: one below the other).

use leptos::prelude::*;

use crate::i18n::Text;
use crate::tr;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepMark {
    /// Behind us.
    Done,
    /// Here we are.
    Current,
    /// Still to come.
    Upcoming,
    /// It ended here, or will not be reached.
    Stopped,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is called.
    pub label: Text,
    /// With whom, since when.
    pub note: Option<Text>,
    /// Where it stands.
    pub mark: StepMark,
    /// Where it leads, for steps one can go to.
    pub href: Option<String>,
}

impl Step {
    /// A step that leads nowhere.
    pub fn new(label: impl Into<Text>, mark: StepMark) -> Self {
        Self { label: label.into(), note: None, mark, href: None }
    }

    /// The same with a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<Text>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The same as a link.
    #[must_use]
    pub fn with_href(mut self, href: String) -> Self {
        self.href = Some(href);
        self
    }
}

/// How far something has come. The mark is said in words too.
#[component]
pub fn Steps(
    /// What the steps are about; "progress" when nothing is said.
    #[prop(optional, into)]
    label: Option<Text>,
    /// The steps, in order.
    #[prop(into)]
    steps: Signal<Vec<Step>>,
) -> impl IntoView {
    let label = label.unwrap_or_else(|| tr!(common.steps_label));
    let (done, current) = (tr!(common.step_done), tr!(common.step_current));
    let (upcoming, stopped) = (tr!(common.step_upcoming), tr!(common.step_stopped));
    let step_view = move |step: Step| {
        let (class, words) = match step.mark {
            StepMark::Done => ("ui-step ui-step--done", done),
            StepMark::Current => ("ui-step ui-step--current", current),
            StepMark::Upcoming => ("ui-step", upcoming),
            StepMark::Stopped => ("ui-step ui-step--stopped", stopped),
        };
        let is_current = (step.mark == StepMark::Current).then_some("step");
        let Step { label, note, href, .. } = step;
        let name = match href {
            Some(href) => view! { <a href=href>{label}</a> }.into_any(),
            None => view! { {label} }.into_any(),
        };
        view! {
            <li class=class aria-current=is_current>
                <span class="ui-step__mark">{words}</span>
                <span class="ui-step__label">{name}</span>
                {note.map(|note| view! { <span class="ui-step__note">{note}</span> })}
            </li>
        }
        .into_any()
    };
    view! {
        <ol class="ui-steps" aria-label=label>
            {move || steps.get().into_iter().map(step_view).collect_view()}
        </ol>
    }
}
