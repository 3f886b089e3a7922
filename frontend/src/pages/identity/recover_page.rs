//! Back in by mail: asking for a link, and the page it leads to.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::identity::{CompleteRecovery, CreateRecovery};
use mamis_contract::problem::FieldErrorCode;

use crate::api::{Failure, GuestApi};
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, ErrorSummary, FailureBanner, PageHeading, PasswordField, TextField,
};
use crate::forms::{Fault, Form, given};
use crate::i18n::use_language;
use crate::state::{use_session, use_toasts};
use crate::{routes, say, tr};

const NAME: &str = "/login_id";
const PASSWORD: &str = "/new_password";

/// Asks for a link; with a link's token behind `#`, for the new password.
#[component]
pub fn RecoverPage() -> impl IntoView {
    let hash = window().location().hash().unwrap_or_default();
    match hash.strip_prefix('#').filter(|token| !token.is_empty()) {
        Some(token) => view! { <Choose token=token.to_owned() /> }.into_any(),
        None => view! { <Ask /> }.into_any(),
    }
}

#[component]
fn Ask() -> impl IntoView {
    let (form, guest) = (Form::new(), GuestApi::new(use_session()));
    let (name, sent) = (RwSignal::new(String::new()), RwSignal::new(false));
    let failure = RwSignal::new(None::<Failure>);
    let ask = Action::new_local(move |command: &CreateRecovery| {
        let command = command.clone();
        async move {
            let answer = guest.create_recovery(&command).await;
            if failure.is_disposed() {
                return;
            }
            match answer {
                Ok(()) => sent.set(true),
                Err(refused) if form.show_failure(&refused) => {}
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if ask.pending().get_untracked() {
            return;
        }
        failure.set(None);
        match given(&name.get_untracked()) {
            Some(login_id) => {
                form.clear();
                ask.dispatch(CreateRecovery { login_id });
            }
            None => form.show(vec![Fault::new(NAME, FieldErrorCode::Required)]),
        }
    };
    view! {
        <PageHeading title=tr!(enrolment.recover_title) />
        <ErrorSummary form />
        <FailureBanner failure />
        {move || {
            sent.get()
                .then(|| {
                    view! {
                        <Banner kind=BannerKind::Success title=tr!(enrolment.recover_sent_title)>
                            <p role="status">{tr!(enrolment.recover_sent)}</p>
                        </Banner>
                    }
                })
        }}
        <div hidden=move || sent.get()>
        <p>{tr!(enrolment.recover_lead)}</p>
        <form class="ui-form" novalidate on:submit=submit>
            <TextField
                form
                pointer=NAME
                label=tr!(enrolment.recover_name)
                value=name
                required=true
                autocomplete="username"
                width=20
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=ask.pending()>
                    {tr!(enrolment.recover_send)}
                </Button>
            </div>
        </form>
        </div>
    }
}

#[component]
fn Choose(token: String) -> impl IntoView {
    let (form, guest) = (Form::new(), GuestApi::new(use_session()));
    let (toasts, language, navigate) = (use_toasts(), use_language(), use_navigate());
    let password = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let choose = Action::new_local(move |command: &CompleteRecovery| {
        let (command, navigate) = (command.clone(), navigate.clone());
        async move {
            let answer = guest.complete_recovery(&command).await;
            if failure.is_disposed() {
                return;
            }
            match answer {
                Ok(()) => {
                    toasts.show(say!(language.locale_now(), enrolment.new_done));
                    navigate(&routes::login(), NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(refused) if form.show_failure(&refused) => {}
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if choose.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let new_password = password.get_untracked();
        if new_password.is_empty() {
            form.show(vec![Fault::new(PASSWORD, FieldErrorCode::Required)]);
            return;
        }
        form.clear();
        choose.dispatch(CompleteRecovery { token: token.clone(), new_password });
    };
    view! {
        <PageHeading title=tr!(enrolment.new_title) />
        <ErrorSummary form />
        <FailureBanner failure />
        <p>{tr!(enrolment.new_lead)}</p>
        <form class="ui-form" novalidate on:submit=submit>
            <PasswordField
                form
                pointer=PASSWORD
                label=tr!(enrolment.password)
                hint=tr!(identity.password_rule)
                value=password
                autocomplete="new-password"
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=choose.pending()>
                    {tr!(enrolment.new_set)}
                </Button>
            </div>
        </form>
    }
}
