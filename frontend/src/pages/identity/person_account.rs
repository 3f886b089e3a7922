//! The state of a person's account, for the clerks who help: why somebody cannot sign in, suspending and lifting.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{AccountDiagnosisView, LiftSuspension, PersonAccountView, SuspendAccount};
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{LookUpPerson, PersonRef};
use mamis_kernel::{AccountState, LetterPurpose, PersonId, SuspensionReason};

use super::{BeginOnBehalf, LetterTo};
use crate::api::{Failure, Intent, use_api};
use crate::components::{
    Button, ButtonKind, Choice, ConfirmDialog, Empty, ErrorSummary, FailureBanner, PageHeading, RadioGroup,
    SummaryList, SummaryRow, TextArea, TextField, loaded,
};
use crate::forms::{Fault, Form, given};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::state::use_toasts;
use crate::{format, say, tr};

const NUMBER: &str = "/medical_registration_number";
const REASON: &str = "/reason";
const NOTE: &str = "/note";

/// Finds a person by registration number and shows the account.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let (api, form) = (use_api(), Form::new());
    let (number, failure) = (RwSignal::new(String::new()), RwSignal::new(None::<Failure>));
    let found = RwSignal::new(None::<PersonRef>);
    let look_up = Action::new_local(move |query: &LookUpPerson| {
        let query = query.clone();
        async move {
            let answer = api.look_up_person(&query).await;
            if failure.is_disposed() {
                return;
            }
            match answer {
                Ok(person) => found.set(Some(person)),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if look_up.pending().get_untracked() {
            return;
        }
        failure.set(None);
        found.set(None);
        match given(&number.get_untracked()) {
            Some(medical_registration_number) => {
                form.clear();
                look_up.dispatch(LookUpPerson { medical_registration_number });
            }
            None => form.show(vec![Fault::new(NUMBER, FieldErrorCode::Required)]),
        }
    };
    view! {
        <PageHeading title=tr!(clerks.accounts_title) />
        <ErrorSummary form />
        <FailureBanner failure />
        <p>{tr!(clerks.accounts_lead)}</p>
        <form class="ui-form" novalidate on:submit=submit>
            <TextField
                form
                pointer=NUMBER
                label=tr!(registry.registration_number)
                hint=tr!(clerks.accounts_hint)
                value=number
                required=true
                inputmode="numeric"
                width=7
            />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=look_up.pending()>
                    {tr!(clerks.accounts_find)}
                </Button>
            </div>
        </form>
        {move || {
            found
                .get()
                .map(|person| {
                    view! {
                        <section class="ui-section" aria-labelledby="found-title">
                            <h2 class="ui-subheading" id="found-title">
                                {person.display_name.clone()}
                            </h2>
                            <PersonAccount person=person.id />
                            <BeginOnBehalf person />
                        </section>
                    }
                })
        }}
    }
}

/// The state of a person's account, shown when asked for, because reading it is audited.
#[component]
pub fn AccountOnDemand(person: PersonId) -> impl IntoView {
    let asked = RwSignal::new(false);
    move || {
        if asked.get() {
            return view! { <PersonAccount person /> }.into_any();
        }
        view! {
            <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| asked.set(true))>
                {tr!(clerks.account_show)}
            </Button>
        }
        .into_any()
    }
}

/// The state of a person's account, and what the reader may do about it.
#[component]
fn PersonAccount(person: PersonId) -> impl IntoView {
    let (api, changed) = (use_api(), RwSignal::new(0_u32));
    let account = LocalResource::new(move || {
        changed.track();
        api.person_account(person)
    });
    loaded(account, move |view| {
        let PersonAccountView { account, may_suspend_for, may_lift } = view;
        let Some(account) = account else {
            return view! {
                <Empty text=tr!(clerks.no_account) />
                <LetterTo person purpose=LetterPurpose::Enrolment />
            }
            .into_any();
        };
        let is_active = account.state == AccountState::Active;
        let may_suspend = !may_suspend_for.is_empty() && account.state != AccountState::Suspended;
        view! {
            <State account />
            {is_active.then(|| view! { <LetterTo person purpose=LetterPurpose::Recovery /> })}
            {may_suspend.then(|| view! { <Suspend person reasons=may_suspend_for changed /> })}
            {may_lift.then(|| view! { <Lift person changed /> })}
        }
        .into_any()
    })
}

#[component]
fn State(account: AccountDiagnosisView) -> impl IntoView {
    let (last, wait) = (account.last_log_in, account.throttled_until);
    let last = in_language(move |locale| match last {
        Some(at) => format::date_and_time(locale, at),
        None => say!(locale, clerks.never),
    });
    let has_email = account.has_email;
    let mail = in_language(
        move |locale| if has_email { say!(locale, clerks.has_email) } else { say!(locale, clerks.no_email) },
    );
    view! {
        <SummaryList>
            <SummaryRow name=tr!(clerks.state) value=account.state.text() />
            <SummaryRow name=tr!(clerks.class) value=account.class.text() />
            <SummaryRow name=tr!(identity.login_id) value=Signal::stored(account.login_id) />
            <SummaryRow name=tr!(clerks.email) value=mail />
            <SummaryRow name=tr!(clerks.last_log_in) value=last />
            {wait
                .map(|until| {
                    let text = in_language(move |locale| {
                        say!(locale, clerks.throttled, time = format::date_and_time(locale, until))
                    });
                    view! { <SummaryRow name=tr!(clerks.throttled_name) value=text /> }
                })}
            {account
                .suspension
                .map(|suspension| {
                    let (reason, since) = (suspension.reason, suspension.since);
                    let by = suspension.association.map(|association| association.name);
                    let why = in_language(move |locale| {
                        let by = by.clone().unwrap_or_else(|| say!(locale, identity.access_system));
                        format!("{}\n{by}\n{}", reason.label(locale), format::date_and_time(locale, since))
                    });
                    view! {
                        <SummaryRow name=tr!(clerks.suspended_for) value=why />
                        <SummaryRow name=tr!(clerks.note_kept) value=Signal::stored(suspension.note) />
                    }
                })}
        </SummaryList>
    }
}

/// Suspends, for one of the reasons of article 8 that the reader's association may give, after a question.
#[component]
fn Suspend(person: PersonId, reasons: Vec<SuspensionReason>, changed: RwSignal<u32>) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let (open, asking, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Failure>));
    let (reason, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let intent = Intent::new();
    let command = move || {
        let reason = reason.get_untracked().parse::<SuspensionReason>().ok();
        Some(SuspendAccount { reason: reason?, note: given(&note.get_untracked())? })
    };
    let suspend = Action::new_local(move |command: &SuspendAccount| {
        let command = command.clone();
        async move {
            intent.change_of_mind();
            let result = api.suspend_account(person, &command, &intent.key()).await;
            if failure.is_disposed() {
                return;
            }
            asking.set(false);
            match result {
                Ok(()) => {
                    toasts.show(say!(language.locale_now(), clerks.suspended));
                    changed.update(|count| *count = count.wrapping_add(1));
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        let missing =
            [(REASON, reason.with_untracked(String::is_empty)), (NOTE, given(&note.get_untracked()).is_none())];
        let faults: Vec<Fault> = missing
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(at, _)| Fault::new(at, FieldErrorCode::Required))
            .collect();
        asking.set(faults.is_empty());
        form.show(faults);
    };
    let choices: Vec<Choice> = reasons.iter().map(|reason| Choice::new(reason.as_str(), reason.text())).collect();
    let choices = StoredValue::new(choices);
    view! {
        {move || {
            if !open.get() {
                return view! {
                    <div class="ui-actions">
                        <Button on_press=Callback::new(move |()| open.set(true))>{tr!(clerks.suspend)}</Button>
                    </div>
                }
                    .into_any();
            }
            view! {
                <ErrorSummary form />
                <FailureBanner failure />
                <form class="ui-form" novalidate on:submit=ask>
                    <RadioGroup
                        form
                        pointer=REASON
                        legend=tr!(clerks.suspend_reason)
                        hint=tr!(clerks.suspend_reason_hint)
                        value=reason
                        choices=Signal::stored(choices.get_value())
                        required=true
                    />
                    <TextArea form pointer=NOTE label=tr!(clerks.note) hint=tr!(clerks.note_hint) value=note required=true />
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Danger submit=true pending=suspend.pending()>
                            {tr!(clerks.suspend)}
                        </Button>
                        <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| open.set(false))>
                            {tr!(common.cancel)}
                        </Button>
                    </div>
                </form>
            }
                .into_any()
        }}
        <ConfirmDialog
            open=asking
            title=tr!(clerks.suspend_title)
            confirm=tr!(clerks.suspend_confirm)
            kind=ButtonKind::Danger
            pending=suspend.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(command) = command() {
                    suspend.dispatch(command);
                }
            })
        >
            <p>{tr!(clerks.suspend_text)}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Lift(person: PersonId, changed: RwSignal<u32>) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let (note, failure, intent) = (RwSignal::new(String::new()), RwSignal::new(None::<Failure>), Intent::new());
    let lift = Action::new_local(move |command: &LiftSuspension| {
        let command = command.clone();
        async move {
            intent.change_of_mind();
            let result = api.lift_suspension(person, &command, &intent.key()).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(()) => {
                    toasts.show(say!(language.locale_now(), clerks.lifted));
                    changed.update(|count| *count = count.wrapping_add(1));
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        match given(&note.get_untracked()) {
            Some(note) => {
                form.clear();
                lift.dispatch(LiftSuspension { note });
            }
            None => form.show(vec![Fault::new(NOTE, FieldErrorCode::Required)]),
        }
    };
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <form class="ui-form" novalidate on:submit=submit>
            <TextArea form pointer=NOTE label=tr!(clerks.lift_note) value=note required=true rows=2 />
            <div class="ui-actions">
                <Button kind=ButtonKind::Secondary submit=true pending=lift.pending()>
                    {tr!(clerks.lift)}
                </Button>
            </div>
        </form>
    }
}
