use mamis_domain::registry::record::{ContactFacts, contact_changes};
use mamis_kernel::{ContactKind, ContactPointId, ContactPurpose, FieldErrorCode, PersonId};
use mamis_persistence::registry::ContactRecord;

use super::{closed, fault, faulty, opened, refused};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

const ADDED: &str = "registry.add_contact_point";
const ENDED: &str = "registry.end_contact_point";

/// A further way to reach a person, or another one in the place of one.
#[derive(Debug, Clone)]
pub struct NewContactPoint {
    /// How.
    pub kind: ContactKind,
    /// Where.
    pub purpose: ContactPurpose,
    /// With addresses, as typed.
    pub postal_code: Option<String>,
    /// As typed.
    pub value: String,
    /// The one that is no longer right.
    pub replaces: Option<ContactPointId>,
}

/// Adds a way to reach a person, or puts another in its place.
///
/// Rules REC-1, REC-6; source: docs/rules/registry.md#rec-6.
///
/// # Errors
/// [`AppError::Denied`], [`AppError::StaleVersion`]; faults of the fields.
#[tracing::instrument(name = "registry.add_contact_point", skip_all)]
pub async fn add_contact_point(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (person, based_on): (PersonId, i64),
    command: NewContactPoint,
    render: impl Fn(ContactRecord, i64) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let added = app
        .once(caller, idempotency, async |tx| {
            let permit = opened(app, tx, caller, person, based_on).await?;
            let held = tx.contact_list(person).await?;
            let replaced = match command.replaces {
                None => None,
                Some(id) => {
                    let found = held.iter().find(|(held, _)| *held == id.uuid());
                    Some(found.ok_or_else(|| fault("/replaces", FieldErrorCode::UnknownValue))?)
                }
            };
            if replaced.is_some_and(|(_, before)| before.kind != command.kind) {
                return Err(fault("/kind", FieldErrorCode::Conflicting));
            }
            let wanted =
                ContactFacts::read(command.kind, command.purpose, command.postal_code.as_deref(), &command.value)
                    .map_err(faulty)?;
            if held.iter().any(|(_, other)| *other == wanted) {
                return Err(fault("/value", FieldErrorCode::Taken));
            }
            let now = app.clock.now();
            if let Some((id, _)) = replaced {
                tx.contact_supersede(&permit, *id, now).await?;
            }
            let id = app.new_id();
            tx.contact_insert(&permit, person, id, &wanted, now).await?;
            let changes = contact_changes(replaced.map(|(_, before)| before), Some(&wanted));
            let version = closed(app, tx, &permit, ADDED, person, &changes).await?;
            let ContactFacts { kind, purpose, postal_code, value } = wanted;
            render(ContactRecord { id, kind, purpose, postal_code, value }, version)
        })
        .await;
    match added {
        Ok(answer) => Ok(answer),
        Err(error) => Err(refused(app, caller, ADDED, Some(person), error).await),
    }
}

/// Ends a way to reach a person; it stays in the record's past. Gives the record's version.
///
/// # Errors
/// Those of [`add_contact_point`].
#[tracing::instrument(name = "registry.end_contact_point", skip_all)]
pub async fn end_contact_point(
    app: &App,
    caller: &Caller,
    (id, based_on): (ContactPointId, i64),
) -> Result<i64, AppError> {
    let mut about = None;
    let ended = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let person = tx.contact_person(id).await?.ok_or(AppError::NotFound)?;
            about = Some(person);
            let permit = opened(app, tx, caller, person, based_on).await?;
            let held = tx.contact_list(person).await?;
            let found = held.iter().find(|(held, _)| *held == id.uuid());
            let (_, before) = found.ok_or(AppError::StaleVersion)?;
            tx.contact_supersede(&permit, id.uuid(), app.clock.now()).await?;
            closed(app, tx, &permit, ENDED, person, &contact_changes(Some(before), None)).await
        })
        .await;
    match ended {
        Ok(version) => Ok(version),
        Err(error) => Err(refused(app, caller, ENDED, about, error).await),
    }
}
