use std::ops::Deref;

use mamis_kernel::{AccountId, ApplicationId, AssociationId, PersonId};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::answer::Answer;
use crate::authenticator::Authenticator;
use crate::codes::Codes;
use crate::description;
use crate::given::PASSWORD;

/// Somebody who speaks HTTP with the server, signed in or not.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    access_token: Option<String>,
    codes: Codes,
    acting_for: Option<String>,
}

/// A signed-in account.
#[derive(Debug, Clone)]
pub struct SignedIn {
    client: Client,
    /// Whose.
    pub account_id: AccountId,
    /// What was typed.
    pub login_id: String,
    /// The physician whose account it is.
    pub person_id: Option<PersonId>,
    /// From the cookie.
    pub refresh_token: String,
}

impl Deref for SignedIn {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl SignedIn {
    /// The physician this is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person_id.expect("a physician's account")
    }
}

/// A request that is being made.
#[derive(Debug)]
pub struct Call {
    question: String,
    method: Method,
    path: String,
    request: reqwest::RequestBuilder,
}

impl Call {
    /// With this header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Based on this version.
    #[must_use]
    pub fn if_match(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    /// With this idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a key nobody has used.
    #[must_use]
    pub fn new_key(self) -> Self {
        self.key(&Uuid::now_v7().to_string())
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// With any body.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.request = self.request.header(CONTENT_TYPE, content_type).body(body);
        self
    }

    /// Sends it. Whatever the answer, it is one that the description knows, has a request id, and is no fault of the server's:
    /// a planned stop says when to come again.
    pub async fn send(self) -> Answer {
        let Self { question, method, path, request } = self;
        let response = request.send().await.unwrap_or_else(|error| panic!("{question}: {error:?}"));
        let status = response.status().as_u16();
        let headers: HeaderMap = response.headers().clone();
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{question}: {error:?}"));
        let answer = Answer { question, status, headers, body };
        let stopped = status == 503 && !answer.header("retry-after").is_empty();
        assert!(status < 500 || stopped, "{}: {status}: {}", answer.question, answer.text());
        assert!(!answer.header("x-request-id").is_empty(), "{}: no request id", answer.question);
        description::compare(method.as_str(), &path, status, answer.header("content-type"), &answer.body);
        answer
    }
}

impl Client {
    pub(crate) fn new(base: String, codes: Codes) -> Self {
        Self { http: reqwest::Client::new(), base, access_token: None, codes, acting_for: None }
    }

    /// The same from another network address of this machine, `127.0.0.2` for example.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        let address: std::net::IpAddr = address.parse().expect("a network address");
        let http = reqwest::Client::builder().local_address(address).build().expect("a client");
        Self { http, ..self.clone() }
    }

    /// The same, with this access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { access_token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same, acting for somebody: a grant's or a delegation's id.
    #[must_use]
    pub fn acting_for(&self, id: &str) -> Self {
        Self { acting_for: Some(id.to_owned()), ..self.clone() }
    }

    /// The access token; empty when nobody is signed in.
    #[must_use]
    pub fn access_token(&self) -> &str {
        self.access_token.as_deref().unwrap_or_default()
    }

    /// Where the server is.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request to any address.
    #[must_use]
    pub fn call(&self, method: Method, path: &str) -> Call {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(token) = &self.access_token {
            request = request.bearer_auth(token);
        }
        if let Some(id) = &self.acting_for {
            request = request.header("x-acting-for", id);
        }
        Call { question: format!("{method} {path}"), method, path: path.to_owned(), request }
    }

