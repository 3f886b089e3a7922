//! Clerks of associations, invitations, and the state of accounts.

use mamis_contract::identity::{
    AcceptClerkInvitation, ChangeClerkRole, ClerkInvitationCode, ClerkInvitationOffer, ClerkInvitationView,
    ClerkRecoveryView, ClerkRoleView, EndClerkRole, InviteClerk, LiftSuspension, PersonAccountView, RecoverClerk,
    SuspendAccount,
};
use mamis_contract::page::{Page, PageQuery};
use mamis_contract::registry::AssociationRef;
use mamis_kernel::{AssociationId, ClerkInvitationId, ClerkRoleId, PersonId};

use super::transport::{self, Call};
use super::{Api, Failure, GuestApi, IdempotencyKey};

impl GuestApi {
    /// What an invitation is about.
    ///
    /// # Errors
    /// `invitation_unusable`, `too_many_requests`, or any other [`Failure`].
    pub async fn look_up_invitation(self, command: &ClerkInvitationCode) -> Result<ClerkInvitationOffer, Failure> {
        transport::exchange(&Call::post("/clerk-invitations/lookup").body(command)?, None).await?.json()
    }

    /// Accepts an invitation with a new account.
    ///
    /// # Errors
    /// `invitation_unusable`, `invalid_fields`, or any other [`Failure`].
    pub async fn accept_invitation(self, command: &AcceptClerkInvitation) -> Result<(), Failure> {
        transport::exchange(&Call::post("/clerk-invitations/accept").body(command)?, None).await.map(|_| ())
    }
}

impl Api {
    /// Accepts an invitation with the account that is signed in.
    ///
    /// # Errors
    /// `invitation_unusable`, `already_clerk`, or any other [`Failure`].
    pub async fn claim_invitation(self, command: &ClerkInvitationCode, key: &IdempotencyKey) -> Result<(), Failure> {
        self.send(Call::post("/clerk-invitations/claim").body(command)?.key(key)).await.map(|_| ())
    }

    /// The roles held in an association, latest first; ended ones too when asked for.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn clerks(
        self,
        id: AssociationId,
        with_ended: bool,
        page: PageQuery,
    ) -> Result<Page<ClerkRoleView>, Failure> {
        let call = Call::get(format!("/associations/{id}/clerks")).query("with_ended", with_ended.then_some(true));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// The open invitations to an association, latest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn clerk_invitations(
        self,
        id: AssociationId,
        page: PageQuery,
    ) -> Result<Page<ClerkInvitationView>, Failure> {
        let call = Call::get(format!("/associations/{id}/clerk-invitations"));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// The associations below one's own that have no administrator.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn vacant_associations(self, page: PageQuery) -> Result<Page<AssociationRef>, Failure> {
        self.json(Call::get("/vacant-associations").query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Invites somebody to a role.
    ///
    /// # Errors
    /// `invalid_fields`, `forbidden`, or any other [`Failure`].
    pub async fn invite_clerk(
        self,
        command: &InviteClerk,
        key: &IdempotencyKey,
    ) -> Result<ClerkInvitationView, Failure> {
        self.json(Call::post("/clerk-invitations").body(command)?.key(key)).await
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn withdraw_invitation(self, id: ClerkInvitationId, key: &IdempotencyKey) -> Result<(), Failure> {
        self.send(Call::post(format!("/clerk-invitations/{id}/withdraw")).key(key)).await.map(|_| ())
    }

    /// Changes somebody's role or its days.
    ///
    /// # Errors
    /// `last_administrator`, `stale_version`, `invalid_fields`, or any other [`Failure`].
    pub async fn change_clerk_role(self, id: ClerkRoleId, command: &ChangeClerkRole) -> Result<ClerkRoleView, Failure> {
        self.json(Call::put(format!("/clerk-roles/{id}")).body(command)?).await
    }

    /// Ends somebody's role.
    ///
    /// # Errors
    /// `last_administrator`, `stale_version`, or any other [`Failure`].
    pub async fn end_clerk_role(
        self,
        id: ClerkRoleId,
        command: &EndClerkRole,
        key: &IdempotencyKey,
    ) -> Result<(), Failure> {
        self.send(Call::post(format!("/clerk-roles/{id}/end")).body(command)?.key(key)).await.map(|_| ())
    }

    /// Asks that a clerk is let in again, or confirms what another administrator asked.
    ///
    /// # Errors
    /// `forbidden`, `account_state`, `stale_version`, or any other [`Failure`].
    pub async fn recover_clerk(self, id: ClerkRoleId, command: &RecoverClerk) -> Result<ClerkRecoveryView, Failure> {
        self.json(Call::post(format!("/clerk-roles/{id}/recovery")).body(command)?).await
    }

    /// Why somebody cannot sign in.
    ///
    /// # Errors
    /// `not_found`, or any other [`Failure`].
    pub async fn person_account(self, id: PersonId) -> Result<PersonAccountView, Failure> {
        self.json(Call::get(format!("/persons/{id}/account"))).await
    }

    /// Suspends a person's account.
    ///
    /// # Errors
    /// `account_state`, `forbidden`, or any other [`Failure`].
    pub async fn suspend_account(
        self,
        id: PersonId,
        command: &SuspendAccount,
        key: &IdempotencyKey,
    ) -> Result<(), Failure> {
        self.send(Call::post(format!("/persons/{id}/account/suspend")).body(command)?.key(key)).await.map(|_| ())
    }

    /// Lifts the suspension of a person's account.
    ///
    /// # Errors
    /// `account_state`, `forbidden`, or any other [`Failure`].
    pub async fn lift_suspension(
        self,
        id: PersonId,
        command: &LiftSuspension,
        key: &IdempotencyKey,
    ) -> Result<(), Failure> {
        self.send(Call::post(format!("/persons/{id}/account/lift")).body(command)?.key(key)).await.map(|_| ())
    }
}
