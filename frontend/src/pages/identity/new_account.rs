//! What whoever is invited says to get an account: a name, a login id and a password.

use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::SHORTEST_PASSWORD;

use crate::components::{PasswordField, TextField};
use crate::forms::{Fault, Form, given};
use crate::i18n::Text;
use crate::tr;

const LOGIN_ID: &str = "/login_id";
const NAME: &str = "/display_name";
const PASSWORD: &str = "/password";

/// What is typed.
#[derive(Clone, Copy)]
pub(super) struct NewAccount {
    name: RwSignal<String>,
    login_id: RwSignal<String>,
    password: RwSignal<String>,
}

/// What was typed, once nothing is missing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) display_name: String,
    pub(super) login_id: String,
    pub(super) password: String,
}

impl NewAccount {
    pub(super) fn of(name: RwSignal<String>) -> Self {
        Self { name, login_id: RwSignal::new(String::new()), password: RwSignal::new(String::new()) }
    }

    /// What was typed, or what is wrong with it.
    pub(super) fn typed(self) -> Result<Typed, Vec<Fault>> {
        check(&self.name.get_untracked(), &self.login_id.get_untracked(), &self.password.get_untracked())
    }
}

fn check(name: &str, login_id: &str, password: &str) -> Result<Typed, Vec<Fault>> {
    let required = |pointer| Fault::new(pointer, FieldErrorCode::Required);
    let wrong_password = match password.chars().count() {
        0 => Some(required(PASSWORD)),
        length if length < SHORTEST_PASSWORD => Some(Fault::new(PASSWORD, FieldErrorCode::TooShort)),
        _ => None,
    };
    match (given(name), given(login_id), wrong_password) {
        (Some(display_name), Some(login_id), None) => {
            Ok(Typed { display_name, login_id, password: password.to_owned() })
        }
        (name, login_id, wrong_password) => {
            let name = name.is_none().then(|| required(NAME));
            let login_id = login_id.is_none().then(|| required(LOGIN_ID));
            Err([name, login_id, wrong_password].into_iter().flatten().collect())
        }
    }
}

/// The fields of a form for it.
#[component]
pub(super) fn NewAccountFields(
    form: Form,
    account: NewAccount,
    name: Text,
    login_id: Text,
    hint: Text,
) -> impl IntoView {
    view! {
        <TextField form pointer=NAME label=name value=account.name required=true autocomplete="name" width=20 />
        <TextField
            form
            pointer=LOGIN_ID
            label=login_id
            hint=hint
            value=account.login_id
            required=true
            autocomplete="username"
            width=20
        />
        <PasswordField
            form
            pointer=PASSWORD
            label=tr!(identity.register_password)
            hint=tr!(identity.password_rule)
            value=account.password
            autocomplete="new-password"
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_new_account_needs_is_asked_for() {
        let pointers = |login_id: &str, name: &str, password: &str| {
            let faults = check(name, login_id, password).err().unwrap_or_default();
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        let required = |at: &str| (at.to_owned(), FieldErrorCode::Required);
        assert_eq!(pointers("", "　", ""), [required(NAME), required(LOGIN_ID), required(PASSWORD)]);
        assert_eq!(pointers("tanaka", "田中", "短い"), [(PASSWORD.to_owned(), FieldErrorCode::TooShort)]);
        assert_eq!(pointers("tanaka", "田中", "琵琶湖の朝は静かで風がない"), []);
        let typed = check("田中", " tanaka ", "琵琶湖の朝は静かで風がない").unwrap();
        assert_eq!((typed.display_name.as_str(), typed.login_id.as_str()), ("田中", "tanaka"));
    }
}
