//! Proving once more who one is, before what one signs in with is changed.

use leptos::prelude::*;
use mamis_contract::identity::ProveIdentity;
use mamis_contract::problem::{FieldErrorCode, ProblemCode};

use crate::api::{Failure, use_api};
use crate::components::{ConfirmDialog, ErrorSummary, FailureBanner, PasswordField};
use crate::forms::{Fault, Form};
use crate::tr;

const PASSWORD: &str = "/password";

/// What waits for a proof: it is tried again after one.
#[derive(Clone, Copy)]
pub struct Proof {
    open: RwSignal<bool>,
    waiting: StoredValue<Option<Again>>,
}

/// What is tried again: known to the action that it belongs to only after that action was made.
pub type Again = StoredValue<Option<Callback<()>>>;

impl Proof {
    /// Nothing waits.
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), waiting: StoredValue::new(None) }
    }

    /// Asks for a proof if that is what is missing, and does `again` afterwards; gives other failures back.
    pub fn ask(self, failure: Failure, again: Again) -> Option<Failure> {
        if failure.code() != Some(ProblemCode::ProofRequired) {
            return Some(failure);
        }
        self.waiting.set_value(Some(again));
        self.open.set(true);
        None
    }
}

/// Asks for the password.
#[component]
pub fn ProofDialog(
    /// What waits.
    proof: Proof,
) -> impl IntoView {
    let (api, form) = (use_api(), Form::new());
    let (password, failure) = (RwSignal::new(String::new()), RwSignal::new(None::<Failure>));
    let prove = Action::new_local(move |command: &ProveIdentity| {
        let command = command.clone();
        async move {
            let result = api.prove(&command).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(()) => {
                    password.set(String::new());
                    proof.open.set(false);
                    if let Some(again) = proof.waiting.get_value().and_then(|again| again.try_get_value().flatten()) {
                        again.run(());
                    }
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let confirm = Callback::new(move |()| {
        failure.set(None);
        let password = password.get_untracked();
        if password.is_empty() {
            form.show(vec![Fault::new(PASSWORD, FieldErrorCode::Required)]);
            return;
        }
        form.clear();
        prove.dispatch(ProveIdentity { password: Some(password), code: None });
    });
    view! {
        <ConfirmDialog
            open=proof.open
            title=tr!(factors.proof_title)
            confirm=tr!(factors.proof_done)
            pending=prove.pending()
            on_confirm=confirm
        >
            <ErrorSummary form />
            <FailureBanner failure />
            <p>{tr!(factors.proof_text)}</p>
            <PasswordField form pointer=PASSWORD label=tr!(identity.password) value=password />
        </ConfirmDialog>
    }
}
