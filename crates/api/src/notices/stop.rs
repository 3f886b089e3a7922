//! Planned stops at the door (ID-43): asked before every request, and the only place that refuses because of one.

use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use mamis_contract::ProblemCode;
use mamis_domain::notices::MaintenanceWindow;
use mamis_kernel::MaintenanceKind;
use mamis_usecases::{App, notices};

use crate::access::waits_while_read_only;
use crate::problem::{Language, Trouble, tokyo_time};
use crate::server::Operations;

/// Answers during every stop: how the service stands, and what describes it.
const ALWAYS: [&str; 2] = ["/api/v1/service-status", "/api/v1/openapi.json"];

/// The refusal a planned stop has for a request, if it has one. Those who run the server (`/healthz` and its like) are
/// answered as ever; the front end's files come too, so that an open page keeps what is typed in it.
pub async fn refusal(request: &HttpRequest) -> Option<HttpResponse> {
    let path = request.path();
    let is_operation = path.starts_with("/api/v1/") && !ALWAYS.contains(&path);
    let is_page = asks_for_a_page(request);
    if !is_operation && !is_page {
        return None;
    }
    let app = request.app_data::<Data<App>>()?;
    let status = notices::service_status(app).await;
    let window = status.current?;
    match window.kind {
        MaintenanceKind::Full if is_page => Some(page(request, &window, status.now)),
        MaintenanceKind::Full => Some(Trouble::stopped(ProblemCode::Maintenance, &window, status.now).respond(request)),
        MaintenanceKind::ReadOnly if is_operation && is_write(request) => {
            Some(Trouble::stopped(ProblemCode::ReadOnly, &window, status.now).respond(request))
        }
        MaintenanceKind::ReadOnly => None,
    }
}

fn is_write(request: &HttpRequest) -> bool {
    let known = request.app_data::<Data<Operations>>();
    let operation = known.and_then(|operations| operations.id_of(request.path(), request.method()));
    request.method() != Method::GET && operation.is_some_and(waits_while_read_only)
}

/// A person who opens or reloads a page, and not one of its files.
fn asks_for_a_page(request: &HttpRequest) -> bool {
    const MACHINES: [&str; 4] = ["/api/", "/healthz", "/readyz", "/metrics"];
    let accepts = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    request.method() == Method::GET
        && accepts.contains("text/html")
        && !MACHINES.iter().any(|machine| request.path().starts_with(machine))
}

/// A page of its own: nothing else can be relied upon.
fn page(request: &HttpRequest, window: &MaintenanceWindow, now: DateTime<Utc>) -> HttpResponse {
    let until = |language| tokyo_time(window.ends_at, language);
    let (japanese, english) = (until(Language::Japanese), until(Language::English));
    let [why, why_in_english] = [&window.message_ja, &window.message_en].map(|text| escaped(text));
    let language = Language::of(request).tag();
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>休止中 / Maintenance — MAMIS</title>\
         <style>body{{font:1.125rem/1.8 sans-serif;margin:0;color:#1a1a1c;background:#fff}}\
         main{{max-width:40rem;margin:0 auto;padding:3rem 1.25rem}}h1{{font-size:1.75rem;line-height:1.5;margin:0 0 1rem}}\
         strong{{font-size:1.375rem}}section+section{{border-top:1px solid #767676;margin-top:2rem;padding-top:2rem}}</style>\
         </head><body><main><section lang=\"ja\"><h1>ただいま休止しています</h1><p>{why}</p>\
         <p>終了予定<br><strong>{japanese}</strong></p><p>終わりましたら、この画面を読み込み直してください。</p></section>\
         <section lang=\"en\"><h2>Stopped for maintenance</h2><p>{why_in_english}</p><p>Planned end<br>\
         <strong>{english}</strong></p></section></main></body></html>"
    );
    HttpResponse::ServiceUnavailable()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((RETRY_AFTER, window.seconds_left(now)))
        .insert_header(("Cache-Control", "no-store"))
        // Nothing runs and nothing is loaded; the style stands in the page itself.
        .insert_header((
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .body(html)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
