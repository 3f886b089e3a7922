//! From a letter to a log-in, and back in by mail. Nobody is signed in here: a cookie that holds for these addresses alone says
//! which enrolment it is.

use actix_web::cookie::{Cookie, SameSite, time::OffsetDateTime};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, SET_COOKIE};
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};
use mamis_contract::ProblemCode;
use mamis_contract::identity::{
    CheckPassword, ChooseEnrolmentPassword, CompleteRecovery, CreateEnrolment, CreateRecovery, EnrolmentView,
    PasswordCheck, ProveEnrolmentIdentity, SecondStepView, SendEnrolmentCode, SessionView, ShowCode,
};
use mamis_domain::identity::{IDENTITY_TRIES, IdentityProof};
use mamis_domain::registry::Directory;
use mamis_kernel::Language;
use mamis_kernel::text::masked_email;
use mamis_persistence::identity::Enrolment;
use mamis_usecases::identity::{self, LogIn};
use utoipa_actix_web::service_config::ServiceConfig;

use super::handlers::{answer, digits, origin, same_site};
use super::wire::second_step_view;
use crate::extract::{AppData, Body, request_id};
use crate::openapi::PublicProblems;
use crate::problem::{Rejection, Trouble};
use crate::registry::wire::association_ref;
use crate::server::HttpConfig;

const COOKIE: &str = "mamis_enrolment";
const COOKIE_PATH: &str = "/api/v1/enrolments";

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_enrolment)
        .service(get_enrolment)
        .service(prove_enrolment_identity)
        .service(send_enrolment_code)
        .service(confirm_enrolment_email)
        .service(decline_enrolment_email)
        .service(check_enrolment_password)
        .service(choose_enrolment_password)
        .service(complete_enrolment)
        .service(create_recovery)
        .service(complete_recovery);
}

/// Begins with the temporary login id and password of a letter.
///
/// Sets a cookie that keeps the place for a day, also when the browser is closed. Wrong ids and wrong passwords get the same
/// answer after the same work; many failures slow down further ones. Beginning again starts from the first step.
#[utoipa::path(tag = "identity", request_body = CreateEnrolment,
    responses((status = 201, body = EnrolmentView, description = "Begun"), PublicProblems))]
#[post("/enrolments")]
pub async fn create_enrolment(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<CreateEnrolment>,
) -> Result<HttpResponse, Rejection> {
    let begun = async {
        same_site(&request)?;
        let CreateEnrolment { login_id, password, language } = body.value;
        let (origin, language) = (origin(&http, &request), language.unwrap_or(Language::Ja));
        let secrets = (login_id.as_str(), password.as_str());
        let begun = identity::begin_enrolment(&app, secrets, language, &origin, &request_id(&request)).await?;
        let mut cookie = cookie(&http, begun.token);
        cookie.set_expires(OffsetDateTime::from_unix_timestamp(begun.enrolment.expires_at.timestamp()).ok());
        let view = view(begun.enrolment, &*app.directory().await?);
        Ok(HttpResponse::Created().insert_header((SET_COOKIE, cookie.to_string())).json(view))
    };
    begun.await.map_err(|trouble: Trouble| Rejection::new(&request, trouble))
}

/// Says where the enrolment of the cookie stands.
#[utoipa::path(tag = "identity", responses((status = 200, body = EnrolmentView, description = "Where it stands"), PublicProblems))]
#[get("/enrolments/current")]
pub async fn get_enrolment(app: AppData, request: HttpRequest) -> Result<Json<EnrolmentView>, Rejection> {
    let found = async { shown(&app, identity::get_enrolment(&app, &cookie_of(&request)?).await?).await };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Shows who one is, by registration number, its date and the birth date.
///
/// What does not match the record goes to the association's list, and the answer says so but not what it was. Five tries with one
/// letter; then the association has to look.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    request_body = ProveEnrolmentIdentity,
    responses((status = 200, body = EnrolmentView, description = "Where it stands now"), PublicProblems))]
