//! Login id and password, and the second step where one is wanted.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{AccountView, CreateSession, SecondStepView};
use mamis_contract::problem::FieldErrorCode;

use super::passkey_log_in::PasskeyLogIn;
use super::second_step::SecondStepForm;
use crate::api::{Failure, GuestApi, LogIn};
use crate::components::{Button, ButtonKind, ErrorSummary, FailureBanner, PasswordField, TextField};
use crate::forms::{Fault, Form, given};
use crate::state::use_session;
use crate::tr;

/// Login id and password; tells when a session is open.
#[component]
pub(super) fn LogInForm(
    /// What was typed as the login id, when it is known already.
    #[prop(optional, into)]
    known_login_id: Option<String>,
    /// The second step, while it is taken.
    #[prop(optional)]
    step: RwSignal<Option<SecondStepView>>,
    /// Goes on.
    #[prop(into)]
    on_open: Callback<AccountView>,
    /// What stands between faults, which come first, and the fields.
    children: Children,
) -> impl IntoView {
    let (form, guest) = (Form::new(), GuestApi::new(use_session()));
    let login_id = RwSignal::new(known_login_id.unwrap_or_default());
    let password = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let log_in = Action::new_local(move |command: &CreateSession| {
        let command = command.clone();
        async move {
            match guest.log_in(&command).await {
                Ok(LogIn::Opened(account)) => on_open.run(*account),
                Ok(LogIn::SecondStep(wanted)) => step.set(Some(wanted)),
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if log_in.pending().get_untracked() {
            return;
        }
        failure.set(None);
        match command_of(&login_id.get_untracked(), &password.get_untracked()) {
            Ok(command) => {
                form.clear();
                log_in.dispatch(command);
            }
            Err(faults) => form.show(faults),
        }
    };
    // What was typed stays, for the way back.
    let back = Callback::new(move |why: Option<Failure>| {
        step.set(None);
        failure.set(why);
    });
    view! {
        {move || step.get().map(|step| view! { <SecondStepForm step on_open on_back=back /> })}
        <div hidden=move || step.with(Option::is_some)>
            <ErrorSummary form />
            <FailureBanner failure />
            {children()}
            <form class="ui-form" novalidate on:submit=submit>
                <TextField
                    form
                    pointer=LOGIN_ID
                    label=tr!(identity.login_name)
                    hint=tr!(identity.login_id_hint)
                    value=login_id
                    required=true
                    autocomplete="username"
                    width=20
                />
                <PasswordField
                    form
                    pointer=PASSWORD
                    label=tr!(identity.password)
                    hint=tr!(identity.password_hint)
                    value=password
                />
                <div class="ui-actions">
                    <Button kind=ButtonKind::Primary submit=true pending=log_in.pending()>
                        {tr!(identity.log_in)}
                    </Button>
                </div>
            </form>
            <PasskeyLogIn on_open />
        </div>
    }
}

const LOGIN_ID: &str = "/login_id";
pub(super) const PASSWORD: &str = "/password";

/// The request, or what is missing for it. The password is taken as typed, blanks included.
fn command_of(login_id: &str, password: &str) -> Result<CreateSession, Vec<Fault>> {
    let mut faults = Vec::new();
    let login_id = given(login_id);
    if login_id.is_none() {
        faults.push(Fault::new(LOGIN_ID, FieldErrorCode::Required));
    }
    if password.is_empty() {
        faults.push(Fault::new(PASSWORD, FieldErrorCode::Required));
    }
    match login_id {
        Some(login_id) if faults.is_empty() => Ok(CreateSession { login_id, password: password.to_owned() }),
        Some(_) | None => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_must_be_given_and_the_password_stays_as_typed() {
        let pointers = |login_id, password| match command_of(login_id, password) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().map(|fault| fault.pointer).collect(),
        };
        assert_eq!(pointers("　", ""), [LOGIN_ID, PASSWORD]);
        assert_eq!(pointers("demo", ""), [PASSWORD]);
        let Ok(command) = command_of(" demo ", " correct horse ") else { panic!("complete") };
        assert_eq!((command.login_id.as_str(), command.password.as_str()), ("demo", " correct horse "));
    }
}
