//! Acting for somebody, and letting somebody act.

use mamis_contract::acting::{
    BeginOnBehalf, DelegationView, HeldDelegationView, InvitationCode, InvitationView, InviteAssistant, OnBehalfView,
    RecordAudience, RegisterAssistant,
};
use mamis_contract::page::{Page, PageQuery};
use mamis_kernel::DelegationId;

use super::transport::{self, Call};
use super::{Api, Failure, GuestApi, IdempotencyKey};

impl GuestApi {
    /// What an invitation's code is for.
    ///
    /// # Errors
    /// `invitation_unusable`, `too_many_requests`, or any other [`Failure`].
    pub async fn look_up_assistant_invitation(self, code: &InvitationCode) -> Result<InvitationView, Failure> {
        transport::exchange(&Call::post("/assistant-invitations/lookup").body(code)?, None).await?.json()
    }

    /// Makes an assistant's account and takes the invitation up with it.
    ///
    /// # Errors
    /// `invalid_fields`, `invitation_unusable`, or any other [`Failure`].
    pub async fn register_assistant(self, command: &RegisterAssistant) -> Result<HeldDelegationView, Failure> {
        transport::exchange(&Call::post("/assistant-invitations/register").body(command)?, None).await?.json()
    }
}

impl Api {
    /// Begins to act for a physician.
    ///
    /// # Errors
    /// `invalid_fields`, `forbidden`, `not_found`, or any other [`Failure`].
    pub async fn begin_on_behalf(self, command: &BeginOnBehalf, key: &IdempotencyKey) -> Result<OnBehalfView, Failure> {
        self.json(Call::post("/on-behalf").key(key).for_oneself().body(command)?).await
    }

    /// Ends it.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn end_on_behalf(self, id: &str) -> Result<(), Failure> {
        self.send(Call::delete(format!("/on-behalf/{id}")).for_oneself()).await.map(|_| ())
    }

    /// When clerks acted for physicians.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn on_behalf(self, page: PageQuery) -> Result<Page<OnBehalfView>, Failure> {
        self.json(Call::get("/on-behalf").query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Invites an assistant.
    ///
    /// # Errors
    /// `invalid_fields`, or any other [`Failure`].
    pub async fn invite_assistant(
        self,
        command: &InviteAssistant,
        key: &IdempotencyKey,
    ) -> Result<DelegationView, Failure> {
        self.json(Call::post("/delegations").key(key).body(command)?).await
    }

    /// One's assistants, latest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn delegations(self) -> Result<Page<DelegationView>, Failure> {
        self.json(Call::get("/delegations")).await
    }

    /// The physicians one may act for.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn held_delegations(self) -> Result<Page<HeldDelegationView>, Failure> {
        self.json(Call::get("/held-delegations").for_oneself()).await
    }

    /// Takes a delegation back.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn revoke_delegation(self, id: DelegationId) -> Result<(), Failure> {
        self.send(Call::delete(format!("/delegations/{id}"))).await.map(|_| ())
    }

    /// Takes an invitation up with one's own account.
    ///
    /// # Errors
    /// `invitation_unusable`, `too_many_requests`, or any other [`Failure`].
    pub async fn accept_assistant_invitation(self, code: &InvitationCode) -> Result<HeldDelegationView, Failure> {
        self.json(Call::post("/assistant-invitations/accept").for_oneself().body(code)?).await
    }

    /// Which associations can see one's own record.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn record_audience(self) -> Result<RecordAudience, Failure> {
        self.json(Call::get("/account/record-audience")).await
    }
}
