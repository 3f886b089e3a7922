//! The second step of a log-in: the code of an authenticator app, or one from the printed sheet.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{AccountView, SecondStepView, TakeSecondStep};
use mamis_contract::problem::{FieldErrorCode, ProblemCode};
use mamis_kernel::FactorKind;

use super::passkey_log_in::PasskeyLogIn;
use crate::api::{Failure, GuestApi};
use crate::components::{Button, ButtonKind, ErrorSummary, FailureBanner, TextField};
use crate::forms::{Fault, Form, given};
use crate::state::use_session;
use crate::tr;

const CODE: &str = "/code";

/// Asks for the code; tells when a session is open, or that one must begin again.
#[component]
pub(super) fn SecondStepForm(
    /// What the password led to.
    step: SecondStepView,
    /// Goes on.
    on_open: Callback<AccountView>,
    /// Back to the password; with the failure that made it so, if one did.
    on_back: Callback<Option<Failure>>,
) -> impl IntoView {
    let (form, guest) = (Form::new(), GuestApi::new(use_session()));
    let (code, failure) = (RwSignal::new(String::new()), RwSignal::new(None::<Failure>));
    let has = |kind| step.factors.contains(&kind);
    let (by_app, on_paper) = (has(FactorKind::Totp), has(FactorKind::RecoveryCode));
    let paper = RwSignal::new(!by_app);
    let by_key = has(FactorKind::Passkey);
    let take = Action::new_local(move |command: &TakeSecondStep| {
        let command = command.clone();
        async move {
            let result = guest.take_second_step(&command).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(account) => on_open.run(account),
                Err(refused) if refused.code() == Some(ProblemCode::ChallengeOver) => on_back.run(Some(refused)),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let challenge = StoredValue::new(step.challenge);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if take.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let Some(code) = given(&code.get_untracked()) else {
            form.show(vec![Fault::new(CODE, FieldErrorCode::Required)]);
            return;
        };
        form.clear();
        let kind = if paper.get_untracked() { FactorKind::RecoveryCode } else { FactorKind::Totp };
        take.dispatch(TakeSecondStep { challenge: challenge.get_value(), kind, code });
    };
    let switch = Callback::new(move |()| {
        form.clear();
        code.set(String::new());
        paper.update(|paper| *paper = !*paper);
    });
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <form class="ui-form" novalidate on:submit=submit>
            {move || {
                if paper.get() {
                    view! {
                        <p>{tr!(factors.step_paper)}</p>
                        <TextField form pointer=CODE label=tr!(factors.recovery_code) value=code required=true width=20 />
                    }
                        .into_any()
                } else {
                    view! {
                        <p>{tr!(factors.step_app)}</p>
                        <TextField
                            form
                            pointer=CODE
                            label=tr!(factors.code)
                            value=code
                            required=true
                            inputmode="numeric"
                            autocomplete="one-time-code"
                            width=7
                        />
                    }
                        .into_any()
                }
            }}
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=take.pending()>
                    {tr!(factors.step_done)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| on_back.run(None))>
                    {tr!(factors.step_back)}
                </Button>
            </div>
            {(by_app && on_paper)
                .then(|| {
                    view! {
                        <div class="ui-actions">
                            <Button kind=ButtonKind::Quiet on_press=switch>
                                {move || if paper.get() { tr!(factors.step_use_app).get() } else { tr!(factors.step_use_paper).get() }}
                            </Button>
                        </div>
                    }
                })}
        </form>
        {by_key.then(|| view! { <PasskeyLogIn on_open /> })}
    }
}
