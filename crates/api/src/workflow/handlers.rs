use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_NONE_MATCH, LOCATION};
use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use chrono::{DateTime, TimeDelta, Utc};
use mamis_contract::page::PageQuery;
use mamis_contract::workflow::{
    ApplicationSummary, ApplicationView, ApproveApplication, CategoryProposals, CreateApplication, ProposeCategories,
    RejectApplication, RetractApplication, ReturnApplication, SaveApplication, SearchWorkItems, WorkItem, WorkStatus,
    WorkSummary,
};
use mamis_contract::{FieldErrorCode, Page};
use mamis_domain::identity::Actor;
use mamis_domain::workflow::{Application, CategoryFacts, FieldFault};
use mamis_kernel::{ApplicationId, StepState};
use mamis_persistence::registry::PersonBrief;
use mamis_persistence::workflow::{WorkFilter, WorkPosition, WorkSince};
use mamis_persistence::{Stored, Tx};
use mamis_usecases::{Answer, App, AppError, Rendered, tokyo_day_end, workflow};

use super::{training_wire, wire};
use crate::cursor;
use crate::extract::{AppData, Body, EvenProvisional, IfMatch, Key, Params, PathId, SignedIn, etag};
use crate::openapi::{ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::respond::respond;

/// Proposes a category for each tier from the facts; clerks confirm.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = ProposeCategories,
    responses((status = 200, body = CategoryProposals, description = "A proposal a tier"), ReadProblems))]
#[post("/category-proposals")]
pub async fn propose_categories(
    app: AppData,
    request: HttpRequest,
    _: SignedIn,
    body: Body<ProposeCategories>,
) -> Result<Json<CategoryProposals>, Rejection> {
    let asked = body.value;
    let question = workflow::CategoryQuestion {
        district: asked.district_association_id,
        highest_tier: asked.highest_tier,
        facts: CategoryFacts {
            business_type: asked.business_type,
            is_administrator: asked.is_administrator,
            is_clinical_resident: asked.is_clinical_resident,
            insurance_excluded: asked.insurance_excluded,
        },
    };
    let proposed = workflow::propose_categories(&app, &question).await;
    let (proposal, answers, directory) = proposed.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(wire::category_proposals(&proposal, answers, &directory)))
}

/// Begins a draft about oneself.
///
/// Everything may be missing in a draft. The `ETag` of the answer is the version that the next write is based on.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = CreateApplication,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = ApplicationView, description = "The draft",
        headers(("ETag" = String, description = "The version"), ("Location" = String, description = "Where it is"))), WriteProblems))]
#[post("/applications")]
pub async fn create_application(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    key: Key,
    body: Body<CreateApplication>,
) -> Result<HttpResponse, Rejection> {
    let done = async {
        let idempotency = key.of(&body.bytes);
        let changes = wire::changes(body.value.changes)?;
        let render = async |tx: &mut Tx, case| rendered(&app, tx, case, &caller.actor, StatusCode::CREATED).await;
        Ok::<_, Trouble>(workflow::create(&app, &caller, &idempotency, changes, render).await?)
    };
    let answer = done.await.map_err(|trouble| Rejection::new(&request, trouble))?;
    let draft: Option<DraftId> = serde_json::from_str(&answer.rendered.body).ok();
    let mut response = respond(answer);
    if let Some(location) = draft.and_then(|draft| format!("/api/v1/applications/{}", draft.id).parse().ok()) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Lists one's own cases, newest first.
#[utoipa::path(tag = "workflow", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<ApplicationSummary>, description = "A page"), ReadProblems))]
#[get("/applications")]
pub async fn list_applications(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<ApplicationSummary>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<ApplicationId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = workflow::list_applications(&app, &caller, after, cursor::rows(limit)).await?;
        let directory = app.directory().await?;
        let page = cursor::page(rows, limit, |row| row.id, |row| wire::application_summary(row, &directory));
        Ok::<_, Trouble>(Json(page))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Gives a case, to its physician and to clerks of the associations on its route.
#[utoipa::path(tag = "workflow", security(("session" = [])),
    params(("id" = ApplicationId, Path), ("If-None-Match" = Option<String>, Header, description = "An `ETag` read before")),
    responses((status = 200, body = ApplicationView, description = "The case", headers(("ETag" = String, description = "The version"))),
        (status = 304, description = "Nothing changed since"), ReadProblems))]
#[get("/applications/{id}")]
pub async fn get_application(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    PathId(id): PathId<ApplicationId>,
) -> Result<HttpResponse, Rejection> {
    let found = async {
        let found = workflow::get_application(&app, &caller, id).await?;
        let tag = etag(found.case.version);
        if request.headers().get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
            return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
        }
        let directory = app.directory().await?;
        let mut view = wire::application_view(&found.case, found.applicant, &caller.actor, (&directory, &found.names));
        view.known_number = found.known.map(training_wire::known_number);
        Ok::<_, Trouble>(HttpResponse::Ok().insert_header((ETAG, tag)).json(view))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Replaces what a draft or a returned case says.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = SaveApplication,
    params(("id" = ApplicationId, Path), ("If-Match" = String, Header, description = "The `ETag` this is based on", example = "\"v1\"")),
    responses((status = 200, body = ApplicationView, description = "The case", headers(("ETag" = String, description = "The new version"))), WriteProblems))]
