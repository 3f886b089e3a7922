//! Letters with temporary log-ins, and those whose proof of identity did not match.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, post, web::Json};
use mamis_contract::identity::{
    IdentityMismatchView, IdentityView, IssueLetters, LetterBatchView, NotRegisteredView, SearchNotRegistered,
};
use mamis_contract::page::PageQuery;
use mamis_contract::{FieldErrorCode, Page};
use mamis_domain::workflow::FieldFault;
use mamis_kernel::text::name;
use mamis_kernel::{AssociationId, LetterBatchId, LetterBatchState, LetterPurpose, MismatchId, PersonId};
use mamis_persistence::identity::{LetterBatch, Mismatch, NotRegistered, NotRegisteredFilter};
use mamis_usecases::identity::letters::{self, Recipients};
use mamis_usecases::{AppError, Rendered, identity};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::cursor;
use crate::extract::{AppData, Body, Key, Params, PathId, SignedIn};
use crate::openapi::{ReadProblems, UploadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::respond::respond;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(search_not_registered)
        .service(create_letter_batch)
        .service(list_letter_batches)
        .service(get_letter_batch)
        .service(fetch_letter_batch)
        .service(finish_letter_batch)
        .service(list_identity_mismatches)
        .service(accept_identity)
        .service(dismiss_identity_mismatch);
}

/// Lists members of an association who have no account, by their reading.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = SearchNotRegistered,
    responses((status = 200, body = Page<NotRegisteredView>, description = "A page"), ReadProblems))]
#[post("/not-registered/search")]
pub async fn search_not_registered(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<SearchNotRegistered>,
) -> Result<Json<Page<NotRegisteredView>>, Rejection> {
    let found = async {
        let asked = body.value;
        let limit = cursor::limit(asked.limit, "/limit")?;
        let after: Option<(String, PersonId)> = cursor::decode(asked.cursor.as_deref(), "/cursor")?;
        let filter =
            NotRegisteredFilter { kana_prefix: asked.kana_prefix, without_open_letter: asked.without_open_letter };
        let rows =
            letters::list_not_registered(&app, &caller, asked.association_id, filter, (after, cursor::rows(limit)));
        Ok::<_, Trouble>(Json(cursor::page(rows.await?, limit, NotRegistered::position, not_registered)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Issues letters with temporary log-ins.
///
/// The batch is printed in the background: ask for it until it is `ready`, then fetch its file. Passwords stand on the letters
/// and nowhere else.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = IssueLetters,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = LetterBatchView, description = "Being printed"), WriteProblems))]
#[post("/letter-batches")]
pub async fn create_letter_batch(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<IssueLetters>,
) -> Result<HttpResponse, Rejection> {
    let issued = async {
        let idempotency = key.of(&body.bytes);
        let IssueLetters { association_id: association, purpose, person_ids, not_registered } = body.value;
        let purpose = purpose.unwrap_or(LetterPurpose::Enrolment);
        let recipients = match (person_ids, not_registered) {
            (Some(persons), None) => Recipients::Chosen(persons),
            (None, Some(_)) if purpose == LetterPurpose::Recovery => {
                return Err(fault("/not_registered", FieldErrorCode::Conflicting));
            }
            (None, Some(query)) => Recipients::NotRegistered(NotRegisteredFilter {
                kana_prefix: query.kana_prefix,
                without_open_letter: query.without_open_letter,
            }),
            (None, None) => return Err(fault("/person_ids", FieldErrorCode::Required)),
            (Some(_), Some(_)) => return Err(fault("/not_registered", FieldErrorCode::Conflicting)),
        };
        let render = async |batch: LetterBatch| {
            let body = serde_json::to_string(&batch_view(batch));
            let body = body.map_err(|_| AppError::Internal("a batch could not be written as JSON"))?;
            Ok(Rendered { status: 201, version: None, body })
        };
        let command = letters::IssueLetters { association, purpose, recipients };
        let done = letters::issue_letters(&app, &caller, &idempotency, command, render).await?;
        Ok::<_, Trouble>(respond(done))
    };
    issued.await.map_err(|trouble| Rejection::new(&request, trouble))
}

fn fault(pointer: &str, code: FieldErrorCode) -> Trouble {
    Trouble::fields(vec![FieldFault::new(pointer, code)])
}

/// Lists an association's batches of letters, newest first: the log of what was printed.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = AssociationId, Path), PageQuery),
    responses((status = 200, body = Page<LetterBatchView>, description = "A page"), ReadProblems))]
#[get("/associations/{id}/letter-batches")]
pub async fn list_letter_batches(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AssociationId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<LetterBatchView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<LetterBatchId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = letters::list_letter_batches(&app, &caller, id, after, cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| LetterBatchId::from_uuid(row.id), batch_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Shows a batch of letters.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = LetterBatchId, Path)),
    responses((status = 200, body = LetterBatchView, description = "The batch"), ReadProblems))]
