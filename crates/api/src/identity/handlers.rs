use actix_web::cookie::{Cookie, SameSite, time::OffsetDateTime};
use actix_web::http::header::{HOST, HeaderName, ORIGIN, SET_COOKIE, USER_AGENT};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, delete, get, post, put, web::Json};
use mamis_contract::identity::{
    AccountView, ChangePassword, CheckPassword, CreateSession, EndedSessions, PasswordCheck, RecordAccessView,
    RequestEmailChange, SecondStepView, SentCodeView, SessionListItem, SessionView, ShowCode,
};
use mamis_contract::page::PageQuery;
use mamis_contract::{Page, ProblemCode};
use mamis_domain::identity::Device;
use mamis_kernel::text::ascii_digits;
use mamis_kernel::{ConfirmationId, SessionId};
use mamis_usecases::identity::{self, LogIn, OpenedSession, Origin};

use super::wire::{account_view, record_access, second_step_view, session_list_item};
use crate::cursor;
use crate::extract::{AppData, AtTheDoor, Body, EvenProvisional, Params, PathId, SignedIn, request_id};
use crate::middleware::CrossSiteRefused;
use crate::openapi::{PublicProblems, ReadProblems};
use crate::problem::{Rejection, Trouble};
use crate::server::HttpConfig;

const REFRESH_COOKIE: &str = "mamis_refresh";
const COOKIE_PATH: &str = "/api/v1/sessions";

/// Signs in.
///
/// Answers with an access token for the `Authorization` header and sets the refresh token as an HttpOnly cookie (201). An
/// account with a second factor gets a challenge instead (200), which `POST /sessions/second-step` answers. Wrong login ids
/// and wrong passwords get the same answer after the same work; many failures slow down further ones.
#[utoipa::path(tag = "identity", request_body = CreateSession,
    responses((status = 201, body = SessionView, description = "Signed in"),
        (status = 200, body = SecondStepView, description = "The second factor is wanted"), PublicProblems))]
#[post("/sessions")]
pub async fn create_session(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<CreateSession>,
) -> Result<HttpResponse, Rejection> {
    let signed_in = async {
        same_site(&request)?;
        let CreateSession { login_id, password } = body.value;
        let origin = origin(&http, &request);
        match identity::log_in(&app, login_id.trim(), password, origin, &request_id(&request)).await? {
            LogIn::Opened(opened) => answer(&app, &http, opened, actix_web::http::StatusCode::CREATED).await,
            LogIn::SecondStep(step) => Ok(HttpResponse::Ok().json(second_step_view(step))),
        }
    };
    signed_in.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Renews the session from its cookie.
///
/// Gives the next access token and exchanges the cookie. A refresh token works once; a copy shown later ends the session.
/// Browsers send `X-Requested-With: mamis`, which no form of another site can.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    responses((status = 200, body = SessionView, description = "Renewed"), PublicProblems))]
#[post("/sessions/refresh")]
pub async fn refresh_session(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
) -> Result<HttpResponse, Rejection> {
    let renewed = async {
        if request.headers().get("x-requested-with").is_none_or(|value| value != "mamis") {
            return Err(cross_site(&request));
        }
        same_site(&request)?;
        let cookie = request.cookie(REFRESH_COOKIE).ok_or_else(|| Trouble::new(ProblemCode::NotSignedIn))?;
        let opened = identity::refresh(&app, cookie.value(), &request_id(&request)).await?;
        answer(&app, &http, opened, actix_web::http::StatusCode::OK).await
    };
    renewed.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Signs out: ends this session and takes its cookie back.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 204, description = "Signed out"), ReadProblems))]
#[delete("/sessions/current")]
pub async fn delete_session(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    AtTheDoor(caller): AtTheDoor,
) -> Result<HttpResponse, Rejection> {
    identity::log_out(&app, &caller).await.map_err(|error| Rejection::new(&request, error))?;
    let mut cookie = refresh_cookie(&http, String::new());
    cookie.make_removal();
    Ok(HttpResponse::NoContent().insert_header((SET_COOKIE, cookie.to_string())).finish())
}

