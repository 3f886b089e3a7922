use std::sync::Arc;

use mamis_domain::identity::Scope;
use mamis_domain::registry::Directory;
use mamis_domain::registry::policy::{authorize_record, authorize_reveal, sees_unmasked};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::text::RegistrationNumber;
use mamis_kernel::{AssociationId, FieldErrorCode, Period, PersonId, RecordAction};
use mamis_persistence::registry::{MembershipRecord, MembershipTime, PersonBrief, PersonRecord};

use crate::read_audit::Reading;
use crate::{App, AppError, Caller};

/// A person's record as the caller sees it.
pub struct FoundPerson {
    /// The record.
    pub record: PersonRecord,
    /// For the names of associations and categories.
    pub directory: Arc<Directory>,
    /// Whether sensitive values are not the caller's to see (VIS-3).
    pub is_masked: bool,
    /// What the caller may do with it.
    pub allowed: Vec<RecordAction>,
}

/// A person's record as far as the caller's branches reach, and the reading in the audit. The id of a record that was given up
/// for another leads to that one.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person in the caller's scope.
#[tracing::instrument(name = "registry.get_person", skip_all)]
pub async fn get_person(app: &App, caller: &Caller, id: PersonId) -> Result<FoundPerson, AppError> {
    let scope = Scope::of(&caller.actor);
    let mut record = match app.store.person_get(&scope, id).await? {
        Some(record) => record,
        // An id that somebody wrote down before its record was given up still leads to the person (MERGE-4).
        None => match app.store.person_merged_into(id).await? {
            Some(kept) => app.store.person_get(&scope, kept).await?.ok_or(AppError::NotFound)?,
            None => return Err(AppError::NotFound),
        },
    };
    let id = PersonId::from_uuid(record.id);
    let directory = app.directory().await?;
    let (mut is_masked, mut allowed) = (false, Vec::new());
    if authorize_record(&caller.actor, &standing(&record), app.clock.today()).is_ok() {
        allowed.push(RecordAction::Change);
    }
    if scope.person() != Some(id) {
        let own = scope.associations();
        let seen_by = seen_by(app, &scope, &record).await?;
        is_masked = !sees_unmasked(&caller.actor, id, &seen_by);
        if is_masked && authorize_reveal(&caller.actor, &seen_by).is_ok() {
            allowed.push(RecordAction::Reveal);
        }
        record.memberships.retain(|m| in_a_branch(&directory, own, AssociationId::from_uuid(m.association_id)));
        seen(app, caller, "registry.get_person", id, seen_by.first().copied()).await;
    } else if !caller.actor.is_own(id) {
        seen(app, caller, "registry.get_person", id, None).await;
    }
    Ok(FoundPerson { record, directory, is_masked, allowed })
}

/// Where a person stands or stood, as is believed now.
fn standing(record: &PersonRecord) -> Vec<(AssociationId, Period)> {
    let period = |m: &MembershipRecord| Period::new(m.valid_from, m.valid_to).ok();
    let standing = |m: &MembershipRecord| Some((AssociationId::from_uuid(m.association_id), period(m)?));
    record.memberships.iter().filter_map(standing).collect()
}

/// Through which of the scope's associations a person is seen: memberships, else filed cases. The record has all its
/// memberships yet.
pub(super) async fn seen_by(app: &App, scope: &Scope, record: &PersonRecord) -> Result<Vec<AssociationId>, AppError> {
    let own = scope.associations();
    let members = record.memberships.iter().map(|m| AssociationId::from_uuid(m.association_id));
    let mut found: Vec<AssociationId> = members.filter(|at| own.contains(at)).collect();
    if found.is_empty() && !own.is_empty() {
        let audience = app.store.person_audience(PersonId::from_uuid(record.id)).await?;
        found = audience.into_iter().map(|(at, _)| at).filter(|at| own.contains(at)).collect();
    }
    found.dedup();
    Ok(found)
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

pub(super) fn in_a_branch(directory: &Directory, own: &[AssociationId], association: AssociationId) -> bool {
    own.iter().any(|mine| directory.same_branch(*mine, association))
}

pub(super) async fn seen(
    app: &App,
    caller: &Caller,
    action: &'static str,
    person: PersonId,
    association: Option<AssociationId>,
) {
    app.seen(caller, Reading { action, subject: ("person", person.uuid()), person: Some(person), association }).await;
}
