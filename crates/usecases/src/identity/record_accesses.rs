use std::sync::Arc;

use mamis_domain::registry::Directory;
use mamis_kernel::{AssociationId, AudienceReason};
use mamis_persistence::audit::RecordAccess;

use crate::{App, AppError, Caller};

/// Who else read or changed the caller's own record, latest first, before `before`. Nothing for accounts without a person.
///
/// Rule ID-7 (everybody sees who looked); source: docs/rules/identity.md#id-7.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_record_accesses(
    app: &App,
    caller: &Caller,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<RecordAccess>, AppError> {
    let Some(person) = caller.actor.person else { return Ok(Vec::new()) };
    Ok(app.store.record_access_list(person, caller.actor.account, before, limit).await?)
}

/// The associations that can see the caller's own record at all, each with why, in the order of their codes.
///
/// Rule ID-37 (what the scope asks, read the other way round); source: docs/rules/identity.md#id-37.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_record_audience(
    app: &App,
    caller: &Caller,
) -> Result<(Vec<(AssociationId, Vec<AudienceReason>)>, Arc<Directory>), AppError> {
    let directory = app.directory().await?;
    let Some(person) = caller.actor.person else { return Ok((Vec::new(), directory)) };
    let mut found: Vec<(AssociationId, Vec<AudienceReason>)> = Vec::new();
    for (association, reason) in app.store.person_audience(person).await? {
        match found.iter_mut().find(|(known, _)| *known == association) {
            Some((_, reasons)) => reasons.push(reason),
            None => found.push((association, vec![reason])),
        }
    }
    let place = |id: AssociationId| directory.get(id).map(|association| (association.tier, association.code.clone()));
    found.sort_by_key(|(id, _)| place(*id));
    Ok((found, directory))
}
