//! Lists that are written to files in the background.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, get, post};
use mamis_contract::page::PageQuery;
use mamis_contract::registry::{CreateExport, ExportKind, ExportView, UnwritableCellView};
use mamis_contract::{Page, ProblemCode};
use mamis_domain::registry::{Directory, export_file_name};
use mamis_kernel::{ExportFormat, ExportId, ExportState, MemberColumn};
use mamis_persistence::registry::{Export, LostCellRow};
use mamis_usecases::registry::exports::{self, RequestExport};
use mamis_usecases::{AppError, Rendered};

use super::members::search;
use super::wire::association_ref;
use crate::cursor;
use crate::extract::{AppData, Body, Key, Params, PathId, SignedIn};
use crate::openapi::{ReadProblems, UploadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::respond::respond;

/// Asks for a list of members as a file, for operators and higher.
///
/// The file is written in the background: ask for it until it is `ready`, then fetch it. In comma-separated values, what a
/// spreadsheet would calculate is guarded by an apostrophe; in a workbook every cell is a text. Who takes the list, and what
/// for, stays in the audit.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = CreateExport,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 202, body = ExportView, description = "Being written"), WriteProblems))]
#[post("/exports")]
pub async fn create_export(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<CreateExport>,
) -> Result<HttpResponse, Rejection> {
    let asked = async {
        let idempotency = key.of(&body.bytes);
        let CreateExport { kind: ExportKind::Members, association_id, filter, purpose, format, columns } = body.value;
        let command = RequestExport { search: search(association_id, filter)?, purpose, format, columns };
        let directory = app.directory().await?;
        let render = async |export: Export| {
            let body = export_view(export, &directory).and_then(|view| serde_json::to_string(&view).ok());
            let body = body.ok_or(AppError::Internal("an export could not be written as JSON"))?;
            Ok(Rendered { status: 202, version: None, body })
        };
        Ok::<_, Trouble>(respond(exports::request_export(&app, &caller, &idempotency, command, render).await?))
    };
    asked.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the files one asked for, newest first.
#[utoipa::path(tag = "registry", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<ExportView>, description = "A page"), ReadProblems))]
#[get("/exports")]
pub async fn list_exports(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<ExportView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<ExportId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = exports::list_exports(&app, &caller, after, cursor::rows(limit)).await?;
        let directory = app.directory().await?;
        let page = cursor::page(rows, limit, Export::id, |export| export_view(export, &directory));
        let items = page.items.into_iter().flatten().collect();
        Ok::<_, Trouble>(Json(Page { items, next_cursor: page.next_cursor }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Shows where a file that one asked for stands.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = ExportId, Path)),
    responses((status = 200, body = ExportView, description = "The file"), ReadProblems))]
#[get("/exports/{id}")]
pub async fn get_export(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ExportId>,
) -> Result<Json<ExportView>, Rejection> {
    let found = async { viewed(&app, exports::get_export(&app, &caller, id).await?).await };
    found.await.map(Json).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Takes a file back: it is not written any further, and its bytes go.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = ExportId, Path)),
    responses((status = 200, body = ExportView, description = "Taken back"), UploadProblems))]
#[post("/exports/{id}/cancel")]
pub async fn cancel_export(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ExportId>,
) -> Result<Json<ExportView>, Rejection> {
    let cancelled = async { viewed(&app, exports::cancel_export(&app, &caller, id).await?).await };
    cancelled.await.map(Json).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Fetches a file, until it expires; each time is audited.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = ExportId, Path)),
    responses((status = 200, description = "The file", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), UploadProblems))]
#[get("/exports/{id}/file")]
pub async fn fetch_export(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ExportId>,
) -> Result<HttpResponse, Rejection> {
    let fetched = exports::fetch_export(&app, &caller, id).await;
    let (export, content) = fetched.map_err(|error| Rejection::new(&request, error))?;
    let format = export.format.parse().unwrap_or(ExportFormat::Csv);
    let media_type = match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::CsvCp932 => "text/csv; charset=Shift_JIS",
        ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(export_file_name(export.day, format))],
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(disposition)
        .no_chunking(export.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default())
        .streaming(Box::pin(content)))
}

/// Lists the cells that a file in code page 932 could not hold as they are, with what was written instead.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = ExportId, Path), PageQuery),
    responses((status = 200, body = Page<UnwritableCellView>, description = "A page, in the order of the file"), ReadProblems))]
#[get("/exports/{id}/unwritable")]
pub async fn list_unwritable_cells(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ExportId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<UnwritableCellView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<(i64, i32)> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let (export, rows) = exports::list_unwritable(&app, &caller, id, after, cursor::rows(limit)).await?;
        let columns = columns(&export).ok_or(ProblemCode::Internal);
        let columns = columns.map_err(Trouble::new)?;
        let view = |cell: LostCellRow| UnwritableCellView {
            row: u64::try_from(cell.row_number).unwrap_or_default(),
            column: usize::try_from(cell.column_number)
                .ok()
                .and_then(|number| columns.get(number).copied())
                .unwrap_or(MemberColumn::FamilyName),
            value: cell.value,
            written: cell.written,
        };
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |cell| (cell.row_number, cell.column_number), view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

async fn viewed(app: &AppData, export: Export) -> Result<ExportView, Trouble> {
    let view = export_view(export, &*app.directory().await?);
    view.ok_or_else(|| AppError::Internal("an export cannot be read").into())
}

fn columns(export: &Export) -> Option<Vec<MemberColumn>> {
    export.column_codes.iter().map(|code| code.parse().ok()).collect()
}

/// `None` when the row holds what nobody understands.
fn export_view(export: Export, directory: &Directory) -> Option<ExportView> {
    let format = export.format.parse().ok()?;
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let state: ExportState = export.state.parse().ok()?;
    Some(ExportView {
        id: export.id(),
        kind: ExportKind::Members,
        association: association_ref(directory, export.association()),
        day: export.day,
        format,
        columns: columns(&export)?,
        state,
        rows_total: export.rows_total.map(count),
        rows_done: count(export.rows_done),
        unwritable: count(export.unwritable),
        file_name: export_file_name(export.day, format),
        size: export.size.map(count),
        requested_at: export.requested_at,
        ready_at: export.ready_at,
        expires_at: export.expires_at,
        purpose: export.purpose,
    })
}
