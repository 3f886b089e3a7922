use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, get, put};
use mamis_contract::ProblemCode;
use mamis_contract::identity::{AcceptTerms, TermsList, TermsView};
use mamis_domain::identity::TermsVersion;
use mamis_kernel::texts::TermsText;
use mamis_usecases::identity;
use serde::Deserialize;
use serde_json::Value;

use super::wire::terms_list_item;
use crate::extract::{AppData, AtTheDoor, Body};
use crate::openapi::{PublicProblems, ReadProblems};
use crate::problem::{Rejection, Trouble};
use crate::server::HttpConfig;

/// Lists the versions of the terms of use that were announced, latest first.
#[utoipa::path(tag = "identity", responses((status = 200, body = TermsList, description = "The versions"), PublicProblems))]
#[get("/terms")]
pub async fn list_terms(app: AppData, request: HttpRequest) -> Result<Json<TermsList>, Rejection> {
    let versions = identity::list_terms(&app).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(TermsList { items: versions.into_iter().map(terms_list_item).collect() }))
}

/// The terms of use in force.
#[utoipa::path(tag = "identity", responses((status = 200, body = TermsView, description = "The terms"), ReadProblems))]
#[get("/terms/current")]
pub async fn get_current_terms(app: AppData, request: HttpRequest) -> Result<Json<TermsView>, Rejection> {
    let found = async { terms_view(identity::get_terms(&app, None).await?) };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// A version of the terms of use, also one that is to come.
#[utoipa::path(tag = "identity",
    params(("version" = String, Path, description = "For example `1.0`", example = "1.0")),
    responses((status = 200, body = TermsView, description = "The terms"), ReadProblems))]
#[get("/terms/{version}")]
pub async fn get_terms(app: AppData, request: HttpRequest) -> Result<Json<TermsView>, Rejection> {
    let version = request.match_info().get("version").unwrap_or_default();
    let found = async { terms_view(identity::get_terms(&app, Some(version)).await?) };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Accepts a version of the terms of use for one's own account: the one in force, or the one announced to come.
///
/// Until the one in force is accepted, all but one's own account answers `terms_not_accepted`.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = AcceptTerms,
    responses((status = 204, description = "Accepted"), ReadProblems))]
#[put("/account/terms-acceptance")]
pub async fn accept_terms(
    app: AppData,
    http: actix_web::web::Data<HttpConfig>,
    request: HttpRequest,
    AtTheDoor(caller): AtTheDoor,
    body: Body<AcceptTerms>,
) -> Result<HttpResponse, Rejection> {
    let address = http.client_address(&request);
    let accepted = identity::accept_terms(&app, &caller, &body.value.version, &address).await;
    accepted.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
struct Texts {
    ja: TermsText,
    en: TermsText,
}

fn terms_view((terms, texts): (TermsVersion, Value)) -> Result<Json<TermsView>, Trouble> {
    let Texts { ja, en } = serde_json::from_value(texts).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "terms_versions holds an unreadable text");
        Trouble::new(ProblemCode::Internal)
    })?;
    let TermsVersion { version, announced_on, effective_from } = terms;
    Ok(Json(TermsView { version, announced_on, effective_from, ja, en }))
}