#[put("/applications/{id}")]
pub async fn save_application(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    PathId(id): PathId<ApplicationId>,
    IfMatch(version): IfMatch,
    body: Body<SaveApplication>,
) -> Result<HttpResponse, Rejection> {
    let done = async {
        let changes = wire::changes(body.value.changes)?;
        let render = async |tx: &mut Tx, case| rendered(&app, tx, case, &caller.actor, StatusCode::OK).await;
        Ok::<_, Trouble>(workflow::save(&app, &caller, id, version, changes, render).await?)
    };
    let rendered = done.await.map_err(|trouble| Rejection::new(&request, trouble))?;
    Ok(respond(Answer { rendered, replayed: false }))
}

/// Files a draft, or sends a corrected case again.
///
/// Every missing or wrong field is named at once. The answer holds the receipt number.
#[utoipa::path(tag = "workflow", security(("session" = [])),
    params(("id" = ApplicationId, Path), ("If-Match" = String, Header, description = "The `ETag` this is based on", example = "\"v2\""),
        ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 200, body = ApplicationView, description = "The filed case", headers(("ETag" = String, description = "The new version"))), WriteProblems))]
#[post("/applications/{id}/submit")]
pub async fn submit_application(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    PathId(id): PathId<ApplicationId>,
    IfMatch(version): IfMatch,
    key: Key,
) -> Result<HttpResponse, Rejection> {
    let render = async |tx: &mut Tx, case| rendered(&app, tx, case, &caller.actor, StatusCode::OK).await;
    let done = workflow::submit(&app, &caller, &key.of(b""), id, version, render).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Approves the step whose turn it is; the last approval writes the memberships.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = ApproveApplication,
    params(("id" = ApplicationId, Path), ("If-Match" = String, Header, description = "The `ETag` this is based on", example = "\"v3\""),
        ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 200, body = ApplicationView, description = "The case", headers(("ETag" = String, description = "The new version"))), WriteProblems))]
#[post("/applications/{id}/approve")]
pub async fn approve_application(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ApplicationId>,
    IfMatch(version): IfMatch,
    key: Key,
    body: Body<ApproveApplication>,
) -> Result<HttpResponse, Rejection> {
    let done = async {
        let idempotency = key.of(&body.bytes);
        let day = wire::date(&body.value.effective_date)
            .map_err(|code| Trouble::fields(vec![FieldFault::new("/effective_date", code)]))?;
        let render = async |tx: &mut Tx, case| rendered(&app, tx, case, &caller.actor, StatusCode::OK).await;
        let comment = body.value.comment;
        Ok::<_, Trouble>(workflow::approve(&app, &caller, &idempotency, (id, version), day, comment, render).await?)
    };
    done.await.map(respond).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Sends the case back to the physician with comments on fields.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = ReturnApplication,
    params(("id" = ApplicationId, Path), ("If-Match" = String, Header, description = "The `ETag` this is based on", example = "\"v3\""),
        ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 200, body = ApplicationView, description = "The case", headers(("ETag" = String, description = "The new version"))), WriteProblems))]
#[post("/applications/{id}/return")]
pub async fn return_application(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ApplicationId>,
    IfMatch(version): IfMatch,
    key: Key,
    body: Body<ReturnApplication>,
) -> Result<HttpResponse, Rejection> {
    let idempotency = key.of(&body.bytes);
    let comments = wire::field_comments(body.value.field_comments);
    let render = async |tx: &mut Tx, case| rendered(&app, tx, case, &caller.actor, StatusCode::OK).await;
    let reason = body.value.reason;
    let done = workflow::send_back(&app, &caller, &idempotency, (id, version), reason, comments, render).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Refuses the case, with a reason the physician reads.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = RejectApplication,
    params(("id" = ApplicationId, Path), ("If-Match" = String, Header, description = "The `ETag` this is based on", example = "\"v3\""),
        ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 200, body = ApplicationView, description = "The case", headers(("ETag" = String, description = "The new version"))), WriteProblems))]
#[post("/applications/{id}/reject")]
pub async fn reject_application(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ApplicationId>,
    IfMatch(version): IfMatch,
    key: Key,
    body: Body<RejectApplication>,
) -> Result<HttpResponse, Rejection> {
    let idempotency = key.of(&body.bytes);
    let render = async |tx: &mut Tx, case| rendered(&app, tx, case, &caller.actor, StatusCode::OK).await;
    let done = workflow::reject(&app, &caller, &idempotency, (id, version), body.value.reason, render).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Takes one's own case back, until the first association has approved.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = RetractApplication,
    params(("id" = ApplicationId, Path), ("If-Match" = String, Header, description = "The `ETag` this is based on", example = "\"v3\""),
        ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 200, body = ApplicationView, description = "The case", headers(("ETag" = String, description = "The new version"))), WriteProblems))]