#[post("/enrolments/current/identity")]
pub async fn prove_enrolment_identity(
    app: AppData,
    request: HttpRequest,
    body: Body<ProveEnrolmentIdentity>,
) -> Result<Json<EnrolmentView>, Rejection> {
    let proved = async {
        let token = token(&request)?;
        let ProveEnrolmentIdentity { medical_registration_number, registered_on, birth_date } = body.value;
        let proof = IdentityProof { medical_registration_number, registered_on, birth_date };
        shown(&app, identity::prove_identity(&app, &token, proof, &request_id(&request)).await?).await
    };
    proved.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Sends a code to the address where one wants mail. Many codes slow down further ones.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    request_body = SendEnrolmentCode,
    responses((status = 200, body = EnrolmentView, description = "A code is on its way"), PublicProblems))]
#[post("/enrolments/current/email")]
pub async fn send_enrolment_code(
    app: AppData,
    request: HttpRequest,
    body: Body<SendEnrolmentCode>,
) -> Result<Json<EnrolmentView>, Rejection> {
    let sent = async {
        let token = token(&request)?;
        shown(&app, identity::send_email_code(&app, &token, &body.value.email, &request_id(&request)).await?).await
    };
    sent.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Takes the address over, by the code that was sent to it: fifteen minutes, five guesses, one use.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    request_body = ShowCode,
    responses((status = 200, body = EnrolmentView, description = "Where it stands now"), PublicProblems))]
#[post("/enrolments/current/email/confirm")]
pub async fn confirm_enrolment_email(
    app: AppData,
    request: HttpRequest,
    body: Body<ShowCode>,
) -> Result<Json<EnrolmentView>, Rejection> {
    let confirmed = async {
        let token = token(&request)?;
        let code = digits(&body.value.code);
        shown(&app, identity::confirm_email(&app, &token, &code, &request_id(&request)).await?).await
    };
    confirmed.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Says that one has no address for mail: letters go on by post.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    responses((status = 200, body = EnrolmentView, description = "Where it stands now"), PublicProblems))]
#[post("/enrolments/current/email/decline")]
pub async fn decline_enrolment_email(app: AppData, request: HttpRequest) -> Result<Json<EnrolmentView>, Rejection> {
    let declined = async {
        let token = token(&request)?;
        shown(&app, identity::decline_email(&app, &token, &request_id(&request)).await?).await
    };
    declined.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Says how good a password would be. Nothing is kept.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    request_body = CheckPassword,
    responses((status = 200, body = PasswordCheck, description = "How good"), PublicProblems))]
#[post("/enrolments/current/password-checks")]
pub async fn check_enrolment_password(
    app: AppData,
    request: HttpRequest,
    body: Body<CheckPassword>,
) -> Result<Json<PasswordCheck>, Rejection> {
    let judged = async {
        let token = token(&request)?;
        let judged = identity::check_enrolment_password(&app, &token, body.value.password).await?;
        Ok::<_, Trouble>(Json(PasswordCheck { score: judged.score, fault: judged.fault }))
    };
    judged.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Chooses the password, and a login id if one wants another than the letter's.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    request_body = ChooseEnrolmentPassword,
    responses((status = 200, body = EnrolmentView, description = "Where it stands now"), PublicProblems))]
#[post("/enrolments/current/password")]
pub async fn choose_enrolment_password(
    app: AppData,
    request: HttpRequest,
    body: Body<ChooseEnrolmentPassword>,
) -> Result<Json<EnrolmentView>, Rejection> {
    let chosen = async {
        let token = token(&request)?;
        let ChooseEnrolmentPassword { password, login_id } = body.value;
        let chosen = (login_id.as_deref(), password);
        shown(&app, identity::choose_password(&app, &token, chosen, &request_id(&request)).await?).await
    };
    chosen.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Finishes: the account is there, the letter works no longer, and one is signed in.
///
/// An account that has a second factor gets a challenge instead (200), which `POST /sessions/second-step` answers.
#[utoipa::path(tag = "identity", params(("X-Requested-With" = Option<String>, Header, description = "`mamis`", example = "mamis")),
    responses((status = 201, body = SessionView, description = "Signed in"),
        (status = 200, body = SecondStepView, description = "The second factor is wanted"), PublicProblems))]
