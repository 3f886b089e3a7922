//! From a letter to a log-in: one thing a page. Where it stands is kept by the server, so that a browser may be closed.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use mamis_contract::identity::{
    AccountView, ChooseEnrolmentPassword, CreateEnrolment, EnrolmentView, ProveEnrolmentIdentity, SecondStepView,
    SendEnrolmentCode, ShowCode,
};
use mamis_contract::problem::{FieldErrorCode, ProblemCode};
use mamis_kernel::{EnrolmentStep, LetterPurpose};

use super::first_page;
use super::password_form::Strength;
use super::second_step::SecondStepForm;
use crate::api::{EnrolmentCall, Failure, GuestApi, LogIn};
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, DateField, ErrorSummary, FailureBanner, PageHeading, PasswordField, Step,
    StepMark, Steps, TextField,
};
use crate::forms::{DateParts, Fault, Form, given};
use crate::i18n::{Text, in_language, language_of, use_language};
use crate::state::{use_session, use_toasts};
use crate::{dom, passkeys, routes, say, tr};

/// What the steps share.
#[derive(Clone, Copy)]
struct Way {
    form: Form,
    state: RwSignal<Option<EnrolmentView>>,
    failure: RwSignal<Option<Failure>>,
    take: Action<EnrolmentCall, ()>,
}

impl Way {
    /// Sends a step, or shows what is missing for it.
    fn submit(self, call: Result<EnrolmentCall, Vec<Fault>>) {
        if self.take.pending().get_untracked() {
            return;
        }
        self.failure.set(None);
        match call {
            Ok(call) => {
                self.form.clear();
                self.take.dispatch(call);
            }
            Err(faults) => self.form.show(faults),
        }
    }
}

