use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, get, post};
use mamis_contract::identity::{
    AccountDiagnosisView, LiftSuspension, PersonAccountView, SuspendAccount, SuspensionView,
};
use mamis_domain::registry::Directory;
use mamis_kernel::PersonId;
use mamis_persistence::identity::AccountDiagnosis;
use mamis_usecases::identity::{self, DiagnosedAccount};

use crate::extract::{AppData, Body, Key, PathId, SignedIn};
use crate::openapi::{ReadProblems, WriteProblems};
use crate::problem::{Rejection, Trouble};
use crate::registry::wire::association_ref;
use crate::respond::respond;

/// Says why somebody cannot sign in: the account's state, second factors and last log-in, to clerks who see the person.
#[utoipa::path(tag = "identity", security(("session" = [])), params(("id" = PersonId, Path)),
    responses((status = 200, body = PersonAccountView, description = "The account, if there is one"), ReadProblems))]
#[get("/persons/{id}/account")]
pub async fn get_person_account(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
) -> Result<Json<PersonAccountView>, Rejection> {
    let found = async {
        let found = identity::read_account(&app, &caller, id).await?;
        Ok::<_, Trouble>(Json(view(found, &*app.directory().await?)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Suspends a person's account for one of the four reasons of the terms' article 8.
///
/// Its sessions end at once; its data stay. The reason decides which tier's administrators may.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = SuspendAccount,
    params(("id" = PersonId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Suspended"), WriteProblems))]
#[post("/persons/{id}/account/suspend")]
pub async fn suspend_account(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    key: Key,
    body: Body<SuspendAccount>,
) -> Result<HttpResponse, Rejection> {
    let idempotency = key.of(&body.bytes);
    let SuspendAccount { reason, note } = body.value;
    let done = identity::suspend_account(&app, &caller, &idempotency, id, (reason, &note)).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

/// Lifts the suspension of a person's account.
#[utoipa::path(tag = "identity", security(("session" = [])), request_body = LiftSuspension,
    params(("id" = PersonId, Path), ("Idempotency-Key" = String, Header, description = "Chosen by the client, once per intent", example = "018f6f0e-6c1d-7cc2-9c1a-4b7e4f1f2a3b")),
    responses((status = 204, description = "Lifted"), WriteProblems))]
#[post("/persons/{id}/account/lift")]
pub async fn lift_suspension(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    key: Key,
    body: Body<LiftSuspension>,
) -> Result<HttpResponse, Rejection> {
    let idempotency = key.of(&body.bytes);
    let done = identity::lift_suspension(&app, &caller, &idempotency, id, &body.value.note).await;
    done.map(respond).map_err(|error| Rejection::new(&request, error))
}

fn view(found: DiagnosedAccount, directory: &Directory) -> PersonAccountView {
    let throttled_until = found.throttled_until;
    let account = |account: AccountDiagnosis| AccountDiagnosisView {
        id: account.id,
        login_id: account.login_id,
        state: account.state,
        class: account.class,
        has_email: account.has_email,
        last_log_in: account.last_log_in,
        throttled_until,
        suspension: account.suspension.map(|open| SuspensionView {
            reason: open.reason,
            note: open.note,
            since: open.since,
            association: open.association.and_then(|id| association_ref(directory, id)),
        }),
    };
    PersonAccountView {
        account: found.account.map(account),
        may_suspend_for: found.may_suspend_for,
        may_lift: found.may_lift,
    }
}
