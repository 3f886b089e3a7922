//! Lists of members that clerks keep.

use actix_web::http::header::ETAG;
use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use mamis_contract::Page;
use mamis_contract::registry::{ChangeList, MemberFilter, MemberSort, SaveList, SavedListView, SavedListsQuery};
use mamis_kernel::{AssociationId, ListColumn, SavedListId};
use mamis_usecases::registry::saved_lists::{self, KeptList, SeenList};
use mamis_usecases::{AppError, Rendered};

use super::handlers::in_calendar;
use crate::cursor;
use crate::extract::{AppData, Body, IfMatch, Key, Params, PathId, SignedIn, etag};
use crate::openapi::{ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::respond::respond;

/// Lists the kept lists one sees in an association: one's own and shared ones, newest first.
#[utoipa::path(tag = "registry", security(("session" = [])), params(SavedListsQuery),
    responses((status = 200, body = Page<SavedListView>, description = "A page"), ReadProblems))]
#[get("/saved-lists")]
pub async fn list_saved_lists(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<SavedListsQuery>,
) -> Result<Json<Page<SavedListView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<SavedListId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = cursor::rows(limit);
        let lists = saved_lists::list_saved_lists(&app, &caller, query.association_id, after, rows).await?;
        let page = cursor::page(lists, limit, |seen| seen.list.id(), view);
        let items: Result<Vec<SavedListView>, AppError> = page.items.into_iter().collect();
        Ok::<_, Trouble>(Json(Page { items: items?, next_cursor: page.next_cursor }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Keeps a list of members for oneself, or, as an operator, for all clerks of the association.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = SaveList,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = SavedListView, description = "Kept", headers(("ETag" = String, description = "The version"))), WriteProblems))]
#[post("/saved-lists")]
pub async fn save_list(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<SaveList>,
) -> Result<HttpResponse, Rejection> {
    let saved = async {
        let idempotency = key.of(&body.bytes);
        let SaveList { association_id, name, shared, filter, sort, columns } = body.value;
        let kept = kept(name, shared, filter, sort, columns)?;
        let render = async |seen: SeenList| {
            let version = Some(seen.list.version);
            let body = serde_json::to_string(&view(seen)?);
            let body = body.map_err(|_| AppError::Internal("a list could not be written as JSON"))?;
            Ok(Rendered { status: 201, version, body })
        };
        let command = (association_id, kept);
        Ok::<_, Trouble>(respond(saved_lists::save_list(&app, &caller, &idempotency, command, render).await?))
    };
    saved.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Shows a kept list.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = SavedListId, Path)),
    responses((status = 200, body = SavedListView, description = "The list", headers(("ETag" = String, description = "The version"))), ReadProblems))]
#[get("/saved-lists/{id}")]
pub async fn get_saved_list(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SavedListId>,
) -> Result<HttpResponse, Rejection> {
    let found = async { versioned(saved_lists::get_saved_list(&app, &caller, id).await?) };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Changes a list that one keeps.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = ChangeList,
    params(("id" = SavedListId, Path), ("If-Match" = String, Header, description = "The version this is based on", example = "\"v1\"")),
    responses((status = 200, body = SavedListView, description = "Changed", headers(("ETag" = String, description = "The version"))), WriteProblems))]
#[put("/saved-lists/{id}")]
pub async fn change_list(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SavedListId>,
    IfMatch(version): IfMatch,
    body: Body<ChangeList>,
) -> Result<HttpResponse, Rejection> {
    let changed = async {
        let ChangeList { name, shared, filter, sort, columns } = body.value;
        let kept = kept(name, shared, filter, sort, columns)?;
        versioned(saved_lists::change_list(&app, &caller, (id, version), kept).await?)
    };
    changed.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Throws a kept list away.
#[utoipa::path(tag = "registry", security(("session" = [])),
    params(("id" = SavedListId, Path), ("If-Match" = String, Header, description = "The version this is based on", example = "\"v1\"")),
    responses((status = 204, description = "Gone"), WriteProblems))]
#[delete("/saved-lists/{id}")]
pub async fn remove_list(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SavedListId>,
    IfMatch(version): IfMatch,
) -> Result<HttpResponse, Rejection> {
    let removed = saved_lists::remove_list(&app, &caller, (id, version)).await;
    removed.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

fn kept(
    name: String,
    shared: bool,
    filter: MemberFilter,
    sort: MemberSort,
    columns: Vec<ListColumn>,
) -> Result<KeptList, Trouble> {
    in_calendar(filter.as_of, "/filter/as_of")?;
    // What is only blanks was not typed.
    let text = filter.text.filter(|text| !text.trim().is_empty());
    let filter = MemberFilter { text: text.clone(), ..filter };
    let filter = serde_json::to_value(&filter).map_err(|_| AppError::Internal("a filter cannot be kept"))?;
    Ok(KeptList { name, shared, text, filter, sort: sort.as_str(), columns })
}

fn versioned(seen: SeenList) -> Result<HttpResponse, Trouble> {
    let tag = etag(seen.list.version);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(view(seen)?))
}

fn view(seen: SeenList) -> Result<SavedListView, AppError> {
    const UNREADABLE: AppError = AppError::Internal("a kept list cannot be read");
    let SeenList { list, owner_name, may_change, may_remove } = seen;
    Ok(SavedListView {
        id: list.id(),
        association_id: AssociationId::from_uuid(list.association_id),
        shared: list.shared,
        owner_name,
        may_change,
        may_remove,
        filter: serde_json::from_value(list.filter).map_err(|_| UNREADABLE)?,
        sort: list.sort.parse().map_err(|_| UNREADABLE)?,
        columns: list.column_codes.iter().filter_map(|code| code.parse().ok()).collect(),
        saved_at: list.saved_at,
        name: list.name,
    })
}
