//! One's assistants: inviting, listing, taking back.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::acting::{DelegationView, InviteAssistant};
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::{DelegationScope, DelegationState};

use crate::api::{Failure, Intent, use_api};
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, Checkbox, ConfirmDialog, DateField, Empty, ErrorSummary, FailureBanner,
    Fieldset, SummaryList, SummaryRow, TextField, loaded,
};
use crate::forms::{DateParts, Fault, Form, given};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::state::use_toasts;
use crate::{format, routes, say, tr};

const NAME: &str = "/assistant_name";
const EMAIL: &str = "/email";
const SCOPES: &str = "/scopes";
const ENDS_ON: &str = "/ends_on";

/// One's assistants.
#[component]
pub(in crate::pages::identity) fn Assistants() -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (inviting, invited) = (RwSignal::new(false), RwSignal::new(None::<DelegationView>));
    let (open, chosen) = (RwSignal::new(false), RwSignal::new(None::<DelegationView>));
    let failure = RwSignal::new(None::<Failure>);
    let list = LocalResource::new(move || api.delegations());
    let on_invited = Callback::new(move |delegation: DelegationView| {
        inviting.set(false);
        toasts.show(say!(language.locale_now(), identity.assistant_invited, name = delegation.assistant_name.clone()));
        invited.set(Some(delegation));
        list.refetch();
    });
    let revoke = Action::new_local(move |(): &()| {
        let chosen = chosen.get_untracked();
        async move {
            let Some(delegation) = chosen else { return };
            let result = api.revoke_delegation(delegation.id).await;
            if failure.is_disposed() {
                return;
            }
            open.set(false);
            match result {
                Ok(()) => {
                    failure.set(None);
                    let name = delegation.assistant_name;
                    toasts.show(say!(language.locale_now(), identity.assistant_revoked, name = name));
                    list.refetch();
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let ask = Callback::new(move |delegation: DelegationView| {
        chosen.set(Some(delegation));
        open.set(true);
    });
    let whose = move || chosen.get().map(|delegation| delegation.assistant_name).unwrap_or_default();
    view! {
        <p>{tr!(identity.assistants_text)}</p>
        <FailureBanner failure />
        {move || invited.get().and_then(|delegation| delegation.code.clone().map(|code| code_note(&delegation, code)))}
        {move || {
            if inviting.get() {
                view! { <Invite on_invited /> }.into_any()
            } else {
                view! {
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| inviting.set(true))>
                            {tr!(identity.assistant_invite)}
                        </Button>
                    </div>
                }
                    .into_any()
            }
        }}
        <ConfirmDialog
            open
            title=tr!(identity.assistant_revoke_title, name = whose())
            confirm=tr!(identity.assistant_revoke_confirm)
            kind=ButtonKind::Danger
            pending=revoke.pending()
            on_confirm=Callback::new(move |()| {
                revoke.dispatch(());
            })
        >
            <p>{tr!(identity.assistant_revoke_text)}</p>
        </ConfirmDialog>
        {loaded(
            list,
            move |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=tr!(identity.assistants_none) /> }.into_any();
                }
                let items = page.items.into_iter().map(|item| view! { <Entry item ask /> }).collect_view();
                view! { <ul class="ui-tasks">{items}</ul> }.into_any()
            },
        )}
    }
}

fn code_note(delegation: &DelegationView, code: String) -> AnyView {
    let name = delegation.assistant_name.clone();
    let address = format!("{}{}", window().location().origin().unwrap_or_default(), routes::assistant_invitation());
    view! {
        <Banner kind=BannerKind::Success title=tr!(identity.assistant_code_title, name = name.clone())>
            <p>
                <strong>
                    <code>{code}</code>
                </strong>
            </p>
            <p>{tr!(identity.assistant_code_text, address = address.clone())}</p>
        </Banner>
    }
    .into_any()
}

