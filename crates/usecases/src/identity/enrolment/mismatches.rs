use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::policy::{IdentityAction, authorize_letters};
use mamis_domain::workflow::WorkflowError;
use mamis_kernel::{AssociationId, MismatchId};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::identity::Mismatch;

use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Those whose proof of identity did not match and nobody has decided about, latest first.
///
/// # Errors
/// [`AppError::Denied`] to who is no clerk of the association that wrote the letters.
#[tracing::instrument(name = "identity.list_identity_mismatches", skip_all)]
pub async fn list_mismatches(
    app: &App,
    caller: &Caller,
    association: AssociationId,
    after: Option<MismatchId>,
    limit: i64,
) -> Result<Vec<Mismatch>, AppError> {
    let permit = match authorize_letters(&caller.actor, IdentityAction::ReadLetters, association) {
        Ok(permit) => permit,
        Err(denied) => {
            let subject = ("association", Some(association.uuid()));
            return Err(app.refused(caller, "identity.list_identity_mismatches", subject, None, denied.into()).await);
        }
    };
    Ok(app.store.mismatch_list(&permit, association, after, limit).await?)
}

/// Decides about one: accepted, after the clerk checked who it is by other means, the letter needs no other proof; dismissed,
/// the letter may be tried anew.
///
/// Rule ID-73; source: docs/rules/identity.md#id-73.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; [`WorkflowError::WrongState`] when it was decided, or the person has no letter
/// that could be accepted: a new one has to be issued then.
#[tracing::instrument(name = "identity.decide_identity_mismatch", skip_all)]
pub async fn decide_mismatch(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    id: MismatchId,
    accepted: bool,
) -> Result<Answer, AppError> {
    let action = if accepted { "identity.accept_identity" } else { "identity.dismiss_identity_mismatch" };
    let (now, today) = (app.clock.now(), app.clock.today());
    let decided = app
        .once(caller, idempotency, async |tx| {
            let (association, person, open) = tx.mismatch_for_update(id).await?.ok_or(AppError::NotFound)?;
            let actor = tx.actor_afresh(&caller.actor, today).await?;
            let permit = authorize_letters(&actor, IdentityAction::DecideMismatch, association)?;
            let by = (caller.actor.account, accepted);
            let has_letter = open && tx.mismatch_decided(&permit, (id, person), by, now).await?;
            if !open || (accepted && !has_letter) {
                return Err(WorkflowError::WrongState.into());
            }
            let event = NewAuditEvent {
                action,
                outcome: AuditOutcome::Done,
                subject_kind: "identity_mismatch",
                subject_id: Some(id.uuid()),
                person: Some(person),
                at: now,
                payload: None,
            };
            tx.audit_append(&permit, event).await?;
            Ok(Rendered::nothing())
        })
        .await;
    match decided {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let subject = ("identity_mismatch", Some(id.uuid()));
            Err(app.refused(caller, action, subject, None, error).await)
        }
    }
}
