use actix_web::http::StatusCode;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use mamis_contract::FieldErrorCode;
use mamis_contract::identity::{
    ConfirmTotp, FactorsView, ProveIdentity, RecoveryCodesView, SessionView, TakeSecondStep, TotpSetupView,
};
use mamis_domain::workflow::FieldFault;
use mamis_usecases::identity::{self, Proof};

use super::handlers::{answer, origin, same_site};
use super::wire::{factors_view, totp_setup_view};
use crate::extract::{AppData, Body, SignedIn, request_id};
use crate::openapi::{PublicProblems, ReadProblems};
use crate::problem::{Rejection, Trouble};
use crate::server::HttpConfig;

/// Takes the second step of a log-in: a code of the authenticator app, or one from the printed sheet.
///
/// Each code works once. Wrong ones slow down further ones; after five the password is wanted again.
#[utoipa::path(tag = "identity", request_body = TakeSecondStep,
    responses((status = 201, body = SessionView, description = "Signed in"), PublicProblems))]
#[post("/sessions/second-step")]
pub async fn take_second_step(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<TakeSecondStep>,
) -> Result<HttpResponse, Rejection> {
    let signed_in = async {
        same_site(&request)?;
        let TakeSecondStep { challenge, kind, code } = body.value;
        let origin = origin(&http, &request);
        let opened = identity::take_second_step(&app, &challenge, (kind, &code), origin, &request_id(&request)).await?;
        answer(&app, &http, opened, StatusCode::CREATED).await
    };
    signed_in.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Says what one can show beside the password.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 200, body = FactorsView, description = "What there is"), ReadProblems))]
#[get("/account/factors")]
pub async fn get_factors(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
) -> Result<Json<FactorsView>, Rejection> {
    let found = async {
        let factors = identity::list_factors(&app, &caller).await?;
        Ok::<_, Trouble>(Json(factors_view(factors, identity::list_passkeys(&app, &caller).await?)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Proves again who one is: by password, or by a code of the authenticator app.
///
/// Whatever changes how one signs in asks for a proof of the last ten minutes (`proof_required`); signing in is one.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = ProveIdentity,
    responses((status = 204, description = "Proved"), PublicProblems))]
#[post("/account/proofs")]
pub async fn prove_identity(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<ProveIdentity>,
) -> Result<HttpResponse, Rejection> {
    let proved = async {
        let proof = match (body.value.password, body.value.code) {
            (Some(password), None) => Proof::Password(password),
            (None, Some(code)) => Proof::Code(code),
            (Some(_), Some(_)) => return Err(fault("/code", FieldErrorCode::Conflicting)),
            (None, None) => return Err(fault("/password", FieldErrorCode::Required)),
        };
        Ok(identity::prove(&app, &caller, proof).await?)
    };
    proved.await.map_err(|trouble| Rejection::new(&request, trouble))?;
    Ok(HttpResponse::NoContent().finish())
}

fn fault(pointer: &str, code: FieldErrorCode) -> Trouble {
    Trouble::fields(vec![FieldFault::new(pointer, code)])
}

/// Begins to set an authenticator app up.
///
/// The secret is shown once. One that is in use already works until the first code of the new one.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 201, body = TotpSetupView, description = "To be taken over by the app"), ReadProblems))]
#[post("/account/totp")]
pub async fn begin_totp(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
) -> Result<HttpResponse, Rejection> {
    let setup = identity::begin_totp(&app, &caller).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(totp_setup_view(setup)))
}

/// Takes an authenticator app into use, by its first code.
///
/// Answers with recovery codes when there are none yet; they are shown once.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = ConfirmTotp,
    responses((status = 200, body = RecoveryCodesView, description = "In use"), PublicProblems))]
#[post("/account/totp/confirm")]
pub async fn confirm_totp(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<ConfirmTotp>,
) -> Result<Json<RecoveryCodesView>, Rejection> {
    let codes = identity::confirm_totp(&app, &caller, &body.value.code).await;
    Ok(Json(RecoveryCodesView { codes: codes.map_err(|error| Rejection::new(&request, error))? }))
}

/// Takes the authenticator app out of use.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 204, description = "Out of use"), ReadProblems))]
#[delete("/account/totp")]
pub async fn remove_totp(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
) -> Result<HttpResponse, Rejection> {
    identity::remove_totp(&app, &caller).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives other recovery codes; those before are worth nothing. Shown once.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 201, body = RecoveryCodesView, description = "The codes"), ReadProblems))]
#[post("/account/recovery-codes")]
pub async fn renew_recovery_codes(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
) -> Result<HttpResponse, Rejection> {
    let codes = identity::renew_recovery_codes(&app, &caller).await;
    let codes = codes.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(RecoveryCodesView { codes }))
}
