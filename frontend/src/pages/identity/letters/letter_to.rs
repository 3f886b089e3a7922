//! A letter to somebody one has looked up, in two clicks.

use leptos::prelude::*;
use mamis_contract::identity::IssueLetters;
use mamis_kernel::{LetterPurpose, PersonId, Role};

use crate::api::{Failure, Intent, use_api};
use crate::components::{Banner, BannerKind, Button, ConfirmDialog, FailureBanner, SelectField};
use crate::forms::Form;
use crate::i18n::in_language;
use crate::pages::desk::{choices_of, own_associations};
use crate::{routes, say, tr};

/// A button and its question, for clerks from operator upward: for the first log-in of somebody without an account, for a
/// new password of somebody with one.
#[component]
pub fn LetterTo(person: PersonId, purpose: LetterPurpose) -> impl IntoView {
    let (api, intent, form) = (use_api(), Intent::new(), Form::new());
    let own = own_associations(Role::Operator);
    let first = own.first().map(|association| association.id.to_string())?;
    let (several, choices) = (own.len() > 1, choices_of(&own));
    let from = RwSignal::new(first);
    let (asking, issued) = (RwSignal::new(false), RwSignal::new(false));
    let (failure, is_stranger) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let issue = Action::new_local(move |(): &()| async move {
        let Ok(association_id) = from.get_untracked().parse() else { return };
        let purpose = Some(purpose);
        let command = IssueLetters { association_id, purpose, person_ids: Some(vec![person]), not_registered: None };
        let result = api.issue_letters(&command, &intent.key()).await;
        intent.settle(&result);
        if failure.is_disposed() {
            return;
        }
        asking.set(false);
        match result {
            Ok(_) => issued.set(true),
            // Only members of the association get its letters.
            Err(refused) if !refused.field_errors().is_empty() => is_stranger.set(true),
            Err(refused) => failure.set(Some(refused)),
        }
    });
    let ask = move |()| {
        intent.change_of_mind();
        failure.set(None);
        is_stranger.set(false);
        asking.set(true);
    };
    let is_first = purpose == LetterPurpose::Enrolment;
    let text = in_language(
        move |locale| {
            if is_first { say!(locale, letters.to_enrol) } else { say!(locale, letters.to_recover) }
        },
    );
    Some(view! {
        <FailureBanner failure />
        {move || {
            is_stranger
                .get()
                .then(|| {
                    view! {
                        <Banner kind=BannerKind::Warning title=tr!(letters.not_issued)>
                            <p>{tr!(letters.stranger)}</p>
                        </Banner>
                    }
                })
        }}
        {move || {
            if issued.get() {
                view! {
                    <Banner kind=BannerKind::Success title=tr!(letters.issued_one)>
                        <p>
                            <a href=routes::issued_letters()>{tr!(letters.go_print)}</a>
                        </p>
                    </Banner>
                }
                    .into_any()
            } else {
                view! {
                    <div class="ui-actions">
                        <Button on_press=Callback::new(ask)>{tr!(letters.issue_to)}</Button>
                    </div>
                }
                    .into_any()
            }
        }}
        <ConfirmDialog
            open=asking
            title=tr!(letters.ask_title)
            confirm=tr!(letters.ask_confirm)
            pending=issue.pending()
            on_confirm=Callback::new(move |()| {
                issue.dispatch(());
            })
        >
            <p>{text}</p>
            <p>{tr!(letters.ask_void)}</p>
            {several
                .then(|| {
                    view! {
                        <SelectField form pointer="/association" label=tr!(clerks.association) value=from choices />
                    }
                })}
        </ConfirmDialog>
    })
}
