use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use chrono::{Datelike, NaiveDate};
use mamis_contract::identity::{
    AcceptClerkInvitation, ChangeClerkRole, ClerkInvitationCode, ClerkInvitationOffer, ClerkInvitationView,
    ClerkRecoveryView, ClerkRoleQuery, ClerkRoleView, EndClerkRole, InviteClerk, OrganisationView, RecoverClerk,
};
use mamis_contract::page::PageQuery;
use mamis_contract::registry::AssociationRef;
use mamis_contract::{FieldErrorCode, Page};
use mamis_domain::identity::Place;
use mamis_domain::workflow::FieldFault;
use mamis_kernel::{AssociationId, ClerkInvitationId, ClerkRoleId, OrganisationId};
use mamis_persistence::Tx;
use mamis_persistence::identity::NewInvitation;
use mamis_usecases::identity::{self, AcceptInvitation, ChangeRole, ClerkLetIn};
use mamis_usecases::{AppError, Caller, Rendered};

use super::wire;
use crate::cursor;
use crate::extract::{AppData, Body, Key, Params, PathId, SignedIn, request_id};
use crate::openapi::{PublicProblems, ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::registry::wire::association_ref;
use crate::respond::respond;
use crate::server::HttpConfig;

/// Lists the clerks of one's own association: roles in force and to come, with ended ones on request; latest first.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = AssociationId, Path), ClerkRoleQuery),
    responses((status = 200, body = Page<ClerkRoleView>, description = "A page"), ReadProblems))]
#[get("/associations/{id}/clerks")]
pub async fn list_clerks(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AssociationId>,
    Params(query): Params<ClerkRoleQuery>,
) -> Result<Json<Page<ClerkRoleView>>, Rejection> {
    let found = roles(&app, &caller, Place::Association(id), query).await;
    found.map(Json).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the open invitations of one's own association, latest first.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = AssociationId, Path), PageQuery),
    responses((status = 200, body = Page<ClerkInvitationView>, description = "A page"), ReadProblems))]