#[get("/letter-batches/{id}")]
pub async fn get_letter_batch(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<LetterBatchId>,
) -> Result<Json<LetterBatchView>, Rejection> {
    let batch = letters::get_letter_batch(&app, &caller, id).await;
    Ok(Json(batch_view(batch.map_err(|error| Rejection::new(&request, error))?)))
}

/// Fetches the letters of a batch as one PDF, a page each.
///
/// It is kept until the batch is said to be printed, for a day at most.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = LetterBatchId, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The letters"), UploadProblems))]
#[post("/letter-batches/{id}/fetch")]
pub async fn fetch_letter_batch(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<LetterBatchId>,
) -> Result<HttpResponse, Rejection> {
    let file = letters::fetch_letter_file(&app, &caller, id).await;
    let file = file.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pdf"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.pdf\"")))
        .body(file))
}

/// Says that a batch was printed. Its file is forgotten at once.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = LetterBatchId, Path)),
    responses((status = 200, body = LetterBatchView, description = "Printed"), UploadProblems))]
#[post("/letter-batches/{id}/finish")]
pub async fn finish_letter_batch(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<LetterBatchId>,
) -> Result<Json<LetterBatchView>, Rejection> {
    let batch = letters::finish_letter_batch(&app, &caller, id).await;
    Ok(Json(batch_view(batch.map_err(|error| Rejection::new(&request, error))?)))
}

fn not_registered(row: NotRegistered) -> NotRegisteredView {
    NotRegisteredView {
        person_id: row.person(),
        display_name: row.names.display_name(),
        name_kana: row.names.name_kana(),
        issue_number: row.issue_number.and_then(|number| u32::try_from(number).ok()),
        issued_at: row.issued_at,
        expires_at: row.expires_at,
    }
}

fn batch_view(batch: LetterBatch) -> LetterBatchView {
    LetterBatchView {
        id: LetterBatchId::from_uuid(batch.id),
        association_id: AssociationId::from_uuid(batch.association),
        purpose: batch.purpose.parse().unwrap_or(LetterPurpose::Enrolment),
        state: batch.state.parse().unwrap_or(LetterBatchState::Expired),
        letters: u32::try_from(batch.letters).unwrap_or(0),
        requested_at: batch.requested_at,
        requested_by: batch.requested_by,
        file_until: batch.file_until,
        fetched_at: batch.fetched_at,
        printed_at: batch.printed_at,
    }
}

/// Lists those with a letter of the association whose words about themselves are not those of the record, latest first.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = AssociationId, Path), PageQuery),
    responses((status = 200, body = Page<IdentityMismatchView>, description = "A page"), ReadProblems))]
#[get("/associations/{id}/identity-mismatches")]
pub async fn list_identity_mismatches(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AssociationId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<IdentityMismatchView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<MismatchId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = identity::list_mismatches(&app, &caller, id, after, cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| MismatchId::from_uuid(row.id), mismatch_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Accepts somebody after checking who it is by other means: the letter needs no other proof.
#[utoipa::path(tag = "identity", security(("session" = [])),
    params(("id" = MismatchId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Accepted"), WriteProblems))]
#[post("/identity-mismatches/{id}/accept")]
pub async fn accept_identity(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MismatchId>,
    key: Key,
) -> Result<HttpResponse, Rejection> {
    let done = identity::decide_mismatch(&app, &caller, &key.of(&[]), id, true).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Takes somebody off the list: the letter may be tried anew.
#[utoipa::path(tag = "identity", security(("session" = [])),
    params(("id" = MismatchId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Off the list"), WriteProblems))]
#[post("/identity-mismatches/{id}/dismiss")]
pub async fn dismiss_identity_mismatch(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MismatchId>,
    key: Key,
) -> Result<HttpResponse, Rejection> {
    let done = identity::decide_mismatch(&app, &caller, &key.of(&[]), id, false).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

fn mismatch_view(row: Mismatch) -> IdentityMismatchView {
    IdentityMismatchView {
        id: MismatchId::from_uuid(row.id),
        person_id: PersonId::from_uuid(row.person_id),
        display_name: name::display_name(&row.family_name, &row.given_name),
        shown: IdentityView {
            medical_registration_number: Some(row.medical_registration_number),
            registered_on: Some(row.registered_on),
            birth_date: Some(row.birth_date),
        },
        record: IdentityView {
            medical_registration_number: row.record_number,
            registered_on: row.record_registered_on,
            birth_date: Some(row.record_birth_date),
        },
        attempts: u32::try_from(row.attempts).unwrap_or(1),
        last_at: row.last_at,
    }
}
