//! Taking up an assistant's invitation, with one's own account or a new one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::acting::{InvitationCode, InvitationView, RegisterAssistant};
use mamis_contract::identity::CreateSession;
use mamis_contract::problem::FieldErrorCode;

use crate::api::{Api, Failure, GuestApi};
use crate::components::{
    Button, ButtonKind, ErrorSummary, FailureBanner, PageHeading, SummaryList, SummaryRow, TextField,
};
use crate::forms::{Fault, Form};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, language_of, use_language};
use crate::pages::identity::new_account::{NewAccount, NewAccountFields, Typed};
use crate::state::{keep_invitation, take_invitation, use_session, use_toasts};
use crate::{format, routes, say, tr};

const CODE: &str = "/code";

/// Taking up an assistant's invitation.
#[component]
pub fn AssistantInvitationPage() -> impl IntoView {
    let session = use_session();
    let (guest, form) = (GuestApi::new(session), Form::new());
    // A link in a mail has the code behind its `#`, which never leaves the browser.
    let linked = window().location().hash().ok().map(|hash| hash.trim_start_matches('#').to_owned());
    let known = linked.filter(|code| !code.is_empty()).or_else(take_invitation).unwrap_or_default();
    let (code, failure) = (RwSignal::new(known), RwSignal::new(None::<Failure>));
    let found = RwSignal::new(None::<InvitationView>);
    let look = Action::new_local(move |(): &()| {
        let command = InvitationCode { code: code.get_untracked() };
        async move {
            let result = guest.look_up_assistant_invitation(&command).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(invitation) => found.set(Some(invitation)),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        if code.get_untracked().trim().is_empty() {
            form.show(vec![Fault::new(CODE, FieldErrorCode::Required)]);
            return;
        }
        form.clear();
        look.dispatch(());
    };
    view! {
        <PageHeading title=tr!(identity.invitation_title) />
        {move || match found.get() {
            Some(invitation) => view! { <Offer invitation code /> }.into_any(),
            None => {
                view! {
                    <p>{tr!(identity.invitation_text)}</p>
                    <ErrorSummary form />
                    <FailureBanner failure />
                    <form class="ui-form" novalidate on:submit=submit>
                        <TextField
                            form
                            pointer=CODE
                            label=tr!(identity.invitation_code)
                            value=code
                            required=true
                            width=20
                            hint=tr!(identity.invitation_code_hint)
                        />
                        <div class="ui-actions">
                            <Button kind=ButtonKind::Primary submit=true pending=look.pending()>
                                {tr!(identity.invitation_check)}
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
fn Offer(invitation: InvitationView, code: RwSignal<String>) -> impl IntoView {
    let (session, toasts, language, navigate) = (use_session(), use_toasts(), use_language(), use_navigate());
    let failure = RwSignal::new(None::<Failure>);
    let InvitationView { physician, scopes, ends_on, .. } = invitation;
    let scopes = in_language(move |locale| {
        let words: Vec<_> = scopes.iter().map(|scope| scope.label(locale)).collect();
        words.join("\n")
    });
    let title = physician.clone();
    let done = Callback::new(move |()| {
        toasts.show(say!(language.locale_now(), identity.invitation_done, physician = physician.clone()));
        navigate(&routes::physicians(), NavigateOptions::default());
    });
    let accept = Action::new_local(move |(): &()| {
        let command = InvitationCode { code: code.get_untracked() };
        async move {
            let result = Api::of(session).accept_assistant_invitation(&command).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(_) => done.run(()),
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let choice = move || match session.account() {
        Some(account) => {
            let name = account.display_name;
            view! {
                <div class="ui-actions">
                    <Button
                        kind=ButtonKind::Primary
                        pending=accept.pending()
                        on_press=Callback::new(move |()| {
                            accept.dispatch(());
                        })
                    >
                        {tr!(identity.invitation_accept, name = name.clone())}
                    </Button>
                </div>
            }
            .into_any()
        }
        None => view! { <Register code done /> }.into_any(),
    };
    view! {
        <h2 class="ui-subheading">{tr!(identity.invitation_from, physician = title.clone())}</h2>
        <FailureBanner failure />
        <SummaryList>
            <SummaryRow name=tr!(identity.assistant_scopes) value=scopes />
            <SummaryRow name=tr!(identity.assistant_ends) value=in_language(move |locale| format::date(locale, ends_on)) />
        </SummaryList>
        {choice}
    }
}

#[component]
fn Register(code: RwSignal<String>, done: Callback<()>) -> impl IntoView {
    let (form, language, navigate) = (Form::new(), use_language(), use_navigate());
    let guest = GuestApi::new(use_session());
    let (account, failure) = (NewAccount::of(RwSignal::new(String::new())), RwSignal::new(None::<Failure>));
    let log_in = Callback::new(move |()| {
        keep_invitation(&code.get_untracked());
        navigate(&routes::login_then(&routes::assistant_invitation()), NavigateOptions::default());
    });
    let register = Action::new_local(move |command: &RegisterAssistant| {
        let command = command.clone();
        async move {
            let result = guest.register_assistant(&command).await;
            let result = match result {
                Ok(_) => {
                    let log_in = CreateSession { login_id: command.login_id, password: command.password };
                    guest.log_in(&log_in).await.map(|_| ())
                }
                Err(refused) => Err(refused),
            };
            match result {
                Ok(()) => done.run(()),
                Err(_) if failure.is_disposed() => {}
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if register.pending().get_untracked() {
            return;
        }
        failure.set(None);
        match account.typed() {
            Ok(Typed { display_name, login_id, password }) => {
                form.clear();
                let (code, language) = (code.get_untracked(), Some(language_of(language.locale_now())));
                register.dispatch(RegisterAssistant { code, login_id, display_name, password, language });
            }
            Err(faults) => form.show(faults),
        }
    };
    view! {
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(identity.invitation_own_account)}</h2>
            <div class="ui-actions">
                <Button kind=ButtonKind::Secondary on_press=log_in>
                    {tr!(identity.invitation_log_in)}
                </Button>
            </div>
        </section>
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(identity.invitation_new_account)}</h2>
            <ErrorSummary form />
            <FailureBanner failure />
            <form class="ui-form" novalidate on:submit=submit>
                <NewAccountFields
                    form
                    account
                    name=tr!(identity.invitation_name)
                    login_id=tr!(identity.login_id)
                    hint=tr!(identity.invitation_login_id_hint)
                />
                <div class="ui-actions">
                    <Button kind=ButtonKind::Primary submit=true pending=register.pending()>
                        {tr!(identity.invitation_register)}
                    </Button>
                </div>
            </form>
        </section>
    }
}
