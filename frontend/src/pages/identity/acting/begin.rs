//! Beginning to act for a physician, with a reason.

use leptos::prelude::*;
use mamis_contract::acting::BeginOnBehalf as Command;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::PersonRef;
use mamis_kernel::Role;

use super::act;
use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, ErrorSummary, FailureBanner, TextArea};
use crate::forms::{Fault, Form};
use crate::state::use_session;
use crate::tr;

const REASON: &str = "/reason";

/// A button and its question, for clerks from operator upward.
#[component]
pub fn BeginOnBehalf(person: PersonRef) -> impl IntoView {
    let (api, form, intent) = (use_api(), Form::new(), Intent::new());
    let (open, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let may = use_session().account_now().is_some_and(|account| {
        account.capabilities.iter().any(|held| held.association.is_some() && held.role >= Role::Operator)
    });
    let id = person.id;
    let begin = Action::new_local(move |(): &()| {
        let command = Command { person_id: id, reason: reason.get_untracked() };
        async move {
            failure.set(None);
            if command.reason.trim().is_empty() {
                form.show(vec![Fault::new(REASON, FieldErrorCode::Required)]);
                return;
            }
            form.clear();
            intent.change_of_mind();
            let result = api.begin_on_behalf(&command, &intent.key()).await;
            if open.is_disposed() {
                return;
            }
            match result {
                Ok(begun) => act(&begun.id.to_string()),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    may.then(|| {
        let name = person.display_name;
        view! {
            <div class="ui-actions">
                <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| open.set(true))>
                    {tr!(identity.on_behalf_begin)}
                </Button>
            </div>
            <ConfirmDialog
                open
                title=tr!(identity.on_behalf_begin_title, name = name.clone())
                confirm=tr!(identity.on_behalf_begin_confirm)
                pending=begin.pending()
                on_confirm=Callback::new(move |()| {
                    begin.dispatch(());
                })
            >
                <p>{tr!(identity.on_behalf_begin_text)}</p>
                <ErrorSummary form />
                <FailureBanner failure />
                <TextArea
                    form
                    pointer=REASON
                    label=tr!(identity.on_behalf_begin_reason)
                    value=reason
                    required=true
                    rows=3
                />
            </ConfirmDialog>
        }
    })
}
