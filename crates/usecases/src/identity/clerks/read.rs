use mamis_domain::identity::Place;
use mamis_domain::identity::policy::{IdentityAction, authorize_place};
use mamis_kernel::{AssociationId, ClerkInvitationId, ClerkRoleId, Role};
use mamis_persistence::identity::{ClerkRoleItem, Invitation};

use super::{place_facts_now, place_subject};
use crate::{App, AppError, Caller};

/// The roles held in a place, latest first, before `after`; ended ones too when asked for.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]
#[tracing::instrument(name = "identity.list_clerks", skip_all)]
pub async fn list_clerk_roles(
    app: &App,
    caller: &Caller,
    place: Place,
    with_ended: bool,
    after: Option<ClerkRoleId>,
    limit: i64,
) -> Result<Vec<ClerkRoleItem>, AppError> {
    let facts = place_facts_now(app, place).await?;
    let permit = match authorize_place(&caller.actor, IdentityAction::ListClerks, &facts) {
        Ok(permit) => permit,
        Err(denied) => {
            return Err(app.refused(caller, "identity.list_clerks", place_subject(place), None, denied.into()).await);
        }
    };
    let ended_after = (!with_ended).then(|| app.clock.today());
    Ok(app.store.clerk_role_list(&permit, place, ended_after, after, limit).await?)
}

/// The invitations to a place that may still be accepted.
///
/// # Errors
/// Those of [`list_clerk_roles`].
#[tracing::instrument(name = "identity.list_clerk_invitations", skip_all)]
pub async fn list_invitations(
    app: &App,
    caller: &Caller,
    place: Place,
    after: Option<ClerkInvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>, AppError> {
    let facts = place_facts_now(app, place).await?;
    match authorize_place(&caller.actor, IdentityAction::InviteClerk, &facts) {
        Ok(permit) => Ok(app.store.invitation_list(&permit, place, app.clock.now(), after, limit).await?),
        Err(denied) => {
            let action = "identity.list_clerk_invitations";
            Err(app.refused(caller, action, place_subject(place), None, denied.into()).await)
        }
    }
}

/// The associations that have no administrator, and to which the caller may appoint the first; by code, after `after`.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_vacant_associations(
    app: &App,
    caller: &Caller,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<AssociationId>, AppError> {
    let own = caller.actor.clerk_associations();
    let above: Vec<_> = own.into_iter().filter(|id| caller.actor.is_clerk(*id, Role::Administrator)).collect();
    if above.is_empty() {
        return Ok(Vec::new());
    }
    Ok(app.store.association_list_vacant(&above, app.clock.today(), after, limit).await?)
}
