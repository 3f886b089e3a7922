//! Clerks: who holds which role in which association, inviting, changing and ending. Organisers of other organisations are
//! appointed the same way.

mod accept;
mod change;
mod code;
mod first;
mod invite;
mod read;
mod recover;

pub use accept::{AcceptInvitation, LookedUpInvitation, accept_invitation, claim_invitation, look_up_invitation};
pub use change::{ChangeRole, change_clerk_role, end_clerk_role};
pub use first::{FirstAdministrator, create_first_administrator};
pub use invite::{InviteClerk, Invited, invite_clerk, withdraw_invitation};
pub use read::{list_clerk_roles, list_invitations, list_vacant_associations};
pub use recover::{ClerkLetIn, recover_clerk};

use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Place;
use mamis_domain::identity::policy::PlaceFacts;
use mamis_domain::registry::Directory;
use mamis_kernel::{AccountId, AssociationId};
use mamis_persistence::Tx;
use mamis_persistence::audit::NewAuditEvent;
use uuid::Uuid;

use crate::{App, AppError};

/// The association above a place, or the one that looks after it.
fn above_organisation(directory: &Directory, prefecture_code: Option<&str>) -> Option<AssociationId> {
    match prefecture_code {
        Some(code) => directory.prefectural(code),
        None => directory.nation(),
    }
}

/// What the policy needs to know of a place, read in the transaction that changes it.
async fn place_facts(app: &App, tx: &mut Tx, directory: &Directory, place: Place) -> Result<PlaceFacts, AppError> {
    match place {
        Place::Association(id) => {
            let above = directory.get(id).ok_or(AppError::NotFound)?.parent;
            let has_administrator = tx.association_has_administrator(id, app.clock.today()).await?;
            Ok(PlaceFacts { place, above, has_administrator })
        }
        Place::Organisation(id) => {
            let organisation = tx.organisation_in(id).await?.ok_or(AppError::NotFound)?;
            let above = above_organisation(directory, organisation.prefecture_code.as_deref());
            Ok(PlaceFacts { place, above, has_administrator: false })
        }
    }
}

/// The same for reading.
pub(super) async fn place_facts_now(app: &App, place: Place) -> Result<PlaceFacts, AppError> {
    let directory = app.directory().await?;
    match place {
        Place::Association(id) => {
            let above = directory.get(id).ok_or(AppError::NotFound)?.parent;
            let has_administrator = app.store.association_has_administrator(id, app.clock.today()).await?;
            Ok(PlaceFacts { place, above, has_administrator })
        }
        Place::Organisation(id) => {
            let organisation = app.store.organisation_get(id).await?.ok_or(AppError::NotFound)?;
            let above = above_organisation(&directory, organisation.prefecture_code.as_deref());
            Ok(PlaceFacts { place, above, has_administrator: false })
        }
    }
}

fn done(app: &App, action: &'static str, subject: (&'static str, Uuid)) -> NewAuditEvent<'static> {
    NewAuditEvent {
        action,
        outcome: AuditOutcome::Done,
        subject_kind: subject.0,
        subject_id: Some(subject.1),
        person: None,
        at: app.clock.now(),
        payload: None,
    }
}

fn place_subject(place: Place) -> (&'static str, Option<Uuid>) {
    match place {
        Place::Association(id) => ("association", Some(id.uuid())),
        Place::Organisation(id) => ("organisation", Some(id.uuid())),
    }
}

/// Forgets what is remembered of an account's sessions, so that a changed role counts with the next request.
async fn forget_actor(app: &App, account: AccountId, sessions: &[mamis_kernel::SessionId]) {
    for session in sessions {
        app.actors.invalidate(&(account, *session)).await;
    }
}
