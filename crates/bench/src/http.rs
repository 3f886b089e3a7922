//! A lean HTTP client: one connection, one request at a time; it must not take the cores from what is measured.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, anyhow, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request,
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};

/// The server answers 503 after five seconds of waiting for the database; longer than this is a server that hangs.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// Every account of a benchmark has this password.
pub(crate) const PASSWORD: &str = "a password for benchmarks";

/// A connection to a server, made when first needed and again after a failure.
pub(crate) struct Http {
    address: SocketAddr,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// A request, to be sent once or more often.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// `Bearer …`
    pub(crate) authorization: Option<String>,
    /// The version that a write is based on.
    pub(crate) if_match: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) body: Option<Bytes>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) body: Bytes,
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Self {
        let path = path.into();
        Self { method, path, authorization: None, if_match: None, idempotency_key: None, body: None }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    pub(crate) fn by(mut self, token: &str) -> Self {
        self.authorization = Some(format!("Bearer {token}"));
        self
    }

    pub(crate) fn based_on(mut self, etag: &str) -> Self {
        self.if_match = Some(etag.to_owned());
        self
    }

    pub(crate) fn once(mut self, key: String) -> Self {
        self.idempotency_key = Some(key);
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = Some(Bytes::from(body.to_string()));
        self
    }

    fn request(&self) -> Result<Request<Full<Bytes>>> {
        let mut request = Request::builder().method(&self.method).uri(&self.path).header(header::HOST, "bench");
        let headers = [
            (header::AUTHORIZATION, &self.authorization),
            (header::IF_MATCH, &self.if_match),
            (header::HeaderName::from_static("idempotency-key"), &self.idempotency_key),
        ];
        for (name, value) in headers {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        if self.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        Ok(request.body(Full::new(self.body.clone().unwrap_or_default()))?)
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("no JSON: {}", self.text()))
    }

    pub(crate) const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// For messages.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The `ETag` of an answer that must have one.
    pub(crate) fn tag(&self) -> Result<String> {
        self.etag.clone().ok_or_else(|| anyhow!("an answer without ETag: {} {}", self.status, self.text()))
    }
}

impl Http {
    pub(crate) const fn new(address: SocketAddr) -> Self {
        Self { address, sender: None }
    }

    /// Sends a request and reads the answer. After an error nobody knows whether the request was carried out.
    pub(crate) async fn send(&mut self, call: &Call) -> Result<Reply> {
        let done = timeout(ANSWERS_WITHIN, self.exchange(call)).await;
        let done = done.unwrap_or_else(|_| Err(anyhow!("no answer within {} s", ANSWERS_WITHIN.as_secs())));
        if done.is_err() {
            self.sender = None;
        }
        done
    }

    async fn exchange(&mut self, call: &Call) -> Result<Reply> {
        if self.sender.as_ref().is_none_or(SendRequest::is_closed) {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        let sender = self.sender.as_mut().context("no connection")?;
        sender.ready().await?;
        let response = sender.send_request(call.request()?).await?;
        let status = response.status().as_u16();
        let etag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Reply { status, etag, body })
    }

    /// Sends a request that has to succeed.
    pub(crate) async fn must(&mut self, call: &Call) -> Result<Reply> {
        let reply = self.send(call).await.with_context(|| format!("{} {}", call.method, call.path))?;
        ensure!(reply.is_success(), "{} {}: {} {}", call.method, call.path, reply.status, reply.text());
        Ok(reply)
    }

    /// Signs in and gives the access token. The only place that knows how; a second factor would go here.
    pub(crate) async fn sign_in(&mut self, login_id: &str) -> Result<String> {
        let call = Call::post("/api/v1/sessions").json(&json!({ "login_id": login_id, "password": PASSWORD }));
        let reply = self.must(&call).await?;
        let session = reply.json()?;
        Ok(session["access_token"].as_str().context("a session without access token")?.to_owned())
    }
}
