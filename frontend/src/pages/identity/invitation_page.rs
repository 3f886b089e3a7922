//! Accepting an invitation: with a new account, or with one's own.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::identity::{
    AcceptClerkInvitation, AccountView, ClerkInvitationCode, ClerkInvitationOffer, CreateSession,
};
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::SHORTEST_PASSWORD;

use super::first_page;
use super::log_in_form::LogInForm;
use super::register_page::code_of;
use crate::api::{Api, Failure, GuestApi, Intent, LogIn};
use crate::components::{
    Button, ButtonKind, ErrorSummary, FailureBanner, PageHeading, PasswordField, SummaryList, SummaryRow, TextField,
};
use crate::forms::{Fault, Form, given};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::state::{Phase, use_session};
use crate::{dom, format, tr};

const CODE: &str = "/code";
const LOGIN_ID: &str = "/login_id";
const NAME: &str = "/display_name";
const PASSWORD: &str = "/password";

/// Accepting an invitation. The code comes behind `#` in the link, or is typed from paper.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let (form, guest) = (Form::new(), GuestApi::new(use_session()));
    let code = RwSignal::new(dom::take_fragment().unwrap_or_default());
    let (offer, failure) = (RwSignal::new(None::<ClerkInvitationOffer>), RwSignal::new(None::<Failure>));
    let look_up = Action::new_local(move |code: &String| {
        let command = ClerkInvitationCode { code: code.clone() };
        async move {
            let answer = guest.look_up_invitation(&command).await;
            if failure.is_disposed() {
                return;
            }
            match answer {
                Ok(found) => offer.set(Some(found)),
                Err(refused) => {
                    if !form.show_failure(&refused) {
                        failure.set(Some(refused));
                    }
                }
            }
        }
    });
    if code.with_untracked(|code| !code.is_empty()) {
        look_up.dispatch(code.get_untracked());
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if look_up.pending().get_untracked() {
            return;
        }
        failure.set(None);
        match given(&code.get_untracked()) {
            Some(code) => {
                form.clear();
                look_up.dispatch(code);
            }
            None => form.show(vec![Fault::new(CODE, FieldErrorCode::Required)]),
        }
    };
    view! {
        <PageHeading title=tr!(clerks.accept_title) />
        {move || match offer.get() {
            Some(offer) => view! { <Offer offer code=code.get_untracked() /> }.into_any(),
            None => {
                view! {
                    <ErrorSummary form />
                    <FailureBanner failure />
                    <p>{tr!(clerks.accept_lead)}</p>
                    <form class="ui-form" novalidate on:submit=submit>
                        <TextField
                            form
                            pointer=CODE
                            label=tr!(clerks.code)
                            hint=tr!(clerks.code_hint)
                            value=code
                            required=true
                            width=20
                        />
                        <div class="ui-actions">
                            <Button kind=ButtonKind::Primary submit=true pending=look_up.pending()>
                                {tr!(clerks.accept_look)}
                            </Button>
                        </div>
                    </form>
                }
                    .into_any()
            }
        }}
    }
}

#[component]
fn Offer(offer: ClerkInvitationOffer, code: String) -> impl IntoView {
    let session = use_session();
    let (first, last, until) = (offer.first_day, offer.last_day, offer.expires_at);
    let code = StoredValue::new(code);
    let name = RwSignal::new(offer.invitee.clone());
    let has_account = RwSignal::new(false);
    view! {
        <SummaryList>
            <SummaryRow name=tr!(clerks.place) value=Signal::stored(offer.place_name) />
            <SummaryRow name=tr!(clerks.role) value=offer.role.text() />
            <SummaryRow name=tr!(clerks.period) value=in_language(move |locale| format::period(locale, first, last)) />
            <SummaryRow name=tr!(clerks.invited_name) value=Signal::stored(offer.invitee) />
            <SummaryRow
                name=tr!(clerks.holds_until)
                value=in_language(move |locale| format::date_and_time(locale, until))
            />
        </SummaryList>
        {move || match (session.account(), has_account.get()) {
            (Some(account), _) => view! { <Claim code account /> }.into_any(),
            (None, true) => {
                view! {
                    <h2 class="ui-subheading">{tr!(clerks.accept_own_title)}</h2>
                    <LogInForm on_open=Callback::new(|_: AccountView| ())>
                        <p>{tr!(clerks.accept_own_text)}</p>
                    </LogInForm>
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| has_account.set(false))>
                            {tr!(clerks.accept_new)}
                        </Button>
                    </div>
                }
                    .into_any()
            }
            // While the cookie is being tried, nobody knows yet.
            (None, false) if session.phase() == Phase::Starting => ().into_any(),
            (None, false) => {
                view! {
                    <NewAccount code name />
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| has_account.set(true))>
                            {tr!(clerks.accept_own)}
                        </Button>
                    </div>
                }
                    .into_any()
            }
        }}
    }
}