#[get("/associations/{id}/clerk-invitations")]
pub async fn list_clerk_invitations(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<AssociationId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<ClerkInvitationView>>, Rejection> {
    let found = invitations(&app, &caller, Place::Association(id), query).await;
    found.map(Json).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the associations below one's own that have no administrator: one may invite the first.
#[utoipa::path(tag = "identity", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<AssociationRef>, description = "A page, by code"), ReadProblems))]
#[get("/vacant-associations")]
pub async fn list_vacant_associations(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<AssociationRef>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<String> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let ids = identity::list_vacant_associations(&app, &caller, after.as_deref(), cursor::rows(limit)).await?;
        let directory = app.directory().await?;
        let rows: Vec<_> = ids.into_iter().filter_map(|id| association_ref(&directory, id)).collect();
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.code.clone(), |row| row)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Invites somebody to a role, by mail or with a code to be handed over.
///
/// The code works once and for seven days; a code to be handed over stands in this answer alone, and not in a repeated one. Nobody gives more than
/// one holds, nor outside one's association; an association without an administrator gets its first from the one above.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = InviteClerk,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 201, body = ClerkInvitationView, description = "The invitation"), WriteProblems))]
#[post("/clerk-invitations")]
pub async fn create_clerk_invitation(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<InviteClerk>,
) -> Result<HttpResponse, Rejection> {
    let invited = async {
        let idempotency = key.of(&body.bytes);
        let InviteClerk { association_id, organisation_id, role, first_day, last_day, invitee, email, language } =
            body.value;
        let place = match (association_id, organisation_id) {
            (Some(id), None) => Place::Association(id),
            (None, Some(id)) => Place::Organisation(id),
            (None, None) => return Err(fault("/association_id", FieldErrorCode::Required)),
            (Some(_), Some(_)) => return Err(fault("/organisation_id", FieldErrorCode::Conflicting)),
        };
        days(first_day, last_day)?;
        let invitee = invitee.trim().to_owned();
        let command = identity::InviteClerk { place, role, first_day, last_day, invitee, email, language };
        let directory = app.directory().await?;
        let render = async |_: &mut Tx, new: &NewInvitation| {
            let body = serde_json::to_string(&wire::new_invitation_view(new, &directory));
            let body = body.map_err(|_| AppError::Internal("an invitation could not be written as JSON"))?;
            Ok(Rendered { status: 201, version: None, body })
        };
        let mut done = identity::invite_clerk(&app, &caller, &idempotency, command, render).await?;
        // The kept answer has no code: a secret is kept hashed or not at all.
        if let Some(code) = done.code
            && let Ok(mut view) = serde_json::from_str::<ClerkInvitationView>(&done.answer.rendered.body)
        {
            view.code = Some(code);
            done.answer.rendered.body = serde_json::to_string(&view).unwrap_or(done.answer.rendered.body);
        }
        Ok::<_, Trouble>(respond(done.answer))
    };
    invited.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Takes an invitation back.
#[utoipa::path(tag = "identity", security(("session" = [])),
    params(("id" = ClerkInvitationId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Taken back"), WriteProblems))]
#[post("/clerk-invitations/{id}/withdraw")]
pub async fn withdraw_clerk_invitation(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ClerkInvitationId>,
    key: Key,
) -> Result<HttpResponse, Rejection> {
    let done = identity::withdraw_invitation(&app, &caller, &key.of(&[]), id).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Says what an invitation is about, to whoever holds its code.
#[utoipa::path(tag = "identity", request_body = ClerkInvitationCode,
    responses((status = 200, body = ClerkInvitationOffer, description = "The invitation"),
        (status = 404, body = mamis_contract::Problem, content_type = "application/problem+json", description = "It cannot be used"),
        PublicProblems))]
#[post("/clerk-invitations/lookup")]
pub async fn look_up_clerk_invitation(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<ClerkInvitationCode>,
) -> Result<Json<ClerkInvitationOffer>, Rejection> {
    let found = async {
        let address = http.client_address(&request);
        let found = identity::look_up_invitation(&app, &body.value.code, &address, &request_id(&request)).await?;
        Ok::<_, Trouble>(Json(wire::offer(found, &*app.directory().await?)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Accepts an invitation with a new account; sign in with it then.
#[utoipa::path(tag = "identity", request_body = AcceptClerkInvitation,
    responses((status = 204, description = "The account is there"),
        (status = 404, body = mamis_contract::Problem, content_type = "application/problem+json", description = "It cannot be used"),
        PublicProblems))]
#[post("/clerk-invitations/accept")]
pub async fn accept_clerk_invitation(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<AcceptClerkInvitation>,
) -> Result<HttpResponse, Rejection> {
    let AcceptClerkInvitation { code, login_id, display_name, password, language } = body.value;
    let display_name = display_name.trim().to_owned();
    let command = AcceptInvitation { code, login_id, display_name, password, language };
    let address = http.client_address(&request);
    let accepted = identity::accept_invitation(&app, command, &address, &request_id(&request)).await;
    accepted.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Accepts an invitation with the account that is signed in.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = ClerkInvitationCode,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "The role is one's own"), (status = 429, body = mamis_contract::Problem, content_type = "application/problem+json", description = "Too many attempts"), WriteProblems))]
#[post("/clerk-invitations/claim")]
pub async fn claim_clerk_invitation(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    key: Key,
    body: Body<ClerkInvitationCode>,
) -> Result<HttpResponse, Rejection> {
    let address = http.client_address(&request);
    let idempotency = key.of(&body.bytes);
    let claimed = identity::claim_invitation(&app, &caller, &idempotency, &body.value.code, &address).await;
    claimed.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Changes a clerk's role or its days.
///
/// The role's row is closed and succeeded, so the answer has another id. The id in the address is the version this is based
/// on: a role that somebody changed in the meantime is answered 412.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = ChangeClerkRole, params(("id" = ClerkRoleId, Path)),
    responses((status = 200, body = ClerkRoleView, description = "The role as it is now"), WriteProblems))]
#[put("/clerk-roles/{id}")]
pub async fn change_clerk_role(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ClerkRoleId>,
    body: Body<ChangeClerkRole>,
) -> Result<Json<ClerkRoleView>, Rejection> {
    let changed = async {
        let ChangeClerkRole { role, first_day, last_day } = body.value;
        days(first_day, last_day)?;
        let command = ChangeRole { role, first_day, last_day };
        let item = identity::change_clerk_role(&app, &caller, id, command).await?;
        Ok::<_, Trouble>(Json(wire::clerk_role_view(item, caller.actor.account)))
    };
    changed.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Ends a clerk's role, at once or with a day. An association keeps its last administrator.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = EndClerkRole,
    params(("id" = ClerkRoleId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Ended"), WriteProblems))]
#[post("/clerk-roles/{id}/end")]
pub async fn end_clerk_role(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ClerkRoleId>,
    key: Key,
    body: Body<EndClerkRole>,
) -> Result<HttpResponse, Rejection> {
    let ended = async {
        let idempotency = key.of(&body.bytes);
        days(None, body.value.last_day)?;
        Ok::<_, Trouble>(identity::end_clerk_role(&app, &caller, &idempotency, id, body.value.last_day).await?)
    };
    ended.await.map(respond).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Says that a clerk who lost the way in is to be let in again. It takes two administrators: the first asks, another one
/// confirms within a day. Then the clerk is sent a link to a new password, and sets up the second factor anew.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = RecoverClerk,
    params(("id" = ClerkRoleId, Path)),
    responses((status = 200, body = ClerkRecoveryView, description = "Asked or confirmed"), WriteProblems))]
#[post("/clerk-roles/{id}/recovery")]
pub async fn recover_clerk(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ClerkRoleId>,
    body: Body<RecoverClerk>,
) -> Result<Json<ClerkRecoveryView>, Rejection> {
    let let_in = identity::recover_clerk(&app, &caller, id, body.value.reason.trim()).await;
    let let_in = let_in.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(match let_in {
        ClerkLetIn::Waits(until) => ClerkRecoveryView { waits_until: Some(until), url: None },
        ClerkLetIn::Done(url) => ClerkRecoveryView { waits_until: None, url },
    }))
}

/// Lists the organisations that one belongs to or looks after, by code.
#[utoipa::path(tag = "identity", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<OrganisationView>, description = "A page"), ReadProblems))]
#[get("/organisations")]
pub async fn list_organisations(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<OrganisationView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<String> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = identity::list_organisations(&app, &caller, after.as_deref(), cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.code.clone(), wire::organisation_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Gives an organisation, to its own users and to the administrators who look after it.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = OrganisationId, Path)),
    responses((status = 200, body = OrganisationView, description = "The organisation"), ReadProblems))]
#[get("/organisations/{id}")]
pub async fn get_organisation(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<OrganisationId>,
) -> Result<Json<OrganisationView>, Rejection> {
    let found = identity::get_organisation(&app, &caller, id).await;
    found.map(|found| Json(wire::organisation_view(found))).map_err(|error| Rejection::new(&request, error))
}

/// Lists an organisation's organisers, to the administrators who look after it; latest first.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = OrganisationId, Path), ClerkRoleQuery),
    responses((status = 200, body = Page<ClerkRoleView>, description = "A page"), ReadProblems))]
