//! Refusing, after a question.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::workflow::RejectApplication;

use super::approve::CloseButton;
use super::decision::Command;
use super::{Decide, Typed};
use crate::components::{Button, ButtonKind, ConfirmDialog, ErrorSummary, TextArea};
use crate::forms::{Fault, Form, given};
use crate::tr;

const REASON: &str = "/reason";

/// The form for refusing.
#[component]
pub(in crate::pages::workflow) fn Reject(decide: Decide, typed: Typed) -> impl IntoView {
    let (form, asking) = (Form::new(), RwSignal::new(false));
    let words = tr!(workflow.reject_act);
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        match given(&typed.reject_reason.get_untracked()) {
            Some(_) => {
                form.clear();
                asking.set(true);
            }
            None => form.show(vec![Fault::new(REASON, FieldErrorCode::Required)]),
        }
    };
    let send = move |()| {
        asking.set(false);
        if let Some(reason) = given(&typed.reject_reason.get_untracked()) {
            decide.send(Command::Reject(RejectApplication { reason }), form);
        }
    };
    view! {
        <ErrorSummary form />
        <form novalidate on:submit=ask>
            <TextArea
                form
                pointer=REASON
                label=tr!(workflow.reject_reason)
                hint=tr!(workflow.reject_reason_hint)
                value=typed.reject_reason
                required=true
            />
            <div class="wf-row">
                <Button kind=ButtonKind::Danger submit=true pending=decide.pending()>
                    {move || words.get()}
                </Button>
                <CloseButton decide />
            </div>
        </form>
        <ConfirmDialog
            open=asking
            title=tr!(workflow.reject_title)
            confirm=tr!(workflow.reject_confirm)
            kind=ButtonKind::Danger
            pending=decide.pending()
            on_confirm=Callback::new(send)
        >
            <p>{tr!(workflow.reject_text)}</p>
        </ConfirmDialog>
    }
}
