//! Registering oneself for training, without being a member: an address, the code that was sent there, a password.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::identity::{ConfirmRegistration, CreateRegistration, SentCodeView};
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::SHORTEST_PASSWORD;

use crate::api::{Failure, GuestApi};
use crate::components::{
    Button, ButtonKind, ButtonLink, ErrorSummary, FailureBanner, PageHeading, PasswordField, TextField,
};
use crate::dom;
use crate::forms::{Fault, Form, given};
use crate::i18n::{language_of, use_language};
use crate::state::use_session;
use crate::{routes, say, tr};

const EMAIL: &str = "/email";
const CODE: &str = "/code";
const PASSWORD: &str = "/password";

/// Registering oneself for training.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let sent = RwSignal::new(None::<SentCodeView>);
    view! {
        <PageHeading title=tr!(identity.register_title) />
        {move || match sent.get() {
            None => view! { <Address email sent /> }.into_any(),
            Some(code) => view! { <Confirm email sent code /> }.into_any(),
        }}
    }
}

/// The first step: where the code goes.
#[component]
fn Address(email: RwSignal<String>, sent: RwSignal<Option<SentCodeView>>) -> impl IntoView {
    let (form, guest, language) = (Form::new(), GuestApi::new(use_session()), use_language());
    let failure = RwSignal::new(None::<Failure>);
    let send = Action::new_local(move |command: &CreateRegistration| {
        let command = command.clone();
        async move {
            let answer = guest.create_registration(&command).await;
            if failure.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match answer {
                Ok(code) => {
                    sent.set(Some(code));
                    request_animation_frame(|| dom::focus("main"));
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if send.pending().get_untracked() {
            return;
        }
        failure.set(None);
        match given(&email.get_untracked()) {
            Some(email) => {
                form.clear();
                send.dispatch(CreateRegistration { email, language: Some(language_of(language.locale_now())) });
            }
            None => form.show(vec![Fault::new(EMAIL, FieldErrorCode::Required)]),
        }
    };
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <p>{tr!(identity.register_lead)}</p>
        <ul class="ui-list">
            <li>{tr!(identity.register_who)}</li>
            <li>{tr!(identity.register_member)}</li>
        </ul>
        <form class="ui-form" novalidate on:submit=submit>
            <TextField
                form
                pointer=EMAIL
                label=tr!(identity.register_email)
                hint=tr!(identity.register_email_hint)
                value=email
                required=true
                kind="email"
                autocomplete="email"
                width=20
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=send.pending()>
                    {tr!(identity.register_send_code)}
                </Button>
                <ButtonLink href=routes::login() kind=ButtonKind::Quiet label=tr!(identity.register_back) />
            </div>
        </form>
    }
}

/// The second step: the code, and a password for the new account.
#[component]
fn Confirm(email: RwSignal<String>, sent: RwSignal<Option<SentCodeView>>, code: SentCodeView) -> impl IntoView {
    let (form, guest, language, navigate) = (Form::new(), GuestApi::new(use_session()), use_language(), use_navigate());
    let id = code.id;
    let (typed, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let register = Action::new_local(move |command: &ConfirmRegistration| {
        let (command, navigate) = (command.clone(), navigate.clone());
        async move {
            match guest.confirm_registration(id, &command).await {
                Ok(_) => navigate(&routes::training(), NavigateOptions { replace: true, ..NavigateOptions::default() }),
                Err(refused) => {
                    if failure.is_disposed() {
                        // The page was left meanwhile.
                        return;
                    }
                    form.refuse(refused, failure);
                }
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if register.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let faults = faults_of(&typed.get_untracked(), &password.get_untracked());
        if !faults.is_empty() {
            form.show(faults);
            return;
        }
        form.clear();
        register.dispatch(ConfirmRegistration {
            code: given(&typed.get_untracked()).unwrap_or_default(),
            password: password.get_untracked(),
            language: Some(language_of(language.locale_now())),
        });
    };
    let told = move || say!(language.locale(), identity.register_sent, email = email.get());
    let again = tr!(identity.register_again);
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <p role="status">{told}</p>
        <form class="ui-form" novalidate on:submit=submit>
            <TextField
                form
                pointer=CODE
                label=tr!(identity.register_code)
                hint=tr!(identity.register_code_hint)
                value=typed
                required=true
                inputmode="numeric"
                autocomplete="one-time-code"
                width=7
            />
            <PasswordField
                form
                pointer=PASSWORD
                label=tr!(identity.register_password)
                hint=tr!(identity.password_rule)
                value=password
                autocomplete="new-password"
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=register.pending()>
                    {tr!(identity.register_act)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| sent.set(None))>
                    {move || again.get()}
                </Button>
            </div>
        </form>
    }
}

fn faults_of(code: &str, password: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if given(code).is_none() {
        faults.push(Fault::new(CODE, FieldErrorCode::Required));
    }
    if password.is_empty() {
        faults.push(Fault::new(PASSWORD, FieldErrorCode::Required));
    } else if password.chars().count() < SHORTEST_PASSWORD {
        faults.push(Fault::new(PASSWORD, FieldErrorCode::TooShort));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_password_must_be_given_and_the_password_be_long() {
        let codes = |code: &str, password: &str| {
            faults_of(code, password).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("　", ""), [FieldErrorCode::Required, FieldErrorCode::Required]);
        assert_eq!(codes("123456", "短い"), [FieldErrorCode::TooShort]);
        assert_eq!(codes("123456", "琵琶湖の朝は静かで風がない"), []);
    }
}