#[get("/organisations/{id}/organisers")]
pub async fn list_organisers(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<OrganisationId>,
    Params(query): Params<ClerkRoleQuery>,
) -> Result<Json<Page<ClerkRoleView>>, Rejection> {
    let found = roles(&app, &caller, Place::Organisation(id), query).await;
    found.map(Json).map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists an organisation's open invitations, to the administrators who look after it; latest first.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = OrganisationId, Path), PageQuery),
    responses((status = 200, body = Page<ClerkInvitationView>, description = "A page"), ReadProblems))]
#[get("/organisations/{id}/invitations")]
pub async fn list_organiser_invitations(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<OrganisationId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<ClerkInvitationView>>, Rejection> {
    let found = invitations(&app, &caller, Place::Organisation(id), query).await;
    found.map(Json).map_err(|trouble| Rejection::new(&request, trouble))
}

async fn roles(
    app: &AppData,
    caller: &Caller,
    place: Place,
    query: ClerkRoleQuery,
) -> Result<Page<ClerkRoleView>, Trouble> {
    let limit = cursor::limit(query.limit, "#limit")?;
    let after: Option<ClerkRoleId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
    let with_ended = query.with_ended.unwrap_or(false);
    let rows = identity::list_clerk_roles(app, caller, place, with_ended, after, cursor::rows(limit)).await?;
    let asker = caller.actor.account;
    Ok(cursor::page(rows, limit, |row| row.role.id, |row| wire::clerk_role_view(row, asker)))
}

async fn invitations(
    app: &AppData,
    caller: &Caller,
    place: Place,
    query: PageQuery,
) -> Result<Page<ClerkInvitationView>, Trouble> {
    let limit = cursor::limit(query.limit, "#limit")?;
    let after: Option<ClerkInvitationId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
    let rows = identity::list_invitations(app, caller, place, after, cursor::rows(limit)).await?;
    let directory = app.directory().await?;
    Ok(cursor::page(rows, limit, |row| row.id, |row| wire::invitation_view(row, &directory)))
}

/// Days that the database's calendar has.
fn days(first: Option<NaiveDate>, last: Option<NaiveDate>) -> Result<(), Trouble> {
    let far = |day: Option<NaiveDate>| day.is_some_and(|day| !(1900..=2999).contains(&day.year()));
    for (day, pointer) in [(first, "/first_day"), (last, "/last_day")] {
        if far(day) {
            return Err(fault(pointer, FieldErrorCode::OutOfRange));
        }
    }
    Ok(())
}

fn fault(pointer: &str, code: FieldErrorCode) -> Trouble {
    Trouble::fields(vec![FieldFault::new(pointer, code)])
}