/// Says who is signed in, and as what; for whom, when `X-Acting-For` names somebody.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 200, body = AccountView, description = "The account"), ReadProblems))]
#[get("/account")]
pub async fn get_account(
    app: AppData,
    request: HttpRequest,
    AtTheDoor(caller): AtTheDoor,
) -> Result<Json<AccountView>, Rejection> {
    let found = async {
        let facts = identity::account_facts(&app, caller.actor.account, caller.actor.session).await?;
        let view = account_view(facts, &*app.directory().await?);
        Ok::<_, Trouble>(Json(super::acting::account_acting(&app, &caller, view).await?))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists one's own log-ins, newest first, ended ones too.
#[utoipa::path(tag = "identity", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<SessionListItem>, description = "A page"), ReadProblems))]
#[get("/account/sessions")]
pub async fn list_sessions(
    app: AppData,
    request: HttpRequest,
    AtTheDoor(caller): AtTheDoor,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<SessionListItem>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<SessionId> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = identity::list_sessions(&app, &caller, after, cursor::rows(limit)).await?;
        let current = caller.actor.session;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.id, |row| session_list_item(row, current))))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Ends one of one's own sessions, on a device that was lost for example.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = SessionId, Path)),
    responses((status = 204, description = "Ended"), ReadProblems))]
#[delete("/account/sessions/{id}")]
pub async fn end_session(
    app: AppData,
    request: HttpRequest,
    AtTheDoor(caller): AtTheDoor,
    PathId(id): PathId<SessionId>,
) -> Result<HttpResponse, Rejection> {
    identity::end_session(&app, &caller, id).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends all of one's own sessions but this one.
#[utoipa::path(tag = "identity", security(("session" = [])),
    responses((status = 200, body = EndedSessions, description = "Ended"), ReadProblems))]
#[post("/account/sessions/end-others")]
pub async fn end_other_sessions(
    app: AppData,
    request: HttpRequest,
    AtTheDoor(caller): AtTheDoor,
) -> Result<Json<EndedSessions>, Rejection> {
    let ended = identity::end_other_sessions(&app, &caller).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(EndedSessions { ended: u32::try_from(ended).unwrap_or(u32::MAX) }))
}

/// Changes one's own password.
///
/// All other sessions of the account are ended. Wrong current passwords slow down like failed log-ins.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = ChangePassword,
    responses((status = 204, description = "Changed"), PublicProblems))]
#[put("/account/password")]
pub async fn change_password(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    body: Body<ChangePassword>,
) -> Result<HttpResponse, Rejection> {
    let ChangePassword { current_password, new_password } = body.value;
    let changed = identity::change_password(&app, &caller, current_password, new_password).await;
    changed.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a code to another address for one's own account.
///
/// The address is taken over when the code is shown; the old one is told. Wrong passwords and many codes slow down.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = RequestEmailChange,
    responses((status = 201, body = SentCodeView, description = "A code is on its way"), PublicProblems))]
#[post("/account/email-changes")]
pub async fn create_email_change(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<RequestEmailChange>,
) -> Result<HttpResponse, Rejection> {
    let RequestEmailChange { email, current_password } = body.value;
    let sent = identity::request_email_change(&app, &caller, &email, current_password).await;
    let sent = sent.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Created().json(SentCodeView { id: sent.confirmation, expires_at: sent.expires_at }))
}

/// Takes the new address over, by the code that was sent to it.
///
/// A code holds for fifteen minutes, five guesses and one use.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = ConfirmationId, Path)),
    request_body = ShowCode, responses((status = 204, description = "Changed"), PublicProblems))]
#[post("/account/email-changes/{id}/confirm")]
pub async fn confirm_email_change(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ConfirmationId>,
    body: Body<ShowCode>,
) -> Result<HttpResponse, Rejection> {
    let changed = identity::change_email(&app, &caller, id, &digits(&body.value.code)).await;
    changed.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// The digits of a code as people type it: full-width ones count, blanks and hyphens do not.
pub(super) fn digits(typed: &str) -> String {
    ascii_digits(typed).chars().filter(char::is_ascii_digit).collect()
}

/// Says how good a password would be for oneself. Nothing is kept.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = CheckPassword,
    responses((status = 200, body = PasswordCheck, description = "How good"), ReadProblems))]
