//! Changing the password.

use gloo_timers::future::TimeoutFuture;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mamis_contract::identity::{ChangePassword, CheckPassword, PasswordCheck};
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::SHORTEST_PASSWORD;

use crate::api::{Failure, GuestApi, use_api};
use crate::components::{Button, ButtonKind, ErrorSummary, FailureBanner, PasswordField};
use crate::forms::{Fault, Form};
use crate::i18n::{Locale, in_language, use_language};
use crate::state::use_toasts;
use crate::{say, tr};

const CURRENT: &str = "/current_password";
const NEW: &str = "/new_password";
/// How long the keys must rest before a password is judged.
const PAUSE_MILLIS: u32 = 400;

/// Changing the password; tells when it is changed.
#[component]
pub(super) fn PasswordForm(
    /// It is changed.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let change = Action::new_local(move |command: &ChangePassword| {
        let command = command.clone();
        async move {
            let result = api.change_password(&command).await;
            if failure.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match result {
                Ok(()) => {
                    current.set(String::new());
                    new.set(String::new());
                    toasts.show(say!(language.locale_now(), identity.password_changed));
                    on_change.run(());
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if change.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let command = ChangePassword { current_password: current.get_untracked(), new_password: new.get_untracked() };
        let faults = faults_of(&command);
        if faults.is_empty() {
            form.clear();
            change.dispatch(command);
        } else {
            form.show(faults);
        }
    };
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <form class="ui-form" novalidate on:submit=submit>
            <PasswordField form pointer=CURRENT label=tr!(identity.password_current) value=current />
            <PasswordField
                form
                pointer=NEW
                label=tr!(identity.password_new)
                hint=tr!(identity.password_rule)
                value=new
                autocomplete="new-password"
            />
            <Strength password=new />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=change.pending()>
                    {tr!(identity.password_change)}
                </Button>
            </div>
        </form>
    }
}

/// How good what is typed would be, once the keys rest.
#[component]
pub(super) fn Strength(
    /// What is typed.
    password: RwSignal<String>,
    /// Who has no session yet, on the way from a letter.
    #[prop(optional)]
    enrolling: Option<GuestApi>,
) -> impl IntoView {
    let api = enrolling.is_none().then(use_api);
    let judged = RwSignal::new(None::<PasswordCheck>);
    Effect::new(move |_| {
        let typed = password.get();
        judged.set(None);
        if typed.is_empty() {
            return;
        }
        spawn_local(async move {
            TimeoutFuture::new(PAUSE_MILLIS).await;
            let still_there = || password.try_with_untracked(|now| *now == typed).unwrap_or(false);
            if !still_there() {
                return;
            }
            let command = CheckPassword { password: typed.clone() };
            // Without an answer there is no meter; the server judges again when the form is sent.
            let answer = match (api, enrolling) {
                (Some(api), _) => api.check_password(&command).await.ok(),
                (None, Some(guest)) => guest.check_enrolment_password(&command).await.ok(),
                (None, None) => None,
            };
            if still_there() {
                let _ = judged.try_set(answer);
            }
        });
    });
    let text = in_language(move |locale| match judged.get() {
        Some(check) => words(locale, check, password.with(|typed| typed.chars().count())),
        None => String::new(),
    });
    let score = move || judged.get().map(|check| check.score.to_string());
    view! {
        <div class="ui-strength" role="status">
            {move || {
                score().map(|score| view! { <meter class="ui-strength__meter" min="0" max="4" low="2" high="3" optimum="4" value=score aria-hidden="true"></meter> })
            }}
            <p>{text}</p>
        </div>
    }
}

fn words(locale: Locale, check: PasswordCheck, length: usize) -> String {
    let strength = match check.score {
        0 => say!(locale, identity.strength_0),
        1 => say!(locale, identity.strength_1),
        2 => say!(locale, identity.strength_2),
        3 => say!(locale, identity.strength_3),
        _ => say!(locale, identity.strength_4),
    };
    match check.fault {
        Some(FieldErrorCode::TooShort) => {
            say!(locale, identity.strength_short, count = SHORTEST_PASSWORD.saturating_sub(length).to_string())
        }
        Some(_) => say!(locale, identity.strength_own),
        None => say!(locale, identity.strength, words = strength),
    }
}

fn faults_of(command: &ChangePassword) -> Vec<Fault> {
    let mut faults = Vec::new();
    if command.current_password.is_empty() {
        faults.push(Fault::new(CURRENT, FieldErrorCode::Required));
    }
    if command.new_password.is_empty() {
        faults.push(Fault::new(NEW, FieldErrorCode::Required));
    } else if command.new_password.chars().count() < SHORTEST_PASSWORD {
        faults.push(Fault::new(NEW, FieldErrorCode::TooShort));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_must_be_given_and_the_new_one_be_long() {
        let codes = |current: &str, new: &str| {
            let command = ChangePassword { current_password: current.to_owned(), new_password: new.to_owned() };
            faults_of(&command).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("", ""), [FieldErrorCode::Required, FieldErrorCode::Required]);
        assert_eq!(codes("a", "短い"), [FieldErrorCode::TooShort]);
        assert_eq!(codes("a", "琵琶湖の朝は静かで風がない"), []);
    }

    #[test]
    fn the_meter_says_what_is_missing_before_how_good_it_is() {
        let check = |score, fault| PasswordCheck { score, fault };
        assert_eq!(words(Locale::ja, check(1, Some(FieldErrorCode::TooShort)), 9), "あと3文字必要です");
        assert_eq!(words(Locale::ja, check(4, None), 20), "パスワードの強さ：とても強い");
    }
}
