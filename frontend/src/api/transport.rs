//! Requests and answers as they go over the wire.

use gloo_net::http::{Method, RequestBuilder, Response};
use mamis_contract::problem::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Failure, IdempotencyKey};
use crate::state::acting_id;

pub(super) const BASE: &str = "/api/v1";

/// The version of a resource, as the `ETag` header said it; goes back in `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// As the header says it, quotes included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A resource with the version it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The resource.
    pub value: T,
    /// Its version.
    pub etag: ETag,
}

/// One request, complete but for the access token, so that it can be sent again.
pub(super) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<String>,
    if_match: Option<ETag>,
    key: Option<IdempotencyKey>,
    as_oneself: bool,
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), query: Vec::new(), body: None, if_match: None, key: None, as_oneself: false }
    }

    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    pub(super) fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    pub(super) fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path)
    }

    pub(super) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// A parameter of the query: codes and cursors only, never what a person typed.
    pub(super) fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.query.push((name, value.to_string()));
        }
        self
    }

    pub(super) fn body(mut self, body: &impl Serialize) -> Result<Self, Failure> {
        self.body = Some(serde_json::to_string(body).map_err(|_| Failure::Unreadable)?);
        Ok(self)
    }

    pub(super) fn if_match(mut self, etag: &ETag) -> Self {
        self.if_match = Some(etag.clone());
        self
    }

    /// Never for somebody else, whomever this tab acts for.
    pub(super) fn for_oneself(mut self) -> Self {
        self.as_oneself = true;
        self
    }

    pub(super) fn key(mut self, key: &IdempotencyKey) -> Self {
        self.key = Some(key.clone());
        self
    }
}

/// A good answer, not yet read.
pub(super) struct Answer {
    etag: Option<String>,
    text: String,
}

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.text).map_err(|_| Failure::Unreadable)
    }

    pub(super) fn versioned<T: DeserializeOwned>(self) -> Result<Versioned<T>, Failure> {
        let value = self.json()?;
        let etag = ETag(self.etag.ok_or(Failure::Unreadable)?);
        Ok(Versioned { value, etag })
    }
}

/// Sends a request. Every request names this client, which a form of another site cannot do (CSRF).
pub(super) async fn exchange(call: &Call, token: Option<&str>) -> Result<Answer, Failure> {
    let mut request = RequestBuilder::new(&format!("{BASE}{}", call.path))
        .method(call.method.clone())
        .query(call.query.iter().map(|(name, value)| (*name, value.as_str())))
        .header("Accept", "application/json, application/problem+json")
        .header("X-Requested-With", "mamis");
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
        if let Some(id) = acting_id().filter(|_| !call.as_oneself) {
            request = request.header("X-Acting-For", &id);
        }
    }
    if let Some(etag) = &call.if_match {
        request = request.header("If-Match", etag.as_str());
    }
    if let Some(key) = &call.key {
        request = request.header("Idempotency-Key", key.as_str());
    }
    let sent = match &call.body {
        Some(body) => match request.header("Content-Type", "application/json").body(body.as_str()) {
            Ok(request) => request.send().await,
            Err(error) => Err(error),
        },
        None => request.send().await,
    };
    read(sent.map_err(|_| Failure::Offline)?).await
}

async fn read(response: Response) -> Result<Answer, Failure> {
    let etag = response.headers().get("etag");
    let text = response.text().await.map_err(|_| Failure::Offline)?;
    if response.ok() {
        return Ok(Answer { etag, text });
    }
    match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => Err(Failure::Problem(Box::new(problem))),
        Err(_) => Err(Failure::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_versioned_answer_keeps_the_header() {
        let answer = Answer { etag: Some("\"7\"".to_owned()), text: "[1]".to_owned() };
        let versioned = answer.versioned::<Vec<u8>>().unwrap();
        assert_eq!((versioned.value, versioned.etag.as_str()), (vec![1], "\"7\""));
    }

    #[test]
    fn an_answer_without_its_version_or_shape_is_unreadable() {
        let answer = |etag: Option<&str>, text: &str| Answer { etag: etag.map(str::to_owned), text: text.to_owned() };
        assert_eq!(answer(None, "[1]").versioned::<Vec<u8>>(), Err(Failure::Unreadable));
        assert_eq!(answer(Some("\"7\""), "{").versioned::<Vec<u8>>(), Err(Failure::Unreadable));
    }

    #[test]
    fn a_call_carries_only_the_parameters_that_are_given() {
        let call = Call::get("/associations").query("tier", Some("district")).query("cursor", None::<String>);
        assert_eq!(call.query, [("tier", "district".to_owned())]);
    }
}