    /// Reads an address below `/api/v1`.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, &format!("/api/v1{path}")).send().await
    }

    /// A POST below `/api/v1`, to be sent.
    #[must_use]
    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, &format!("/api/v1{path}"))
    }

    /// A PUT below `/api/v1`, to be sent.
    #[must_use]
    pub fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, &format!("/api/v1{path}"))
    }

    /// Tries to sign in.
    pub async fn try_log_in(&self, login_id: &str, password: &str) -> Answer {
        self.post("/sessions").json(&json!({ "login_id": login_id, "password": password })).send().await
    }

    /// Accepts the first version of the terms of use.
    pub async fn accept_terms(&self) -> Answer {
        self.put("/account/terms-acceptance").json(&json!({ "version": "1.0" })).send().await
    }

    /// Takes the second step of a log-in.
    pub async fn take_second_step(&self, first: &Answer, kind: &str, code: &str) -> Answer {
        let body = json!({ "challenge": first.json()["challenge"], "kind": kind, "code": code });
        self.post("/sessions/second-step").json(&body).send().await
    }

    /// Adds a passkey that this device makes.
    pub async fn add_passkey(&self, device: &mut Authenticator, label: &str) -> Answer {
        let asked = self.post("/account/passkey-challenges").send().await.assert_status(201).json();
        let made = device.make(&asked["options"]);
        let body = json!({ "challenge": asked["challenge"], "label": label, "credential": made });
        self.post("/account/passkeys").json(&body).send().await
    }

    /// Tries to sign in with what this device signs.
    pub async fn try_passkey(&self, device: &Authenticator) -> Answer {
        let asked = self.post("/sessions/passkey-challenges").send().await.assert_status(201).json();
        self.show_passkey(device, &asked).await
    }

    /// Shows what this device signs of what was asked.
    pub async fn show_passkey(&self, device: &Authenticator, asked: &Value) -> Answer {
        let body = json!({ "challenge": asked["challenge"], "credential": device.sign(&asked["options"]) });
        self.post("/sessions/passkey").json(&body).send().await
    }

    /// Signs in with the password everybody has in tests, and with a recovery code where a second factor is wanted.
    pub async fn log_in(&self, login_id: &str) -> SignedIn {
        let first = self.try_log_in(login_id, PASSWORD).await;
        let answer = if first.status == 200 {
            self.take_second_step(&first, "recovery_code", &self.codes.next(login_id)).await
        } else {
            first
        };
        let answer = answer.assert_status(201);
        let session = answer.json();
        let token = session["access_token"].as_str().expect("an access token");
        let parse = |value: &Value| value.as_str().map(str::to_owned);
        SignedIn {
            client: self.with_token(token),
            account_id: parse(&session["account"]["id"]).and_then(|id| id.parse().ok()).expect("an account"),
            login_id: login_id.to_owned(),
            person_id: parse(&session["account"]["person"]["id"]).and_then(|id| id.parse().ok()),
            refresh_token: refresh_token_of(&answer),
        }
    }

    /// Exchanges a refresh token.
    pub async fn refresh(&self, token: &str) -> Answer {
        let call = self.post("/sessions/refresh").header("x-requested-with", "mamis");
        call.header("cookie", &format!("mamis_refresh={token}")).send().await
    }

    /// Signs out.
    pub async fn log_out(&self) -> Answer {
        self.call(Method::DELETE, "/api/v1/sessions/current").send().await
    }

    /// Begins a draft.
    pub async fn create_application(&self, changes: &Value) -> Answer {
        self.post("/applications").new_key().json(changes).send().await
    }

    /// Reads a case.
    pub async fn application(&self, id: ApplicationId) -> Answer {
        self.get(&format!("/applications/{id}")).await
    }

    /// The version one sees.
    pub async fn version_of(&self, id: ApplicationId) -> String {
        self.application(id).await.etag()
    }

    /// Replaces what the case says, based on what one sees.
    pub async fn save(&self, id: ApplicationId, changes: &Value) -> Answer {
        let version = self.version_of(id).await;
        self.put(&format!("/applications/{id}")).if_match(&version).json(changes).send().await
    }

    /// Files the case, based on what one sees.
    pub async fn submit(&self, id: ApplicationId) -> Answer {
        let version = self.version_of(id).await;
        self.post(&format!("/applications/{id}/submit")).if_match(&version).new_key().send().await
    }

    /// Approves, based on what one sees.
    pub async fn approve(&self, id: ApplicationId, effective_date: &str) -> Answer {
        self.decide(id, "approve", &json!({ "effective_date": effective_date })).await
    }

    /// Sends the case back with comments on fields, based on what one sees.
    pub async fn send_back(&self, id: ApplicationId, reason: &str, comments: &[(&str, &str)]) -> Answer {
        let comment = |(pointer, comment): &(&str, &str)| json!({ "pointer": pointer, "comment": comment });
        let comments: Vec<Value> = comments.iter().map(comment).collect();
        self.decide(id, "return", &json!({ "reason": reason, "field_comments": comments })).await
    }

    /// Refuses, based on what one sees.
    pub async fn reject(&self, id: ApplicationId, reason: &str) -> Answer {
        self.decide(id, "reject", &json!({ "reason": reason })).await
    }

    /// Takes the case back, based on what one sees.
    pub async fn retract(&self, id: ApplicationId) -> Answer {
        self.decide(id, "retract", &json!({})).await
    }

    async fn decide(&self, id: ApplicationId, verb: &str, body: &Value) -> Answer {
        let version = self.version_of(id).await;
        self.post(&format!("/applications/{id}/{verb}")).if_match(&version).new_key().json(body).send().await
    }

    /// Sends a file for a case, as a browser's form does.
    pub async fn upload(
        &self,
        id: ApplicationId,
        (purpose, file_name): (&str, &str),
        content: impl AsRef<[u8]>,
    ) -> Answer {
        let (content_type, body) = file_form(purpose, file_name, content.as_ref());
        self.post(&format!("/applications/{id}/attachments")).body(&content_type, body).send().await
    }

    /// Has a file with changes of members looked through.
    pub async fn check_changes(&self, association: AssociationId, file_name: &str, content: &[u8]) -> Answer {
        let (content_type, body) = form_of(("association_id", &association.to_string()), file_name, content);
        self.post("/member-imports").new_key().body(&content_type, body).send().await
    }

    /// A page of the work list.
    pub async fn work_items(&self, filter: &Value) -> Answer {
        self.post("/work-items/search").json(filter).send().await
    }
}

/// The body of a form with a file for a case, and its type.
#[must_use]
pub fn file_form(purpose: &str, file_name: &str, content: &[u8]) -> (String, Vec<u8>) {
    form_of(("purpose", purpose), file_name, content)
}

/// The body of a form with a field and a file, and its type.
#[must_use]
pub fn form_of((name, value): (&str, &str), file_name: &str, content: &[u8]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "mamis-boundary-7MA4YWxkTrZu0gW";
    let mut body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--{BOUNDARY}\r\n\
         content-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// The refresh token that an answer set.
#[must_use]
pub(crate) fn refresh_token_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    let value = cookie.strip_prefix("mamis_refresh=").and_then(|rest| rest.split(';').next());
    value.unwrap_or_default().to_owned()
}

impl Answer {
    /// The refresh token it set.
    #[must_use]
    pub fn refresh_token(&self) -> String {
        refresh_token_of(self)
    }
}
