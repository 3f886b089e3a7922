use mamis_domain::identity::Place;
use mamis_domain::identity::policy::{IdentityAction, authorize_place};
use mamis_kernel::{OrganisationId, Role, Tier};
use mamis_persistence::identity::Organisation;

use super::clerks::place_facts_now;
use crate::{App, AppError, Caller};

/// An organisation, for its own users and for the administrators who look after it.
///
/// Rule ID-69 (an organisation's user sees the own organisation and nothing of the registry); source:
/// docs/rules/identity.md#id-69.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]
#[tracing::instrument(name = "identity.get_organisation", skip_all)]
pub async fn get_organisation(app: &App, caller: &Caller, id: OrganisationId) -> Result<Organisation, AppError> {
    let facts = place_facts_now(app, Place::Organisation(id)).await?;
    if let Err(denied) = authorize_place(&caller.actor, IdentityAction::ReadOrganisation, &facts) {
        let subject = ("organisation", Some(id.uuid()));
        return Err(app.refused(caller, "identity.get_organisation", subject, None, denied.into()).await);
    }
    app.store.organisation_get(id).await?.ok_or(AppError::NotFound)
}

/// The organisations that the caller belongs to or looks after, by code, after `after`.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_organisations(
    app: &App,
    caller: &Caller,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Organisation>, AppError> {
    let directory = app.directory().await?;
    let named: Vec<_> = caller.actor.organisations().collect();
    let own = caller.actor.clerk_associations();
    let administered: Vec<_> = own
        .into_iter()
        .filter(|id| caller.actor.is_clerk(*id, Role::Administrator))
        .filter_map(|id| directory.get(id))
        .collect();
    let national = administered.iter().any(|association| association.tier == Tier::National);
    let prefectures: Vec<String> = administered
        .iter()
        .filter(|association| association.tier == Tier::Prefectural)
        .filter_map(|association| association.prefecture_code.clone())
        .collect();
    if named.is_empty() && prefectures.is_empty() && !national {
        return Ok(Vec::new());
    }
    Ok(app.store.organisation_list(&named, &prefectures, national, after, limit).await?)
}