#[component]
fn Entry(item: DelegationView, ask: Callback<DelegationView>) -> impl IntoView {
    let class = match item.state {
        DelegationState::Active => "ui-badge ui-badge--good",
        DelegationState::Invited => "ui-badge ui-badge--key",
        DelegationState::InvitationExpired | DelegationState::Ended | DelegationState::Revoked => "ui-badge",
    };
    let is_open = matches!(item.state, DelegationState::Active | DelegationState::Invited);
    let (scopes, ends_on) = (item.scopes.clone(), item.ends_on);
    let scopes = in_language(move |locale| {
        let words: Vec<_> = scopes.iter().map(|scope| scope.label(locale)).collect();
        words.join("\n")
    });
    let email = item.email.clone().map(Signal::stored).unwrap_or_else(|| tr!(identity.assistant_code_handed));
    let name = item.assistant_name.clone();
    view! {
        <li class="ui-card">
            <div class="ui-card__head">
                <h3 class="ui-card__title">{name}</h3>
                <span class=class>{item.state.text()}</span>
            </div>
            <SummaryList>
                <SummaryRow name=tr!(identity.assistant_scopes) value=scopes />
                <SummaryRow
                    name=tr!(identity.assistant_ends)
                    value=in_language(move |locale| format::date(locale, ends_on))
                />
                <SummaryRow name=tr!(identity.assistant_email) value=email />
            </SummaryList>
            {is_open
                .then(|| {
                    view! {
                        <div class="ui-actions">
                            <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| ask.run(item.clone()))>
                                {tr!(identity.assistant_revoke)}
                            </Button>
                        </div>
                    }
                })}
        </li>
    }
}

#[component]
fn Invite(on_invited: Callback<DelegationView>) -> impl IntoView {
    let (api, form, intent) = (use_api(), Form::new(), Intent::new());
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let ends_on = RwSignal::new(DateParts::default());
    let ticked: Vec<_> = DelegationScope::ALL.iter().map(|scope| (*scope, RwSignal::new(false))).collect();
    let boxes = ticked.clone();
    let failure = RwSignal::new(None::<Failure>);
    let invite = Action::new_local(move |command: &InviteAssistant| {
        let command = command.clone();
        async move {
            intent.change_of_mind();
            let result = api.invite_assistant(&command, &intent.key()).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(delegation) => on_invited.run(delegation),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if invite.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let chosen = ticked.iter().filter(|(_, ticked)| ticked.get_untracked()).map(|(scope, _)| *scope);
        let scopes: Vec<_> = chosen.collect();
        let mut faults = Vec::new();
        if name.get_untracked().trim().is_empty() {
            faults.push(Fault::new(NAME, FieldErrorCode::Required));
        }
        if scopes.is_empty() {
            faults.push(Fault::new(SCOPES, FieldErrorCode::Required));
        }
        let day = match ends_on.get_untracked().check() {
            Ok(Some(day)) => Some(day),
            Ok(None) => {
                faults.push(Fault::new(ENDS_ON, FieldErrorCode::Required));
                None
            }
            Err(code) => {
                faults.push(Fault::new(ENDS_ON, code));
                None
            }
        };
        match day.filter(|_| faults.is_empty()) {
            Some(ends_on) => {
                form.clear();
                invite.dispatch(InviteAssistant {
                    assistant_name: name.get_untracked(),
                    email: given(&email.get_untracked()),
                    scopes,
                    ends_on,
                });
            }
            None => form.show(faults),
        }
    };
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <form class="ui-form" novalidate on:submit=submit>
            <TextField form pointer=NAME label=tr!(identity.assistant_name) value=name required=true width=20 />
            <TextField
                form
                pointer=EMAIL
                label=tr!(identity.assistant_mail)
                value=email
                kind="email"
                hint=tr!(identity.assistant_email_hint)
            />
            <Fieldset legend=tr!(identity.assistant_scopes)>
                {boxes
                    .into_iter()
                    .enumerate()
                    .map(|(at, (scope, value))| {
                        // A fault of them all leads to the first.
                        let pointer = if at == 0 { SCOPES.to_owned() } else { format!("/scope-{scope}") };
                        view! { <Checkbox form pointer label=scope.text() asks=tr!(identity.assistant_scopes) value /> }
                    })
                    .collect_view()}
            </Fieldset>
            <DateField
                form
                pointer=ENDS_ON
                legend=tr!(identity.assistant_ends)
                value=ends_on
                required=true
                hint=tr!(identity.assistant_ends_hint)
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=invite.pending()>
                    {tr!(identity.assistant_invite_send)}
                </Button>
            </div>
        </form>
    }
}
