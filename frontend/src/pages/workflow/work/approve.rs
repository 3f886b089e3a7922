//! Agreeing, with the day from which it holds.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::workflow::ApproveApplication;

use super::decision::Command;
use super::{Decide, Typed};
use crate::components::{Button, ButtonKind, DateField, ErrorSummary, TextArea};
use crate::forms::{DateParts, Fault, Form, given};
use crate::tr;

const DAY: &str = "/effective_date";

/// The form for agreeing.
#[component]
pub(in crate::pages::workflow) fn Approve(
    decide: Decide,
    typed: Typed,
    /// Whether the case asks for an account for training.
    training: bool,
) -> impl IntoView {
    let form = Form::new();
    let words = tr!(workflow.approve_act);
    let (legend, hint) = if training {
        (tr!(workflow.approve_training_day), tr!(workflow.approve_training_hint))
    } else {
        (tr!(workflow.approve_day), tr!(workflow.approve_day_hint))
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match command_of(&typed.day.get_untracked(), &typed.comment.get_untracked()) {
            Ok(command) => decide.send(Command::Approve(command), form),
            Err(fault) => form.show(vec![fault]),
        }
    };
    view! {
        <ErrorSummary form />
        <form novalidate on:submit=submit>
            <DateField
                form
                pointer=DAY
                legend=legend
                hint=hint
                value=typed.day
                required=true
            />
            <TextArea
                form
                pointer="/comment"
                label=tr!(workflow.comment)
                hint=tr!(workflow.comment_hint)
                value=typed.comment
                rows=2
            />
            <div class="wf-row">
                <Button kind=ButtonKind::Primary submit=true pending=decide.pending()>
                    {move || words.get()}
                </Button>
                <CloseButton decide />
            </div>
        </form>
    }
}

/// Closes the form, keeping what is typed.
#[component]
pub(super) fn CloseButton(decide: Decide) -> impl IntoView {
    let words = tr!(common.cancel);
    view! {
        <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| decide.open.set(None))>
            {move || words.get()}
        </Button>
    }
}

fn command_of(day: &DateParts, comment: &str) -> Result<ApproveApplication, Fault> {
    let effective_date = match day.check() {
        Ok(Some(_)) => day.to_wire().unwrap_or_default(),
        Ok(None) => return Err(Fault::new(DAY, FieldErrorCode::Required)),
        Err(code) => return Err(Fault::new(DAY, code)),
    };
    Ok(ApproveApplication { effective_date, comment: given(comment) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_needed_and_a_comment_is_not() {
        let none = command_of(&DateParts::default(), "").unwrap_err();
        assert_eq!((none.pointer.as_str(), none.code), (DAY, FieldErrorCode::Required));
        let day = DateParts::of("2027-04-01".parse().unwrap());
        let command = command_of(&day, "　").unwrap();
        assert_eq!((command.effective_date.as_str(), command.comment), ("令和9年4月1日", None));
    }
}