#[post("/enrolments/current/complete")]
pub async fn complete_enrolment(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
) -> Result<HttpResponse, Rejection> {
    let completed = async {
        let token = token(&request)?;
        let origin = origin(&http, &request);
        let mut response = match identity::complete_enrolment(&app, &token, &origin, &request_id(&request)).await? {
            LogIn::Opened(opened) => answer(&app, &http, opened, StatusCode::CREATED).await?,
            LogIn::SecondStep(step) => HttpResponse::Ok().json(second_step_view(step)),
        };
        let mut cookie = cookie(&http, String::new());
        cookie.make_removal();
        let removal = HeaderValue::from_str(&cookie.to_string()).map_err(|_| Trouble::new(ProblemCode::Internal))?;
        response.headers_mut().append(SET_COOKIE, removal);
        Ok(response)
    };
    completed.await.map_err(|trouble: Trouble| Rejection::new(&request, trouble))
}

/// Asks for a way back in, by login id or address.
///
/// The answer is the same whether there is such an account; a link goes to the confirmed address of each account that is meant.
/// Many requests slow down further ones.
#[utoipa::path(tag = "identity", request_body = CreateRecovery,
    responses((status = 202, description = "If there is such an account, a link is on its way"), PublicProblems))]
#[post("/recoveries")]
pub async fn create_recovery(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<CreateRecovery>,
) -> Result<HttpResponse, Rejection> {
    let address = http.client_address(&request);
    let asked = identity::request_recovery(&app, &body.value.login_id, &address, &request_id(&request)).await;
    asked.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Accepted().finish())
}

/// Chooses a new password by the link that was sent. All sessions of the account end; the second factor stays.
///
/// A link holds for half an hour and one use; a weak password does not use it.
#[utoipa::path(tag = "identity", request_body = CompleteRecovery,
    responses((status = 204, description = "The new password holds"), PublicProblems))]
#[post("/recoveries/complete")]
pub async fn complete_recovery(
    app: AppData,
    http: Data<HttpConfig>,
    request: HttpRequest,
    body: Body<CompleteRecovery>,
) -> Result<HttpResponse, Rejection> {
    let CompleteRecovery { token, new_password } = body.value;
    let address = http.client_address(&request);
    let done = identity::complete_recovery(&app, &token, new_password, &address, &request_id(&request)).await;
    done.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}

fn cookie(http: &HttpConfig, value: String) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(http.secure_cookies)
        .finish()
}

fn cookie_of(request: &HttpRequest) -> Result<String, Trouble> {
    let cookie = request.cookie(COOKIE).ok_or_else(|| Trouble::new(ProblemCode::ChallengeOver))?;
    Ok(cookie.value().to_owned())
}

/// The cookie's token, of a request that no form of another site can have made.
fn token(request: &HttpRequest) -> Result<String, Trouble> {
    if request.headers().get("x-requested-with").is_none_or(|value| value != "mamis") {
        return Err(Trouble::new(ProblemCode::CrossSite));
    }
    same_site(request)?;
    cookie_of(request)
}

async fn shown(app: &AppData, enrolment: Enrolment) -> Result<Json<EnrolmentView>, Trouble> {
    Ok(Json(view(enrolment, &*app.directory().await?)))
}

fn view(enrolment: Enrolment, directory: &Directory) -> EnrolmentView {
    let proved = enrolment.proved;
    let failures = enrolment.identity_failures;
    let login_id = enrolment.login_id.clone().unwrap_or_else(|| enrolment.letter_login_id.clone());
    let email = enrolment.email.as_deref().or(enrolment.account_email.as_deref()).filter(|_| proved);
    EnrolmentView {
        step: enrolment.facts().next(),
        purpose: enrolment.purpose,
        association: association_ref(directory, enrolment.association),
        email: email.map(masked_email),
        // An account that is there keeps its own, which a letter does not tell.
        login_id: enrolment.account.is_none().then_some(login_id),
        identity_tries_left: u32::try_from(IDENTITY_TRIES - failures).unwrap_or(0),
        identity_mismatched: !proved && failures > 0,
        pending_email: enrolment.pending.as_ref().map(|(_, address)| masked_email(address)),
        without_email: enrolment.without_email,
        expires_at: enrolment.expires_at,
        display_name: Some(enrolment.display_name).filter(|_| proved),
    }
}
