//! Acting for somebody: clerks on behalf, assistants by delegation, and who can see one's own record.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use mamis_contract::Page;
use mamis_contract::acting::{
    ActingView, BeginOnBehalf, DelegationView, HeldDelegationView, InvitationCode, InvitationView, InviteAssistant,
    OnBehalfView, RecordAudience, RecordAudienceView, RegisterAssistant,
};
use mamis_contract::identity::{AccountView, CapabilityView};
use mamis_contract::page::PageQuery;
use mamis_domain::identity::{Basis, Delegation, OnBehalfGrant};
use mamis_domain::registry::Directory;
use mamis_kernel::{DelegationId, DelegationScope, Language, OnBehalfId, Role};
use mamis_persistence::Tx;
use mamis_persistence::identity::{HeldDelegation, OnBehalfRow};
use mamis_usecases::identity::{self, AssistantInvitation, NewAssistant};
use mamis_usecases::{Answer, App, AppError, Caller, Rendered, tokyo_day_end};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::cursor;
use crate::extract::{AppData, Body, Key, Params, PathId, SignedIn, request_id};
use crate::openapi::{InvitationProblems, ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::registry::wire::{association_ref, person_ref};
use crate::server::HttpConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(begin_on_behalf)
        .service(list_on_behalf)
        .service(end_on_behalf)
        .service(invite_assistant)
        .service(list_delegations)
        .service(list_held_delegations)
        .service(revoke_delegation)
        .service(look_up_assistant_invitation)
        .service(accept_assistant_invitation)
        .service(register_assistant)
        .service(list_record_audience);
}

/// Begins to act for a physician, as a clerk of one of the physician's associations.
///
/// Operators and above. Send the answer's `id` as `X-Acting-For` with each request to be made for the physician. It ends
/// after an hour, with `DELETE`, and with the log-in it was begun in. The physician is told of it with what was done.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = BeginOnBehalf,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = OnBehalfView, description = "Begun"), WriteProblems))]
#[post("/on-behalf")]
pub async fn begin_on_behalf(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<BeginOnBehalf>,
) -> Result<HttpResponse, Rejection> {
    let begun = async {
        let idempotency = key.of(&body.bytes);
        let BeginOnBehalf { person_id, reason } = body.value;
        let asked = (person_id, reason.trim().to_owned());
        let render = async |tx: &mut Tx, grant: OnBehalfGrant| {
            let person = tx.person_brief(grant.person).await?.ok_or(AppError::Internal("a grant for nobody"))?;
            let clerk = tx.account_names(&[grant.account]).await?.pop().map(|(_, name)| name).unwrap_or_default();
            let view = on_behalf_view(OnBehalfRow { grant, clerk, person }, &*app.directory().await?);
            rendered(&view)
        };
        Ok::<_, Trouble>(identity::begin_on_behalf(&app, &caller, &idempotency, asked, render).await?)
    };
    begun.await.map(respond).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists when clerks acted for physicians, latest first.
///
/// Physicians see those for themselves, administrators those of their associations, clerks their own.
#[utoipa::path(tag = "identity", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<OnBehalfView>, description = "A page"), ReadProblems))]
#[get("/on-behalf")]
pub async fn list_on_behalf(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<OnBehalfView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<OnBehalfId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = identity::list_on_behalf(&app, &caller, after, cursor::rows(limit)).await?;
        let directory = app.directory().await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.grant.id, |row| on_behalf_view(row, &directory))))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Ends one's own acting for a physician. Send it without `X-Acting-For`.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = OnBehalfId, Path)),
    responses((status = 204, description = "Ended"), ReadProblems))]
