use chrono::NaiveDate;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Denied, Scope};
use mamis_domain::registry::policy::authorize_reveal;
use mamis_kernel::{ContactKind, FieldErrorCode, PersonId, SensitiveField};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::ContactRecord;
use serde_json::json;

use super::{fault, refused};
use crate::registry::reads::seen_by;
use crate::{App, AppError, Caller};

/// The audited act, which the physician sees among those who looked at the record.
pub const REVEALED: &str = "registry.reveal_person";

/// What was masked.
#[derive(Debug, Clone)]
pub struct Revealed {
    /// When it was asked for.
    pub birth_date: Option<NaiveDate>,
    /// Of the kinds that were asked for.
    pub contact_points: Vec<ContactRecord>,
}

/// Shows what is masked of a record, for a reason that is kept.
///
/// Rule VIS-3; source: docs/rules/registry.md#vis-3.
///
/// # Errors
/// [`AppError::Denied`] to who does not see the person, or is no clerk; a fault of the reason when there is none.
#[tracing::instrument(name = "registry.reveal_person", skip_all)]
pub async fn reveal_person(
    app: &App,
    caller: &Caller,
    person: PersonId,
    fields: &[SensitiveField],
    reason: &str,
) -> Result<Revealed, AppError> {
    if reason.trim().is_empty() {
        return Err(fault("/reason", FieldErrorCode::Required));
    }
    let shown = async {
        let scope = Scope::of(&caller.actor);
        let record = app.store.person_get(&scope, person).await?.ok_or(AppError::Denied(Denied::Hidden))?;
        let seen_by = seen_by(app, &scope, &record).await?;
        let permit = authorize_reveal(&caller.actor, &seen_by)?;
        let event = NewAuditEvent {
            action: REVEALED,
            outcome: AuditOutcome::Done,
            subject_kind: "person",
            subject_id: Some(person.uuid()),
            person: Some(person),
            at: app.clock.now(),
            payload: Some(json!({ "fields": fields, "reason": reason.trim() })),
        };
        app.store
            .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
                Ok(tx.audit_append(&permit, event).await?)
            })
            .await?;
        let asked = |point: &ContactRecord| {
            fields.contains(&match point.kind {
                ContactKind::Address => SensitiveField::Address,
                ContactKind::Phone => SensitiveField::Phone,
                ContactKind::Email => SensitiveField::Email,
            })
        };
        Ok(Revealed {
            birth_date: fields.contains(&SensitiveField::BirthDate).then_some(record.birth_date),
            contact_points: record.contact_points.into_iter().filter(asked).collect(),
        })
    };
    match shown.await {
        Ok(revealed) => Ok(revealed),
        Err(error) => Err(refused(app, caller, REVEALED, Some(person), error).await),
    }
}
