//! Lists of an association's members: a page, and how many.

use std::sync::Arc;

use chrono::{Months, NaiveDate};
use mamis_domain::identity::Permit;
use mamis_domain::registry::policy::{RegistryAction, authorize_members, sees_sensitive};
use mamis_domain::registry::{Directory, read_search_text};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{AssociationId, FacilityKind, FieldErrorCode, MembershipState};
use mamis_persistence::registry::{MemberOrder, MemberQuestion, MemberRow};
use serde::{Deserialize, Serialize};

use crate::read_audit::Reading;
use crate::{App, AppError, Caller};

/// Which members of which association, as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSearch {
    /// Whose members.
    pub association: AssociationId,
    /// What was typed into the box.
    pub text: Option<String>,
    /// The day; today when absent.
    pub as_of: Option<NaiveDate>,
    /// Where the latest membership stands.
    pub state: Option<MembershipState>,
    /// One of these.
    pub category_codes: Vec<String>,
    /// Also a member of this one.
    pub also_of: Option<AssociationId>,
    /// At least so old.
    pub min_age: Option<u32>,
    /// At most so old.
    pub max_age: Option<u32>,
    /// With this 診療科名.
    pub specialty: Option<String>,
    /// With a main workplace of one of these kinds.
    pub facility_kinds: Vec<FacilityKind>,
}

/// A page of members.
pub struct FoundMembers {
    /// The lines.
    pub rows: Vec<MemberRow>,
    /// For the names of associations and categories.
    pub directory: Arc<Directory>,
    /// The day that was asked about.
    pub day: NaiveDate,
}

/// Members of an association, a page of them. The reading is audited as one of the association's list.
///
/// Rules SEARCH-1, VIS-1, VIS-2; source: docs/rules/registry.md.
///
/// # Errors
/// [`AppError::Denied`] to who is no clerk there; [`WorkflowError::InvalidFields`] at `/filter/also_of` for an association of
/// another branch.
#[tracing::instrument(name = "registry.search_members", skip_all)]
pub async fn search_members(
    app: &App,
    caller: &Caller,
    search: &MemberSearch,
    order: &MemberOrder,
    limit: i64,
) -> Result<FoundMembers, AppError> {
    const ACTION: &str = "registry.search_members";
    let permit = permitted(app, caller, RegistryAction::ReadMembers, search.association, ACTION).await?;
    let (question, directory) = question(app, search, sees_sensitive(&caller.actor, search.association)).await?;
    let rows = app.store.member_list(&permit, &question, order, limit).await?;
    let (subject, association) = (("association", search.association.uuid()), Some(search.association));
    app.seen(caller, Reading { action: ACTION, subject, person: None, association }).await;
    Ok(FoundMembers { rows, directory, day: question.day })
}

/// How many members they are.
///
/// # Errors
/// As [`search_members`].
#[tracing::instrument(name = "registry.count_members", skip_all)]
pub async fn count_members(app: &App, caller: &Caller, search: &MemberSearch) -> Result<u64, AppError> {
    let action = RegistryAction::ReadMembers;
    let permit = permitted(app, caller, action, search.association, "registry.count_members").await?;
    let (question, _) = question(app, search, sees_sensitive(&caller.actor, search.association)).await?;
    Ok(app.store.member_count(&permit, &question).await?)
}

pub(super) async fn permitted(
    app: &App,
    caller: &Caller,
    action: RegistryAction,
    association: AssociationId,
    audited_as: &'static str,
) -> Result<Permit<RegistryAction>, AppError> {
    match authorize_members(&caller.actor, action, association) {
        Ok(permit) => Ok(permit),
        Err(denied) => {
            let subject = ("association", Some(association.uuid()));
            Err(app.refused(caller, audited_as, subject, None, denied.into()).await)
        }
    }
}

pub(super) async fn question(
    app: &App,
    search: &MemberSearch,
    sees_sensitive: bool,
) -> Result<(MemberQuestion, Arc<Directory>), AppError> {
    let directory = app.directory().await?;
    let Some(association) = directory.get(search.association) else { return Err(AppError::NotFound) };
    // Membership elsewhere is not this branch's to know.
    if search.also_of.is_some_and(|other| !directory.same_branch(search.association, other)) {
        let fault = FieldFault::new("/filter/also_of", FieldErrorCode::WrongAssociation);
        return Err(WorkflowError::InvalidFields(vec![fault]).into());
    }
    let day = search.as_of.unwrap_or_else(|| app.clock.today());
    let years_before = |years: u32| day.checked_sub_months(Months::new(years.saturating_mul(12)));
    let question = MemberQuestion {
        association: search.association,
        tier: association.tier,
        day,
        text: search.text.as_deref().and_then(|text| read_search_text(text, sees_sensitive)),
        state: search.state,
        category_codes: search.category_codes.clone(),
        also_of: search.also_of,
        born_until: search.min_age.and_then(years_before),
        born_after: search.max_age.and_then(|years| years_before(years.saturating_add(1))),
        specialty: search.specialty.clone(),
        facility_kinds: search.facility_kinds.clone(),
    };
    Ok((question, directory))
}
