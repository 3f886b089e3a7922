use mamis_contract::identity::{ClerkInvitationOffer, ClerkInvitationView, ClerkRoleView, OrganisationView};
use mamis_domain::identity::Place;
use mamis_domain::registry::Directory;
use mamis_kernel::AccountId;
use mamis_persistence::identity::{ClerkRoleItem, Invitation, NewInvitation, Organisation};
use mamis_usecases::identity::LookedUpInvitation;

use crate::registry::wire::association_ref;

/// A role in a list.
pub fn clerk_role_view(item: ClerkRoleItem, asker: AccountId) -> ClerkRoleView {
    let period = item.role.dated.period;
    ClerkRoleView {
        id: item.role.id,
        account_id: item.role.account,
        login_id: item.login_id,
        display_name: item.display_name,
        account_state: item.state,
        role: item.role.dated.role,
        first_day: period.valid_from(),
        last_day: period.last_day(),
        last_log_in: item.last_log_in,
        is_own: item.role.account == asker,
    }
}

/// An open invitation.
pub fn invitation_view(invitation: Invitation, directory: &Directory) -> ClerkInvitationView {
    let (association, organisation_id) = place(invitation.place, directory);
    ClerkInvitationView {
        id: invitation.id,
        association,
        organisation_id,
        role: invitation.dated.role,
        first_day: invitation.dated.period.valid_from(),
        last_day: invitation.dated.period.last_day(),
        invitee: invitation.invitee,
        email: invitation.email,
        invited_at: invitation.invited_at,
        expires_at: invitation.expires_at,
        code: None,
    }
}

/// One that was just made; its code is added to the first answer alone.
pub fn new_invitation_view(new: &NewInvitation, directory: &Directory) -> ClerkInvitationView {
    let (association, organisation_id) = place(new.place, directory);
    ClerkInvitationView {
        id: new.id,
        association,
        organisation_id,
        role: new.dated.role,
        first_day: new.dated.period.valid_from(),
        last_day: new.dated.period.last_day(),
        invitee: new.invitee.clone(),
        email: new.email.clone(),
        invited_at: new.invited_at,
        expires_at: new.expires_at,
        code: None,
    }
}

type PlaceView = (Option<mamis_contract::registry::AssociationRef>, Option<mamis_kernel::OrganisationId>);

fn place(place: Place, directory: &Directory) -> PlaceView {
    match place {
        Place::Association(id) => (association_ref(directory, id), None),
        Place::Organisation(id) => (None, Some(id)),
    }
}

/// What an invitation is about.
pub fn offer(found: LookedUpInvitation, directory: &Directory) -> ClerkInvitationOffer {
    let association = found.invitation.place.association().and_then(|id| directory.get(id));
    let place_name = match (association, found.organisation) {
        (Some(association), _) => association.name.clone(),
        (None, Some(organisation)) => organisation.name,
        (None, None) => String::new(),
    };
    let period = found.invitation.dated.period;
    ClerkInvitationOffer {
        place_name,
        role: found.invitation.dated.role,
        first_day: period.valid_from(),
        last_day: period.last_day(),
        invitee: found.invitation.invitee,
        expires_at: found.invitation.expires_at,
    }
}

/// An organisation.
pub fn organisation_view(organisation: Organisation) -> OrganisationView {
    OrganisationView {
        id: organisation.id,
        code: organisation.code,
        kind: organisation.kind,
        name: organisation.name,
        name_en: organisation.name_en,
        prefecture_code: organisation.prefecture_code,
    }
}
