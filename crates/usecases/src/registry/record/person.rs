use mamis_domain::registry::record::{Correction, person_changes};
use mamis_kernel::{FieldErrorCode, PersonId};
use mamis_persistence::{Conflict, StoreError};

use super::{closed, fault, faulty, opened, refused};
use crate::{App, AppError, Caller};

const CHANGED: &str = "registry.change_person";

/// Corrects who a person is: names, readings, birth date, sex, school, specialties, medical registration. What is so already
/// changes nothing. Gives the record's version.
///
/// Rules REC-1, REC-5; source: docs/rules/registry.md#rec-5.
///
/// # Errors
/// [`AppError::Denied`], [`AppError::StaleVersion`]; faults of the fields, a registration number that is
/// somebody else's among them.
#[tracing::instrument(name = "registry.change_person", skip_all)]
pub async fn change_person(
    app: &App,
    caller: &Caller,
    (person, based_on): (PersonId, i64),
    correction: Correction,
) -> Result<i64, AppError> {
    let changed = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let permit = opened(app, tx, caller, person, based_on).await?;
            let before = tx.person_facts(person).await?;
            let after = correction.apply(&before, app.clock.today()).map_err(faulty)?;
            let changes = person_changes(Some(&before), &after);
            if changes.is_empty() {
                return Ok(based_on);
            }
            tx.person_correct(&permit, person, (&before, &after), app.clock.now()).await.map_err(taken)?;
            closed(app, tx, &permit, CHANGED, person, &changes).await
        })
        .await;
    match changed {
        Ok(version) => Ok(version),
        Err(error) => Err(refused(app, caller, CHANGED, Some(person), error).await),
    }
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { conflict: Conflict::RegistrationNumberTaken, .. } => {
            fault("/registration_number", FieldErrorCode::Taken)
        }
        other => other.into(),
    }
}
