//! What handlers take from a request. Everything that cannot be read becomes a problem of its own.

use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, IF_MATCH};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use mamis_contract::{FieldErrorCode, ProblemCode};
use mamis_domain::identity::{Denied, Standing};
use mamis_domain::workflow::FieldFault;
use mamis_kernel::text::{LineBreaks, first_private_use, reject_controls};
use mamis_usecases::{App, AppError, Caller, Idempotency, identity};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::access::{WhileActing, is_public, operation_at, while_acting};
use crate::middleware::RequestId;
use crate::problem::{Rejection, Trouble};
use crate::server::Operations;

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Rejection>>>>;

/// The largest body an operation takes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The header that says for whom a request acts.
const ACTING_FOR: &str = "x-acting-for";

/// The fields in which line breaks are letters.
const MULTI_LINE: [&str; 3] = ["note", "reason", "comment"];

/// Who asks. Fails with 401 when nobody is signed in, with 403 until the terms of use in force are accepted (ID-40), and with
/// 403 when the account is provisional: what such an account may do takes [`EvenProvisional`] instead (ID-51).
pub struct SignedIn(pub Caller);

/// Who asks, on operations that are open to provisional accounts too: the own case, and the reference data its form needs.
pub struct EvenProvisional(pub Caller);

/// Who asks about the own account: provisional or not, and the terms of use may still wait. The operations of
/// [`BEFORE_TERMS`](crate::access::BEFORE_TERMS) take it, and no others.
pub struct AtTheDoor(pub Caller);

impl FromRequest for AtTheDoor {
    type Error = Rejection;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { caller(&request).await.map(Self).map_err(|trouble| Rejection::new(&request, trouble)) })
    }
}

impl FromRequest for EvenProvisional {
    type Error = Rejection;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { admitted(&request).await.map(Self).map_err(|trouble| Rejection::new(&request, trouble)) })
    }
}

impl FromRequest for SignedIn {
    type Error = Rejection;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let signed_in = async {
                let caller = admitted(&request).await?;
                match caller.actor.standing {
                    Standing::Full => Ok(Self(caller)),
                    Standing::Provisional => Err(Trouble::new(ProblemCode::AccountProvisional)),
                }
            };
            signed_in.await.map_err(|trouble| Rejection::new(&request, trouble))
        })
    }
}

/// The caller, who has accepted the terms of use in force (ID-40).
async fn admitted(request: &HttpRequest) -> Result<Caller, Trouble> {
    let caller = caller(request).await?;
    identity::require_terms(app(request)?, caller.actor.account).await?;
    Ok(caller)
}

/// The account whose access token a request carries.
async fn caller(request: &HttpRequest) -> Result<Caller, Trouble> {
    if let Some(settled) = request.extensions().get::<Caller>().cloned() {
        return Ok(settled);
    }
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.strip_prefix("Bearer "));
    let token = token.ok_or_else(|| Trouble::new(ProblemCode::NotSignedIn))?;
    let actor = identity::authenticate(app(request)?, token).await?;
    tracing::Span::current().record("account_id", actor.account.to_string());
    Ok(Caller { actor, request_id: request_id(request) })
}

