//! Changing a person's record: one event a change, which says what was believed before and after.

mod affiliations;
mod contacts;
mod history;
mod person;
mod reveal;

pub use affiliations::{AffiliationCommand, NewAffiliation, add_affiliation, change_affiliation};
pub use contacts::{NewContactPoint, add_contact_point, end_contact_point};
pub use history::{History, HistoryEntry, get_person_history};
pub use person::change_person;
pub use reveal::{REVEALED, Revealed, reveal_person};

use mamis_domain::identity::{Denied, Permit, Scope};
use mamis_domain::registry::policy::{RegistryAction, authorize_record};
use mamis_domain::registry::record::RecordChange;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{FieldErrorCode, PersonId};
use mamis_persistence::Tx;

use crate::{App, AppError, Caller};

/// A record that may be changed, at the version the change is based on. Its row is locked.
///
/// Rules REC-1 (who) and REC-7 (two at once: the second is told); source: docs/rules/registry.md#rec-1.
async fn opened(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    person: PersonId,
    based_on: i64,
) -> Result<Permit<RegistryAction>, AppError> {
    let scope = Scope::of(&caller.actor);
    let open = tx.person_open(&scope, person).await?.ok_or(AppError::Denied(Denied::Hidden))?;
    let permit = authorize_record(&caller.actor, &open.memberships, app.clock.today())?;
    if open.version != based_on {
        return Err(AppError::StaleVersion);
    }
    Ok(permit)
}

/// Gives the record its next version and leaves the event; gives the version.
async fn closed(
    app: &App,
    tx: &mut Tx,
    permit: &Permit<RegistryAction>,
    action: &str,
    person: PersonId,
    changes: &[RecordChange],
) -> Result<i64, AppError> {
    let version = tx.person_touch(permit, person).await?;
    tx.record_audit(permit, action, person, changes, app.clock.now()).await?;
    Ok(version)
}

/// Records a refusal to touch a record.
async fn refused(app: &App, caller: &Caller, action: &str, person: Option<PersonId>, error: AppError) -> AppError {
    let subject = ("person", person.map(PersonId::uuid));
    // Whom one may not know of is not named as concerned either: to that person nothing happened.
    app.refused(caller, action, subject, None, error).await
}

fn faulty(faults: Vec<FieldFault>) -> AppError {
    WorkflowError::InvalidFields(faults).into()
}

fn fault(pointer: &str, code: FieldErrorCode) -> AppError {
    faulty(vec![FieldFault::new(pointer, code)])
}
