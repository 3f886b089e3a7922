//! Accepting an invitation: with a new account, or with one's own.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::identity::{
    AcceptClerkInvitation, AccountView, ClerkInvitationCode, ClerkInvitationOffer, CreateSession,
};
use mamis_contract::problem::FieldErrorCode;

use super::first_page;
use super::log_in_form::LogInForm;
use super::new_account::{NewAccount, NewAccountFields, Typed};
use crate::api::{Api, Failure, GuestApi, Intent, LogIn};
use crate::components::{
    Button, ButtonKind, ErrorSummary, FailureBanner, PageHeading, SummaryList, SummaryRow, TextField,
};
use crate::forms::{Fault, Form, given};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, language_of, use_language};
use crate::state::{Phase, use_session};
use crate::{dom, format, tr};

const CODE: &str = "/code";

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
                Err(refused) => form.refuse(refused, failure),
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
                    <Register code name />
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
fn Register(code: StoredValue<String>, name: RwSignal<String>) -> impl IntoView {
    let (form, guest, language, navigate) = (Form::new(), GuestApi::new(use_session()), use_language(), use_navigate());
    let account = NewAccount::of(name);
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
                    form.refuse(refused, failure);
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
        match account.typed() {
            Ok(Typed { display_name, login_id, password }) => {
                form.clear();
                let language = language_of(language.locale_now());
                let code = code.get_value();
                accept.dispatch(AcceptClerkInvitation { code, login_id, display_name, password, language });
            }
            Err(faults) => form.show(faults),
        }
    };
    view! {
        <h2 class="ui-subheading">{tr!(clerks.accept_new_title)}</h2>
        <ErrorSummary form />
        <FailureBanner failure />
        <form class="ui-form" novalidate on:submit=submit>
            <NewAccountFields
                form
                account
                name=tr!(clerks.display_name)
                login_id=tr!(clerks.new_login_id)
                hint=tr!(clerks.new_login_id_hint)
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=accept.pending()>
                    {tr!(clerks.accept_act)}
                </Button>
            </div>
        </form>
    }
}
