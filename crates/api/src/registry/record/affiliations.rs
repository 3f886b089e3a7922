use actix_web::{HttpRequest, HttpResponse, patch, post};
use mamis_contract::registry::{AddAffiliation, AffiliationView, ChangeAffiliation};
use mamis_kernel::{AffiliationId, PersonId};
use mamis_persistence::registry::AffiliationRecord;
use mamis_usecases::registry::{self, AffiliationCommand, NewAffiliation};
use mamis_usecases::{Answer, AppError, Rendered};

use crate::extract::{AppData, Body, IfMatch, Key, PathId, SignedIn};
use crate::openapi::WriteProblems;
use crate::problem::{Rejection, Trouble};
use crate::registry::handlers::in_calendar;
use crate::registry::wire::affiliation_view;
use crate::respond::respond;

/// Adds a workplace to a person's record.
///
/// For operators and higher of an association the person is a member of. Based on the version of the record: the `ETag` of
/// `GET /persons/{id}`. One workplace is the main one on a day, and none stands twice on a day.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = AddAffiliation,
    params(("id" = PersonId, Path), ("If-Match" = String, Header, description = "The `ETag` of the record", example = "\"v1\""),
        ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = AffiliationView, description = "The workplace",
        headers(("ETag" = String, description = "The record's new version"))), WriteProblems))]
#[post("/persons/{id}/affiliations")]
pub async fn add_affiliation(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    IfMatch(version): IfMatch,
    key: Key,
    body: Body<AddAffiliation>,
) -> Result<HttpResponse, Rejection> {
    let done = async {
        let idempotency = key.of(&body.bytes);
        let AddAffiliation { facility_id, role, business_type, employment, is_main, valid_from, last_day } = body.value;
        in_calendar(Some(valid_from), "/valid_from")?;
        in_calendar(last_day, "/last_day")?;
        let command =
            NewAffiliation { facility: facility_id, role, business_type, employment, is_main, valid_from, last_day };
        let render = |record, version| rendered(record, version, 201);
        Ok::<_, Trouble>(registry::add_affiliation(&app, &caller, &idempotency, (id, version), command, render).await?)
    };
    done.await.map(respond).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Changes a workplace of a person's record, or ends it with a last day.
///
/// Nothing is overwritten: what was believed stays, and the answer holds the id of what succeeds it. What is absent stays as it
/// is, `null` empties.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = ChangeAffiliation,
    params(("id" = AffiliationId, Path), ("If-Match" = String, Header, description = "The `ETag` of the record", example = "\"v1\"")),
    responses((status = 200, body = AffiliationView, description = "The workplace",
        headers(("ETag" = String, description = "The record's new version"))), WriteProblems))]
#[patch("/affiliations/{id}")]
pub async fn change_affiliation(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AffiliationId>,
    IfMatch(version): IfMatch,
    body: Body<ChangeAffiliation>,
) -> Result<HttpResponse, Rejection> {
    let done = async {
        let ChangeAffiliation { role, business_type, employment, is_main, valid_from, last_day } = body.value;
        in_calendar(valid_from, "/valid_from")?;
        in_calendar(last_day.flatten(), "/last_day")?;
        let command = AffiliationCommand { role, business_type, employment, is_main, valid_from, last_day };
        let (record, version) = registry::change_affiliation(&app, &caller, (id, version), command).await?;
        Ok::<_, Trouble>(respond(Answer { rendered: rendered(record, version, 200)?, replayed: false }))
    };
    done.await.map_err(|trouble| Rejection::new(&request, trouble))
}

fn rendered(record: AffiliationRecord, version: i64, status: u16) -> Result<Rendered, AppError> {
    let body = serde_json::to_string(&affiliation_view(record));
    let body = body.map_err(|_| AppError::Internal("an affiliation could not be written as JSON"))?;
    Ok(Rendered { status, version: Some(version), body })
}
