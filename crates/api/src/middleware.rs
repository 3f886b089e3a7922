//! What happens around every request: its id, its headers, its line in the log, its metrics.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use mamis_usecases::{App, identity};
use tracing::Instrument;
use uuid::Uuid;

use crate::notices::stop;
use crate::server::HttpConfig;

/// The request's id, the client's own if it sent a sane one.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Left on a request that another site made: it is recorded when it has been answered.
#[derive(Debug, Clone, Copy)]
pub struct CrossSiteRefused;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, logs it once, counts it and sets the headers every answer has.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let is_api = request.path().starts_with("/api/");
    let span = tracing::info_span!("request", request_id = %id);
    let refusal = stop::refusal(request.request()).instrument(span.clone()).await;
    let mut response = match refusal {
        Some(refusal) => request.into_response(refusal),
        None => next.call(request).instrument(span.clone()).await?.map_into_boxed_body(),
    };
    let refused = response.request().extensions().get::<CrossSiteRefused>().is_some();
    if refused {
        record_cross_site(response.request(), &id).instrument(span.clone()).await;
    }
    let operation = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let status = response.status();
    let seconds = begun.elapsed().as_secs_f64();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(X_REQUEST_ID, value);
    }
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if is_api && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    if !headers.contains_key("content-security-policy") {
        let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(HeaderName::from_static("content-security-policy"), policy);
    }
    span.in_scope(|| {
        let (status, millis) = (status.as_u16(), seconds * 1000.0);
        if status >= 500 {
            tracing::error!(%method, operation, status, millis, "answered");
        } else if is_api {
            tracing::info!(%method, operation, status, millis, "answered");
        } else {
            tracing::debug!(%method, operation, status, millis, "answered");
        }
    });
    let labels = [("operation", format!("{method} {operation}")), ("status", status.as_str().to_owned())];
    metrics::counter!("mamis_http_requests_total", &labels).increment(1);
    metrics::histogram!("mamis_http_request_seconds", "operation" => labels[0].1.clone()).record(seconds);
    Ok(response)
}

async fn record_cross_site(request: &HttpRequest, id: &str) {
    let (app, http) = (request.app_data::<Data<App>>(), request.app_data::<Data<HttpConfig>>());
    if let (Some(app), Some(http)) = (app, http) {
        identity::record_cross_site(app, &http.client_address(request), id).await;
    }
}

fn request_id(request: &ServiceRequest) -> String {
    let sane = |text: &&str| {
        (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let sent = request.headers().get(X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(sane);
    sent.map_or_else(|| Uuid::now_v7().as_simple().to_string(), str::to_owned)
}
