use actix_web::http::StatusCode;
use actix_web::http::header::USER_AGENT;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use mamis_contract::identity::{ConfirmRegistration, CreateRegistration, SentCodeView, SessionView};
use mamis_domain::identity::Device;
use mamis_kernel::{ConfirmationId, Language};
use mamis_usecases::identity::{self, Origin, Registering};

use super::handlers::{answer, digits, same_site};
use crate::extract::{AppData, Body, PathId, request_id};
use crate::openapi::PublicProblems;
use crate::problem::{Rejection, Trouble};
use crate::server::HttpConfig;

/// Begins to register for training, as a physician who is no member: a code goes to the address.
///
/// The answer is the same whether the address is known or not. Many codes slow down further ones.
#[utoipa::path(tag = "identity", request_body = CreateRegistration,
    responses((status = 201, body = SentCodeView, description = "A code is on its way"), PublicProblems))]
#[post("/registrations")]
pub async fn create_registration(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<CreateRegistration>,
) -> Result<HttpResponse, Rejection> {
    let CreateRegistration { email, language } = body.value;
    let (address, language) = (http.client_address(&request), language.unwrap_or(Language::Ja));
    let sent = identity::request_registration(&app, &email, language, &address, &request_id(&request)).await;
    let sent = sent.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(SentCodeView { id: sent.confirmation, expires_at: sent.expires_at }))
}

/// Makes the account by the code that was sent, and signs in.
///
/// The account is provisional: until an association has approved its application it can do nothing but that application and its
/// own account. A code holds for fifteen minutes, five guesses and one use; a weak password does not use it.
#[utoipa::path(tag = "identity", params(("id" = ConfirmationId, Path)), request_body = ConfirmRegistration,
    responses((status = 201, body = SessionView, description = "Registered and signed in"), PublicProblems))]
#[post("/registrations/{id}/confirm")]
pub async fn confirm_registration(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    PathId(id): PathId<ConfirmationId>,
    body: Body<ConfirmRegistration>,
) -> Result<HttpResponse, Rejection> {
    let registered = async {
        same_site(&request)?;
        let ConfirmRegistration { code, password, language } = body.value;
        let header = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        let device = Device::of_user_agent(header.unwrap_or_default());
        let origin = Origin { address: http.client_address(&request), device };
        let language = language.unwrap_or(Language::Ja);
        let registering = Registering { confirmation: id, code: digits(&code), password, language };
        let opened = identity::register(&app, registering, origin, &request_id(&request)).await?;
        answer(&app, &http, opened, StatusCode::CREATED).await
    };
    registered.await.map_err(|trouble: Trouble| Rejection::new(&request, trouble))
}
