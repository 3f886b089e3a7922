//! Changes of members that come in by a file.

use actix_multipart::{Field, Multipart};
use actix_web::http::header::{CONTENT_TYPE, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, get, post};
use futures_util::StreamExt;
use mamis_contract::registry::{
    CheckMemberImport, ImportChangeView, ImportRefusalView, ImportRowView, ImportRowsQuery, MemberImportView,
    MemberImportsQuery, OutcomeCount,
};
use mamis_contract::{FieldErrorCode, Page, ProblemCode};
use mamis_domain::registry::member_import::{FieldChange, RowRefusal};
use mamis_domain::workflow::FieldFault;
use mamis_kernel::text::name;
use mamis_kernel::{AssociationId, MemberImportId, PersonId};
use mamis_persistence::registry::ImportRow;
use mamis_usecases::registry::member_imports::{self, Move, SeenImport};
use mamis_usecases::{AppError, Rendered};

use crate::cursor;
use crate::extract::{AppData, Key, Params, Parts, PathId, SignedIn};
use crate::openapi::{ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::respond::respond;

/// The longest id, with room.
const LONGEST_ID: usize = 100;
/// The largest file: 10,000 rows have room in it.
const LARGEST: usize = 10 * 1024 * 1024;

/// Looks a file with changes of members through, for operators and higher. Nothing is written.
///
/// A `multipart/form-data` body: the part `association_id`, then the part `file`. CSV (UTF-8 or code page 932) or XLSX with the
/// headings of an export, in any order; 医籍登録番号 and 生年月日 say whose row it is. Contact data, 診療科名 and readings may differ
/// from the record; anything else must be what the record says. An empty cell empties its field; a column that is not there leaves
/// it alone.
#[utoipa::path(tag = "registry", security(("session" = [])),
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    request_body(content = CheckMemberImport, content_type = "multipart/form-data"),
    responses((status = 201, body = MemberImportView, description = "Looked through"), WriteProblems))]
#[post("/member-imports")]
pub async fn check_member_import(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    Parts(mut parts): Parts,
) -> Result<HttpResponse, Rejection> {
    let checked = async {
        let id = bytes_of(part(&mut parts, "association_id").await?, LONGEST_ID).await?;
        let association: Option<AssociationId> = std::str::from_utf8(&id).ok().and_then(|text| text.parse().ok());
        let association = association.ok_or_else(|| Trouble::malformed("/association_id".to_owned()))?;
        let file = part(&mut parts, "file").await?;
        let name = file.content_disposition().and_then(|header| header.get_filename()).unwrap_or_default().to_owned();
        let bytes = bytes_of(file, LARGEST).await?;
        let idempotency = key.of(&[id.as_slice(), &bytes].concat());
        let file = (association, name.as_str(), bytes);
        let checked = member_imports::check_member_import(&app, &caller, &idempotency, file, rendered(201)).await?;
        Ok::<_, Trouble>(respond(checked))
    };
    checked.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// The next part, which must have this name.
async fn part(parts: &mut Multipart, name: &str) -> Result<Field, Trouble> {
    let missing = || Trouble::fields(vec![FieldFault::new(format!("/{name}"), FieldErrorCode::Required)]);
    let part = parts.next().await.ok_or_else(missing)?;
    let part = part.map_err(|_| Trouble::malformed(String::new()))?;
    if part.name() == Some(name) { Ok(part) } else { Err(missing()) }
}

async fn bytes_of(mut part: Field, most: usize) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|_| Trouble::malformed("/file".to_owned()))?;
        if bytes.len() + chunk.len() > most {
            return Err(Trouble::new(ProblemCode::BodyTooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn rendered(status: u16) -> impl AsyncFnOnce(SeenImport) -> Result<Rendered, AppError> {
    async move |seen: SeenImport| {
        let body = view(seen).and_then(|view| serde_json::to_string(&view).ok());
        let body = body.ok_or(AppError::Internal("an import could not be written as JSON"))?;
        Ok(Rendered { status, version: None, body })
    }
}

/// Gives an empty workbook with the headings that are understood.
#[utoipa::path(tag = "registry", security(("session" = [])),
    responses((status = 200, description = "The workbook", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), ReadProblems))]
#[get("/member-import-template")]
pub async fn get_member_import_template(request: HttpRequest, _: SignedIn) -> Result<HttpResponse, Rejection> {
    let file = member_imports::import_template().map_err(|error| Rejection::new(&request, error))?;
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename("member-changes.xlsx".to_owned())],
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
        .insert_header(disposition)
        .body(file))
}

/// Lists the files with changes of an association's members, newest first.
#[utoipa::path(tag = "registry", security(("session" = [])), params(MemberImportsQuery),
    responses((status = 200, body = Page<MemberImportView>, description = "A page"), ReadProblems))]
