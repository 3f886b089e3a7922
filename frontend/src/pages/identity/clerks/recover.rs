//! Letting a clerk in again, by two administrators.

use leptos::prelude::*;
use mamis_contract::identity::{ClerkRecoveryView, ClerkRoleView, RecoverClerk};
use mamis_contract::problem::FieldErrorCode;

use crate::api::{Failure, use_api};
use crate::components::{Banner, BannerKind, Button, ButtonKind, ConfirmDialog, ErrorSummary, FailureBanner, TextArea};
use crate::forms::{Fault, Form, given};
use crate::i18n::in_language;
use crate::{format, say, tr};

const REASON: &str = "/reason";

/// A button, its question, and what came of it.
#[component]
pub(super) fn Recover(role: ClerkRoleView) -> impl IntoView {
    let (api, form, id) = (use_api(), Form::new(), role.id);
    let (asking, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (failure, came) = (RwSignal::new(None::<Failure>), RwSignal::new(None::<ClerkRecoveryView>));
    let recover = Action::new_local(move |command: &RecoverClerk| {
        let command = command.clone();
        async move {
            let answer = api.recover_clerk(id, &command).await;
            if failure.is_disposed() {
                return;
            }
            match answer {
                Ok(view) => {
                    asking.set(false);
                    came.set(Some(view));
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let confirm = Callback::new(move |()| {
        failure.set(None);
        match given(&reason.get_untracked()) {
            Some(reason) => {
                form.clear();
                recover.dispatch(RecoverClerk { reason });
            }
            None => form.show(vec![Fault::new(REASON, FieldErrorCode::Required)]),
        }
    });
    view! {
        {move || came.get().map(outcome)}
        <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| asking.set(true))>
            {tr!(clerks.recover)}
        </Button>
        <ConfirmDialog
            open=asking
            title=tr!(clerks.recover_title, name = role.display_name.clone())
            confirm=tr!(clerks.recover_confirm)
            pending=recover.pending()
            on_confirm=confirm
        >
            <p>{tr!(clerks.recover_text)}</p>
            // Each clerk of the list has this question; only the open one has a field, whose id is then the only one.
            {move || {
                asking
                    .get()
                    .then(|| {
                        view! {
                            <ErrorSummary form />
                            <FailureBanner failure />
                            <TextArea
                                form
                                pointer=REASON
                                label=tr!(clerks.recover_reason)
                                value=reason
                                required=true
                                rows=2
                            />
                        }
                    })
            }}
        </ConfirmDialog>
    }
}

fn outcome(view: ClerkRecoveryView) -> AnyView {
    match (view.waits_until, view.url) {
        (Some(until), _) => {
            let text = in_language(move |locale| {
                say!(locale, clerks.recover_waits_text, time = format::date_and_time(locale, until))
            });
            view! {
                <Banner kind=BannerKind::Success title=tr!(clerks.recover_waits_title)>
                    <p>{text}</p>
                </Banner>
            }
            .into_any()
        }
        (None, Some(url)) => view! {
            <Banner kind=BannerKind::Success title=tr!(clerks.recover_url_title)>
                <p>
                    <code>{url}</code>
                </p>
            </Banner>
        }
        .into_any(),
        (None, None) => view! {
            <Banner kind=BannerKind::Success title=tr!(clerks.recover_sent_title)>
                <p>{tr!(clerks.recover_sent_text)}</p>
            </Banner>
        }
        .into_any(),
    }
}
