//! Second records of somebody: found by rule, sorted out by clerks.

use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::registry::duplicates::suspicion;
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{AssociationId, DuplicateId};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::DuplicatePair;

use super::members::permitted;
use crate::read_audit::Reading;
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Looks through all records for second ones; says how many pairs there are.
///
/// Rule DUP-1; source: docs/rules/registry.md#dup-1.
///
/// # Errors
/// Store errors.
#[tracing::instrument(name = "registry.find_duplicates", skip_all)]
pub async fn find_duplicates(app: &App) -> Result<usize, AppError> {
    let permit = Permit::system(SystemActor::Worker, RegistryAction::FindDuplicates);
    let common = app.store.common_traits(&permit).await?;
    let weighed = |traits: &mamis_persistence::registry::CommonTraits| {
        suspicion(|reason| traits.holds(reason)).map(|found| (traits.pair(), found))
    };
    let found: Vec<_> = common.iter().filter_map(weighed).collect();
    let now = app.clock.now();
    app.store
        .transaction(None, async |tx| -> Result<(), AppError> {
            tx.duplicates_save(&permit, &found, now).await?;
            Ok(())
        })
        .await?;
    Ok(found.len())
}

/// The pairs of which an association sees both records, the likeliest first.
///
/// Rule DUP-2; source: docs/rules/registry.md#dup-2.
///
/// # Errors
/// [`AppError::Denied`] to who is no operator there.
#[tracing::instrument(name = "registry.list_duplicates", skip_all)]
pub async fn list_duplicates(
    app: &App,
    caller: &Caller,
    association: AssociationId,
    after: Option<(i32, DuplicateId)>,
    limit: i64,
) -> Result<Vec<DuplicatePair>, AppError> {
    const ACTION: &str = "registry.list_duplicates";
    let permit = permitted(app, caller, RegistryAction::SortDuplicates, association, ACTION).await?;
    let found = app.store.duplicate_list(&permit, association, after, limit).await?;
    let subject = ("association", association.uuid());
    app.seen(caller, Reading { action: ACTION, subject, person: None, association: Some(association) }).await;
    Ok(found)
}

/// Says that two records are two persons'. They are not shown together again.
///
/// Rule DUP-3; source: docs/rules/registry.md#dup-3.
///
/// # Errors
/// As [`list_duplicates`]; [`AppError::NotFound`] for a pair that is none of the association's, or was decided already.
#[tracing::instrument(name = "registry.dismiss_duplicate", skip_all)]
pub async fn dismiss_duplicate(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    association: AssociationId,
    id: DuplicateId,
) -> Result<Answer, AppError> {
    const ACTION: &str = "registry.dismiss_duplicate";
    let permit = permitted(app, caller, RegistryAction::SortDuplicates, association, ACTION).await?;
    let pair = app.store.duplicate_get(&permit, association, id).await?;
    let now = app.clock.now();
    app.once(caller, idempotency, async |tx| {
        let pair = pair.ok_or(AppError::NotFound)?;
        if !tx.duplicate_dismiss(&permit, id, caller.actor.account, now).await? {
            return Err(AppError::NotFound);
        }
        let event = NewAuditEvent {
            action: ACTION,
            outcome: AuditOutcome::Done,
            subject_kind: "duplicate",
            subject_id: Some(id.uuid()),
            person: Some(pair.first.person.id),
            at: now,
            payload: Some(serde_json::json!({ "other": pair.second.person.id })),
        };
        tx.audit_append(&permit, event).await?;
        Ok(Rendered::nothing())
    })
    .await
}
