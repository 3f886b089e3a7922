//! The HTTP server: routes, fallbacks, operations for those who run it.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer};
use mamis_contract::ProblemCode;
use mamis_usecases::App;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::Value;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};
use utoipa_swagger_ui::SwaggerUi;

use crate::problem::Trouble;
use crate::spa::Spa;
use crate::{extract, identity, middleware, notices, openapi, registry, workflow};

/// What can be set about HTTP.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Threads that answer; the number of cores when `None`.
    pub workers: Option<usize>,
    /// Cookies only over TLS: wherever people use it, all but a trial on one's own machine.
    pub secure_cookies: bool,
    /// Whether `X-Forwarded-For` is set by a proxy of ours.
    pub behind_proxy: bool,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self { workers: None, secure_cookies: true, behind_proxy: false }
    }
}

impl HttpConfig {
    /// Where a request came from, for slowing down guessers.
    #[must_use]
    pub fn client_address(&self, request: &HttpRequest) -> String {
        let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
        // The last entry is the one our own proxy wrote; those before it are the client's claims.
        let claimed = forwarded.filter(|_| self.behind_proxy).and_then(|list| list.rsplit(',').next());
        let peer = || request.peer_addr().map(|address| address.ip().to_string()).unwrap_or_default();
        claimed.map_or_else(peer, |address| address.trim().to_owned())
    }
}

/// The routes of every slice.
fn every_slice(config: &mut ServiceConfig<'_>) {
    identity::routes(config);
    registry::routes(config);
    workflow::routes(config);
    notices::routes(config);
}

/// The document of the API.
#[must_use]
pub fn openapi_document() -> OpenApi {
    let (_, mut document) = ActixApp::new()
        .into_utoipa_app()
        .openapi(openapi::Head::openapi())
        .service(scope("/api/v1").configure(every_slice))
        .split_for_parts();
    openapi::close_choices(&mut document);
    document
}

/// The document as `openapi/openapi.json` has it.
#[must_use]
pub fn openapi_json() -> String {
    let described = serde_json::to_value(openapi_document()).map(sorted).unwrap_or_default();
    let mut text = serde_json::to_string_pretty(&described).unwrap_or_default();
    text.push('\n');
    text
}

/// The same text whichever features other crates turn on: one of them keeps the order in which keys were written.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().map(|(name, field)| (name, sorted(field))).collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// The process's metrics, installed once.
fn metrics_handle() -> Option<PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
        PrometheusBuilder::new().set_buckets(&buckets).ok()?.install_recorder().ok()
    };
    HANDLE.get_or_init(install).clone()
}

/// What the fallback needs to tell an unknown address from an unknown method.
pub(crate) struct Operations(Vec<(Vec<String>, Method, String)>);

impl Operations {
    fn of(document: &OpenApi) -> Self {
        let mut found = Vec::new();
        for (path, item) in &document.paths.paths {
            let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
            let methods = [
                (&item.get, Method::GET),
                (&item.put, Method::PUT),
                (&item.post, Method::POST),
                (&item.delete, Method::DELETE),
                (&item.patch, Method::PATCH),
            ];
            found.extend(methods.into_iter().filter_map(|(operation, method)| {
                let id = operation.as_ref()?.operation_id.clone().unwrap_or_default();
                Some((segments.clone(), method, id))
            }));
        }
        Self(found)
    }

    /// The methods of an address; a fixed one (`/persons/lookup`) is not an id in another (`/persons/{id}`).
    fn methods_at(&self, path: &str) -> Vec<Method> {
        self.at(path).into_iter().map(|(method, _)| method.clone()).collect()
    }

    /// The id of the operation that a request asks for.
    pub(crate) fn id_of(&self, path: &str, asked: &Method) -> Option<&str> {
        self.at(path).into_iter().find(|(method, _)| *method == asked).map(|(_, id)| id)
    }

    fn at(&self, path: &str) -> Vec<(&Method, &str)> {
        let fixed = self.fitting(path, |known, part| known == part);
        if fixed.is_empty() { self.fitting(path, |known, part| known.starts_with('{') || known == part) } else { fixed }
    }

    fn fitting(&self, path: &str, fits: impl Fn(&str, &str) -> bool) -> Vec<(&Method, &str)> {
        let asked: Vec<&str> = path.split('/').collect();
        let matches = |segments: &[String]| {
            segments.len() == asked.len() && segments.iter().zip(&asked).all(|(known, part)| fits(known, part))
        };
        let fitting = self.0.iter().filter(|(segments, _, _)| matches(segments));
        fitting.map(|(_, method, id)| (method, id.as_str())).collect()
    }