/// Settles for whom a request acts before anything else of it is read, so that a refusal is the answer, and is recorded,
/// whatever else is wrong with it. Operations that need no session do not look at the header.
pub async fn acting_first(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.headers().contains_key(ACTING_FOR) {
        // Routing wants the request for itself: what was borrowed of it is given back before it goes on.
        let settled = settled(&request.request().clone()).await;
        match settled {
            Ok(Some(caller)) => {
                request.extensions_mut().insert(caller);
            }
            Ok(None) => {}
            Err(trouble) => {
                let answer = trouble.respond(request.request());
                return Ok(request.into_response(answer).map_into_boxed_body());
            }
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn settled(request: &HttpRequest) -> Result<Option<Caller>, Trouble> {
    let pattern = request.match_pattern().unwrap_or_default();
    let Some(operation) = operation_at(request.method(), &pattern) else { return Ok(None) };
    if is_public(operation) {
        return Ok(None);
    }
    let caller = caller(request).await?;
    acting(app(request)?, request, caller, operation).await.map(Some)
}

/// The caller as whom the request is to be done: itself, or somebody it may act for. The one place where an operation that
/// is nobody else's to do is refused (ID-32).
async fn acting(app: &App, request: &HttpRequest, caller: Caller, operation: &str) -> Result<Caller, Trouble> {
    let Some(header) = request.headers().get(ACTING_FOR) else { return Ok(caller) };
    let actor = identity::act_for(app, &caller, header.to_str().unwrap_or_default()).await?;
    let caller = Caller { actor, ..caller };
    let refusal = match while_acting(operation) {
        WhileActing::Refused => AppError::NotWhileActing,
        WhileActing::Needs(scope) if !caller.actor.acting_allows(scope) => AppError::Denied(Denied::Forbidden),
        WhileActing::Needs(_) | WhileActing::Allowed => return Ok(caller),
    };
    Err(identity::refuse_while_acting(app, &caller, operation, refusal).await.into())
}

/// A `multipart/form-data` body, read part by part.
pub struct Parts(pub Multipart);

impl FromRequest for Parts {
    type Error = Rejection;
    type Future = std::future::Ready<Result<Self, Rejection>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts = match essence(request.headers()) {
            essence if essence.eq_ignore_ascii_case("multipart/form-data") => {
                Ok(Self(Multipart::new(request.headers(), payload.take())))
            }
            _ => Err(Rejection::new(request, Trouble::new(ProblemCode::UnsupportedMediaType))),
        };
        std::future::ready(parts)
    }
}

/// The application's parts.
fn app(request: &HttpRequest) -> Result<&App, Trouble> {
    request.app_data::<Data<App>>().map(|data| data.get_ref()).ok_or_else(|| Trouble::new(ProblemCode::Internal))
}

/// The id of the request.
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// A JSON body that was read, has no control characters and keeps its field rules.
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// As it came, for the idempotency hash.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + Serialize + Validate + 'static> FromRequest for Body<T> {
    type Error = Rejection;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let read = async {
                if !is_json(request.headers()) {
                    return Err(Trouble::new(ProblemCode::UnsupportedMediaType));
                }
                let bytes = collect(&mut payload).await?;
                let value = parse::<T>(&bytes)?;
                Ok(Self { value, bytes })
            };
            read.await.map_err(|trouble| Rejection::new(&request, trouble))
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    essence(headers).eq_ignore_ascii_case("application/json")
}

/// The type of the body without its parameters.
fn essence(headers: &HeaderMap) -> &str {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    sent.split(';').next().unwrap_or("").trim()
}

async fn collect(payload: &mut Payload) -> Result<Bytes, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Trouble::malformed(String::new()))?;
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(Trouble::new(ProblemCode::BodyTooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

fn parse<T: DeserializeOwned + Serialize + Validate>(bytes: &[u8]) -> Result<T, Trouble> {
    let mut json: Value = serde_json::from_slice(bytes).map_err(|_| Trouble::malformed(String::new()))?;
    let mut faults = Vec::new();
    find_control_characters(&json, &mut String::new(), "", &mut faults);
    if !faults.is_empty() {
        return Err(Trouble::fields(faults));
    }
    write_whole_numbers(&mut json);
    let value: T = serde_path_to_error::deserialize(&json).map_err(|error| Trouble::malformed(place(&error)))?;
    if let Some(place) = serde_json::to_value(&value).ok().and_then(|read| list_for_object(&json, &read)) {
        return Err(Trouble::malformed(place));
    }
    check(&value, "")?;
    Ok(value)
}

/// `50.0` is an integer to JSON Schema, but not to serde.
fn write_whole_numbers(json: &mut Value) {
    match json {
        Value::Number(number) => {
            // Up to 2^53 every whole number has its own double.
            let whole = number.as_f64().filter(|n| number.is_f64() && n.fract() == 0.0 && n.abs() < 9e15);
            if let Some(whole) = whole.and_then(|n| format!("{n:.0}").parse::<i64>().ok()) {
                *json = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_whole_numbers),
        Value::Object(fields) => fields.values_mut().for_each(write_whole_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Where a list stands that was taken for an object: serde reads one as the fields in order.
fn list_for_object(sent: &Value, read: &Value) -> Option<String> {
    match (sent, read) {
        (Value::Array(_), Value::Object(_)) => Some(String::new()),
        (Value::Array(sent), Value::Array(read)) => {
            let mut items = sent.iter().zip(read).enumerate();
            items.find_map(|(index, (sent, read))| Some(format!("/{index}{}", list_for_object(sent, read)?)))
        }
        (Value::Object(sent), Value::Object(read)) => {
            let mut fields = sent.iter().filter_map(|(name, sent)| Some((name, sent, read.get(name)?)));
            fields.find_map(|(name, sent, read)| Some(format!("/{name}{}", list_for_object(sent, read)?)))
        }
        (
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_),
            _,
        ) => None,
    }
}

/// Asks a value's field rules; `base` is where it stands in the body.
///
/// # Errors
/// 422 with a pointer to each field.
pub fn check(value: &impl Validate, base: &str) -> Result<(), Trouble> {
    let Err(errors) = value.validate() else { return Ok(()) };
    let mut faults = Vec::new();
    collect_faults(&errors, base, &mut faults);
    faults.sort_by(|a: &FieldFault, b| a.pointer.cmp(&b.pointer));
    Err(Trouble::fields(faults))
}

fn collect_faults(errors: &ValidationErrors, base: &str, faults: &mut Vec<FieldFault>) {
    for (field, kind) in errors.errors() {
        let at = format!("{base}/{field}");
        match kind {
            ValidationErrorsKind::Struct(inner) => collect_faults(inner, &at, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect_faults(inner, &format!("{at}/{index}"), faults);
                }
            }
            ValidationErrorsKind::Field(found) => {
                for error in found {
                    faults.push(FieldFault::new(at.clone(), fault_code(error)));
                }
            }
        }
    }
}

/// A rule's own code; but what is blank is missing, and what is too short is not too long.
fn fault_code(error: &ValidationError) -> FieldErrorCode {
    let text = error.params.get("value").and_then(Value::as_str);
    let least = error.params.get("min").and_then(Value::as_u64).and_then(|min| usize::try_from(min).ok());
    match (text, least) {
        (Some(text), _) if text.trim().is_empty() => FieldErrorCode::Required,
        (Some(text), Some(least)) if text.chars().count() < least => FieldErrorCode::OutOfRange,
        (Some(_) | None, _) => error.code.parse().unwrap_or(FieldErrorCode::InvalidFormat),
    }
}

/// Where reading stopped; for a missing field, where it should stand.
fn place(error: &serde_path_to_error::Error<impl std::fmt::Display>) -> String {
    let text = error.inner().to_string();
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let inside = pointer(error.path());
    missing.map_or_else(|| inside.clone(), |name| format!("{inside}/{name}"))
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

fn find_control_characters(json: &Value, at: &mut String, field: &str, faults: &mut Vec<FieldFault>) {
    match json {
        Value::String(text) => {
            let breaks = if MULTI_LINE.contains(&field) { LineBreaks::Allowed } else { LineBreaks::Forbidden };
            if reject_controls(text, breaks).is_err() || first_private_use(text).is_some() {
                faults.push(FieldFault::new(at.clone(), FieldErrorCode::ControlCharacter));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let length = at.len();
                at.push_str(&format!("/{index}"));
                find_control_characters(item, at, field, faults);
                at.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let length = at.len();
                at.push('/');
                at.push_str(&name.replace('~', "~0").replace('/', "~1"));
                find_control_characters(value, at, name, faults);
                at.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A query that was read; unknown parameters are refused.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = Rejection;
    type Future = std::future::Ready<Result<Self, Rejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read =
            serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(form_pairs(request.query_string())));
        std::future::ready(read.map(Params).map_err(|error| {
            let place = place(&error);
            Rejection::new(request, Trouble::malformed(format!("#{}", place.trim_start_matches('/'))))
        }))
    }
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// An id in the path. What is no id is not found.
pub struct PathId<T>(pub T);

impl<T: FromStr + 'static> FromRequest for PathId<T> {
    type Error = Rejection;
    type Future = std::future::Ready<Result<Self, Rejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.match_info().get("id").and_then(|text| text.parse().ok());
        let trouble = || match request.app_data::<Data<Operations>>() {
            Some(operations) => operations.trouble_at(request.path()),
            None => Trouble::new(ProblemCode::NotFound),
        };
        std::future::ready(found.map(PathId).ok_or_else(|| Rejection::new(request, trouble())))
    }
}

/// The version an update is based on, from `If-Match`.
pub struct IfMatch(pub i64);

impl FromRequest for IfMatch {
    type Error = Rejection;
    type Future = std::future::Ready<Result<Self, Rejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = || {
            let header = request.headers().get(IF_MATCH).ok_or(ProblemCode::VersionRequired)?;
            let tag = header.to_str().unwrap_or("").trim();
            // Any other tag is one we never gave: it matches nothing.
            let version = tag.strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"')).and_then(|v| v.parse().ok());
            version.map(IfMatch).ok_or(ProblemCode::StaleVersion)
        };
        std::future::ready(read().map_err(|code| Rejection::new(request, Trouble::new(code))))
    }
}

/// The `ETag` of a version.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// The `Idempotency-Key`, required where a fact is created or decided.
pub struct Key(String, HttpRequest);

impl FromRequest for Key {
    type Error = Rejection;
    type Future = std::future::Ready<Result<Self, Rejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = || {
            let header = request.headers().get("idempotency-key");
            let header = header.ok_or_else(|| Trouble::new(ProblemCode::IdempotencyKeyRequired))?;
            let key = header.to_str().ok().filter(|text| (1..=200).contains(&text.len()));
            key.map(|key| Self(key.to_owned(), request.clone())).ok_or_else(|| {
                Trouble::fields(vec![FieldFault::new("#Idempotency-Key", FieldErrorCode::InvalidFormat)])
            })
        };
        std::future::ready(read().map_err(|trouble| Rejection::new(request, trouble)))
    }
}

impl Key {
    /// The key with the hash of the request it came with.
    #[must_use]
    pub fn of(self, body: &[u8]) -> Idempotency {
        let mut hasher = Sha256::new();
        let version = self.1.headers().get(IF_MATCH).map(|value| value.as_bytes()).unwrap_or_default();
        let acting = self.1.headers().get(ACTING_FOR).map(|value| value.as_bytes()).unwrap_or_default();
        for part in [self.1.method().as_str().as_bytes(), self.1.path().as_bytes(), version, acting, body] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part);
        }
        Idempotency { key: self.0, request_hash: hasher.finalize().into() }
    }
}

/// The `App` as handlers take it.
pub type AppData = Data<App>;

/// Shares the application with the workers.
#[must_use]
pub fn app_data(app: Arc<App>) -> AppData {
    Data::from(app)
}
