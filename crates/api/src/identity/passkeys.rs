use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, post, put};
use mamis_contract::identity::{
    LogInByPasskey, PasskeyChallengeView, RecoveryCodesView, RegisterPasskey, RenamePasskey, SessionView,
};
use mamis_kernel::PasskeyId;
use mamis_usecases::identity;

use super::handlers::{answer, origin, same_site};
use super::wire::passkey_challenge_view;
use crate::extract::{AppData, Body, PathId, SignedIn, request_id};
use crate::openapi::{PublicProblems, ReadProblems};
use crate::problem::{Rejection, Trouble};
use crate::server::HttpConfig;

/// Begins a log-in by passkey: what the device is asked to sign. It names nobody.
#[utoipa::path(tag = "identity",
    responses((status = 201, body = PasskeyChallengeView, description = "To be signed"),
        (status = 404, body = mamis_contract::Problem, content_type = "application/problem+json",
            description = "The public address is none that passkeys can belong to"), PublicProblems))]
#[post("/sessions/passkey-challenges")]
pub async fn begin_passkey_log_in(app: AppData, request: HttpRequest) -> Result<HttpResponse, Rejection> {
    let begun = async {
        same_site(&request)?;
        let asked = identity::begin_passkey_log_in(&app, &request_id(&request)).await?;
        Ok(HttpResponse::Created().json(passkey_challenge_view(asked)))
    };
    begun.await.map_err(|trouble: Trouble| Rejection::new(&request, trouble))
}

/// Signs in by passkey, in the place of password and code.
#[utoipa::path(tag = "identity", request_body = LogInByPasskey,
    responses((status = 201, body = SessionView, description = "Signed in"),
        (status = 404, body = mamis_contract::Problem, content_type = "application/problem+json",
            description = "The public address is none that passkeys can belong to"), PublicProblems))]
#[post("/sessions/passkey")]
pub async fn log_in_by_passkey(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<LogInByPasskey>,
) -> Result<HttpResponse, Rejection> {
    let signed_in = async {
        same_site(&request)?;
        let LogInByPasskey { challenge, credential } = body.value;
        let origin = origin(&http, &request);
        let opened = identity::log_in_by_passkey(&app, &challenge, credential, origin, &request_id(&request)).await?;
        answer(&app, &http, opened, StatusCode::CREATED).await
    };
    signed_in.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Begins to add a passkey: what one's device is asked for.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 201, body = PasskeyChallengeView, description = "To be made"), ReadProblems))]
#[post("/account/passkey-challenges")]
pub async fn begin_passkey(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
) -> Result<HttpResponse, Rejection> {
    let asked = identity::begin_passkey(&app, &caller).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(passkey_challenge_view(asked)))
}

/// Adds the passkey that one's device made.
///
/// Answers with recovery codes when there are none yet; they are shown once.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = RegisterPasskey,
    responses((status = 201, body = RecoveryCodesView, description = "Added"), ReadProblems))]
#[post("/account/passkeys")]
pub async fn register_passkey(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<RegisterPasskey>,
) -> Result<HttpResponse, Rejection> {
    let RegisterPasskey { challenge, label, credential } = body.value;
    let codes = identity::register_passkey(&app, &caller, &challenge, credential, label.trim()).await;
    let codes = codes.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(RecoveryCodesView { codes }))
}

/// Calls one of one's own passkeys by another name.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = PasskeyId, Path)), request_body = RenamePasskey,
    responses((status = 204, description = "Renamed"), ReadProblems))]
#[put("/account/passkeys/{id}")]
pub async fn rename_passkey(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PasskeyId>,
    body: Body<RenamePasskey>,
) -> Result<HttpResponse, Rejection> {
    let renamed = identity::rename_passkey(&app, &caller, id, body.value.label.trim()).await;
    renamed.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes one of one's own passkeys.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = PasskeyId, Path)),
    responses((status = 204, description = "Removed"), ReadProblems))]
#[delete("/account/passkeys/{id}")]
pub async fn remove_passkey(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PasskeyId>,
) -> Result<HttpResponse, Rejection> {
    identity::remove_passkey(&app, &caller, id).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}
