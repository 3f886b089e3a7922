use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, delete, patch, post};
use mamis_contract::registry::{AddContactPoint, ChangePerson, ContactPointView, RevealPerson, RevealedView};
use mamis_domain::registry::record::Correction;
use mamis_kernel::{ContactPointId, PersonId};
use mamis_usecases::registry::{self, NewContactPoint};
use mamis_usecases::{Answer, AppError, Rendered};

use crate::extract::{AppData, Body, IfMatch, Key, PathId, SignedIn};
use crate::openapi::{ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::registry::handlers::in_calendar;
use crate::registry::wire::contact_point_view;
use crate::respond::respond;

/// Corrects who a person is: names, readings, birth date, sex, school, specialties, medical registration.
///
/// For operators and higher of an association the person is a member of. What is absent stays as it is, `null` empties. What
/// was believed before stays in the history.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = ChangePerson,
    params(("id" = PersonId, Path), ("If-Match" = String, Header, description = "The `ETag` of the record", example = "\"v1\"")),
    responses((status = 204, description = "Corrected", headers(("ETag" = String, description = "The record's new version"))), WriteProblems))]
#[patch("/persons/{id}")]
pub async fn change_person(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    IfMatch(version): IfMatch,
    body: Body<ChangePerson>,
) -> Result<HttpResponse, Rejection> {
    let done = async {
        let asked = body.value;
        in_calendar(asked.birth_date, "/birth_date")?;
        in_calendar(asked.graduated_in.flatten(), "/graduated_in")?;
        in_calendar(asked.registered_on, "/registered_on")?;
        let correction = Correction {
            family_name: asked.family_name,
            given_name: asked.given_name,
            family_name_kana: asked.family_name_kana,
            given_name_kana: asked.given_name_kana,
            family_name_romaji: asked.family_name_romaji,
            given_name_romaji: asked.given_name_romaji,
            birth_date: asked.birth_date,
            sex: asked.sex,
            alma_mater: asked.alma_mater,
            graduated_in: asked.graduated_in,
            specialties: asked.specialties,
            registration_number: asked.registration_number,
            registered_on: asked.registered_on,
        };
        Ok::<_, Trouble>(registry::change_person(&app, &caller, (id, version), correction).await?)
    };
    done.await.map(nothing_but).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Adds a way to reach a person, or puts another in its place.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = AddContactPoint,
    params(("id" = PersonId, Path), ("If-Match" = String, Header, description = "The `ETag` of the record", example = "\"v1\""),
        ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = ContactPointView, description = "The contact point",
        headers(("ETag" = String, description = "The record's new version"))), WriteProblems))]
#[post("/persons/{id}/contact-points")]
pub async fn add_contact_point(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    IfMatch(version): IfMatch,
    key: Key,
    body: Body<AddContactPoint>,
) -> Result<HttpResponse, Rejection> {
    let idempotency = key.of(&body.bytes);
    let AddContactPoint { kind, purpose, postal_code, value, replaces } = body.value;
    let command = NewContactPoint { kind, purpose, postal_code, value, replaces };
    let render = |record, version| {
        let body = serde_json::to_string(&contact_point_view(record));
        let body = body.map_err(|_| AppError::Internal("a contact point could not be written as JSON"))?;
        Ok(Rendered { status: 201, version: Some(version), body })
    };
    let done = registry::add_contact_point(&app, &caller, &idempotency, (id, version), command, render).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Ends a way to reach a person. It stays in the record's past.
#[utoipa::path(tag = "registry", security(("session" = [])),
    params(("id" = ContactPointId, Path), ("If-Match" = String, Header, description = "The `ETag` of the record", example = "\"v1\"")),
    responses((status = 204, description = "Ended", headers(("ETag" = String, description = "The record's new version"))), WriteProblems))]
#[delete("/contact-points/{id}")]
pub async fn end_contact_point(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ContactPointId>,
    IfMatch(version): IfMatch,
) -> Result<HttpResponse, Rejection> {
    let done = registry::end_contact_point(&app, &caller, (id, version)).await;
    done.map(nothing_but).map_err(|error| Rejection::new(&request, error))
}

/// Shows what is masked of a record, for a reason.
///
/// Who looked, at what and why stays in the audit; the physician sees that somebody did.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = RevealPerson, params(("id" = PersonId, Path)),
    responses((status = 200, body = RevealedView, description = "What was asked for"), ReadProblems))]
#[post("/persons/{id}/reveal")]
pub async fn reveal_person(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    body: Body<RevealPerson>,
) -> Result<Json<RevealedView>, Rejection> {
    let RevealPerson { fields, reason } = body.value;
    let shown = registry::reveal_person(&app, &caller, id, &fields, &reason).await;
    let revealed = shown.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(RevealedView {
        birth_date: revealed.birth_date,
        contact_points: revealed.contact_points.into_iter().map(contact_point_view).collect(),
    }))
}

/// Nothing but the record's version.
fn nothing_but(version: i64) -> HttpResponse {
    respond(Answer { rendered: Rendered { version: Some(version), ..Rendered::nothing() }, replayed: false })
}
