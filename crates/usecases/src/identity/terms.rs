use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, TermsStanding, TermsVersion};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{AccountId, FieldErrorCode};
use moka::future::Cache;
use serde_json::Value;

use super::account_event;
use crate::{App, AppError, Caller};

/// How long a version that was just published may go unnoticed.
const VERSIONS_CACHED_FOR: Duration = Duration::from_secs(20);
/// Acceptances are never taken back, so what is remembered of them stays true.
const REMEMBERED: u64 = 100_000;

/// What is remembered of the terms, so that asking costs nothing.
pub(crate) struct TermsDesk {
    versions: Mutex<Option<(Instant, Arc<[TermsVersion]>)>>,
    accepted: Cache<(AccountId, String), ()>,
}

impl Default for TermsDesk {
    fn default() -> Self {
        Self { versions: Mutex::new(None), accepted: Cache::builder().max_capacity(REMEMBERED).build() }
    }
}

/// Every version, latest first, twenty seconds old at most.
async fn versions(app: &App) -> Result<Arc<[TermsVersion]>, AppError> {
    if let Some((loaded, versions)) = &*app.terms.versions.lock().unwrap_or_else(PoisonError::into_inner)
        && loaded.elapsed() < VERSIONS_CACHED_FOR
    {
        return Ok(Arc::clone(versions));
    }
    let fresh: Arc<[TermsVersion]> = app.store.terms_list().await?.into();
    *app.terms.versions.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&fresh)));
    Ok(fresh)
}

/// Lets an account pass that has accepted the terms in force.
///
/// Rule ID-40; source: docs/rules/identity.md#id-40. Every request of a signed-in account comes through here but those about the
/// account itself.
///
/// # Errors
/// [`AppError::TermsNotAccepted`]
pub async fn require_terms(app: &App, account: AccountId) -> Result<(), AppError> {
    let versions = versions(app).await?;
    let Some(terms) = TermsVersion::in_force(&versions, app.clock.today()) else { return Ok(()) };
    let key = (account, terms.version.clone());
    if app.terms.accepted.contains_key(&key) {
        return Ok(());
    }
    if !app.store.terms_accepted(account).await?.contains(&terms.version) {
        return Err(AppError::TermsNotAccepted);
    }
    app.terms.accepted.insert(key, ()).await;
    Ok(())
}

/// What the terms ask of an account today.
pub(super) async fn standing(app: &App, account: AccountId) -> Result<TermsStanding, AppError> {
    let accepted = app.store.terms_accepted(account).await?;
    Ok(TermsStanding::of(&versions(app).await?, &accepted, app.clock.today()))
}

/// Accepts the version in force, or the one announced to come, for the caller's own account.
///
/// Rules ID-40, ID-41.
///
/// # Errors
/// [`WorkflowError::InvalidFields`] for any other version.
#[tracing::instrument(name = "identity.accept_terms", skip_all)]
pub async fn accept_terms(app: &App, caller: &Caller, version: &str, address: &str) -> Result<(), AppError> {
    let (now, today, account) = (app.clock.now(), app.clock.today(), caller.actor.account);
    let known = versions(app).await?;
    let open = [TermsVersion::in_force(&known, today), TermsVersion::coming(&known, today)];
    if !open.into_iter().flatten().any(|terms| terms.version == version) {
        let fault = FieldFault::new("/version", FieldErrorCode::UnknownValue);
        return Err(WorkflowError::InvalidFields(vec![fault]).into());
    }
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = Permit::session(account);
            tx.terms_accept(&permit, account, version, now, address).await?;
            let event = account_event("identity.accept_terms", AuditOutcome::Done, account, now);
            Ok(tx.audit_append(&permit, event).await?)
        })
        .await?;
    app.terms.accepted.insert((account, version.to_owned()), ()).await;
    Ok(())
}

/// The versions that were announced, latest first.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_terms(app: &App) -> Result<Vec<TermsVersion>, AppError> {
    let today = app.clock.today();
    Ok(versions(app).await?.iter().filter(|terms| terms.is_announced(today)).cloned().collect())
}

/// A version with its texts; the one in force when none is named.
///
/// # Errors
/// [`AppError::NotFound`] for one that does not exist or was not announced.
pub async fn get_terms(app: &App, version: Option<&str>) -> Result<(TermsVersion, Value), AppError> {
    let (known, today) = (versions(app).await?, app.clock.today());
    let found = match version {
        Some(version) => known.iter().find(|terms| terms.version == version && terms.is_announced(today)),
        None => TermsVersion::in_force(&known, today),
    };
    let found = found.ok_or(AppError::NotFound)?;
    let texts = app.store.terms_texts(&found.version).await?.ok_or(AppError::NotFound)?;
    Ok((found.clone(), texts))
}