#[post("/applications/{id}/retract")]
pub async fn retract_application(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    PathId(id): PathId<ApplicationId>,
    IfMatch(version): IfMatch,
    key: Key,
    body: Body<RetractApplication>,
) -> Result<HttpResponse, Rejection> {
    let idempotency = key.of(&body.bytes);
    let render = async |tx: &mut Tx, case| rendered(&app, tx, case, &caller.actor, StatusCode::OK).await;
    let done = workflow::retract(&app, &caller, &idempotency, (id, version), body.value.reason, render).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Lists the work of one's associations, longest waiting first.
#[utoipa::path(tag = "workflow", security(("session" = [])), request_body = SearchWorkItems,
    responses((status = 200, body = Page<WorkItem>, description = "A page"), ReadProblems))]
#[post("/work-items/search")]
pub async fn search_work_items(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<SearchWorkItems>,
) -> Result<Json<Page<WorkItem>>, Rejection> {
    let found = async {
        let asked = body.value;
        let limit = cursor::limit(asked.limit, "/limit")?;
        let after = position(asked.cursor.as_deref())?;
        let status = asked.status.unwrap_or(WorkStatus::Open);
        let today = app.clock.today();
        let since_before = asked
            .min_age_days
            .filter(|days| *days > 0)
            .map(|days| tokyo_day_end(today - TimeDelta::days(i64::from(days))));
        let filter = WorkFilter {
            since: since(status),
            step_states: step_states(status),
            only_in_review: status == WorkStatus::Upcoming,
            since_before,
            text: asked.text,
            limit: cursor::rows(limit),
        };
        let rows = workflow::search_work_items(&app, &caller, asked.association_id, &filter, after).await?;
        let directory = app.directory().await?;
        let position = |row: &mamis_persistence::workflow::WorkRow| (row.at.since, row.at.application, row.at.position);
        let page = cursor::page(rows, limit, position, |row| wire::work_item(row, &directory, today));
        Ok::<_, Trouble>(Json(Page {
            items: page.items.into_iter().flatten().collect(),
            next_cursor: page.next_cursor,
        }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Counts the work of one's associations.
#[utoipa::path(tag = "workflow", security(("session" = [])),
    responses((status = 200, body = WorkSummary, description = "One entry an association"), ReadProblems))]
#[get("/work-items/summary")]
pub async fn get_work_summary(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
) -> Result<Json<WorkSummary>, Rejection> {
    let found = async {
        let counts = workflow::work_counts(&app, &caller).await?;
        let directory = app.directory().await?;
        let items = counts.into_iter().filter_map(|(id, counts)| wire::association_work(id, counts, &directory));
        Ok::<_, Trouble>(Json(WorkSummary { items: items.collect() }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

const fn since(status: WorkStatus) -> WorkSince {
    match status {
        WorkStatus::Open => WorkSince::Opened,
        WorkStatus::Upcoming => WorkSince::Submitted,
        WorkStatus::Returned | WorkStatus::Decided => WorkSince::Decided,
    }
}

/// What the answer about a new draft says of where it is; an answer given again says the same.
#[derive(serde::Deserialize)]
struct DraftId {
    id: ApplicationId,
}

fn step_states(status: WorkStatus) -> Vec<StepState> {
    match status {
        WorkStatus::Open => vec![StepState::Open],
        WorkStatus::Upcoming => vec![StepState::Waiting],
        WorkStatus::Returned => vec![StepState::Returned],
        WorkStatus::Decided => vec![StepState::Approved, StepState::Rejected, StepState::Confirmed],
    }
}

fn position(cursor: Option<&str>) -> Result<Option<WorkPosition>, Trouble> {
    let at: Option<(DateTime<Utc>, ApplicationId, i32)> = cursor::decode(cursor, "/cursor")?;
    if at.is_some_and(|(since, ..)| !(0..=253_402_300_799).contains(&since.timestamp())) {
        return Err(Trouble::fields(vec![FieldFault::new("/cursor", FieldErrorCode::InvalidFormat)]));
    }
    Ok(at.map(|(since, application, position)| WorkPosition { since, application, position }))
}

async fn rendered(
    app: &App,
    tx: &mut Tx,
    case: Stored<Application>,
    actor: &Actor,
    status: StatusCode,
) -> Result<Rendered, AppError> {
    let directory = app.directory().await?;
    let applicant: Option<PersonBrief> = match case.value.applicant.person() {
        Some(person) => tx.person_brief(person).await?,
        None => None,
    };
    let names = tx.account_names(&workflow::proxies(&case.value)).await?;
    let view = wire::application_view(&case, applicant, actor, (&directory, &names));
    let body = serde_json::to_string(&view).map_err(|_| AppError::Internal("a case could not be written as JSON"))?;
    Ok(Rendered { status: status.as_u16(), version: Some(case.version), body })
}