/// Takes the role on with the account that is signed in.
#[component]
fn Claim(code: StoredValue<String>, account: AccountView) -> impl IntoView {
    let (session, navigate) = (use_session(), use_navigate());
    let api = Api::of(session);
    let (failure, intent) = (RwSignal::new(None::<Failure>), Intent::new());
    let claim = Action::new_local(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            let command = ClerkInvitationCode { code: code.get_value() };
            let result = api.claim_invitation(&command, &intent.key()).await;
            intent.settle(&result);
            let learnt = match result {
                Ok(()) => api.account().await,
                Err(refused) => Err(refused),
            };
            if failure.is_disposed() {
                return;
            }
            match learnt {
                Ok(account) => {
                    let path = first_page(&account);
                    session.learn(account);
                    navigate(&path, NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let name = account.display_name;
    view! {
        <FailureBanner failure />
        <p>{tr!(clerks.accept_as, name = name.clone())}</p>
        <div class="ui-actions">
            <Button
                kind=ButtonKind::Primary
                pending=claim.pending()
                on_press=Callback::new(move |()| {
                    failure.set(None);
                    claim.dispatch(());
                })
            >
                {tr!(clerks.accept_act)}
            </Button>
        </div>
    }
}

/// Makes an account, which takes the role on, and signs in.
#[component]
fn NewAccount(code: StoredValue<String>, name: RwSignal<String>) -> impl IntoView {
    let (form, guest, language, navigate) = (Form::new(), GuestApi::new(use_session()), use_language(), use_navigate());
    let (login_id, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let accept = Action::new_local(move |command: &AcceptClerkInvitation| {
        let (command, navigate) = (command.clone(), navigate.clone());
        async move {
            let log_in = CreateSession { login_id: command.login_id.clone(), password: command.password.clone() };
            let opened = match guest.accept_invitation(&command).await {
                Ok(()) => guest.log_in(&log_in).await,
                Err(refused) => Err(refused),
            };
            match opened {
                Ok(LogIn::Opened(account)) => {
                    navigate(&first_page(&account), NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                // A new account has no second factor.
                Ok(LogIn::SecondStep(_)) => {}
                Err(refused) => {
                    if failure.is_disposed() {
                        return;
                    }
                    if !form.show_failure(&refused) {
                        failure.set(Some(refused));
                    }
                }
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if accept.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let (typed_id, typed_name, typed) = (login_id.get_untracked(), name.get_untracked(), password.get_untracked());
        let faults = faults_of(&typed_id, &typed_name, &typed);
        if !faults.is_empty() {
            form.show(faults);
            return;
        }
        form.clear();
        accept.dispatch(AcceptClerkInvitation {
            code: code.get_value(),
            login_id: given(&typed_id).unwrap_or_default(),
            display_name: given(&typed_name).unwrap_or_default(),
            password: typed,
            language: code_of(language.locale_now()),
        });
    };
    view! {
        <h2 class="ui-subheading">{tr!(clerks.accept_new_title)}</h2>
        <ErrorSummary form />
        <FailureBanner failure />
        <form class="ui-form" novalidate on:submit=submit>
            <TextField
                form
                pointer=NAME
                label=tr!(clerks.display_name)
                value=name
                required=true
                autocomplete="name"
                width=20
            />
            <TextField
                form
                pointer=LOGIN_ID
                label=tr!(clerks.new_login_id)
                hint=tr!(clerks.new_login_id_hint)
                value=login_id
                required=true
                autocomplete="username"
                width=20
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
                <Button kind=ButtonKind::Primary submit=true pending=accept.pending()>
                    {tr!(clerks.accept_act)}
                </Button>
            </div>
        </form>
    }
}

fn faults_of(login_id: &str, name: &str, password: &str) -> Vec<Fault> {
    let required =
        [(NAME, given(name).is_none()), (LOGIN_ID, given(login_id).is_none()), (PASSWORD, password.is_empty())];
    let missing = required.into_iter().filter(|(_, missing)| *missing);
    let mut faults: Vec<Fault> = missing.map(|(at, _)| Fault::new(at, FieldErrorCode::Required)).collect();
    if !password.is_empty() && password.chars().count() < SHORTEST_PASSWORD {
        faults.push(Fault::new(PASSWORD, FieldErrorCode::TooShort));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_new_account_needs_is_asked_for() {
        let pointers = |login_id: &str, name: &str, password: &str| {
            faults_of(login_id, name, password).into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        let required = |at: &str| (at.to_owned(), FieldErrorCode::Required);
        assert_eq!(pointers("", "　", ""), [required(NAME), required(LOGIN_ID), required(PASSWORD)]);
        assert_eq!(pointers("tanaka", "田中", "短い"), [(PASSWORD.to_owned(), FieldErrorCode::TooShort)]);
        assert_eq!(pointers("tanaka", "田中", "琵琶湖の朝は静かで風がない"), []);
    }
}
