//! Second records of somebody, and one record made of two.

use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::NaiveDate;
use mamis_contract::page::{Page, PageQuery};
use mamis_contract::registry::{
    DismissDuplicate, DoneMergeView, DuplicateSideView, DuplicateView, MergePersons, MergeView, MovedView,
};
use mamis_kernel::{AssociationId, DuplicateId, MergeId};
use mamis_persistence::registry::{DoneMerge, DuplicatePair, DuplicateSide, PersonRecord};
use mamis_usecases::registry::{self, FoundPerson, Merged};
use mamis_usecases::{AppError, Rendered};

use super::wire::{person_ref, person_view};
use crate::cursor;
use crate::extract::{AppData, Body, Key, Params, PathId, SignedIn};
use crate::openapi::{ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::respond::respond;

/// Lists records of one's association that may be a second one of somebody, the likeliest first, for operators and higher.
///
/// A pair is shown where both are or were members. New pairs are found every night.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = AssociationId, Path), PageQuery),
    responses((status = 200, body = Page<DuplicateView>, description = "A page"), ReadProblems))]
#[get("/associations/{id}/duplicates")]
pub async fn list_duplicates(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AssociationId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<DuplicateView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<(i32, DuplicateId)> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = registry::list_duplicates(&app, &caller, id, after, cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| (row.score, row.id), duplicate_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Says that two records are two persons', for operators and higher. They are not listed together again.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = DismissDuplicate,
    params(("id" = DuplicateId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Noted"), WriteProblems))]
#[post("/duplicates/{id}/dismiss")]
pub async fn dismiss_duplicate(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<DuplicateId>,
    key: Key,
    body: Body<DismissDuplicate>,
) -> Result<HttpResponse, Rejection> {
    let idempotency = key.of(&body.bytes);
    let noted = registry::dismiss_duplicate(&app, &caller, &idempotency, body.value.association_id, id).await;
    noted.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Shows what a merge would make of two records, for approvers and higher. Nothing is changed.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = MergePersons,
    responses((status = 200, body = MergeView, description = "Both records, and the one that there would be"), ReadProblems))]
#[post("/person-merges/preview")]
pub async fn preview_merge(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<MergePersons>,
) -> Result<Json<MergeView>, Rejection> {
    let shown = registry::preview_merge(&app, &caller, &wish(body.value)).await;
    let shown = shown.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(MergeView { id: None, ..merge_view(&shown, app.clock.today()) }))
}

/// Makes one record of two, for approvers and higher.
///
/// Everything that pointed at either points at the kept one then. It can be taken back as long as none of it was changed.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = MergePersons,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = MergeView, description = "Both records as they were, and the one that there is now"), WriteProblems))]
#[post("/person-merges")]
pub async fn merge_persons(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<MergePersons>,
) -> Result<HttpResponse, Rejection> {
    let (idempotency, today) = (key.of(&body.bytes), app.clock.today());
    let render = |merged: &Merged| {
        let body = serde_json::to_string(&merge_view(merged, today));
        let body = body.map_err(|_| AppError::Internal("a merge could not be written as JSON"))?;
        Ok(Rendered { status: 201, version: None, body })
    };
    let merged = registry::merge_persons(&app, &caller, &idempotency, &wish(body.value), render).await;
    merged.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Lists the merges that clerks of one's association have done, latest first, for operators and higher.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = AssociationId, Path), PageQuery),
    responses((status = 200, body = Page<DoneMergeView>, description = "A page"), ReadProblems))]
#[get("/associations/{id}/person-merges")]
pub async fn list_merges(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AssociationId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<DoneMergeView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<MergeId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = registry::list_merges(&app, &caller, id, after, cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.id, done_merge_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Takes a merge back, for approvers and higher: both records are as they were.
///
/// What was written since stays with the kept record. When something that the merge had moved was changed since, nothing is taken back.
#[utoipa::path(tag = "registry", security(("session" = [])),
    params(("id" = MergeId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Taken back"), WriteProblems))]
#[post("/person-merges/{id}/undo")]
pub async fn undo_merge(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MergeId>,
    key: Key,
) -> Result<HttpResponse, Rejection> {
    let undone = registry::undo_merge(&app, &caller, &key.of(&[]), id).await;
    undone.map(respond).map_err(|error| Rejection::new(&request, error))
}

fn wish(body: MergePersons) -> registry::MergePersons {
    let MergePersons { association_id, kept_id, given_up_id, take } = body;
    registry::MergePersons { association: association_id, kept: kept_id, given_up: given_up_id, taken: take }
}

fn duplicate_view(pair: DuplicatePair) -> DuplicateView {
    let side = |side: DuplicateSide| DuplicateSideView {
        person: person_ref(side.person),
        birth_date: side.birth_date,
        medical_registration_number: side.number,
    };
    DuplicateView {
        id: pair.id,
        score: pair.score,
        reasons: pair.reasons,
        first: side(pair.first),
        second: side(pair.second),
        found_at: pair.found_at,
    }
}

fn merge_view(merged: &Merged, today: NaiveDate) -> MergeView {
    // Who may merge sees what is compared.
    let view = |record: &PersonRecord| {
        let found = FoundPerson {
            record: record.clone(),
            directory: merged.directory.clone(),
            is_masked: false,
            allowed: Vec::new(),
        };
        person_view(found, today)
    };
    MergeView {
        id: Some(merged.id),
        kept: view(&merged.kept),
        given_up: view(&merged.given_up),
        after: view(&merged.after),
        moved: merged.moved.iter().map(|(part, count)| MovedView { part: *part, count: *count }).collect(),
        closes_account: merged.closes_account,
    }
}

fn done_merge_view(merge: DoneMerge) -> DoneMergeView {
    DoneMergeView {
        id: merge.id,
        kept: person_ref(merge.kept),
        given_up: person_ref(merge.given_up),
        merged_by: merge.by_name,
        merged_at: merge.merged_at,
        undone_at: merge.undone_at,
    }
}
