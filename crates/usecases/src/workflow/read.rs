use chrono::{DateTime, TimeDelta, Utc};
use mamis_domain::identity::Scope;
use mamis_domain::workflow::Application;
use mamis_domain::workflow::policy::{WorkflowAction, authorize};
use mamis_kernel::{AccountId, ApplicationId, AssociationId};
use mamis_persistence::Stored;
use mamis_persistence::registry::PersonBrief;
use mamis_persistence::workflow::{CaseListItem, WorkCounts, WorkFilter, WorkPosition, WorkRow};

use super::training::{KnownNumber, known_number};
use crate::read_audit::Reading;
use crate::{App, AppError, Caller};

/// A case with the name of the person it is about.
pub struct CaseAnswer {
    /// The case.
    pub case: Stored<Application>,
    /// Whom it is about; nobody known yet in the draft of a self-registered account.
    pub applicant: Option<PersonBrief>,
    /// What the registry says to the clerk about the registration number of the case.
    pub known: Option<KnownNumber>,
    /// The names of those who acted for the applicant.
    pub names: Vec<(AccountId, String)>,
}

/// The accounts that acted for the applicant.
#[must_use]
pub fn proxies(case: &Application) -> Vec<AccountId> {
    case.events.iter().filter(|event| event.proxy.is_some()).map(|event| event.account).collect()
}

/// A case, and the reading in the audit when it is not one's own.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`].
#[tracing::instrument(name = "workflow.get_application", skip_all)]
pub async fn get_application(app: &App, caller: &Caller, id: ApplicationId) -> Result<CaseAnswer, AppError> {
    let case = app.store.application_get(id).await?.ok_or(AppError::NotFound)?;
    let permit = match authorize(&caller.actor, WorkflowAction::Read, &case.value.facts()) {
        Ok(permit) => permit,
        Err(denied) => {
            let subject = super::file::subject(id);
            return Err(app.refused(caller, "workflow.read", subject, None, denied.into()).await);
        }
    };
    let applicant = case.value.applicant;
    let mut known = None;
    let of_applicant = applicant.is(&caller.actor);
    if !of_applicant {
        known = known_number(app, &case.value).await?;
    }
    if !of_applicant || caller.actor.acting.is_some() {
        let subject = ("application", id.uuid());
        let (person, association) = (applicant.person(), permit.as_clerk_of());
        app.seen(caller, Reading { action: "workflow.read", subject, person, association }).await;
    }
    let names = app.store.account_names(&proxies(&case.value)).await?;
    let applicant = match applicant.person() {
        Some(person) => app.store.person_brief(person).await?,
        None => None,
    };
    Ok(CaseAnswer { case, applicant, known, names })
}

/// The caller's own cases, newest first.
///
/// # Errors
/// [`AppError::Store`]
#[tracing::instrument(name = "workflow.list_applications", skip_all)]
pub async fn list_applications(
    app: &App,
    caller: &Caller,
    after: Option<ApplicationId>,
    limit: i64,
) -> Result<Vec<CaseListItem>, AppError> {
    // Whoever acts for somebody sees that person's cases and none of the own account's.
    let own_account = caller.actor.acting.is_none().then_some(caller.actor.account);
    if let Some(acting) = &caller.actor.acting {
        let (action, subject) = ("workflow.list_applications", ("person", acting.person.uuid()));
        app.seen(caller, Reading { action, subject, person: Some(acting.person), association: None }).await;
    }
    Ok(app.store.application_list(&Scope::of(&caller.actor), own_account, after, limit).await?)
}

/// The part of the caller's scope that one association is, or all of it.
fn clerk_scope(caller: &Caller, association: Option<AssociationId>) -> Result<Scope, AppError> {
    let own = caller.actor.clerk_associations();
    match association {
        None if own.is_empty() => Err(AppError::Denied(mamis_domain::identity::Denied::Forbidden)),
        None => Ok(Scope::Associations(own)),
        Some(one) if own.contains(&one) => Ok(Scope::Associations(vec![one])),
        Some(_) => Err(AppError::Denied(mamis_domain::identity::Denied::Hidden)),
    }
}

/// A page of the work list.
///
/// # Errors
/// [`AppError::Denied`] to those who are clerks nowhere, or not there.
#[tracing::instrument(name = "workflow.search_work_items", skip_all)]
pub async fn search_work_items(
    app: &App,
    caller: &Caller,
    association: Option<AssociationId>,
    filter: &WorkFilter,
    after: Option<WorkPosition>,
) -> Result<Vec<WorkRow>, AppError> {
    let scope = match clerk_scope(caller, association) {
        Ok(scope) => scope,
        Err(error) => {
            let subject = ("association", association.map(AssociationId::uuid));
            return Err(app.refused(caller, "workflow.search_work_items", subject, None, error).await);
        }
    };
    let rows = app.store.work_item_list(&scope, filter, after).await?;
    for row in &rows {
        let reading = Reading {
            action: "workflow.search_work_items",
            subject: ("application", row.at.application.uuid()),
            person: Some(row.applicant.id),
            association: Some(row.association),
        };
        app.seen(caller, reading).await;
    }
    Ok(rows)
}

/// Counts for each of the caller's associations; those without work have zeros.
///
/// # Errors
/// [`AppError::Denied`] to those who are clerks nowhere.
#[tracing::instrument(name = "workflow.work_counts", skip_all)]
pub async fn work_counts(app: &App, caller: &Caller) -> Result<Vec<(AssociationId, WorkCounts)>, AppError> {
    let scope = match clerk_scope(caller, None) {
        Ok(scope) => scope,
        Err(error) => {
            return Err(app.refused(caller, "workflow.work_counts", ("association", None), None, error).await);
        }
    };
    let now = app.clock.now();
    let mark = |days: i64| -> DateTime<Utc> { now - TimeDelta::days(days) };
    let counted = app.store.work_counts(&scope, mark(7), mark(30)).await?;
    let of = |id: &AssociationId| counted.iter().find(|(known, _)| known == id).map(|(_, counts)| *counts);
    Ok(scope.associations().iter().map(|id| (*id, of(id).unwrap_or_default())).collect())
}