#[delete("/on-behalf/{id}")]
pub async fn end_on_behalf(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<OnBehalfId>,
) -> Result<HttpResponse, Rejection> {
    identity::end_on_behalf(&app, &caller, id).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Invites an assistant to act for oneself, within limits and until a day.
///
/// With an e-mail address the invitation is sent there; without one, the answer has a code to be handed over. A repetition
/// under the same key does not have the code again.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = InviteAssistant,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = DelegationView, description = "Invited"), WriteProblems))]
#[post("/delegations")]
pub async fn invite_assistant(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<InviteAssistant>,
) -> Result<HttpResponse, Rejection> {
    let invited = async {
        let idempotency = key.of(&body.bytes);
        let InviteAssistant { assistant_name, email, scopes, ends_on } = body.value;
        let assistant_name = assistant_name.trim().to_owned();
        let invitation = AssistantInvitation { assistant_name, email, scopes, ends_on };
        let render = async |given: Delegation| rendered(&delegation_view(&app, given));
        let invited = identity::invite_assistant(&app, &caller, &idempotency, invitation, render).await?;
        let Some(code) = invited.code else { return Ok(respond(invited.answer)) };
        // The code is in this one answer, and not in the one that is kept.
        let view: DelegationView = serde_json::from_str(&invited.answer.rendered.body)
            .map_err(|_| AppError::Internal("an invitation could not be read back"))?;
        let view = DelegationView { code: Some(code), ..view };
        Ok::<_, Trouble>(respond(Answer { rendered: rendered(&view)?, replayed: false }))
    };
    invited.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the assistants one has invited, latest first.
#[utoipa::path(tag = "identity", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<DelegationView>, description = "A page"), ReadProblems))]
#[get("/delegations")]
pub async fn list_delegations(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<DelegationView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<DelegationId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = identity::list_delegations(&app, &caller, after, cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.id, |row| delegation_view(&app, row))))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the physicians for whom one may act today.
#[utoipa::path(tag = "identity", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<HeldDelegationView>, description = "A page"), ReadProblems))]
#[get("/held-delegations")]
pub async fn list_held_delegations(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<HeldDelegationView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<DelegationId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = identity::list_held_delegations(&app, &caller, after, cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.delegation.id, held_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Takes back what one lets an assistant do, at once; or gives up what one holds.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = DelegationId, Path)),
    responses((status = 204, description = "Taken back"), ReadProblems))]
#[delete("/delegations/{id}")]
pub async fn revoke_delegation(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<DelegationId>,
) -> Result<HttpResponse, Rejection> {
    identity::revoke_delegation(&app, &caller, id).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Says what an assistant's invitation is for.
#[utoipa::path(tag = "identity", request_body = InvitationCode,
    responses((status = 200, body = InvitationView, description = "The invitation"), InvitationProblems))]
#[post("/assistant-invitations/lookup")]
pub async fn look_up_assistant_invitation(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<InvitationCode>,
) -> Result<Json<InvitationView>, Rejection> {
    let origin = http.client_address(&request);
    let found = identity::look_up_assistant_invitation(&app, &body.value.code, &origin).await;
    let found = found.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(InvitationView {
        physician: found.person.display_name,
        assistant_name: found.delegation.assistant_name,
        scopes: found.delegation.scopes,
        ends_on: found.delegation.ends_on,
    }))
}

/// Takes an invitation up with one's own account. It works once.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = InvitationCode,
    responses((status = 201, body = HeldDelegationView, description = "Taken up"), InvitationProblems))]
#[post("/assistant-invitations/accept")]
pub async fn accept_assistant_invitation(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<InvitationCode>,
) -> Result<HttpResponse, Rejection> {
    let origin = http.client_address(&request);
    let held = identity::accept_assistant_invitation(&app, &caller, &body.value.code, &origin).await;
    let held = held.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(held_view(held)))
}

/// Makes an assistant's account and takes an invitation up with it.
///
/// The account has the e-mail address that the invitation was sent to. Sign in with `POST /api/v1/sessions` afterwards.
#[utoipa::path(tag = "identity", request_body = RegisterAssistant,
    responses((status = 201, body = HeldDelegationView, description = "Made and taken up"), InvitationProblems))]
