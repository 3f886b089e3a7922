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