#[get("/member-imports")]
pub async fn list_member_imports(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<MemberImportsQuery>,
) -> Result<Json<Page<MemberImportView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<MemberImportId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let (association, rows) = (query.association_id, cursor::rows(limit));
        let imports = member_imports::list_member_imports(&app, &caller, association, after, rows).await?;
        let page = cursor::page(imports, limit, |seen| seen.import.id(), view);
        let items = page.items.into_iter().flatten().collect();
        Ok::<_, Trouble>(Json(Page { items, next_cursor: page.next_cursor }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Shows where a file with changes stands.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = MemberImportId, Path)),
    responses((status = 200, body = MemberImportView, description = "The file"), ReadProblems))]
#[get("/member-imports/{id}")]
pub async fn get_member_import(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MemberImportId>,
) -> Result<Json<MemberImportView>, Rejection> {
    let found = async {
        let seen = member_imports::get_member_import(&app, &caller, id).await?;
        view(seen).map(Json).ok_or_else(|| Trouble::from(AppError::Internal("an import cannot be read")))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the rows of a file with changes, in its order: what each changes, or everything that is wrong with it.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = MemberImportId, Path), ImportRowsQuery),
    responses((status = 200, body = Page<ImportRowView>, description = "A page"), ReadProblems))]
#[get("/member-imports/{id}/rows")]
pub async fn list_import_rows(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MemberImportId>,
    Params(query): Params<ImportRowsQuery>,
) -> Result<Json<Page<ImportRowView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<i32> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let which = (id, query.outcome);
        let rows = member_imports::list_import_rows(&app, &caller, which, after, cursor::rows(limit)).await?;
        let page = cursor::page(rows, limit, |row| row.row_number, row_view);
        let items: Option<Vec<ImportRowView>> = page.items.into_iter().collect();
        let items = items.ok_or(AppError::Internal("a row of an import cannot be read"))?;
        Ok::<_, Trouble>(Json(Page { items, next_cursor: page.next_cursor }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Writes the changes of a file that was looked through.
///
/// All rows that would change something, in one transaction. A row whose record was changed since then is left alone and told.
#[utoipa::path(tag = "registry", security(("session" = [])),
    params(("id" = MemberImportId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 200, body = MemberImportView, description = "Written"), WriteProblems))]
#[post("/member-imports/{id}/apply")]
pub async fn apply_member_import(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MemberImportId>,
    key: Key,
) -> Result<HttpResponse, Rejection> {
    let which = (id, Move::Apply);
    let moved = member_imports::move_member_import(&app, &caller, &key.of(&[]), which, rendered(200)).await;
    moved.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Takes the changes of a file back, for thirty days.
///
/// A row whose record was changed since then is left alone and told.
#[utoipa::path(tag = "registry", security(("session" = [])),
    params(("id" = MemberImportId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 200, body = MemberImportView, description = "Taken back"), WriteProblems))]
#[post("/member-imports/{id}/undo")]
pub async fn undo_member_import(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<MemberImportId>,
    key: Key,
) -> Result<HttpResponse, Rejection> {
    let which = (id, Move::Undo);
    let moved = member_imports::move_member_import(&app, &caller, &key.of(&[]), which, rendered(200)).await;
    moved.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// `None` when the row holds what nobody understands.
fn view(seen: SeenImport) -> Option<MemberImportView> {
    let SeenImport { import, counts, undo_until } = seen;
    Some(MemberImportView {
        id: import.id(),
        association_id: import.association(),
        encoding: import.encoding.parse().ok()?,
        ignored_headings: import.ignored_headings,
        state: import.state.parse().ok()?,
        rows: u64::try_from(import.rows_read).unwrap_or_default(),
        outcomes: counts.into_iter().map(|(outcome, rows)| OutcomeCount { outcome, rows }).collect(),
        requested_by: import.requested_by,
        checked_at: import.checked_at,
        applied_at: import.applied_at,
        undone_at: import.undone_at,
        undo_until,
        file_name: import.file_name,
    })
}

fn row_view(row: ImportRow) -> Option<ImportRowView> {
    let changes: Vec<FieldChange> = serde_json::from_value(row.changes).ok()?;
    let refusals: Vec<RowRefusal> = serde_json::from_value(row.refusals).ok()?;
    let change = |FieldChange { field, before, after }| ImportChangeView { field, before, after };
    Some(ImportRowView {
        row: u32::try_from(row.row_number).ok()?,
        person_id: row.person_id.map(PersonId::from_uuid),
        display_name: row.names.map(|(family, given)| name::display_name(&family, &given)),
        outcome: row.outcome.parse().ok()?,
        changes: changes.into_iter().map(change).collect(),
        refusals: refusals.into_iter().map(|r| ImportRefusalView { field: r.field, reason: r.reason }).collect(),
    })
}
