use std::sync::Arc;

use mamis_domain::identity::Scope;
use mamis_domain::registry::Directory;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::text::RegistrationNumber;
use mamis_kernel::{AssociationId, FieldErrorCode, PersonId};
use mamis_persistence::registry::{MembershipRecord, MembershipTime, PersonBrief, PersonRecord};

use crate::read_audit::Reading;
use crate::{App, AppError, Caller};

/// A person's record as far as the caller's branches reach, and the reading in the audit.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person in the caller's scope.
#[tracing::instrument(name = "registry.get_person", skip_all)]
pub async fn get_person(app: &App, caller: &Caller, id: PersonId) -> Result<(PersonRecord, Arc<Directory>), AppError> {
    let scope = Scope::of(&caller.actor);
    let mut record = app.store.person_get(&scope, id).await?.ok_or(AppError::NotFound)?;
    let directory = app.directory().await?;
    if scope.person() != Some(id) {
        let own = scope.associations();
        record.memberships.retain(|m| in_a_branch(&directory, own, AssociationId::from_uuid(m.association_id)));
        let shown = record.memberships.iter().map(|m| AssociationId::from_uuid(m.association_id));
        let association = shown.into_iter().find(|at| own.contains(at)).or_else(|| own.first().copied());
        seen(app, caller, "registry.get_person", id, association).await;
    } else if !caller.actor.is_own(id) {
        seen(app, caller, "registry.get_person", id, None).await;
    }
    Ok((record, directory))
}

/// A person's memberships in two times, as far as the caller's branches reach.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person in the caller's scope.
#[tracing::instrument(name = "registry.list_memberships", skip_all)]
pub async fn list_memberships(
    app: &App,
    caller: &Caller,
    id: PersonId,
    time: MembershipTime,
) -> Result<(Vec<MembershipRecord>, Arc<Directory>), AppError> {
    let scope = Scope::of(&caller.actor);
    let mut found = app.store.membership_list(&scope, id, time).await?.ok_or(AppError::NotFound)?;
    let directory = app.directory().await?;
    if scope.person() != Some(id) {
        let own = scope.associations();
        found.retain(|m| in_a_branch(&directory, own, AssociationId::from_uuid(m.association_id)));
        seen(app, caller, "registry.list_memberships", id, own.first().copied()).await;
    } else if !caller.actor.is_own(id) {
        seen(app, caller, "registry.list_memberships", id, None).await;
    }
    Ok((found, directory))
}

/// The person in the caller's scope who has this registration number.
///
/// # Errors
/// [`AppError::NotFound`] when there is none; [`WorkflowError::InvalidFields`] when it is no such number.
#[tracing::instrument(name = "registry.look_up_person", skip_all)]
pub async fn look_up_person(app: &App, caller: &Caller, number: &str) -> Result<PersonBrief, AppError> {
    let number = RegistrationNumber::parse(number).map_err(|_| {
        let fault = FieldFault::new("/medical_registration_number", FieldErrorCode::InvalidFormat);
        WorkflowError::InvalidFields(vec![fault])
    })?;
    let scope = Scope::of(&caller.actor);
    let found = app.store.person_by_registration(&scope, number).await?.ok_or(AppError::NotFound)?;
    if !caller.actor.is_own(found.id) {
        seen(app, caller, "registry.look_up_person", found.id, scope.associations().first().copied()).await;
    }
    Ok(found)
}

fn in_a_branch(directory: &Directory, own: &[AssociationId], association: AssociationId) -> bool {
    own.iter().any(|mine| directory.same_branch(*mine, association))
}

async fn seen(app: &App, caller: &Caller, action: &'static str, person: PersonId, association: Option<AssociationId>) {
    app.seen(caller, Reading { action, subject: ("person", person.uuid()), person: Some(person), association }).await;
}