#[post("/password-checks")]
pub async fn check_password(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    body: Body<CheckPassword>,
) -> Result<Json<PasswordCheck>, Rejection> {
    let judged = identity::check_password(&app, &caller, body.value.password).await;
    let judged = judged.map_err(|error| Rejection::new(&request, error))?;
    Ok(Json(PasswordCheck { score: judged.score, fault: judged.fault }))
}

/// Lists who else read or changed one's own record, latest first. Readings appear within seconds.
#[utoipa::path(tag = "identity", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<RecordAccessView>, description = "A page"), ReadProblems))]
#[get("/account/record-accesses")]
pub async fn list_record_accesses(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<RecordAccessView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let before: Option<i64> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let rows = identity::list_record_accesses(&app, &caller, before, cursor::rows(limit)).await?;
        let directory = app.directory().await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.sequence, |row| record_access(row, &directory))))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Where a log-in comes from.
pub(super) fn origin(http: &HttpConfig, request: &HttpRequest) -> Origin {
    let header = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let device = Device::of_user_agent(header.unwrap_or_default());
    Origin { address: http.client_address(request), device }
}

/// Browsers say where a request comes from; another site's is refused and recorded. Others say nothing.
///
/// Rule ID-11; source: docs/rules/identity.md#id-11.
pub(super) fn same_site(request: &HttpRequest) -> Result<(), Trouble> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let elsewhere = match header(HeaderName::from_static("sec-fetch-site")) {
        Some("cross-site" | "same-site") => true,
        // Older browsers say it by the origin alone.
        Some(_) | None => header(ORIGIN).is_some_and(|origin| !is_ours(origin, request, header(HOST))),
    };
    if elsewhere { Err(cross_site(request)) } else { Ok(()) }
}

/// Whether an origin is the address people use, or the one this very request was sent to: no page can lie about either.
fn is_ours(origin: &str, request: &HttpRequest, host: Option<&str>) -> bool {
    let public = request.app_data::<AppData>().map(|app| app.config.public_url.as_str());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    public.is_some_and(|public| origin_of(public) == origin) || (authority.is_some() && authority == host)
}

/// `https://mamis.example.jp` of `https://mamis.example.jp/system`.
fn origin_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    url[after_scheme..].find('/').map_or(url, |path| &url[..after_scheme + path])
}

fn cross_site(request: &HttpRequest) -> Trouble {
    request.extensions_mut().insert(CrossSiteRefused);
    Trouble::new(ProblemCode::CrossSite)
}

pub(super) async fn answer(
    app: &AppData,
    http: &HttpConfig,
    opened: OpenedSession,
    status: actix_web::http::StatusCode,
) -> Result<HttpResponse, Trouble> {
    let facts = identity::account_facts(app, opened.account, opened.session).await?;
    let mut cookie = refresh_cookie(http, opened.refresh_token);
    cookie.set_expires(OffsetDateTime::from_unix_timestamp(opened.expires_at.timestamp()).ok());
    let view = SessionView {
        access_token: opened.access_token,
        expires_in: opened.access_token_seconds,
        account: account_view(facts, &*app.directory().await?),
    };
    Ok(HttpResponse::build(status).insert_header((SET_COOKIE, cookie.to_string())).json(view))
}

fn refresh_cookie(http: &HttpConfig, value: String) -> Cookie<'static> {
    Cookie::build(REFRESH_COOKIE, value)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(http.secure_cookies)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn an_origin_is_an_address_without_its_path() {
        assert_eq!(origin_of("https://mamis.example.jp"), "https://mamis.example.jp");
        assert_eq!(origin_of("https://mamis.example.jp:8443/a/b"), "https://mamis.example.jp:8443");
    }
}