#[post("/assistant-invitations/register")]
pub async fn register_assistant(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<RegisterAssistant>,
) -> Result<HttpResponse, Rejection> {
    let RegisterAssistant { code, login_id, display_name, password, language } = body.value;
    let new = NewAssistant {
        login_id: login_id.trim().to_owned(),
        display_name: display_name.trim().to_owned(),
        password,
        language: language.unwrap_or(Language::Ja),
    };
    let (origin, request_id) = (http.client_address(&request), request_id(&request));
    let held = identity::register_assistant(&app, &code, new, (&origin, &request_id)).await;
    let held = held.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(held_view(held)))
}

/// Lists the associations that can see one's own record, and why.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 200, body = RecordAudience, description = "All of them"), ReadProblems))]
#[get("/account/record-audience")]
pub async fn list_record_audience(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
) -> Result<Json<RecordAudience>, Rejection> {
    let found = identity::list_record_audience(&app, &caller).await;
    let (found, directory) = found.map_err(|error| Rejection::new(&request, error))?;
    let view = |(id, reasons)| Some(RecordAudienceView { association: association_ref(&directory, id)?, reasons });
    Ok(Json(RecordAudience { items: found.into_iter().filter_map(view).collect() }))
}

/// The account as the one it acts for, where it acts for somebody.
pub(super) async fn account_acting(app: &App, caller: &Caller, own: AccountView) -> Result<AccountView, AppError> {
    let Some(acting) = &caller.actor.acting else { return Ok(own) };
    let person = app.store.person_brief(acting.person).await?.ok_or(AppError::ActingEnded)?;
    let person = person_ref(person);
    let (scopes, ends_at) = match &acting.basis {
        Basis::OnBehalf { ends_at, .. } => (DelegationScope::ALL.to_vec(), *ends_at),
        Basis::Delegation { scopes, ends_on, .. } => (scopes.clone(), tokyo_day_end(*ends_on)),
    };
    let directory = app.directory().await?;
    let view = ActingView {
        id: acting.id().to_string(),
        kind: acting.kind(),
        person: person.clone(),
        association: acting.as_clerk_of().and_then(|id| association_ref(&directory, id)),
        scopes,
        ends_at,
        ends_in: (ends_at - app.clock.now()).num_seconds().max(0),
    };
    let capabilities = vec![CapabilityView { role: Role::Physician, association: None, organisation_id: None }];
    Ok(AccountView { person: Some(person), capabilities, held_back: Vec::new(), acting: Some(view), ..own })
}

fn on_behalf_view(row: OnBehalfRow, directory: &Directory) -> OnBehalfView {
    let OnBehalfRow { grant, clerk, person } = row;
    OnBehalfView {
        id: grant.id,
        person: person_ref(person),
        clerk,
        association: association_ref(directory, grant.association),
        reason: grant.reason,
        started_at: grant.started_at,
        ends_at: grant.ends_at,
        ended_at: grant.ended_at,
    }
}

fn delegation_view(app: &App, given: Delegation) -> DelegationView {
    DelegationView {
        id: given.id,
        state: given.state(app.clock.now(), app.clock.today()),
        assistant_name: given.assistant_name,
        email: given.email,
        scopes: given.scopes,
        ends_on: given.ends_on,
        invited_at: given.invited_at,
        invitation_expires_at: given.invitation_expires_at,
        accepted_at: given.accepted_at,
        revoked_at: given.revoked_at,
        code: None,
    }
}

fn held_view(held: HeldDelegation) -> HeldDelegationView {
    let HeldDelegation { delegation, person, .. } = held;
    HeldDelegationView {
        id: delegation.id,
        person: person_ref(person),
        scopes: delegation.scopes,
        ends_on: delegation.ends_on,
    }
}

fn rendered(view: &impl serde::Serialize) -> Result<Rendered, AppError> {
    let body = serde_json::to_string(view).map_err(|_| AppError::Internal("an answer could not be written as JSON"))?;
    Ok(Rendered { status: StatusCode::CREATED.as_u16(), version: None, body })
}

fn respond(answer: Answer) -> HttpResponse {
    let Answer { rendered, replayed } = answer;
    let mut response = HttpResponse::build(StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::CREATED));
    if replayed {
        response.insert_header(("Idempotency-Replayed", "true"));
    }
    response.content_type("application/json").body(rendered.body)
}