    /// What to say of a path whose last part is no id.
    pub(crate) fn trouble_at(&self, path: &str) -> Trouble {
        match self.fitting(path, |known, part| known == part) {
            fitting if fitting.is_empty() => Trouble::new(ProblemCode::NotFound),
            fitting => Trouble::method_not_allowed(fitting.into_iter().map(|(method, _)| method.clone()).collect()),
        }
    }
}

/// Starts to listen. The server runs until its handle stops it; stopping lets open requests finish.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(
    app: Arc<App>,
    config: HttpConfig,
    spa: Option<Spa>,
    listener: TcpListener,
) -> std::io::Result<(Server, ServerHandle, SocketAddr)> {
    let address = listener.local_addr()?;
    let document = openapi_document();
    let operations = Data::new(Operations::of(&document));
    let spa = Data::new(spa);
    let app = extract::app_data(app);
    let metrics = Data::new(metrics_handle());
    let workers = config.workers;
    let http = Data::new(config);
    let served = Data::new(openapi_json());
    let mut server = HttpServer::new(move || {
        let (actix, _) = ActixApp::new()
            .app_data(app.clone())
            .app_data(http.clone())
            .app_data(spa.clone())
            .app_data(metrics.clone())
            .app_data(operations.clone())
            .app_data(served.clone())
            // before the scope of the same beginning, which would take it
            .route("/api/v1/openapi.json", web::get().to(get_document))
            .into_utoipa_app()
            .service(scope("/api/v1").configure(every_slice))
            .split_for_parts();
        actix
            .route("/downloads/joint-use-poster.pdf", web::get().to(notices::download_poster))
            .route("/downloads/joint-use-banner.svg", web::get().to(notices::download_banner))
            .route("/healthz", web::get().to(HttpResponse::Ok))
            .route("/readyz", web::get().to(get_ready))
            .route("/metrics", web::get().to(get_metrics))
            .service(
                web::scope("/api/docs").wrap(from_fn(docs_policy)).service(
                    SwaggerUi::new("/{_:.*}")
                        .config(utoipa_swagger_ui::Config::new(["/api/v1/openapi.json"]).use_base_layout()),
                ),
            )
            .default_service(web::to(fallback))
            .wrap(from_fn(extract::acting_first))
            .wrap(from_fn(middleware::around))
    });
    if let Some(workers) = workers {
        server = server.workers(workers);
    }
    let server = server
        .keep_alive(Duration::from_secs(75))
        .client_request_timeout(Duration::from_secs(15))
        .shutdown_timeout(20)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    Ok((server, handle, address))
}

/// The try-it page brings its own scripts and styles; nothing of others'.
async fn docs_policy(
    request: actix_web::dev::ServiceRequest,
    next: actix_web::middleware::Next<impl actix_web::body::MessageBody>,
) -> Result<actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>, actix_web::Error> {
    use actix_web::http::header::{HeaderName, HeaderValue};
    let mut response = next.call(request).await?;
    let policy = HeaderValue::from_static(
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    );
    response.headers_mut().insert(HeaderName::from_static("content-security-policy"), policy);
    Ok(response)
}

async fn get_document(document: Data<String>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(document.get_ref().clone())
}

async fn get_ready(app: Data<App>, request: HttpRequest) -> HttpResponse {
    match app.store.ping().await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "not ready");
            Trouble::new(ProblemCode::Unavailable).respond(&request)
        }
    }
}

async fn get_metrics(app: Data<App>, handle: Data<Option<PrometheusHandle>>) -> HttpResponse {
    let (used, idle, waiting) = app.store.pool_status();
    let gauge = |name: &'static str, value: u64| metrics::gauge!(name).set(value as f64);
    gauge("mamis_read_audit_pending", app.read_audit.pending());
    for (name, value) in [
        ("mamis_db_connections_used", used),
        ("mamis_db_connections_idle", idle),
        ("mamis_db_connections_waited_for", waiting),
    ] {
        gauge(name, u64::try_from(value).unwrap_or(u64::MAX));
    }
    let text = handle.as_ref().as_ref().map(PrometheusHandle::render).unwrap_or_default();
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(text)
}

/// Whatever is no operation: a known address with another method, a page of the front end, or nothing.
async fn fallback(request: HttpRequest, operations: Data<Operations>, spa: Data<Option<Spa>>) -> HttpResponse {
    let path = request.path();
    if path == "/api/docs" {
        return HttpResponse::PermanentRedirect().insert_header(("Location", "/api/docs/")).finish();
    }
    if path.starts_with("/api/") {
        let allowed = operations.methods_at(path);
        let trouble =
            if allowed.is_empty() { Trouble::new(ProblemCode::NotFound) } else { Trouble::method_not_allowed(allowed) };
        return trouble.respond(&request);
    }
    let page = spa.as_ref().as_ref().and_then(|spa| spa.respond(&request));
    page.unwrap_or_else(|| Trouble::new(ProblemCode::NotFound).respond(&request))
}
