//! Letters, and people who come with one.

use std::sync::{Arc, Mutex, PoisonError};

use mamis_documents::TemporaryLetter;
use mamis_kernel::{LetterBatchId, PersonId, Role};
use mamis_usecases::identity;
use serde_json::{Value, json};

use crate::client::Call;
use crate::{Answer, Client, TestApp};

/// Somebody on the way from a letter to a log-in: a browser with its cookie.
pub struct Enrolling {
    client: Client,
    /// The cookie's value.
    pub cookie: String,
}

impl Enrolling {
    /// One that has this cookie.
    #[must_use]
    pub const fn with(client: Client, cookie: String) -> Self {
        Self { client, cookie }
    }

    /// A step, as the page sends it.
    #[must_use]
    pub fn post(&self, step: &str) -> Call {
        let call = self.client.post(&format!("/enrolments/current/{step}")).header("x-requested-with", "mamis");
        call.header("cookie", &format!("mamis_enrolment={}", self.cookie))
    }

    /// Sends a step.
    pub async fn step(&self, step: &str, body: &Value) -> Answer {
        self.post(step).json(body).send().await
    }

    /// Where it stands.
    pub async fn state(&self) -> Answer {
        let call = self.client.call(reqwest::Method::GET, "/api/v1/enrolments/current");
        call.header("cookie", &format!("mamis_enrolment={}", self.cookie)).send().await
    }
}

impl Answer {
    /// The enrolment's token that it set.
    #[must_use]
    pub fn enrolment_token(&self) -> String {
        let cookie = self.header("set-cookie");
        let value = cookie.strip_prefix("mamis_enrolment=").and_then(|rest| rest.split(';').next());
        value.unwrap_or_default().to_owned()
    }
}

impl TestApp {
    /// Prints the batches that wait, as the worker does, on a press that remembers what stands on the letters: nobody else can
    /// say it.
    pub async fn print_letters(&self) -> Vec<TemporaryLetter> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sheets = Arc::clone(&seen);
        let press = move |letters: &[TemporaryLetter]| {
            sheets.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(letters);
            Ok(b"%PDF-1.7 of a test".to_vec())
        };
        identity::letters::print_letters_by(self.use_cases(), press).await.expect("printing letters");
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *seen)
    }

    /// Sends the links that were asked for, as the worker does. Says how many requests were answered.
    pub async fn answer_recoveries(&self) -> u64 {
        identity::answer_recoveries(self.use_cases()).await.expect("answering recoveries")
    }

    /// The token of the latest link in a mail to an address.
    pub async fn recovery_token_sent_to(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let mail = mails.iter().rev().find(|mail| mail.template == "password_reset");
        let body = &mail.unwrap_or_else(|| panic!("no link was sent to {address}: {mails:?}")).body;
        let token = body.split_once("/recover#").and_then(|(_, rest)| rest.split_whitespace().next());
        token.unwrap_or_else(|| panic!("no link in {body}")).to_owned()
    }

    /// Gives an account a confirmed address.
    pub async fn given_email(&self, account: mamis_kernel::AccountId, email: &str) {
        let statement = "update accounts set email = $1, email_confirmed_at = now() where id = $2";
        self.owner().execute(statement, &[&email, &account.uuid()]).await.expect("an address");
    }

    /// A batch that a clerk of the association asked for, not printed yet.
    pub async fn given_batch(&self, association: &str, purpose: &str, persons: &[PersonId]) -> LetterBatchId {
        let clerk = self.given_clerk_of(association, Role::Operator).await;
        let association = self.association(association).await;
        let body = json!({ "association_id": association, "purpose": purpose, "person_ids": persons });
        let made = clerk.post("/letter-batches").new_key().json(&body).send().await.assert_status(201);
        made.json()["id"].as_str().and_then(|id| id.parse().ok()).expect("a batch")
    }

    /// A printed letter to a member.
    pub async fn given_letter(&self, association: &str, person: PersonId) -> TemporaryLetter {
        self.given_batch(association, "enrolment", &[person]).await;
        self.print_letters().await.pop().expect("a letter")
    }

    /// Somebody who typed what stands on the letter.
    pub async fn given_enrolling(&self, letter: &TemporaryLetter) -> Enrolling {
        let body = json!({ "login_id": letter.temporary_login_id, "password": letter.temporary_password });
        let begun = self.visitor().post("/enrolments").json(&body).send().await.assert_status(201);
        Enrolling::with(self.visitor(), begun.enrolment_token())
    }

    /// What a person says who wants to show who it is; true of those that are given.
    pub async fn identity_of(&self, person: PersonId) -> Value {
        let question = "select number from medical_registrations where person_id = $1";
        let row = self.owner().query_one(question, &[&person.uuid()]).await.expect("a registration");
        let number: String = row.get(0);
        json!({ "medical_registration_number": number, "registered_on": "2005-04-20", "birth_date": "1980-07-05" })
    }
}