/// From a letter to a log-in.
#[component]
pub fn EnrolPage() -> impl IntoView {
    let (form, guest) = (Form::new(), GuestApi::new(use_session()));
    let (state, failure) = (RwSignal::new(None::<EnrolmentView>), RwSignal::new(None::<Failure>));
    let step_of = move || state.with(|state| state.as_ref().map(|state| (state.step, state.pending_email.is_some())));
    let take = Action::new_local(move |call: &EnrolmentCall| {
        let call = call.clone();
        async move {
            let answer = guest.enrol(&call).await;
            if failure.is_disposed() {
                return;
            }
            match answer {
                Ok(now) => {
                    let before = step_of();
                    state.set(Some(now));
                    if step_of() != before {
                        request_animation_frame(|| dom::focus("main"));
                    }
                }
                Err(refused) if refused.code() == Some(ProblemCode::ChallengeOver) => {
                    state.set(None);
                    // Looking at nothing is no fault.
                    failure.set(Some(refused).filter(|_| !matches!(call, EnrolmentCall::Look)));
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let way = Way { form, state, failure, take };
    take.dispatch(EnrolmentCall::Look);
    let here = Memo::new(move |_| step_of());
    let steps = Signal::derive(move || {
        let labels = [
            tr!(enrolment.step_letter),
            tr!(enrolment.step_identity),
            tr!(enrolment.step_email),
            tr!(enrolment.step_password),
            tr!(enrolment.step_finish),
        ];
        let at = here.get().map_or(0, |(step, _)| place_of(step));
        let mark = |place: usize| match place.cmp(&at) {
            std::cmp::Ordering::Less => StepMark::Done,
            std::cmp::Ordering::Equal => StepMark::Current,
            std::cmp::Ordering::Greater => StepMark::Upcoming,
        };
        labels.into_iter().enumerate().map(|(place, label)| Step::new(label, mark(place))).collect::<Vec<_>>()
    });
    view! {
        <PageHeading title=tr!(enrolment.title) />
        <Steps steps />
        <ErrorSummary form />
        <FailureBanner failure />
        {move || match here.get() {
            None => view! { <Letter way /> }.into_any(),
            Some((EnrolmentStep::Identity, _)) => view! { <Identity way /> }.into_any(),
            Some((EnrolmentStep::Email, false)) => view! { <Email way /> }.into_any(),
            Some((EnrolmentStep::Email, true)) => view! { <Code way /> }.into_any(),
            Some((EnrolmentStep::Password, _)) => view! { <Password way /> }.into_any(),
            Some((EnrolmentStep::Finish, _)) => view! { <Finish way /> }.into_any(),
        }}
    }
}

fn place_of(step: EnrolmentStep) -> usize {
    1 + EnrolmentStep::ALL.iter().position(|one| *one == step).unwrap_or_default()
}

fn required(pointer: &str) -> Fault {
    Fault::new(pointer, FieldErrorCode::Required)
}

/// The form of a step: its fields, the button that goes on, and perhaps another way.
#[component]
fn StepForm(
    way: Way,
    /// What the fields say, or what is wrong with them.
    answer: Callback<(), Result<EnrolmentCall, Vec<Fault>>>,
    next: Text,
    #[prop(optional)] other: Option<(Text, Callback<()>)>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        way.submit(answer.run(()));
    };
    view! {
        <form class="ui-form" novalidate on:submit=submit>
            {children()}
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=way.take.pending()>
                    {next}
                </Button>
                {other
                    .map(|(words, press)| {
                        view! {
                            <Button kind=ButtonKind::Quiet on_press=press>
                                {words}
                            </Button>
                        }
                    })}
            </div>
        </form>
    }
}

/// What stands on the letter.
#[component]
fn Letter(way: Way) -> impl IntoView {
    let (form, language) = (way.form, use_language());
    let known = use_query_map().with_untracked(|query| query.get("id")).unwrap_or_default();
    let (login_id, password) = (RwSignal::new(known), RwSignal::new(String::new()));
    let answer = Callback::new(move |()| {
        let typed = (given(&login_id.get_untracked()), given(&password.get_untracked()));
        match typed {
            (Some(login_id), Some(password)) => {
                let language = Some(language_of(language.locale_now()));
                Ok(EnrolmentCall::Begin(CreateEnrolment { login_id, password, language }))
            }
            (login_id, password) => {
                let missing = [("/login_id", login_id.is_none()), ("/password", password.is_none())];
                Err(missing.into_iter().filter(|(_, missing)| *missing).map(|(at, _)| required(at)).collect())
            }
        }
    });
    view! {
        <p>{tr!(enrolment.letter_lead)}</p>
        <StepForm way answer next=tr!(enrolment.next)>
            <TextField form pointer="/login_id" label=tr!(enrolment.letter_id) value=login_id required=true width=12 />
            <TextField form pointer="/password" label=tr!(enrolment.letter_password) value=password required=true width=12 />
        </StepForm>
    }
}

/// Who one is.
#[component]
fn Identity(way: Way) -> impl IntoView {
    let form = way.form;
    let number = RwSignal::new(String::new());
    let (registered_on, birth_date) = (RwSignal::new(DateParts::default()), RwSignal::new(DateParts::default()));
    let answer = Callback::new(move |()| {
        let mut faults = Vec::new();
        let mut day = |pointer: &str, parts: RwSignal<DateParts>| match parts.with_untracked(DateParts::check) {
            Ok(Some(day)) => Some(day),
            Ok(None) => {
                faults.push(required(pointer));
                None
            }
            Err(code) => {
                faults.push(Fault::new(pointer, code));
                None
            }
        };
        let days = (day("/registered_on", registered_on), day("/birth_date", birth_date));
        let number = given(&number.get_untracked());
        if number.is_none() {
            faults.insert(0, required("/medical_registration_number"));
        }
        match (number, days) {
            (Some(medical_registration_number), (Some(registered_on), Some(birth_date))) => {
                let proof = ProveEnrolmentIdentity { medical_registration_number, registered_on, birth_date };
                Ok(EnrolmentCall::Prove(proof))
            }
            _ => Err(faults),
        }
    });
    let left = Memo::new(move |_| {
        way.state.with(|state| {
            state.as_ref().map_or((false, 0), |state| (state.identity_mismatched, state.identity_tries_left))
        })
    });
    let mismatch = move || {
        let (mismatched, left) = left.get();
        mismatched.then(|| {
            let association = way.state.with_untracked(|state| {
                let association = state.as_ref().and_then(|state| state.association.as_ref());
                association.map(|association| association.name.clone()).unwrap_or_default()
            });
            let text = in_language(move |locale| {
                if left == 0 {
                    say!(locale, enrolment.mismatch_over, association = association.clone())
                } else {
                    let count = left.to_string();
                    say!(locale, enrolment.mismatch_text, count = count, association = association.clone())
                }
            });
            view! {
                <Banner kind=BannerKind::Warning title=tr!(enrolment.mismatch_title)>
                    <p role="status">{text}</p>
                </Banner>
            }
        })
    };
    let may_try = move || left.get().1 > 0;
    view! {
        {mismatch}
        <div hidden=move || !may_try()>
        <p>{tr!(enrolment.identity_lead)}</p>
        <StepForm way answer next=tr!(enrolment.next)>
            <TextField
                form
                pointer="/medical_registration_number"
                label=tr!(enrolment.number)
                hint=tr!(enrolment.number_hint)
                value=number
                required=true
                inputmode="numeric"
                width=7
            />
            <DateField form pointer="/registered_on" legend=tr!(enrolment.registered_on) value=registered_on required=true />
            <DateField form pointer="/birth_date" legend=tr!(enrolment.birth_date) value=birth_date required=true />
        </StepForm>
        </div>
        <div hidden=may_try>
            <Button on_press=Callback::new(move |()| way.submit(Ok(EnrolmentCall::Look)))>
                {tr!(enrolment.check_again)}
            </Button>
        </div>
    }
}

/// Where mail goes.
#[component]
fn Email(way: Way) -> impl IntoView {
    let (form, email) = (way.form, RwSignal::new(String::new()));
    let name = way.state.with_untracked(|state| state.as_ref().and_then(|state| state.display_name.clone()));
    let name = name.unwrap_or_default();
    let hello = in_language(move |locale| say!(locale, enrolment.hello, name = name.clone()));
    let answer = Callback::new(move |()| {
        let email = given(&email.get_untracked()).ok_or_else(|| vec![required("/email")]);
        email.map(|email| EnrolmentCall::SendCode(SendEnrolmentCode { email }))
    });
    let decline = Callback::new(move |()| way.submit(Ok(EnrolmentCall::Decline)));
    view! {
        <p>{hello}</p>
        <p>{tr!(enrolment.email_lead)}</p>
        <StepForm way answer next=tr!(enrolment.send_code) other=(tr!(enrolment.no_email), decline)>
            <TextField
                form
                pointer="/email"
                label=tr!(enrolment.email)
                hint=tr!(enrolment.email_hint)
                value=email
                required=true
                kind="email"
                autocomplete="email"
                width=20
            />
        </StepForm>
    }
}

/// The code that was sent.
#[component]
fn Code(way: Way) -> impl IntoView {
    let (form, code) = (way.form, RwSignal::new(String::new()));
    let email = way.state.with_untracked(|state| state.as_ref().and_then(|state| state.pending_email.clone()));
    let email = email.unwrap_or_default();
    let sent = in_language(move |locale| say!(locale, enrolment.sent, email = email.clone()));
    let answer = Callback::new(move |()| {
        let code = given(&code.get_untracked()).ok_or_else(|| vec![required("/code")]);
        code.map(|code| EnrolmentCall::Confirm(ShowCode { code }))
    });
    // Nothing is sent: the page asks for an address again.
    let other = Callback::new(move |()| {
        way.state.update(|state| state.iter_mut().for_each(|state| state.pending_email = None));
    });
    view! {
        <p role="status">{sent}</p>
        <StepForm way answer next=tr!(enrolment.confirm) other=(tr!(enrolment.other_email), other)>
            <TextField
                form
                pointer="/code"
                label=tr!(enrolment.code)
                hint=tr!(enrolment.code_hint)
                value=code
                required=true
                inputmode="numeric"
                autocomplete="one-time-code"
                width=7
            />
        </StepForm>
    }
}

/// The new password.
#[component]
fn Password(way: Way) -> impl IntoView {
    let (form, guest) = (way.form, GuestApi::new(use_session()));
    let (password, login_id) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let first =
        way.state.with_untracked(|state| state.as_ref().is_some_and(|it| it.purpose == LetterPurpose::Enrolment));
    let answer = Callback::new(move |()| {
        let password = password.get_untracked();
        if password.is_empty() {
            Err(vec![required("/password")])
        } else {
            let login_id = given(&login_id.get_untracked());
            Ok(EnrolmentCall::Choose(ChooseEnrolmentPassword { password, login_id }))
        }
    });
    view! {
        <p>{tr!(enrolment.password_lead)}</p>
        <StepForm way answer next=tr!(enrolment.next)>
            <PasswordField
                form
                pointer="/password"
                label=tr!(enrolment.password)
                hint=tr!(identity.password_rule)
                value=password
                autocomplete="new-password"
            />
            <Strength password enrolling=guest />
            {first
                .then(|| {
                    view! {
                        <TextField
                            form
                            pointer="/login_id"
                            label=tr!(enrolment.own_id)
                            hint=tr!(enrolment.own_id_hint)
                            value=login_id
                            autocomplete="username"
                            width=12
                        />
                    }
                })}
        </StepForm>
    }
}

/// All that was said, and the end.
#[component]
fn Finish(way: Way) -> impl IntoView {
    let (guest, toasts, language, navigate) =
        (GuestApi::new(use_session()), use_toasts(), use_language(), use_navigate());
    let (second, wants_passkey) = (RwSignal::new(None::<SecondStepView>), RwSignal::new(false));
    let opened = Callback::new(move |account: AccountView| {
        toasts.show(say!(language.locale_now(), enrolment.done));
        let next = if wants_passkey.get_untracked() { routes::second_factor() } else { first_page(&account) };
        navigate(&next, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    let complete = Action::new_local(move |(): &()| async move {
        let answer = guest.complete_enrolment().await;
        if second.is_disposed() {
            return;
        }
        match answer {
            Ok(LogIn::Opened(account)) => opened.run(*account),
            Ok(LogIn::SecondStep(step)) => second.set(Some(step)),
            // Somebody else took the login id meanwhile: it is chosen again.
            Err(refused) if !refused.field_errors().is_empty() => {
                way.state.update(|state| state.iter_mut().for_each(|state| state.step = EnrolmentStep::Password));
                way.form.show_failure(&refused);
            }
            Err(refused) => way.failure.set(Some(refused)),
        }
    });
    let state = way.state.get_untracked();
    let login_id = state.as_ref().and_then(|state| state.login_id.clone());
    let email = state.and_then(|state| state.email);
    let id = login_id.map(|id| in_language(move |locale| say!(locale, enrolment.finish_id, id = id.clone())));
    let mail = in_language(move |locale| match email.clone() {
        Some(email) => say!(locale, enrolment.finish_mail, email = email),
        None => say!(locale, enrolment.finish_post),
    });
    let back = Callback::new(move |why: Option<Failure>| {
        second.set(None);
        way.failure.set(why);
    });
    let finish = move |with_passkey: bool| {
        Callback::new(move |()| {
            wants_passkey.set(with_passkey);
            complete.dispatch(());
        })
    };
    view! {
        {move || second.get().map(|step| view! { <SecondStepForm step on_open=opened on_back=back /> })}
        <div hidden=move || second.with(Option::is_some)>
            <p>{tr!(enrolment.finish_lead)}</p>
            <ul class="ui-list">
                {id.map(|id| view! { <li>{id}</li> })}
                <li>{mail}</li>
            </ul>
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary pending=complete.pending() on_press=finish(false)>
                    {tr!(enrolment.finish)}
                </Button>
            </div>
            {passkeys::are_possible()
                .then(|| {
                    view! {
                        <p>{tr!(enrolment.finish_passkey_lead)}</p>
                        <div class="ui-actions">
                            <Button pending=complete.pending() on_press=finish(true)>
                                {tr!(enrolment.finish_passkey)}
                            </Button>
                        </div>
                    }
                })}
        </div>
    }
}
